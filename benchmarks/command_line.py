"""The command line's start: `harmonize --help`, beside a bare start of the same Python; the load of a file of 100 rows
with the widest shipped mapping (131 columns), into a new store and into one that is there; and that
of two FHIR resources."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from command import Used, run

from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.schema.model import Slot

REPEATS = 5
ROWS = 100
MAPPING, PROJECT = "ehr/covid_19_ny_sbu", "TCIA-COVID-19-NY-SBU"


def measure(folder: Path) -> dict[str, float]:
    """Seconds of the fastest of some starts."""
    first, second = _write_feed(folder / "first.csv", "A"), _write_feed(folder / "second.csv", "B")
    patient = _write_patient(folder / "patient.ndjson")
    new, again, two = [], [], []
    for number in range(REPEATS):
        store = folder / f"small{number}.duckdb"
        new.append(_load(first, store))
        again.append(_load(second, store))
        two.append(run("load", str(patient), "--source", "fhir", "--project", "BENCH", "--db", str(store)))
    return {
        "help_seconds": _fastest("from harmonize.cli.main import main; main(['--help'])"),
        "bare_python_seconds": _fastest("pass"),
        "load_100_rows_new_store_seconds": min(used.seconds for used in new),
        "load_100_rows_seconds": min(used.seconds for used in again),
        "load_100_rows_core_seconds": min(used.core_seconds for used in again),
        "load_2_resources_core_seconds": min(used.core_seconds for used in two),
    }


def _write_feed(path: Path, prefix: str) -> Path:
    """Invented rows in all columns of the mapping's source class, the same on every machine."""
    chance = random.Random(1)
    slots = load_schema("sources/covid_19_ny_sbu").classes["clinical"].slots.values()
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(slot.header for slot in slots)
        for number in range(ROWS):
            out.writerow(_cell(slot, f"{prefix}{number:06d}", chance) for slot in slots)
    return path


def _cell(slot: Slot, key: str, chance: random.Random) -> str:
    if slot.identifier:
        return key
    if slot.permissible_values is not None:
        return chance.choice(slot.permissible_values)
    if slot.range == "date":
        return "1/1/1901"
    if slot.range in ("integer", "double"):
        low = slot.annotations.get("plausible_minimum", slot.minimum)
        high = slot.annotations.get("plausible_maximum", slot.maximum)
        return f"{(float(low or 0) + float(high or 100)) / 2:.0f}"
    return ""


def _load(feed: Path, store: Path) -> Used:
    source = ("--source", "ehr", "--mapping", MAPPING, "--project", PROJECT)
    return run("load", str(feed), *source, "--db", str(store))


def _write_patient(path: Path) -> Path:
    """A patient and a condition, invented."""
    coding = {"system": "http://snomed.info/sct", "code": "840539006"}
    resources = [
        {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-03-02"},
        {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}, "code": {"coding": [coding]},
         "onsetDateTime": "2021-03-01"},
    ]  # fmt: skip
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
    return path


def _fastest(code: str) -> float:
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - began)
    return min(seconds)
