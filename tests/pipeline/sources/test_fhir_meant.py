"""Which resource a reference means: validate and load agree; persons that links join have the days of one."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir_export import write_ndjson

from harmonize.engine.store import Store, open_store
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.validation.validate import validate

_STUDY = "http://a.example.org/study"
_SERVER = "https://a.example.org/fhir"


def _patient(key: str, *values: str, **more: Any) -> dict[str, Any]:
    named = [{"system": _STUDY, "value": value} for value in values]
    return {"resourceType": "Patient", "id": key, "gender": "female", "birthDate": "1960-05-17", **more} | (
        {"identifier": named} if named else {}
    )


def _condition(key: str, day: str = "2020-03-01", **subject: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition", "id": key, "code": {"text": key}, "subject": subject, "onsetDateTime": day,
    }  # fmt: skip


def _identifier(value: str) -> dict[str, Any]:
    return {"system": _STUDY, "value": value}


_ASKED = {
    "here": {"identifier": _identifier("S-1")},
    "of_the_store": {"identifier": _identifier("S-2")},
    "of_two": {"identifier": _identifier("S-3")},
    "of_none": {"identifier": _identifier("S-4")},
    "asked_of_the_store": {"reference": f"Patient?identifier={_STUDY}|S-2"},
    "asked_of_none": {"reference": f"Patient?identifier={_STUDY}|S-4"},
    "relative_to_the_store": {"reference": "Patient/old"},
    "own_server": {"reference": "https://a.example.org/fhir/Patient/new"},
    "other_server": {"reference": "https://b.example.org/fhir/Patient/new"},
    "other_server_than_the_stores": {"reference": "https://b.example.org/fhir/Patient/old"},
    "urn": {"reference": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"},
}
_KNOWN = {"here", "of_the_store", "asked_of_the_store", "relative_to_the_store", "own_server", "urn"}


def test_validate_and_load_agree_about_what_resolves(new_store: Store, tmp_path: Path) -> None:
    """Of a Bundle beside a store, validate foresees exactly the resources whose patient a load does not find."""
    load(
        new_store,
        [write_ndjson(tmp_path / "a.ndjson", [_patient("old", "S-2"), _patient("twin", "S-3")])],
        source="fhir",
        project="P",
    )
    entries = [
        {"fullUrl": "https://a.example.org/fhir/Patient/new", "resource": _patient("new", "S-1", "S-3")},
        {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": _patient("named")},
        *(
            {"fullUrl": f"{_SERVER}/Condition/{number}", "resource": _condition(f"c{number}", **subject)}
            for number, subject in enumerate(_ASKED.values())
        ),
    ]  # fmt: skip
    path = tmp_path / "b.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "id": "b", "type": "collection", "entry": entries}))
    new_store.con.execute("CHECKPOINT")
    new_store.close()
    with validate([path], source="fhir", db=new_store.path, project="P", foresee=foresee) as told:
        foreseen = {line - 3 for (line,) in told.con.execute("SELECT line FROM foreseen").fetchall()}
    with open_store(new_store.path) as store:
        load(store, [path], source="fhir", project="P")
        rows = store.con.execute(
            "SELECT record_key FROM harmonize.ledger WHERE record_type = 'fhir.Condition' AND state = 'quarantined'"
        ).fetchall()
    names = list(_ASKED)
    assert {names[int(key.removeprefix("c"))] for (key,) in rows} == set(_ASKED) - _KNOWN
    assert {names[place] for place in foreseen} == set(_ASKED) - _KNOWN


def _gaps(store: Store) -> list[Any]:
    return store.con.execute(
        "SELECT person_id, date_diff('day', min(condition_start_date), max(condition_start_date)), count(*), "
        "min(condition_start_date) <> DATE '2020-03-01' FROM omop.condition_occurrence GROUP BY ALL ORDER BY ALL"
    ).fetchall()


def _linked() -> list[dict[str, Any]]:
    return [
        _patient("a", link=[{"type": "replaced-by", "other": {"reference": "Patient/b"}}]),
        _patient("b", link=[{"type": "replaced-by", "other": {"reference": "Patient/c"}}]),
        _patient("c"),
        _condition("c1", "2020-03-01", reference="Patient/a"),
        _condition("c2", "2020-03-11", reference="Patient/b"),
        _condition("c3", "2020-03-31", reference="Patient/c"),
    ]


@pytest.fixture
def shifted(new_store: Store, tmp_path: Path) -> Store:
    key = tmp_path / "key"
    key.write_bytes(b"0123456789abcdef0123")
    set_project(new_store, "P", time="shifted", key_file=key)
    return new_store


def test_replaced_patients_are_shifted_as_one(shifted: Store, tmp_path: Path) -> None:
    """Their dates are moved by the days of the one that stands, so that they are one person, whose days stay apart as
    they were; what comes later of any of them is moved alike."""
    load(shifted, [write_ndjson(tmp_path / "a.ndjson", _linked())], source="fhir", project="P")
    assert shifted.con.execute("SELECT person_source_value FROM omop.person").fetchall() == [("c",)]
    assert _gaps(shifted) == [(shifted.con.execute("SELECT person_id FROM omop.person").fetchall()[0][0], 30, 3, True)]
    later = write_ndjson(tmp_path / "b.ndjson", [_condition("c4", "2020-04-10", reference="Patient/a")])
    load(shifted, [later], source="fhir", project="P")
    assert [(gap, count) for _, gap, count, _ in _gaps(shifted)] == [(40, 4)]


def test_a_patient_who_was_shifted_before_stays_apart(shifted: Store, tmp_path: Path) -> None:
    """What was moved cannot be moved again: a link that comes later leaves two persons, who are told to be one."""
    early = [_patient("a"), _condition("c1", "2020-03-01", reference="Patient/a")]
    load(shifted, [write_ndjson(tmp_path / "a.ndjson", early)], source="fhir", project="P")
    load(shifted, [write_ndjson(tmp_path / "b.ndjson", _linked())], source="fhir", project="P")
    assert [(gap, count) for _, gap, count, _ in _gaps(shifted)] in ([(0, 1), (20, 2)], [(20, 2), (0, 1)])
    assert shifted.con.execute("SELECT basis FROM harmonize.person_same_as").fetchall() == [("replaced",)]


def test_the_text_of_a_binary_is_screened(new_store: Store, tmp_path: Path) -> None:
    """What a Binary says is looked over as what a document says itself, in validate and in a load."""
    data = base64.b64encode(b"Mail to jdoe@hospital.org in the morning.").decode()
    document = {
        "resourceType": "DocumentReference", "id": "d1", "status": "current", "subject": {"reference": "Patient/p1"},
        "date": "2020-03-01T08:00:00Z", "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/x1"}}],
    }  # fmt: skip
    binary = {"resourceType": "Binary", "id": "x1", "contentType": "text/plain", "data": data}
    path = write_ndjson(tmp_path / "a.ndjson", [_patient("p1"), document, binary])
    with validate([path], source="fhir", foresee=foresee) as told:
        found = told.con.execute(
            "SELECT line, rule FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE rule LIKE 'phi%'"
        ).fetchall()
    load(new_store, [path], source="fhir", project="P")
    notes = new_store.con.execute("SELECT note_text FROM omop.note").fetchall()
    assert found == [(2, "phi_note")]
    assert len(notes) == 1
    assert "in the morning" in notes[0][0]
    assert "jdoe@hospital.org" not in notes[0][0]


def test_a_result_that_is_a_date_is_shifted_too(shifted: Store, tmp_path: Path) -> None:
    """The day of a last period, an answer that is a day: as many days from the event's own day as the source says."""
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1980-05-17"}
    about = {"status": "final", "subject": {"reference": "Patient/p"}, "code": {"text": "last period"}}
    days = ("2021-02-20", "2021-02-20T08:00:00Z", "2021-02", "2021")
    results = [
        {"resourceType": "Observation", "id": f"o{n}", **about, "effectiveDateTime": "2021-03-02", "valueDateTime": day}
        for n, day in enumerate(days)
    ]
    answers = {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "authored": "2021-03-02",
               "subject": {"reference": "Patient/p"},
               "item": [{"linkId": "1", "text": "last period", "answer": [{"valueDate": "2021-02-20"}]}]}  # fmt: skip
    period = {"start": "2021-02-20", "end": "2021-02-20T09:00:00Z"}
    results.append(
        {"resourceType": "Observation", "id": "p", **about, "effectiveDateTime": "2021-03-02", "valuePeriod": period}
    )
    load(shifted, [write_ndjson(tmp_path / "a.ndjson", [patient, *results, answers])], source="fhir", project="P")
    rows = shifted.con.execute(
        "SELECT observation_date, value_as_string FROM omop.observation WHERE value_as_string IS NOT NULL"
    ).fetchall()
    dated = [(day, one) for day, text in rows for one in text.split("/") if one[:1].isdigit() and one[4:]]
    moved = [(text[10:], (day - date.fromisoformat(text[:10])).days) for day, text in dated]
    assert sorted(moved) == [("", 10), ("", 10), ("", 10), ("T08:00:00Z", 10), ("T09:00:00Z", 10)]
    assert {day for day, _ in rows} != {date(2021, 3, 2)}
    assert sorted(text for _, text in rows if text in ("2021", "[date]")) == ["2021", "[date]"]


def test_a_result_that_is_a_date_counts_from_the_anchor_too(new_store: Store, tmp_path: Path) -> None:
    """A project that counts days shows no day of the calendar: 31 days before the anchor is 2019-12-01."""
    set_project(new_store, "P", time="offset", source_anchor=date(2021, 1, 1), anchor=date(2020, 1, 1))
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1980-05-17"}
    result = {"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/p"},
              "code": {"text": "last period"}, "effectiveDateTime": "2021-01-02",
              "valueDateTime": "2020-12-01"}  # fmt: skip
    load(new_store, [write_ndjson(tmp_path / "a.ndjson", [patient, result])], source="fhir", project="P")
    rows = "SELECT observation_date, value_as_string FROM omop.observation WHERE value_as_string IS NOT NULL"
    assert new_store.con.execute(rows).fetchall() == [(date(2020, 1, 2), "2019-12-01")]
