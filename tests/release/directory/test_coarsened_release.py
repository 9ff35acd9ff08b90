"""A release below the threshold of its project stops and says which rules would do; with these it is built."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml
from held_study import HOSPITAL, run

import harmonize.release as release
from harmonize.audit.rules import COARSER
from harmonize.engine.errors import InputError, RefusedError
from harmonize.engine.store import open_store
from harmonize.release.deid.risk import LADDERS, known, risk

BORN = [1940 + number % 20 for number in range(40)]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty patients, two of each year, of whom one alone is of unknown sex and one has another ZIP code."""
    folder = tmp_path_factory.mktemp("many")
    lines = [
        f"p{number},{born},,{'U' if number == 7 else 'F'},{'945' if number == 9 else '021'}"
        for number, born in enumerate(BORN)
    ]
    (folder / "patient.csv").write_text("\n".join(["patient_id,birth_year,age,sex,zip3", *lines, ""]), encoding="utf-8")
    store = folder / "study.duckdb"
    assert run("project", "set", "H", "--time", "as_is", "--shifted-by-source", "--db", store) == 0
    options = ("--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", store)
    assert run("load", folder / "patient.csv", *options) == 0
    return store


def _rules(store: Path, text: str) -> int:
    file = store.with_name("rules.yaml")
    file.write_text(text, encoding="utf-8")
    return run("project", "rules", "H", "--file", file, "--who", "Ada", "--db", store)


def test_the_refusal_names_rules_with_which_it_is_built(many: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="fewer than 10 others") as refused:
        release.build(many, tmp_path / "out", project="H", version="1")  # k is 11 unless a file says something else
    (named,) = re.findall(r"With coarsen: (\{.*\}) no class", refused.value.hint or "")
    asked = yaml.safe_load(named)
    assert asked["sex"] == "withheld"
    assert _rules(many, f"coarsen: {named}\n") == 0
    (one,) = release.build(many, tmp_path / "out", project="H", version="1", forms=["duckdb", "csv"])
    file = next(Path(one.place).rglob("*.duckdb"))
    with duckdb.connect(str(file), read_only=True) as con:
        years = {10: "decade", 20: "twenty_years"}
        width = next(number for number, how in years.items() if how == asked["birth_year"])
        found = Counter(row[0] for row in con.execute("SELECT year_of_birth FROM omop.person").fetchall())
        assert found == Counter(born // width * width for born in BORN)
        cases = con.execute("SELECT DISTINCT birth_year FROM midrc.case").fetchall()
        assert {year for (year,) in cases} <= set(found)
        assert con.execute("SELECT count(*) FROM omop.person WHERE gender_concept_id = 0").fetchall() == [(40,)]
        assert con.execute("SELECT count(*) FROM omop.person WHERE gender_source_value IS NOT NULL").fetchall() == [
            (0,)
        ]
        assert con.execute("SELECT count(*) FROM omop.location WHERE zip IS NOT NULL").fetchall() == [(0,)]
    with open_store(file, read_only=True) as published:
        assert risk(published, k=11).ok
    with duckdb.connect() as con:
        csv = next(Path(one.place).rglob("person.csv"))
        told = con.execute("SELECT DISTINCT year_of_birth FROM read_csv(?)", [str(csv)]).fetchall()
    assert {year for (year,) in told} == set(found)


def test_what_cannot_reach_it_is_told_with_the_threshold_that_can(many: Path, tmp_path: Path) -> None:
    assert _rules(many, "k: 41\n") == 0
    with pytest.raises(RefusedError) as refused:
        release.build(many, tmp_path / "out", project="H", version="9")
    (k, named) = re.findall(r"Nothing reaches 41; with k: (\d+) and coarsen: (\{.*\}) it", refused.value.hint or "")[0]
    assert _rules(many, f"k: {k}\ncoarsen: {named}\n") == 0
    (one,) = release.build(many, tmp_path / "out", project="H", version="9")
    assert one.persons == 40


def test_every_rule_has_a_step_of_the_ladder() -> None:
    assert {rule: tuple(how for how, _ in steps) for rule, (_, steps) in LADDERS.items()} == COARSER
    assert {column for _, steps in LADDERS.values() for _, column in steps if column} <= set(known())


@pytest.mark.parametrize("text", ["coarsen: {birth_year: year}", "coarsen: {birthyear: decade}", "coarsen: [sex]"])
def test_what_coarsens_nothing_is_refused(many: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _rules(many, text) == InputError.exit_code
    assert "expected" in capsys.readouterr().err or "birthyear" in text
