"""Who is told apart by what others may know: classes as plain Python counts them, thresholds at their limit."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.release.deid.risk import known, risk

BY = ("birth_year", "sex", "zip3")
PERSONS = 44


def _people(store: Store) -> list[tuple[int, int, str]]:
    """Years 1950 to 1953, two sexes, and a ZIP code that one person has alone; written into the store."""
    people = [
        (1950 + number % 4, (8507, 8532)[number // 4 % 2], "945" if number == 5 else "021") for number in range(PERSONS)
    ]
    with store.transaction() as con:
        con.execute("INSERT INTO omop.location BY NAME SELECT 1 AS location_id, '021' AS zip, 'MA' AS state")
        con.execute("INSERT INTO omop.location BY NAME SELECT 2 AS location_id, '945' AS zip, 'MA' AS state")
        for number, (year, sex, zip3) in enumerate(people):
            con.execute(
                "INSERT INTO omop.person BY NAME SELECT ?::BIGINT AS person_id, ? AS year_of_birth, "
                "? AS gender_concept_id, 0 AS race_concept_id, 0 AS ethnicity_concept_id, ? AS location_id",
                [number, year, sex, 1 if zip3 == "021" else 2],
            )
        con.execute(
            "INSERT INTO omop.death BY NAME SELECT person_id, DATE '2000-02-02' AS death_date FROM omop.person "
            "WHERE year_of_birth = 1950"
        )
    return people


def test_classes_are_those_that_plain_python_counts(new_store: Store) -> None:
    people = _people(new_store)
    counted = Counter(people)
    found = risk(new_store, k=6, by=BY)
    assert (found.persons, found.classes) == (PERSONS, len(counted))
    assert found.smallest == min(counted.values()) == 1
    assert found.under == sum(count for count in counted.values() if count < 6)
    assert found.alone == 1
    assert found.smallest_classes[0] == {"birth_year": "1951", "sex": "FEMALE", "zip3": "945", "persons": 1}
    # nobody of a class differs in whether they died: all of 1950 did
    assert (found.least_answers, found.alike) == (1, PERSONS)
    assert risk(new_store, k=1, by=BY, diversity=2).ok is False
    assert risk(new_store, k=1, by=BY).ok


def test_a_class_of_exactly_k_is_enough(new_store: Store) -> None:
    _people(new_store)
    assert risk(new_store, k=11, by=["birth_year"]).ok
    assert not risk(new_store, k=12, by=["birth_year"]).ok


def test_suggestions_say_what_would_help_and_how_much(new_store: Store) -> None:
    people = _people(new_store)
    found = risk(new_store, k=22, by=BY)
    acts = {one.act: one.under for one in found.suggestions}
    decades = Counter((year // 10, sex, zip3) for year, sex, zip3 in people)
    said = "With ten years of birth instead of year of birth"
    assert acts[said] == sum(count for count in decades.values() if count < 22)
    assert [one.under for one in found.suggestions] == sorted(acts.values())
    assert max(acts.values()) < found.under
    assert risk(new_store, k=1, by=BY).suggestions == []


def test_what_leaves_tells_no_few(new_store: Store) -> None:
    _people(new_store)
    told = risk(new_store, k=6, by=BY).to_json(leaves=True)
    assert (told["alone"], told["smallest"]) == (None, None)
    assert "smallest_classes" not in told
    assert told["persons"] == PERSONS
    # all but few would tell the few
    with new_store.transaction() as con:
        con.execute(
            "UPDATE omop.person SET year_of_birth = CASE WHEN person_id < 40 THEN 1900 + person_id ELSE 1800 END"
        )
    assert risk(new_store, k=3, by=["birth_year"]).to_json(leaves=True)["alone"] is None


def test_every_column_is_known_of_a_store_without_rows(new_store: Store) -> None:
    found = risk(new_store, by=list(known()))
    assert (found.persons, found.ok) == (0, True)
    assert {one.coarser for one in known().values()} - {None} <= known().keys()


def test_the_command(new_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _people(new_store)
    path = str(new_store.path)
    new_store.close()
    assert main(["release", "risk", "--db", path, "--by", "birth_year"]) == 0
    assert "44 persons in 4 classes by birth_year; the smallest has 11." in capsys.readouterr().out
    assert main(["release", "risk", "--db", path, "--by", "birth_year", "--k", "12", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["under"] == PERSONS
    assert main(["release", "risk", "--db", path, "--by", "birthyear"]) == 2
    assert "birth_year" in capsys.readouterr().err


def test_what_cannot_be_asked_is_refused(new_store: Store) -> None:
    with pytest.raises(InputError, match="threshold"):
        risk(new_store, k=0)
    with pytest.raises(InputError, match="no answer"):
        risk(new_store, sensitive="name")
