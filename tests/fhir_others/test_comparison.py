"""The comparison with the independent reading notices what is wrong in OMOP."""

from __future__ import annotations

import json
from pathlib import Path

import plain_count
import pytest
from comparison import Counts, compare

from harmonize.engine.store import Store
from harmonize.pipeline.load import load

_LOINC = "http://loinc.org"
_OF = {"subject": {"reference": "Patient/p1"}}
_UNIT = {"unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}
RESOURCES = [
    {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1960-05-17"},
    {"resourceType": "Observation", "id": "o1", "status": "final", **_OF, "effectiveDateTime": "2020-03-01",
     "code": {"coding": [{"system": _LOINC, "code": "2345-7"}]}, "valueQuantity": {"value": 90.5, **_UNIT}},
    {"resourceType": "Observation", "id": "o2", "status": "cancelled", **_OF, "effectiveDateTime": "2020-03-01",
     "code": {"coding": [{"system": _LOINC, "code": "2345-7"}]}, "valueQuantity": {"value": 91, **_UNIT}},
    {"resourceType": "Immunization", "id": "i1", "status": "not-done", "patient": _OF["subject"],
     "occurrenceDateTime": "2020-03-02", "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx",
                                                                     "code": "140"}]}},
]  # fmt: skip


@pytest.fixture
def delivery(new_store: Store, tmp_path: Path) -> tuple[Store, list[Path]]:
    path = tmp_path / "export.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in RESOURCES), encoding="utf-8")
    load(new_store, [path], source="fhir", project="P")
    return new_store, [path]


def test_what_is_right_has_no_difference(delivery: tuple[Store, list[Path]]) -> None:
    found = compare(delivery[0].con, delivery[1])
    assert found.differences == []
    assert found.plain == found.omop == Counts(persons=1, records=2, dates=2, codes=2, numbers=1, units=1)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("UPDATE omop.measurement SET value_as_number = 90.4", "Observation/o1: number 90.5"),
        ("UPDATE omop.measurement SET unit_source_value = 'g/L'", "Observation/o1: number 90.5"),
        ("UPDATE omop.measurement SET measurement_date = DATE '2020-03-02'", "Observation/o1: date 2020-03-01"),
        ("UPDATE omop.measurement SET measurement_source_value = '2339-0'", "Observation/o1: code ['2339-0']"),
        ("DELETE FROM omop.measurement", "Observation/o1: number 90.5, no row"),
        ("UPDATE omop.person SET person_source_value = 'p2'", "Patient/p1 is a person on one side alone"),
    ],
)
def test_what_is_wrong_is_told(delivery: tuple[Store, list[Path]], wrong: str, told: str) -> None:
    store, files = delivery
    store.con.execute(wrong)
    assert [one for one in compare(store.con, files).differences if one.startswith(told)] != []


def test_what_nobody_expects_is_told(delivery: tuple[Store, list[Path]], tmp_path: Path) -> None:
    """A record of the store that the files say was cancelled, or an event that was not."""
    store, _ = delivery
    path = tmp_path / "other.ndjson"
    changed = [{**one, "status": "cancelled"} if one["id"] == "o1" else one for one in RESOURCES]
    path.write_text("".join(json.dumps(one) + "\n" for one in changed), encoding="utf-8")
    assert compare(store.con, [path]).differences == ["Observation/o1 has rows in OMOP, and none are expected"]


def test_forms_of_a_delivery_are_read_alike(tmp_path: Path) -> None:
    """NDJSON and a Bundle whose entries refer to each other by fullUrl."""
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": dict(one)} for one in RESOURCES[:2]]
    entries[1]["resource"]["subject"] = {"reference": "urn:uuid:p1"}
    bundle, lines = tmp_path / "b.json", tmp_path / "l.ndjson"
    bundle.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    lines.write_text("".join(json.dumps(one) + "\n" for one in RESOURCES[:2]), encoding="utf-8")
    told = [list(plain_count.facts(plain_count.read([path]))) for path in (bundle, lines)]
    assert told[0] == told[1]
    assert len(told[0]) == 1
