"""`harmonize link --match-days` of 100,000 invented patients: seconds of the whole command, and how true it is.

Exams told by days, images dated by a calendar that was moved patient by patient, with faults planted
(tests/imaging/invent_exams.py). Link derives all persons, visits, studies and links anew, too.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from command import run

IMAGING = Path(__file__).parents[1] / "tests" / "imaging"
sys.path.insert(0, str(IMAGING))
PATIENTS = 100_000
PROJECT = "BENCH"
PAIRS = """
    SELECT c.record_key, l.study_uid
    FROM harmonize.image_link l
    JOIN harmonize.row_source s ON s.omop_table = 'procedure_occurrence' AND s.omop_id = l.procedure_occurrence_id
    JOIN harmonize.record c USING (record_id)
"""


def measure(folder: Path) -> dict[str, float]:
    """Invent, load, match: seconds, memory, precision and recall of the pairs of an exam and a study."""
    from invent_exams import invent, write

    told = invent(PATIENTS)
    patients, exams, index = write(told, folder)
    db = folder / "match.duckdb"
    ehr = ["ehr", "--mapping", str(IMAGING / "data" / "registry")]
    for paths, source in (([patients, exams], ehr), ([index], ["idc"])):
        run(
            *("load", *map(str, paths), "--source", *source, "--project", PROJECT, "--memory", "3GB", "--db", str(db)),
            codes=(0, 1),  # 1: until they are matched, images have no day
        )
    used = run("link", "--match-days", "--json", "--memory", "3GB", "--db", str(db), out=folder / "out.json")
    exam_keys = {exam for exam, *_ in told.exams}
    with duckdb.connect(str(db), read_only=True) as con:
        found = {key: uid for key, uid in con.execute(PAIRS).fetchall() if key in exam_keys and key != uid}
    studies = {uid for _, _, uid, *_ in told.series}
    found = {key: uid for key, uid in found.items() if uid in studies}
    right = sum(told.study_of.get(exam) == uid for exam, uid in found.items())
    return {
        "patients": PATIENTS,
        "exams": len(told.exams),
        "studies": len(told.series),
        "pairs": len(found),
        "precision": right / len(found),
        "recall": right / len(told.study_of),
        "match_seconds": used.seconds,
        "peak_rss_gib": used.peak_gib,
    }
