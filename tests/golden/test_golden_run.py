"""Running golden cases: what passes, what differs, and names that there are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from harmonize.cli.mapping import app
from harmonize.engine.errors import InputError, InternalError
from harmonize.golden.find import case_files, find_cases, shipped_cases
from harmonize.golden.read import read_cases
from harmonize.golden.run import GoldenRunner
from harmonize.pipeline.ledger import ledger

HOSPITAL = Path(__file__).parents[1] / "pipeline" / "data" / "hospital"
CASE = f"""\
- case: one
  why: A result with a unit.
  mapping: {HOSPITAL.as_posix()}
  source: ehr
  files:
    patient.csv: {{class: patient, rows: [{{patient_id: p1, birth_year: 1950, sex: F}}]}}
    result.csv:
      class: result
      rows: [{{result_id: r1, patient_id: p1, code: 2951-2, day: 2021-03-02, value: 140, unit: mmol/L}}]
  rows:
    person: [{{year_of_birth: 1950, gender_concept_id: Gender:F}}]
    measurement:
      - {{measurement_concept_id: LOINC:2951-2, value_as_number: 140, unit_concept_id: UCUM:mmol/L,
         measurement_date: 2021-03-02}}
  ledger: {{loaded: 2}}
"""


@pytest.fixture(scope="module")
def runner() -> Iterator[GoldenRunner]:
    with GoldenRunner() as golden:
        yield golden


def differences(runner: GoldenRunner, folder: Path, *changes: tuple[str, str]) -> tuple[str, ...]:
    """What differs in the case with some texts replaced."""
    text = CASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "cases.yaml"
    file.write_text(text)
    return runner.run(read_cases(file)[0]).differences


def test_a_case_passes(runner: GoldenRunner, tmp_path: Path) -> None:
    assert differences(runner, tmp_path) == ()


def test_another_spelling_of_a_code(runner: GoldenRunner, tmp_path: Path) -> None:
    """As mappings may write it: by mappings/vocabulary/aliases.tsv."""
    assert differences(runner, tmp_path, ("unit: mmol/L", "unit: K/uL"), ("UCUM:mmol/L", "UCUM:K/uL")) == ()


def test_each_case_has_a_store_of_its_own(runner: GoldenRunner, tmp_path: Path) -> None:
    first_ids = ("{year_of_birth: 1950,", "{person_id: 1, year_of_birth: 1950,")
    assert differences(runner, tmp_path, first_ids) == ()
    assert differences(runner, tmp_path, first_ids) == ()


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("value_as_number: 140", "value_as_number: 141", "value_as_number: expected 141.0, got 140.0"),
        ("LOINC:2951-2, value", "LOINC:2160-0, value", "expected 3016723 (LOINC:2160-0), got 3019550 (LOINC:2951-2)"),
        ("measurement_date: 2021-03-02", "measurement_date: null", "measurement_date: expected null, got 2021-03-02"),
        (
            "  ledger:",
            "    death: [{death_date: 2021-03-02}]\n  ledger:",
            "death, line 15: no such row: death_date 2021-03-02",
        ),
        ("loaded: 2", "loaded: 1, quarantined: 1", "ledger, quarantined: expected 1, got 0"),
        ("value: 140,", "value: high,", "findings, type_number: expected 0, got 1"),
        ("  ledger:", "  reasons: {ragged: 1}\n  ledger:", "reasons, ragged: expected 1, got 0"),
        ("day: 2021-03-02", "day: 1901-03-02", "the load failed: The project golden holds dates before 1970"),
    ],
)
def test_what_differs_is_told(runner: GoldenRunner, tmp_path: Path, old: str, new: str, difference: str) -> None:
    assert any(difference in text for text in differences(runner, tmp_path, (old, new)))


def test_a_refused_load(runner: GoldenRunner, tmp_path: Path) -> None:
    outcome = CASE[CASE.index("  rows:\n    person") :]
    early = ("day: 2021-03-02", "day: 1901-03-02")
    assert differences(runner, tmp_path, early, (outcome, "  refused: no time policy\n")) == ()
    assert "not as expected" in differences(runner, tmp_path, early, (outcome, "  refused: no mapping\n"))[0]
    assert "was expected to be refused" in differences(runner, tmp_path, (outcome, "  refused: no time policy\n"))[0]


def test_the_time_policy_of_a_case(runner: GoldenRunner, tmp_path: Path) -> None:
    policy = ("  ledger:", "  time: {policy: offset, source_anchor: 2021-03-01}\n  ledger:")
    dated = ("measurement_date: 2021-03-02", "measurement_date: 2020-01-02")
    assert differences(runner, tmp_path, policy, dated) == ()


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("class: result", "class: results", ":8: case one: there is no class 'results'", "Did you mean 'result'?"),
        (
            "result_id: r1",
            "result_key: r1",
            ":9: case one: result has no column 'result_key'",
            "Did you mean 'result_id'?",
        ),
        (
            "    measurement:",
            "    mesurement:",
            ":12: case one: there is no table 'mesurement'",
            "Did you mean 'measurement'?",
        ),
        (
            "value_as_number",
            "value_as_numer",
            ":13: case one: measurement has no column",
            "Did you mean 'value_as_number'?",
        ),
        (
            "value_as_number: 140",
            "value_as_number: many",
            ":13: case one: value_as_number is 'many', which is not a number",
            None,
        ),
        ("measurement_date: 2021-03-02", "measurement_date: 3/2/2021", "which is not a date (YYYY-MM-DD)", None),
        ("UCUM:mmol/L", "UCUM:mmoll/L", "the vocabulary has no concept 'UCUM:mmoll/L'", "Did you mean 'UCUM:mmol/L'?"),
        (
            "UCUM:mmol/L",
            "Nowhere:zz#9",
            "the vocabulary has no concept 'Nowhere:zz#9'",
            "Find its code: harmonize mapping suggest 'NAME'; or write its concept_id.",
        ),
        (
            "  ledger:",
            "  findings: {type_numbr: 1}\n  ledger:",
            "there is no rule 'type_numbr'",
            "Did you mean 'type_number'?",
        ),
        ("result.csv:", "result.xlsx:", "rows are written as .csv or .tsv", None),
        (
            HOSPITAL.as_posix(),
            "ehr/covid_19_ny",
            ":1: case one: There is no mapping",
            "Did you mean 'ehr/covid_19_ny_sbu'?",
        ),
    ],
)
def test_names_that_there_are_not(
    runner: GoldenRunner, tmp_path: Path, old: str, new: str, message: str, hint: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        differences(runner, tmp_path, (old, new))
    assert message in caught.value.message
    if hint is not None:
        assert caught.value.hint == hint


def test_the_laws_of_the_ledger_hold(runner: GoldenRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_con: object) -> None:
        raise InternalError("The ledger does not balance: a file.")

    monkeypatch.setattr(ledger, "check_laws", broken)
    assert differences(runner, tmp_path) == ("the load failed: The ledger does not balance: a file.",)


def test_where_cases_lie() -> None:
    shipped = case_files("covid_19_ny_sbu")
    assert {file.parent for file in shipped} == {shipped_cases() / "ehr" / "covid_19_ny_sbu"}
    assert set(shipped) <= set(case_files())
    assert case_files(str(shipped[0])) == [shipped[0]]
    assert [case.name for case in find_cases("covid_19_ny_sbu", "warfarin")] == ["warfarin_misspelt"]
    with pytest.raises(InputError, match=r"none has 'nothing' in its name"):
        find_cases("covid_19_ny_sbu", "nothing")


def test_a_mapping_keeps_its_own_cases(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    (folder / "cases").mkdir(parents=True)
    (folder / "site.map.yaml").write_text("")
    with pytest.raises(InputError, match="There are no golden cases in"):
        case_files(str(folder))
    (folder / "cases" / "a.yaml").write_text(CASE)
    assert case_files(str(folder)) == [folder / "cases" / "a.yaml"]


def test_command(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(CASE + CASE.replace("case: one", "case: two").replace("loaded: 2", "loaded: 3"))
    good = CliRunner().invoke(app, ["test", str(file), "--case", "one"], catch_exceptions=False)
    assert (good.exit_code, good.stdout) == (0, f"ok   one   [{file}:1]\n")
    both = CliRunner().invoke(app, ["test", str(file)], catch_exceptions=False)
    assert both.exit_code == 1
    assert f"FAIL two   [{file}:16]\n       ledger, loaded: expected 3, got 2\n" in both.stdout
    answer = orjson.loads(CliRunner().invoke(app, ["test", str(file), "--json"]).stdout)
    assert (answer["passed"], answer["failed"]) == (1, 1)
    assert answer["cases"][1]["differences"] == ["ledger, loaded: expected 3, got 2"]
