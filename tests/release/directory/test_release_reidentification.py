"""Who has a release, the shipped tools and the original files, and neither store nor keys: what do they find?"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from held_study import HOSPITAL, run

import harmonize.release as release
from harmonize.engine.store import open_store
from harmonize.release.deid.risk import risk

CASES = [f"case{number:03d}x" for number in range(30)]
BORN = [1940 + number % 3 for number in range(30)]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The original files, the release that was made of them by the safe harbor, and its store."""
    folder = tmp_path_factory.mktemp("known")
    patients = [f"{case},{born},,F,021" for case, born in zip(CASES, BORN, strict=True)]
    stays = [
        f"stay{number:03d}y,{case},inpatient,2021-03-{1 + number % 28:02d},2021-04-{1 + number % 28:02d},home"
        for number, case in enumerate(CASES)
    ]
    results = [
        f"result{number:03d}z,{case},stay{number:03d}y,2951-2,2021-03-{1 + number % 28:02d},{130 + number},mmol/L,"
        for number, case in enumerate(CASES)
    ]
    texts = {
        "patient": ("patient_id,birth_year,age,sex,zip3", patients),
        "stay": ("stay_id,patient_id,kind,admitted,discharged,outcome", stays),
        "result": ("result_id,patient_id,stay_id,code,day,value,unit,action", results),
    }
    for name, (header, lines) in texts.items():
        (folder / f"{name}.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    store, rules = folder / "study.duckdb", folder / "rules.yaml"
    rules.write_text("k: 1\n", encoding="utf-8")
    assert run("project", "set", "H", "--time", "as_is", "--shifted-by-source", "--db", store) == 0
    assert run("project", "rules", "H", "--file", rules, "--db", store) == 0
    files = [folder / f"{name}.csv" for name in texts]
    options = ("--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", store)
    assert run("load", *files, *options) == 0
    (one,) = release.build(
        store, folder / "out", project="H", version="1", profile="safe_harbor", forms=["duckdb", "csv"]
    )
    return folder, Path(one.place), store


def _cells(place: Path, *, of: str = "") -> Counter[str]:
    """Every cell of every CSV file of the release, or of those that have the column `of`."""
    found: Counter[str] = Counter()
    for path in place.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            header, *lines = csv.reader(stream)
            for line in lines if not of or of in header else ():
                found.update(line)
    return found


def test_no_id_and_no_hash_of_one_is_in_it(known: tuple[Path, Path, Path]) -> None:
    folder, place, _ = known
    keys = [cell for name in ("patient", "stay", "result") for cell in _first_cells(folder / f"{name}.csv")]
    assert len(keys) == 90
    guessed = set(keys)
    for key in keys:
        for text in (key, f"H|{key}", f"H{key}", f"H\n{key}", f"H|hospital.patient|{key}", f"person|H|{key}"):
            for make in (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.blake2b):
                digest = make(text.encode()).hexdigest()
                guessed |= {digest, digest[:16], digest[:32]}
    whole = b"\n".join(path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()).decode("latin-1")
    words = set(_cells(place)) | set(whole.split())
    assert words & guessed == set()
    assert [key for key in keys if key in whole] == []


def test_another_key_makes_none_of_its_codes(known: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """The shipped tools with the original files, but a store and a key of one's own: no code is the same."""
    folder, place, _ = known
    mine = tmp_path / "mine.duckdb"
    assert run("project", "set", "H", "--time", "as_is", "--shifted-by-source", "--db", mine) == 0
    files = [folder / f"{name}.csv" for name in ("patient", "stay", "result")]
    assert run("load", *files, "--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", mine) == 0
    for profile in ("safe_harbor", "project"):
        assert run("publish", "--db", mine, "--to", tmp_path / f"{profile}.duckdb", "--profile", profile) == 0
        theirs, own = _codes(place / "open" / "published.duckdb"), _codes(tmp_path / f"{profile}.duckdb")
        assert len(theirs) == len(own) > 30
        assert theirs & own == set()


def test_neither_days_nor_order_match(known: tuple[Path, Path, Path]) -> None:
    _, place, _ = known
    days = [cell for cell in _cells(place, of="person_id") if re.fullmatch(r"\d{4}-\d\d-\d\d.*", cell)]
    assert days
    assert [day for day in days if day[:7] in ("2021-03", "2021-04")] == []
    with duckdb.connect(str(place / "open" / "published.duckdb"), read_only=True) as con:
        values = [value for (value,) in con.execute("SELECT value_as_number FROM omop.measurement").fetchall()]
        ids = con.execute("SELECT value_as_number FROM omop.measurement ORDER BY measurement_id").fetchall()
    assert sorted(values) == [130 + number for number in range(30)]
    for order in (values, [value for (value,) in ids]):
        assert order != sorted(order)
        following = sum(after == before + 1 for before, after in pairwise(order))
        assert following < 10  # of 29, where the order of the file would give all


def test_what_values_alone_make_unique_is_counted(known: tuple[Path, Path, Path]) -> None:
    """Sodium alone tells everybody from everybody: with the file that is a match, which no profile takes away. Of what
    others may know the report of the release counts who stands alone."""
    folder, place, _ = known
    original = Counter(line.split(",")[5] for line in (folder / "result.csv").read_text().splitlines()[1:])
    with open_store(place / "open" / "published.duckdb", read_only=True) as published:
        told = Counter(
            str(int(value))
            for (value,) in published.con.execute("SELECT value_as_number FROM omop.measurement").fetchall()
        )
        found = risk(published, k=11)
    matched = sum(1 for value, count in told.items() if count == 1 and original[value] == 1)
    assert matched == 30
    assert (found.persons, found.under) == (30, sum(n for n in Counter(BORN).values() if n < 11))
    assert (place / "risk.json").exists()


def _first_cells(path: Path) -> list[str]:
    return [line.split(",")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def _codes(file: Path) -> set[str]:
    """The ids and codes of a published file."""
    with duckdb.connect(str(file), read_only=True) as con:
        ids = con.execute("SELECT person_id::VARCHAR FROM omop.person").fetchall()
        codes = con.execute("SELECT case_key FROM harmonize.person_case").fetchall()
    return {code for (code,) in [*ids, *codes]}
