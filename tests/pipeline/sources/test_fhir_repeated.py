"""An element that stands in one object twice: of it one parser keeps the first, another the last. It is told and not
loaded, wherever it stands, and nothing else of the resource is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.engine.store import Store
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.validation.fhir.batch import repeated_elements
from harmonize.validation.validate import validate

_PATIENTS = "".join(
    f'{{"resourceType":"Patient","id":"p{n}","gender":"female","birthDate":"1960-05-17"}}\n' for n in (1, 2)
)
_PARTS = {
    "status": '"status":"final"',
    "code": '"code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}],"text":"\\u0022pulse\\u0022"}',
    "subject": '"subject":{"reference":"Patient/p1"}',
    "time": '"effectiveDateTime":"2020-03-03"',
    "value": '"valueQuantity":{"value":70,"system":"http://unitsofmeasure.org","code":"/min"}',
}
_WHOLE = (70.0, "8867-4", "loaded")


def _observation(**changed: str) -> str:
    return '{"resourceType":"Observation","id":"o",' + ",".join({**_PARTS, **changed}.values()) + "}\n"


_CASES = {
    "nothing": ({}, None, _WHOLE),
    "a value": (
        {"value": _PARTS["value"].replace('"value":70', '"value":70,"value":90')},
        "Observation.valueQuantity.value",
        (None, "8867-4", "loaded"),
    ),
    "an object": (
        {"value": _PARTS["value"] + "," + _PARTS["value"].replace("70", "90")},
        "Observation.valueQuantity",
        (None, "8867-4", "loaded"),
    ),
    "in a list": (
        {"code": _PARTS["code"].replace('"8867-4"', '"8867-4","code":"8310-5"')},
        "Observation.code.coding.code",
        (70.0, '"pulse"', "loaded"),
    ),
    "the same twice": (
        {"time": _PARTS["time"] + "," + _PARTS["time"]},
        "Observation.effectiveDateTime",
        (None, None, "quarantined"),
    ),
    "two patients": (
        {"subject": _PARTS["subject"] + ',"subject":{"reference":"Patient/p2"}'},
        "Observation.subject",
        (None, None, "quarantined"),
    ),
    "two references": (
        {"subject": '"subject":{"reference":"Patient/p1","reference":"Patient/p2"}'},
        "Observation.subject.reference",
        (None, None, "quarantined"),
    ),
    "two statuses": (
        {"status": '"status":"final","status":"entered-in-error"'},
        "Observation.status",
        (None, None, "excluded"),
    ),
}


@pytest.mark.parametrize("case", _CASES)
def test_what_stands_twice_is_told_and_not_loaded(case: str, new_store: Store, tmp_path: Path) -> None:
    changed, path, (value, source_value, state) = _CASES[case]
    file = tmp_path / "export.ndjson"
    file.write_text(_PATIENTS + _observation(**changed), encoding="utf-8")
    with validate([file], source="fhir", foresee=foresee) as result:
        found = result.con.execute(
            "SELECT c.header FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id) "
            "JOIN harmonize.file_column c USING (file_id, column_id) WHERE r.rule = 'fhir_repeated_element'"
        ).fetchall()
    assert found == ([] if path is None else [(path,)])
    loaded = load(new_store, [file], source="fhir", project="P")
    assert loaded.states[state] == (3 if state == "loaded" else 1)
    rows = new_store.con.execute("SELECT value_as_number, measurement_source_value FROM omop.measurement").fetchall()
    assert rows == ([(value, source_value)] if state == "loaded" else [])


def test_they_are_found_at_any_depth_and_nothing_else_is() -> None:
    text = '{"a":[{"b":1,"b":1},{"c":{"d":[],"d":null,"d":"d"}}],"a ":"\\"a\\":\\"a\\"","e":{"a":1}}'
    assert [(told.path, told.value) for told in repeated_elements(text)] == [
        (("a", 0, "b"), "2"),
        (("a", 1, "c", "d"), "3"),
    ]
