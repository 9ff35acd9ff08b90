"""A small store, and the files that it is loaded from."""

from __future__ import annotations

from pathlib import Path

import harmonize

MAPPING = Path(__file__).resolve().parents[2] / "benchmarks" / "mapping"
PATIENTS = "patient_id,sex,birth_year\nP1,F,1950\nP2,M,1961\n"
RESULTS = (
    "result_id,patient,collected,code,value,unit,low,high,flag,specimen,method,device,priority,ward,panel,comment\n"
    "R1,P1,2020-03-01,1742-6,31,U/L,5,50,,serum,photometry,A1,stat,ED,1,\n"
    "R2,P2,2020-03-02,0000-0,7,U/L,5,50,,serum,photometry,A1,stat,ED,1,\n"
)


def write(folder: Path) -> list[Path]:
    """Two patients and two results, one of an unknown code."""
    (folder / "patient.csv").write_text(PATIENTS)
    (folder / "result.csv").write_text(RESULTS)
    return [folder / "patient.csv", folder / "result.csv"]


def make(folder: Path) -> Path:
    """A store of them."""
    path = folder / "study.duckdb"
    with harmonize.open(path, create=True) as db:
        db.load(write(folder), source="ehr", project="P", mapping=MAPPING)
    return path
