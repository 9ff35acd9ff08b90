"""What a column is taken for, by what it holds; and the meanings that a person may say, told where one says another."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmonize.cli.main import app
from harmonize.cli.profile import MEANINGS
from harmonize.engine.errors import InputError
from harmonize.onboarding.draft import event_of
from harmonize.onboarding.draft_schema import at_most
from harmonize.onboarding.meaning import meaning_of, meanings, nearest_meanings, rules, said_meanings
from harmonize.onboarding.scan import scan


def test_every_meaning_is_told(tmp_path: Path) -> None:
    assert list(meanings()) == MEANINGS.split(", ")
    assert set(rules()["glossary"]) == set(meanings())
    told = CliRunner().invoke(app, ["mapping", "init", "--meanings"]).stdout
    assert all(name in told and says in told for name, says in meanings().items())
    assert CliRunner().invoke(app, ["profile", "--meanings"]).stdout == told
    helped = CliRunner().invoke(app, ["mapping", "init", "--help"], env={"COLUMNS": "250"}).stdout
    assert all(name in helped for name in meanings())


@pytest.mark.parametrize(
    ("said", "nearest"),
    [
        ("gender", ["sex"]),  # spelled like none of them
        ("MRN", ["patient"]),
        ("subject", ["patient"]),
        ("hispanic", ["ethnicity"]),
        ("dob", ["birth_date"]),
        ("mortality", ["death"]),
        ("days from diagnosis", ["day"]),
        ("POD", ["day"]),
        ("hemodialysis", ["dialysis"]),
        ("impression", ["report"]),
        ("postcode", ["zip"]),
        ("blood pressure", ["diastolic", "systolic"]),
        ("drug", ["medication"]),
        ("patent", []),
    ],
)
def test_the_nearest_by_meaning(said: str, nearest: list[str]) -> None:
    assert nearest_meanings(said) == nearest
    with pytest.raises(InputError) as caught:
        said_meanings([f"X={said}"])
    hint = caught.value.hint or ""
    assert all(repr(name) in hint for name in nearest or ["patient"])
    assert "harmonize mapping init --meanings" in hint


@pytest.mark.parametrize(
    ("header", "kind", "meaning"),
    [
        ("Diag to img study (days)", "integer", "day"),
        ("days from admission", "integer", "day"),
        ("Days since positive test", "integer", "day"),
        ("POD", "integer", "day"),
        ("Post-op day", "integer", "day"),
        ("Hospital day", "integer", "day"),
        ("Admission to discharge (days)", "integer", None),  # a length, and no day of the line
        ("Days from diagnosis to death", "integer", "death_day"),
        ("ICU stay (days)", "integer", None),
        ("Number of days on oxygen", "integer", None),
        ("Diagnosis to imaging time (hrs)", "number", "hours"),
        ("Diagnosis", "flag", None),  # Yes and No are no names of diagnoses
        ("HEMODIALYSIS Pre Diagnosis", "flag", "dialysis"),
        ("COVID TEST POSITIVE", "flag", "covid_result"),
        ("SARS-CoV-2 PCR result", "flag", "covid_result"),
        ("COVID TEST", "flag", "covid_tested"),  # of the test, or of its result?
        ("COVID contact", "flag", None),
        ("MORTALITY", "flag", "death"),
        ("Expired during stay", "flag", "death"),
        ("Father deceased", "flag", None),
        ("Alive", "flag", None),  # the other way round
        ("30 day mortality risk", "integer", None),
        ("Date of death", "date", "death_date"),
        ("ICU Admit", "flag", "icu"),
        ("# ICU admits", "integer", None),
        ("ICU LOS days", "integer", None),
        ("Liver transplant", "flag", "transplant"),
        ("Transplant candidate", "flag", None),
        ("Current pregnant", "flag", "pregnancy"),
        ("Pregnancy test", "flag", None),
        ("Radiologist KEY FINDINGS", "text", "report"),
        ("Hispanic", "flag", "ethnicity"),
        ("ZIP3", "integer", "zip"),
    ],
)
def test_meanings_of_registries(header: str, kind: str, meaning: str | None) -> None:
    assert meaning_of(header, kind, lambda _pattern: False) == meaning


@pytest.mark.parametrize(
    ("header", "event"),
    [
        ("Diag to img study (days)", "diagnosis"),
        ("days from admission", "admission"),
        ("days since symptom onset", "onset"),
        ("days after surgery", "surgery"),
        ("POD", "surgery"),
        ("Hospital day", "admission"),
        ("test day", None),
        ("day", None),
        ("days from diagnosis of COVID", None),  # two events are named
        ("days from enrolment to test", "enrolment"),
    ],
)
def test_the_event_of_days(header: str, event: str | None) -> None:
    assert event_of(header) == event


@pytest.mark.parametrize("most", [9, 10, 120, 880, 999, 1000, 14000])
def test_numbers_up_to_a_limit(most: int) -> None:
    import re

    pattern = re.compile(at_most(most))
    tried = [*range(2 * 1500), most - 1, most, most + 1, 10 * most]
    assert [n for n in tried if pattern.fullmatch(str(n))] == [n for n in tried if n <= most]


def write(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def test_a_meaning_of_yes_and_no_needs_them(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", ["id", "sex", "itu"], ["a", "F", "1"], ["b", "M", "0"])
    with (
        pytest.raises(InputError, match="itu cannot be icu: its cells do not say Yes and No"),
        scan([path], meanings={"itu": "icu"}),
    ):
        pass


def test_cells_of_yes_and_no(tmp_path: Path) -> None:
    rows = [
        [f"p{n}", "Y" if n % 2 else "n", "unknown" if n == 3 else "No", "maybe" if n < 5 else "yes", "1"]
        for n in range(20)
    ]
    path = write(tmp_path / "p.csv", ["patient_id", "a", "b", "c", "d"], *rows)
    with scan([path]) as found:
        assert [column.kind for column in found.files[0].columns] == ["text", "flag", "flag", "text", "integer"]
