"""Files of golden cases: every mistake is refused with file, line and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.engine.errors import InputError
from harmonize.golden.read import read_cases

CASE = """\
- case: one
  why: It shows the format.
  mapping: ehr/covid_19_ny_sbu
  source: ehr
  files:
    clinical.csv: {class: clinical, rows: [{to_patient_id: A1, htn_v: No, length_of_stay: 010, smoking_status_v: ~}]}
  rows:
    condition_occurrence: []
    death: [{death_date: 2020-01-01, cause_source_value: "null"}]
  ledger: {loaded: 1}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.yaml"


def test_values_are_the_texts_that_stand_there(file: Path) -> None:
    file.write_text(CASE)
    (case,) = read_cases(file)
    table = case.deliveries[0].files["clinical.csv"]
    assert not isinstance(table, str)
    assert {name: text.value for name, text in table.rows[0].cells.items()} == {
        "to_patient_id": "A1", "htn_v": "No", "length_of_stay": "010", "smoking_status_v": None,
    }  # fmt: skip
    cells = case.rows["death"].rows[0].cells
    assert (cells["death_date"].value, cells["cause_source_value"].value) == ("2020-01-01", "null")
    assert cells["death_date"].line == 9
    assert case.rows["condition_occurrence"].rows == ()
    assert case.ledger["loaded"].number == 1
    assert (case.reasons, case.findings) == (None, None)


def test_a_later_delivery_has_source_and_mapping_of_the_case(file: Path) -> None:
    file.write_text(
        CASE + "  then:\n  - files: {clinical.csv: x}\n  - {source: idc, files: {index.csv: x}, without: [a.csv]}\n"
    )
    _first, again, images = read_cases(file)[0].deliveries
    assert (again.source, again.mapping, again.mode) == ("ehr", "ehr/covid_19_ny_sbu", "upsert")
    assert (images.source, images.mapping) == ("idc", None)
    assert (again.without, images.without) == ((), ("a.csv",))


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        ("  why:", "  wy:", 2, "a case has no 'wy'", "Did you mean 'why'?"),
        ("  why: It shows the format.\n", "", 1, "a case needs 'why'", None),
        ("source: ehr", "source: ehrr", 4, "there is no source 'ehrr'", "Did you mean 'ehr'?"),
        ("loaded: 1", "loadd: 1", 10, "ledger has no 'loadd'", "Did you mean 'loaded'?"),
        ("loaded: 1", "loaded: some", 10, "ledger: loaded is a whole number, not 'some'", None),
        ("class: clinical, ", "", 6, "is a text, or has 'class' and 'rows'", None),
        ("class: clinical,", "clas: clinical,", 6, "has no 'clas'", "Did you mean 'class'?"),
        ("  ledger:", "  without: a.csv\n  ledger:", 10, "without is a list of files", None),
        ("condition_occurrence: []", "condition_occurrence: none", 8, "are a list, empty for none", None),
        ("death: [", "condition_occurrence: [", 9, "rows names 'condition_occurrence' twice", None),
        ("  ledger:", "  refused: no\n  ledger:", 7, "a load that is refused leaves no rows", None),
        ("{loaded: 1}", "{loaded: 1", 11, "this is not YAML", None),
        ("- case: one", "case: one", 2, "this is not YAML", None),
        ("  ledger:", "  time: {polcy: as_is}\n  ledger:", 10, "time has no 'polcy'", "Did you mean 'policy'?"),
    ],
)
def test_mistakes_are_named(file: Path, old: str, new: str, line: int, message: str, hint: str | None) -> None:
    assert old in CASE
    file.write_text(CASE.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_cases(file)
    assert caught.value.message.startswith(f"{file}:{line}: ")
    assert message in caught.value.message
    if hint is not None:
        assert caught.value.hint == hint


def test_names_are_unique_in_a_file(file: Path) -> None:
    file.write_text(CASE + CASE)
    with pytest.raises(InputError, match=r":11: the case 'one' was there before, at line 1"):
        read_cases(file)
