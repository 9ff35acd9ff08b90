"""The second law for FHIR: every element of every resource has an end."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from fhir_export import bundle, patients, write_ndjson

from harmonize.engine.errors import InternalError
from harmonize.engine.store import Store
from harmonize.pipeline.inspect import ledger_columns
from harmonize.pipeline.ledger.ledger import check_laws
from harmonize.pipeline.load import load

ENDS = ("empty", "loaded", "context", "excluded", "quarantined")


@pytest.fixture
def loaded(new_store: Store, tmp_path: Path) -> Store:
    load(new_store, [write_ndjson(tmp_path / "a.ndjson", patients(3))], source="fhir", project="P")
    return new_store


def test_the_elements_of_ndjson_and_of_a_bundle_are_the_same(new_store: Store, tmp_path: Path) -> None:
    resources = patients(3)
    (tmp_path / "b.json").write_bytes(orjson.dumps(bundle(resources)))
    load(new_store, [write_ndjson(tmp_path / "a.ndjson", resources)], source="fhir", project="P")
    load(new_store, [tmp_path / "b.json"], source="fhir", project="Q")
    first, second = (
        {row["column"]: row for row in ledger_columns(new_store.con, number) if not row["column"].startswith("Bundle")}
        for number in (1, 2)
    )
    assert {name: [row[end] for end in ENDS] for name, row in first.items()} == {
        name: [row[end] for end in ENDS] for name, row in second.items()
    }


def test_every_element_adds_up(loaded: Store) -> None:
    rows = ledger_columns(loaded.con)
    records = {row["column"]: row["records"] for row in rows if "." not in row["column"]}
    assert sum(records.values()) == len(patients(3))
    for row in rows:
        assert row["records"] == records[row["column"].partition(".")[0]] == sum(row[end] for end in ENDS)
        assert row["file"] == "all files"


def test_an_element_that_is_not_read_is_told_by_name_or_as_unread(loaded: Store) -> None:
    found = {row["column"]: row["reason"] for row in ledger_columns(loaded.con)}
    assert found["Observation.valueQuantity.value"] is None
    assert {name for name, reason in found.items() if reason is not None and "." not in name} == set()
    assert all(re.fullmatch("[a-z_]+", reason) for reason in found.values() if reason)


def test_a_form_that_is_no_text_is_not_loaded(new_store: Store, tmp_path: Path) -> None:
    report = {
        "resourceType": "DiagnosticReport", "status": "final", "code": {"text": "CT"},
        "subject": {"reference": "Patient/p1"}, "effectiveDateTime": "2020-01-01", "conclusion": "No embolism.",
    }  # fmt: skip
    text, pdf = ({"contentType": kind, "data": "SGVsbG8="} for kind in ("text/plain", "application/pdf"))
    reports = [
        {**report, "id": str(number), "presentedForm": forms}
        for number, forms in enumerate(([text], [pdf], [pdf, text], [text, text]))
    ]
    patient = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1960"}
    load(new_store, [write_ndjson(tmp_path / "a.ndjson", [patient, *reports])], source="fhir", project="P")
    rows = {row["column"]: row for row in ledger_columns(new_store.con)}
    assert [rows["DiagnosticReport.presentedForm.data"][end] for end in ENDS] == [0, 3, 0, 1, 0]
    assert [rows["DiagnosticReport.conclusion"][end] for end in ENDS] == [0, 4, 0, 0, 0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("SET excluded = excluded + 1 WHERE column_name = 'Patient.gender'", "element Patient.gender"),
        ("SET records = records + 1, empty = empty + 1 WHERE column_name = 'Patient.gender'", "element Patient.gender"),
        ("SET loaded = -1, empty = records + 1 WHERE column_name = 'Patient.gender'", "element"),
        ("SET records = records + 1, loaded = loaded + 1 WHERE starts_with(column_name, 'Patient')", "submission 1"),
    ],
)  # fmt: skip
def test_the_law_is_checked(loaded: Store, change: str, told: str) -> None:
    loaded.con.execute(f"UPDATE harmonize.ledger_column {change}")
    with pytest.raises(InternalError, match=told):
        check_laws(loaded.con)


def test_a_second_load_counts_the_same(loaded: Store, tmp_path: Path) -> None:
    load(loaded, [tmp_path / "a.ndjson"], source="fhir", project="P")
    first, second = (
        [[row["column"], *(row[end] for end in ENDS)] for row in ledger_columns(loaded.con, number)]
        for number in (1, 2)
    )
    assert first == second


def test_an_unknown_element_is_taken_out_whatever_it_is_called(new_store: Store, tmp_path: Path) -> None:
    """Of what is read whole (a CodeableConcept), too: names with a full stop, blanks, brackets, quotes, or none."""
    resources = patients(1)
    names = ("my.note", "a b", "x[0]", 'q"r', "", "*", "plain")
    line, observation = next((n, r) for n, r in enumerate(resources) if r["resourceType"] == "Observation")
    observation["code"] |= {name: f"unheard{n}" for n, name in enumerate(names)}
    load(new_store, [write_ndjson(tmp_path / "a.ndjson", resources)], source="fhir", project="P")
    found = "SELECT rule, count(*) FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE line = ? GROUP BY 1"
    assert ("fhir_unknown_element", len(names)) in new_store.con.execute(found, [line + 1]).fetchall()
    kept = [text for (text,) in new_store.con.execute("SELECT codings FROM midrc.measurement").fetchall()]
    assert kept
    assert not [text for text in kept if "unheard" in text]
    rows = [row for row in ledger_columns(new_store.con) if row["quarantined"]]
    assert sum(row["quarantined"] for row in rows) == len(names), rows
