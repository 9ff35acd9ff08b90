"""A delivery that comes again in another form changes nothing, also where a store knows contents by the former hash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fhir_export import patients, write_ndjson

from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.intake.fhir import content
from harmonize.pipeline.ledger.records import SCREEN
from harmonize.pipeline.load import load


def _turned(value: Any) -> Any:
    """JSON with the keys of every object in the opposite order."""
    if isinstance(value, dict):
        return {name: _turned(inner) for name, inner in reversed(value.items())}
    return [_turned(inner) for inner in value] if isinstance(value, list) else value


def _written(resource: Any, indent: int | None = None) -> str:
    """A resource's JSON; its number is written with two digits."""
    return json.dumps(resource, indent=indent).replace("987654", "1.50")


def _resources() -> list[dict[str, Any]]:
    measured = {
        "resourceType": "Observation", "id": "measured", "status": "final", "code": {"text": "mass"},
        "subject": {"reference": "Patient/p1"}, "effectiveDateTime": "2020-03-01", "valueQuantity": {"value": 987654},
    }  # fmt: skip
    return [*patients(3), measured]


def _rows(store: Store) -> list[Any]:
    tables = ("omop.person", "omop.condition_occurrence", "omop.measurement", "omop.observation", "harmonize.row_id")
    return [store.con.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in tables]


def test_a_delivery_in_another_form_is_unchanged(new_store: Store, tmp_path: Path) -> None:
    """Lines, then one document a resource, then a Bundle: with the keys in another order and new versions."""
    resources = _resources()
    first = tmp_path / "first.ndjson"
    first.write_text("".join(_written(resource) + "\n" for resource in resources))
    made = load(new_store, [first], source="fhir", project="P")
    before = _rows(new_store)
    for number, resource in enumerate(resources):
        noted = _turned(resource) | {"meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}
        (tmp_path / f"r{number}.json").write_text(_written(noted, indent=2))
    again = load(new_store, sorted(tmp_path.glob("r*.json")), source="fhir", project="P")
    entries = ", ".join(f'{{"resource": {_written(_turned(resource), 1)}}}' for resource in resources)
    bundle = tmp_path / "bundle.json"
    bundle.write_text(f'{{"resourceType": "Bundle", "id": "b", "type": "collection", "entry": [{entries}]}}')
    third = load(new_store, [bundle], source="fhir", project="P")
    assert made.states["loaded"] > 10
    assert again.states["unchanged"] == len(resources)
    assert third.states["unchanged"] == len(resources)
    assert _rows(new_store) == before


def test_a_number_with_another_digit_is_another_content(new_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text("".join(_written(resource) + "\n" for resource in _resources()))
    load(new_store, [path], source="fhir", project="P")
    path.write_text(path.read_text().replace("1.50", "1.500"))
    again = load(new_store, [path], source="fhir", project="P")
    assert (again.states["loaded"], again.states["unchanged"]) == (1, len(_resources()) - 1)


def test_a_store_of_the_former_hash_goes_on(new_store: Store, tmp_path: Path) -> None:
    """A store whose contents are hashed in the way of before has nothing but unchanged records, and from then on knows
    them by what they say."""
    path = write_ndjson(tmp_path / "a.ndjson", _resources())
    made = load(new_store, [path], source="fhir", project="P")
    texts = [line for line in path.read_text().splitlines() if line]
    plan = new_store.con.execute("SELECT mapping_version FROM harmonize.submission").fetchone()
    assert plan is not None
    for number, text in enumerate(texts, start=1):
        setting = "cdm" if '"MedicationRequest"' in text[:40] else ""
        new_store.con.execute(
            "UPDATE harmonize.record SET content_hash = md5(concat(?, ?, json(?)::VARCHAR))::UUID WHERE line = ?",
            [plan[0] + SCREEN, setting, text, number],
        )
    new_store.con.execute("DELETE FROM harmonize.checked_delivery")  # the release of before knew no delivery again
    before = _rows(new_store)
    former = new_store.con.execute("SELECT list(content_hash ORDER BY line) FROM harmonize.record").fetchone()
    again = load(new_store, [path], source="fhir", project="P")
    assert again.states["unchanged"] == len(texts) == sum(made.states.values())
    assert _rows(new_store) == before
    assert new_store.con.execute("SELECT list(content_hash ORDER BY line) FROM harmonize.record").fetchone() != former
    write_ndjson(path, [_turned(resource) for resource in _resources()])
    assert load(new_store, [path], source="fhir", project="P").states["unchanged"] == len(texts)


def test_the_hash_has_a_version() -> None:
    assert content.CONTENT == "content 2"


UUID, OTHER = "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "9c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"


def _pulse(subject: str, value: int) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": "pulse", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}, "subject": {"reference": subject},
        "effectiveDateTime": "2020-03-01", "valueQuantity": {"value": value, "code": "/min"},
    }  # fmt: skip


def _values(store: Store) -> list[Any]:
    return store.con.execute("SELECT value_as_number::INTEGER FROM omop.measurement").fetchall()


def test_a_delta_of_a_bundle_replaces_rows_where_its_patient_is_known_and_else_is_refused(
    new_store: Store, tmp_path: Path
) -> None:
    """A Bundle explains urn:uuid: and identifiers; lines that come later do not, and the store may know them or not."""
    patient = {"resourceType": "Patient", "id": UUID, "birthDate": "1980-01-01", "gender": "female"}
    entries = [
        {"fullUrl": f"urn:uuid:{UUID}", "resource": patient},
        {"fullUrl": "urn:uuid:b", "resource": _pulse(f"urn:uuid:{UUID}", 70)},
    ]
    bundle = tmp_path / "bundle.json"
    bundle.write_text(json.dumps({"resourceType": "Bundle", "id": "b", "type": "collection", "entry": entries}))
    load(new_store, [bundle], source="fhir", project="P")
    known = write_ndjson(tmp_path / "known.ndjson", [_pulse(f"urn:uuid:{UUID}", 71)])
    assert load(new_store, [known], source="fhir", project="P").states["loaded"] == 1
    assert _values(new_store) == [(71,)]
    for subject in (f"urn:uuid:{OTHER}", "Patient?identifier=urn:mrn|900-55-1234"):
        lost = write_ndjson(tmp_path / "lost.ndjson", [_pulse(subject, 72)])
        with pytest.raises(InputError, match=r"1 changed resources name .*first: lost.ndjson, line 1") as told:
            load(new_store, [lost], source="fhir", project="P")
        assert "900-55" not in str(told.value)
        assert _values(new_store) == [(71,)]
    with pytest.raises(InputError):
        load(new_store, [lost], source="fhir", project="P", mode="snapshot")
    other = write_ndjson(tmp_path / "new.ndjson", [_pulse(f"urn:uuid:{OTHER}", 73) | {"id": "new"}])
    assert load(new_store, [other], source="fhir", project="P").states["quarantined"] == 1, "it replaces nothing"
    assert load(new_store, [lost], source="fhir", project="P", allow_deletions=True).states["quarantined"] == 1
    assert _values(new_store) == []


def test_a_uuid_of_another_project_is_not_known(new_store: Store, tmp_path: Path) -> None:
    people = write_ndjson(tmp_path / "people.ndjson", [{"resourceType": "Patient", "id": UUID, "birthDate": "1980"}])
    load(new_store, [people], source="fhir", project="Q")
    pulse = write_ndjson(tmp_path / "pulse.ndjson", [_pulse(f"urn:uuid:{UUID}", 70)])
    assert load(new_store, [pulse], source="fhir", project="P").states["quarantined"] == 1
    assert load(new_store, [pulse], source="fhir", project="Q").states["loaded"] == 1
