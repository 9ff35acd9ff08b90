"""Linking the whole public image index (1 M series, package idc-index-data) to a person and a visit for each patient.

The load is not timed: it links by itself. Timed is `harmonize link`, which derives all persons, visits, studies and
links anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
from command import run

MAPPING = Path(__file__).parents[1] / "tests" / "pipeline" / "data" / "hospital"
PROJECT = "BENCH"


def measure(folder: Path) -> dict[str, float]:
    """Load invented clinical records of the index's patients and the index, then link: seconds, memory, coverage."""
    from idc_index_data import IDC_INDEX_PARQUET_FILEPATH

    index = Path(str(IDC_INDEX_PARQUET_FILEPATH))
    patients, stays = _write_clinical(folder, index)
    db = folder / "link.duckdb"
    run("project", "set", PROJECT, "--time", "as_is", "--db", str(db))
    for paths, source in (([patients, stays], ["ehr", "--mapping", str(MAPPING)]), ([index], ["idc"])):
        run(
            *("load", *map(str, paths), "--source", *source, "--project", PROJECT, "--memory", "3GB", "--db", str(db)),
            codes=(0, 1),  # 1: the index has findings
        )
    used = run("link", "--json", "--memory", "3GB", "--db", str(db), out=folder / "out.json")
    report = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return {
        "series": report["image_occurrences"],
        "studies": report["studies"],
        "persons": report["persons"],
        "studies_linked": report["studies_linked"],
        "studies_with_visit": report["studies_with_visit"],
        "link_seconds": used.seconds,
        "series_per_s": report["image_occurrences"] / used.seconds,
        "peak_rss_gib": used.peak_gib,
    }


def _write_clinical(folder: Path, index: Path) -> tuple[Path, Path]:
    """A patient and one stay for each PatientID: three days before the first study to three after the last."""
    patients, stays = folder / "patient.csv", folder / "stay.csv"
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE p AS SELECT PatientID AS patient_id, min(StudyDate)::DATE AS first, "
            f"max(StudyDate)::DATE AS last FROM '{index}' WHERE PatientID IS NOT NULL GROUP BY ALL"
        )
        con.execute(
            "COPY (SELECT patient_id, 1950 AS birth_year, NULL AS age, 'F' AS sex, NULL AS zip3 FROM p) "
            f"TO '{patients}'"
        )
        con.execute(
            "COPY (SELECT 's' || row_number() OVER (ORDER BY patient_id) AS stay_id, patient_id, 'inpatient' AS kind, "
            "coalesce(first, '2000-01-04') - 3 AS admitted, coalesce(last, '2000-01-04') + 3 AS discharged, "
            f"'home' AS outcome FROM p) TO '{stays}'"
        )
    return patients, stays
