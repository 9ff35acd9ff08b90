"""Invents a registry that tells exams by days from diagnosis, and the public index of their images.

`python tests/imaging/invent_exams.py FOLDER PATIENTS`. The dates of the index were moved patient by patient, and faults
are planted: `plain` (none), `missing` (a study that the index lacks), `extra` (a study that nobody told), `slip` (an
exam told a day late), `same_day` (two exams of a day, told apart by their descriptions), `twins` (two of a day that
nothing tells apart), `tie` (exams every seven days, the last without a study), `daily` (exams on five days running),
`single` (one exam), `other` (the studies of somebody else), `scattered` (every study moved by days of its own).
"""

from __future__ import annotations

import csv
import random
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

KINDS = [
    ("CT", "CT CHEST WO CONTRAST"),
    ("CR", "XR CHEST PORTABLE"),
    ("MR", "MR BRAIN W CONTRAST"),
    ("CT", "CT HEAD WO CONTRAST"),
]
SHARES = {
    "plain": 40, "missing": 15, "extra": 10, "slip": 8, "same_day": 7, "twins": 5, "tie": 4, "daily": 5, "single": 5,
    "other": 1,
}  # fmt: skip


@dataclass
class Invented:
    """The lines of the files, and what is true: the study of each exam, the fault of each patient, each day 0."""

    patients: list[tuple[str, int, str]] = field(default_factory=list)
    exams: list[tuple[str, str, str, int, str, str, str]] = field(default_factory=list)
    series: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)
    study_of: dict[str, str] = field(default_factory=dict)
    fault: dict[str, str] = field(default_factory=dict)
    day_zero: dict[str, date] = field(default_factory=dict)


def invent(patients: int, *, seed: int = 20261130, scattered: bool = False) -> Invented:
    """So many patients; `scattered` moves every study of all of them by days of its own."""
    rng = random.Random(seed)
    told = Invented()
    faults = [*SHARES]
    for number in range(patients):
        case = f"RG-{number:06d}"
        fault = "scattered" if scattered else rng.choices(faults, [*SHARES.values()])[0]
        told.fault[case] = fault
        told.patients.append((case, rng.randint(20, 88), rng.choice("FM")))
        told.day_zero[case] = date(2019, 1, 1) + timedelta(days=rng.randint(0, 1200))
        _patient(told, rng, case, fault)
    return told


def _patient(told: Invented, rng: random.Random, case: str, fault: str) -> None:
    if fault == "tie":
        days = [7 * step for step in range(3)]
        kinds = [KINDS[1]] * 3
    elif fault == "daily":
        days = [*range(5)]
        kinds = [KINDS[1]] * 5
    elif fault == "single":
        days, kinds = [rng.randint(0, 90)], [rng.choice(KINDS)]
    else:
        days = sorted(rng.sample(range(-30, 400), rng.randint(4, 7)))
        kinds = [rng.choice(KINDS) for _ in days]
    if fault == "same_day":
        days.insert(1, days[0])
        kinds[0:1] = [KINDS[0], KINDS[3]]
    elif fault == "twins":
        days.insert(1, days[0])
        kinds.insert(1, kinds[0])
    node = rng.choice(("study", "procedure"))
    lost = {"missing": {rng.randrange(len(days))}, "tie": {2}}.get(fault, set())
    slipped = rng.randrange(len(days)) if fault == "slip" else -1
    for place, (day, (modality, description)) in enumerate(zip(days, kinds, strict=True)):
        exam = f"{case}-E{place}"
        told.exams.append((exam, case, node, day + (place == slipped), modality, description, ""))
        if place in lost:
            continue
        on = day
        if fault == "other":
            on = rng.randint(-30, 400)
        elif fault == "scattered":
            on = day + rng.randint(-300, 300)
        uid = _study(told, rng, case, on, modality, description)
        if fault not in ("other", "scattered"):
            told.study_of[exam] = uid
    if fault == "extra":
        _study(told, rng, case, rng.randint(500, 600), *rng.choice(KINDS))


def _study(told: Invented, rng: random.Random, case: str, day: int, modality: str, description: str) -> str:
    uid = f"1.2.826.0.1.3680043.8.498.{len(told.series) + 1}.{rng.randint(1, 10**9)}"
    on = told.day_zero[case] + timedelta(days=day)
    told.series.append((case, f"{uid}.1", uid, on.isoformat(), modality, description))
    return uid


def write(told: Invented, folder: Path) -> tuple[Path, Path, Path]:
    """The files: patients and exams as CSV, the index as Parquet."""
    patients, exams, index = folder / "patient.csv", folder / "exam.csv", folder / "index.parquet"
    for path, header, rows in (
        (patients, ("patient_id", "age", "sex"), told.patients),
        (exams, ("exam_id", "patient_id", "told_as", "day", "modality", "description", "study_uid"), told.exams),
        (folder / "index.csv", ("PatientID", "SeriesInstanceUID", "StudyInstanceUID", "StudyDate", "Modality",
                                "StudyDescription"), told.series),
    ):  # fmt: skip
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT 'invented' AS collection_id, *, StudyDate AS SeriesDate, 1 AS instanceCount "
            f"FROM read_csv('{folder / 'index.csv'}', all_varchar = true)) TO '{index}' (FORMAT parquet)"
        )
    (folder / "index.csv").unlink()
    return patients, exams, index


if __name__ == "__main__":
    write(invent(int(sys.argv[2])), Path(sys.argv[1]))
