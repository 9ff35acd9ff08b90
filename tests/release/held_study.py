"""An invented study of two deliveries, the second of which changes a patient and brings another, made once for all."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from harmonize.cli.main import main

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "pipeline"))
from hospital import HOSPITAL, PATIENTS, RESULTS, STAYS

HELD = "heldcase9"
"""The patient whom only the second delivery has."""
SECOND = f"patient_id,birth_year,age,sex,zip3\np1,1951,,F,021\n{HELD},1970,,F,021\n"


def run(*args: object) -> int:
    return main([str(arg) for arg in args])


def make(folder: Path) -> Path:
    """The store with both deliveries; its dates are told to be moved, so that it can be published."""
    store = folder / "study.duckdb"
    texts = {"patient": PATIENTS, "stay": STAYS, "result": RESULTS, "later": SECOND}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    later = folder / "second"
    later.mkdir()
    (folder / "later.csv").rename(later / "patient.csv")
    assert run("project", "set", "H", "--time", "as_is", "--shifted-by-source", "--db", store) == 0
    options = ("--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", store)
    assert run("load", *(folder / f"{name}.csv" for name in ("patient", "stay", "result")), *options) in (0, 1)
    assert run("load", later / "patient.csv", *options) in (0, 1)
    return store


def copied_study(study: Path, folder: Path) -> Path:
    """A copy of the store with its audit files."""
    for path in study.parent.glob("study.duckdb*"):
        shutil.copy(path, folder / path.name)
    return folder / study.name


def told(capsys: pytest.CaptureFixture[str], *args: object, code: int = 0) -> Any:
    """What a command prints as JSON; it must end with `code`."""
    capsys.readouterr()
    assert run(*args) == code, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def births(capsys: pytest.CaptureFixture[str], db: Path, *more: object) -> list[int]:
    """The years of birth that a query finds."""
    query = "SELECT year_of_birth AS born FROM omop.person ORDER BY 1"
    return [row["born"] for row in told(capsys, "query", query, "--format", "json", "--db", db, *more)]
