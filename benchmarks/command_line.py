"""The command line's start: `harmonize --help`, beside a bare start of the same Python; and the load of a file of 100
rows with the widest shipped mapping (131 columns), into a new store and into one that is there."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from command import run

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
    new, again = [], []
    for number in range(REPEATS):
        store = folder / f"small{number}.duckdb"
        new.append(_load(first, store))
        again.append(_load(second, store))
    return {
        "help_seconds": _fastest("from harmonize.cli.main import main; main(['--help'])"),
        "bare_python_seconds": _fastest("pass"),
        "load_100_rows_new_store_seconds": min(new),
        "load_100_rows_seconds": min(again),
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


def _load(feed: Path, store: Path) -> float:
    source = ("--source", "ehr", "--mapping", MAPPING, "--project", PROJECT)
    return run("load", str(feed), *source, "--db", str(store)).seconds


def _fastest(code: str) -> float:
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - began)
    return min(seconds)
