"""Planted errors of every kind are found at their file, place and path, and nothing else is."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from fhir_export import bundle, patients, write_ndjson

from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.pipeline.store_schema import create
from harmonize.validation.rules import rule_texts
from harmonize.validation.validate import validate

Resource = dict[str, Any]
Edit = Callable[[Resource], object]
_CLEAN = patients(3)
# Rules that other tests plant, of this file and of test_fhir_patients.py.
_APART = {
    "fhir_no_patient",
    "broken_json", "long_line", "no_resource_type", "unknown_resource_type", "broken_entries", "fhir_version",
    "manifest_missing_file", "manifest_count", "manifest_time", "export_error", "fhir_deep", "fhir_missing_targets",
    "fhir_repeated_resource", "fhir_conflicting_resource", "fhir_unknown_code", "fhir_link_circle",
    "fhir_inactive_patient", "fhir_unreadable_text", "fhir_repeated_element",
}  # fmt: skip


def _findings(*paths: Path, **options: Any) -> list[Resource]:
    with validate(list(paths), source="fhir", **options) as result:
        out = io.BytesIO()
        result.write(out, format="jsonl")
    return [orjson.loads(line) for line in out.getvalue().splitlines()[:-1]]


def _told(findings: list[Resource], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(finding[key] for key in keys) for finding in findings]


def _set(**elements: Any) -> Edit:
    return lambda resource: resource.update({name.rstrip("_"): value for name, value in elements.items()})


def _drop(name: str) -> Edit:
    return lambda resource: resource.pop(name)


# rule, id of the resource, what is done to it, path, value told
PLANTED: list[tuple[str, str, Edit, str, str | None]] = [
    ("fhir_unknown_element", "c1", _set(onsetDatetime="2021"), "Condition.onsetDatetime", "onsetDatetime"),
    ("fhir_unknown_element", "bp1", lambda r: r["component"][1].update(value=3), "Observation.component[1].value",
     "value"),
    ("fhir_required", "lab1-0", _drop("status"), "Observation.status", None),
    ("fhir_required", "lab1-0", _drop("code"), "Observation.code", None),
    ("fhir_required", "m1", _drop("medicationReference"), "MedicationRequest.medication[x]", None),
    ("fhir_legible", "lab1-0", lambda r: r["valueQuantity"].update(value="6.3"), "Observation.valueQuantity.value",
     "a text"),
    ("fhir_type", "p1", _set(active="true"), "Patient.active", "a text"),
    ("fhir_cardinality", "lab1-0", _set(note={"text": "x"}), "Observation.note", "an object"),
    ("fhir_cardinality", "c1", _set(recorder=[{"display": "x"}]), "Condition.recorder", "a list"),
    ("fhir_value", "lab1-0", _set(effectiveDateTime="2021-02-30"), "Observation.effectiveDateTime", "2021-02-30"),
    ("fhir_value", "e1", _set(id="e 1"), "Encounter.id", "***"),
    ("fhir_value", "p1", _set(birthDate="5/1/1970"), "Patient.birthDate", "***"),
    ("fhir_code", "p1", _set(gender="F"), "Patient.gender", "F"),
    ("fhir_code", "lab1-0", _set(status="finall"), "Observation.status", "finall"),
    ("fhir_binding", "p1", _set(language="en_US"), "Patient.language", "en_US"),
    ("fhir_value", "p1", _set(photo=[{"contentType": "picture"}]), "Patient.photo[0].contentType", "***"),
    ("fhir_choice", "lab1-0", _set(valueString="x"), "Observation.value[x]", "valueQuantity, valueString"),
    ("fhir_empty", "c1", _set(note=[]), "Condition.note", "[]"),
    ("fhir_empty", "c1", _set(recordedDate=None), "Condition.recordedDate", "null"),
    ("fhir_unresolved_reference", "c1", _set(recorder={"reference": "Patient/p9"}), "Condition.recorder.reference",
     "Patient/p9"),
    ("fhir_reference_type", "c1", _set(subject={"reference": "Encounter/e1"}), "Condition.subject.reference",
     "Encounter"),
    ("fhir_reference_type", "c1", _set(encounter={"reference": "https://x.org/fhir/Patient/p1/_history/2"}),
     "Condition.encounter.reference", "Patient"),
    ("fhir_unresolved_contained", "m1", _set(medicationReference={"reference": "#pill"}),
     "MedicationRequest.medicationReference.reference", "#***"),
    ("fhir_unknown_system", "c1", lambda r: r["code"]["coding"][0].update(system="http://loinc.org/"),
     "Condition.code.coding.system", "http://loinc.org/"),
    ("fhir_impossible_code", "lab1-0", lambda r: r["code"]["coding"][0].update(code="1742-7"),
     "Observation.code.coding.code", "1742-7"),
    ("us_core_missing", "lab1-0", _drop("category"), "Observation.category", None),
    ("fhir_end_before_start", "e1", _set(period={"start": "2021-03-05", "end": "2021-03-02"}), "Encounter.period",
     "2021-03-05 to 2021-03-02"),
    ("fhir_end_before_start", "e1", _set(period={"start": "2021-03-05T10:00:00+02:00", "end": "2021-03-05T07:59:00Z"}),
     "Encounter.period", "2021-03-05T10:00:00+02:00 to 2021-03-05T07:59:00Z"),
    ("fhir_end_before_start", "c1", _set(onsetDateTime="2020", abatementDateTime="2019-12-31"),
     "Condition.onsetDateTime", "2020 to 2019-12-31"),
    ("fhir_end_before_start", "c1", _set(abatementPeriod={"start": "2021", "end": "2020-12"}),
     "Condition.abatementPeriod", "2021 to 2020-12"),
    ("fhir_end_before_start", "e1", _set(location=[
        {"location": {"display": "w"}, "period": {"start": "2021"}},
        {"location": {"display": "v"}, "period": {"start": "2021-03-05", "end": "2021-03-02"}},
    ]), "Encounter.location[1].period", "2021-03-05 to 2021-03-02"),
    ("fhir_end_before_start", "m1", _set(dispenseRequest={"validityPeriod": {"start": "2021-03", "end": "2021-02"}}),
     "MedicationRequest.dispenseRequest.validityPeriod", "2021-03 to 2021-02"),
    ("fhir_before_birth", "c1", _set(onsetDateTime="1850-01-01"), "Condition.onsetDateTime", "1850-01-01"),
    ("fhir_after_death", "p1", _set(deceasedDateTime="2018-01-01"), "", None),
    ("fhir_future", "i1", _set(occurrenceDateTime="2201-05-01"), "Immunization.occurrenceDateTime", "2201-05-01"),
]  # fmt: skip


def _planted(edit: Edit, key: str) -> list[Resource]:
    resources = copy.deepcopy(_CLEAN)
    edit(next(resource for resource in resources if resource["id"] == key))
    return resources


def test_every_rule_is_planted() -> None:
    rules = {rule for rule, text in rule_texts().items() if text.family == "fhir"}
    assert rules == {rule for rule, *_ in PLANTED} | _APART


def test_a_resource_of_nobody(tmp_path: Path) -> None:
    of_nobody = {**next(r for r in _CLEAN if r["id"] == "lab1-0"), "subject": {"reference": "Group/g1"}}
    told = _findings(write_ndjson(tmp_path / "x.ndjson", [of_nobody]))
    assert [finding["line"] for finding in told if finding["rule"] == "fhir_no_patient"] == [1]


def test_a_clean_delivery_has_no_findings(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(bundle(_CLEAN), indent=2))
    assert _findings(tmp_path / "b.json") == []
    assert _findings(write_ndjson(tmp_path / "x.ndjson", _CLEAN)) == []
    assert _findings(tmp_path / "x.ndjson", deep=True) == []


@pytest.mark.parametrize(("rule", "key", "edit", "path", "value"), PLANTED, ids=[f"{p[0]}-{p[3]}" for p in PLANTED])
@pytest.mark.parametrize("packed", [False, True], ids=["ndjson", "bundle"])
def test_a_planted_error_is_found_and_nothing_else(
    tmp_path: Path, rule: str, key: str, edit: Edit, path: str, value: str | None, packed: bool
) -> None:
    resources = _planted(edit, key)
    number = 1 + next(i for i, resource in enumerate(_CLEAN) if resource["id"] == key)
    if packed:
        (tmp_path / "b.json").write_text(json.dumps(bundle(resources), indent=1))
        findings, place = _findings(tmp_path / "b.json"), (None, number)
    else:
        findings, place = _findings(write_ndjson(tmp_path / "x.ndjson", resources)), (number, None)
    if path == "Encounter.id":  # what refers to it is lost, too
        findings = [finding for finding in findings if finding["rule"] != "fhir_unresolved_reference"]
    if rule == "fhir_after_death":
        assert {(finding["rule"], finding["path"]) for finding in findings} == {
            (rule, "Condition.onsetDateTime"), (rule, "Encounter.period"), (rule, "Immunization.occurrenceDateTime"),
            (rule, "MedicationRequest.authoredOn"), (rule, "Observation.effectiveDateTime"),
            (rule, "Procedure.performedPeriod"),
        }  # fmt: skip
        return
    assert _told(findings, "rule", "path", "value") == [(rule, path, value)]
    if rule != "fhir_unknown_system":
        assert _told(findings, "line", "position") == [place]
        known = "***" if path == "Encounter.id" else key[:1]  # an id that is none may be anything
        assert findings[0]["record"].startswith(f"{path.split('.')[0]}/{known}")
    assert findings[0]["file"] == ("b.json" if packed else "x.ndjson")
    assert "{" not in findings[0]["message"] + findings[0]["hint"]


def test_a_code_is_impossible_in_its_own_system_alone(tmp_path: Path) -> None:
    systems = {"1742-7": "loinc.org", "38341004": "snomed.info/sct"}
    codings = [
        {"system": f"http://{system}", "code": code}
        for code, own in systems.items()
        for system in ("www.ama-assn.org/go/cpt", own, "hl7.org/fhir/sid/icd-10")
    ]
    (tmp_path / "b.json").write_text(json.dumps(bundle(_planted(lambda r: r["code"].update(coding=codings), "lab1-0"))))
    found = [f["value"] for f in _findings(tmp_path / "b.json") if f["rule"] == "fhir_impossible_code"]
    assert sorted(found) == ["***", "1742-7"]  # eight digits alone may be somebody's number


@pytest.mark.parametrize(
    ("edit", "near"),
    [
        (_set(status="finall"), "final"),
        (_set(efectiveDateTime="2021"), "effectiveDateTime"),
        (lambda r: r["code"]["coding"][0].update(system="https://loinc.org"), "http://loinc.org"),
    ],
)
def test_the_nearest_right_value_is_named(tmp_path: Path, edit: Edit, near: str) -> None:
    (finding,) = _findings(write_ndjson(tmp_path / "x.ndjson", _planted(edit, "lab1-0")))
    assert finding["hint"].startswith(f"Did you mean {near}?")


def test_contained_resources_are_screened(tmp_path: Path) -> None:
    def edit(resource: Resource) -> None:
        resource["contained"][0]["status"] = "aktive"

    (finding,) = _findings(write_ndjson(tmp_path / "x.ndjson", _planted(edit, "m1")))
    assert (finding["rule"], finding["path"]) == ("fhir_code", "MedicationRequest.contained[0].status")
    odd = _planted(lambda r: r["contained"].append({"resourceType": "Medicine", "id": "x"}), "m1")
    (finding,) = _findings(write_ndjson(tmp_path / "x.ndjson", odd))
    assert (finding["rule"], finding["path"]) == ("fhir_code", "MedicationRequest.contained[1].resourceType")


def test_lines_that_are_no_resource(tmp_path: Path) -> None:
    lines = [json.dumps(resource) for resource in _CLEAN]
    lines[4:4] = [lines[4][:40], '{"a": 1}', '{"resourceType": "observation"}', '{"resourceType": "Basic", "x": NaN}']
    path = tmp_path / "x.ndjson"
    path.write_text("\n".join(lines))
    findings = _findings(path)
    assert _told(findings, "line", "rule") == [
        (5, "broken_json"),
        (6, "no_resource_type"),
        (7, "unknown_resource_type"),
        (8, "broken_json"),
    ]
    assert findings[0]["value"].startswith("character ")
    assert findings[2]["hint"].startswith("Did you mean Observation?")
    assert findings[3]["value"] == "NaN is no JSON number"


def test_bundles_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"resourceType": "Bundle", "type": "collection", "entry": {}}')
    inner = {"resourceType": "Bundle", "type": "searchset", "entry": {}}
    outer = {"resourceType": "Bundle", "type": "batch-response", "entry": [{"resource": inner}]}
    (tmp_path / "b.json").write_text(json.dumps(outer))
    (tmp_path / "c.json").write_text('{\n"resourceType": "Patient",\n"id": }')
    assert _told(_findings(tmp_path), "file", "rule", "position", "value") == [
        ("a.json", "broken_entries", 0, None),
        ("b.json", "broken_entries", 1, None),
        ("c.json", "broken_json", None, "line 3, character 7: Expecting value"),
    ]


def test_manifest_and_errors_of_the_export(tmp_path: Path) -> None:
    write_ndjson(tmp_path / "all.ndjson", _CLEAN)
    issue = {"severity": "error", "code": "processing", "diagnostics": "no"}
    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
    other = {"resourceType": "Organization", "id": "o9", "active": True, "name": "none of the outcomes"}
    write_ndjson(tmp_path / "err.ndjson", [outcome, outcome, other])
    manifest = {
        "transactionTime": "2024-01-01T00:00:00Z",
        "output": [{"type": "Patient", "url": "https://x/all.ndjson", "count": 28}, {"url": "https://x/two.ndjson"}],
        "error": [{"type": "OperationOutcome", "url": "https://x/err.ndjson"}],
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert _told(_findings(tmp_path), "file", "rule", "value") == [
        ("err.ndjson", "export_error", "2"),
        ("manifest.json", "manifest_missing_file", "two.ndjson"),
        ("manifest.json", "manifest_count", "all.ndjson: 28, found 27"),
    ]


def test_a_delivery_without_its_patients_says_so_once_a_file(tmp_path: Path) -> None:
    path = write_ndjson(tmp_path / "x.ndjson", [r for r in _CLEAN if r["resourceType"] == "Condition"])
    assert _told(_findings(path), "rule", "value") == [
        ("fhir_missing_targets", "3 references to Encounter"),
        ("fhir_missing_targets", "3 references to Patient"),
    ]


def test_resources_sent_twice(tmp_path: Path) -> None:
    """The same content, other content, and versions that can be put in order."""
    first, second, third = (copy.deepcopy(_CLEAN[0]) for _ in range(3))
    third["gender"] = "other"
    path = write_ndjson(tmp_path / "x.ndjson", [*_CLEAN, second])
    assert _told(_findings(path), "rule", "line") == [("fhir_repeated_resource", 28)]
    path = write_ndjson(tmp_path / "x.ndjson", [*_CLEAN, third])
    assert _told(_findings(path), "rule", "line", "value") == [
        ("fhir_conflicting_resource", 1, "Patient/p0"),
        ("fhir_conflicting_resource", 28, "Patient/p0"),
    ]
    third["meta"] = {"versionId": "2"}
    first["meta"] = {"versionId": "1"}
    assert _findings(write_ndjson(tmp_path / "x.ndjson", [first, *_CLEAN[1:], third])) == []


def test_the_deep_check_adds_what_the_screen_does_not_know(tmp_path: Path) -> None:
    edit = _set(
        extension=[{"url": "http://example.org/key", "valueUuid": f"urn:uuid:{'0' * 8}-0000-1000-8000-{'0' * 12}"}]
    )
    path = write_ndjson(tmp_path / "x.ndjson", _planted(edit, "p1"))
    assert _findings(path) == []
    (finding,) = _findings(path, deep=True)
    assert (finding["rule"], finding["path"], finding["line"]) == ("fhir_deep", "Patient.extension[0].valueUuid", 10)


def test_options_of_tables_and_of_fhir_do_not_mix(tmp_path: Path) -> None:
    path = write_ndjson(tmp_path / "x.ndjson", _CLEAN)
    with pytest.raises(InputError, match="--deep is for --source fhir"):
        validate([path], source="ehr", deep=True)
    with pytest.raises(InputError, match="are for tables"):
        validate([path], source="fhir", mapping="gen3/batch")
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="Nothing in the delivery is FHIR"):
        validate([tmp_path / "t.csv"], source="fhir")


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (_set(note=[{"text": "fine"}, {"text": "call 617-555-0123"}]), "Observation.note[1].text"),
        (
            _set(component=[{"code": {"text": "a"}, "valueString": "617-555-0123"}]),
            "Observation.component[0].valueString",
        ),
    ],
)
def test_free_texts_are_looked_at_for_what_tells_who_somebody_is(tmp_path: Path, edit: Edit, path: str) -> None:
    findings = _findings(write_ndjson(tmp_path / "x.ndjson", _planted(edit, "lab1-0")))
    assert _told(findings, "rule", "path", "value", "record") == [("phi_phone", path, "***", "Observation/lab1-0")]


def test_narratives_and_contacts_are_not_looked_at_and_the_report_says_so(tmp_path: Path) -> None:
    """A resource made for people has its patient's name and telephone in the narrative; nothing of that is loaded."""
    told = {"status": "generated", "div": "<div>Ms. Dorothea Example, call <b>617-555-0123</b></div>"}
    contact = [{"name": {"family": "Example"}, "telecom": [{"system": "phone", "value": "617-555-0123"}]}]
    resources = _planted(_set(text=told, contact=contact), "p1")
    resources[1]["text"] = told
    path = write_ndjson(tmp_path / "x.ndjson", resources)
    assert _findings(path) == []
    with validate([path], source="fhir") as result:
        notes = result.notes
    assert [note for note in notes if "privacy" in note] == [
        "Not looked at for privacy, as nothing of them is loaded: narratives (text.div; resources with one: 2), and "
        "names, addresses and contacts in elements of their own (3)."
    ]


def test_codes_that_the_vocabulary_of_a_store_lacks(tmp_path: Path) -> None:
    """The store holds the SNOMED codes of the clean delivery and no other vocabulary: LOINC is not judged."""
    db = tmp_path / "own.duckdb"
    with open_store(db, create=True, initialise=create) as store, store.transaction() as con:
        con.execute("DELETE FROM omop.concept")
        con.execute(
            "INSERT INTO omop.concept BY NAME SELECT row_number() OVER () AS concept_id, 'x' AS concept_name,"
            " 'Condition' AS domain_id, 'SNOMED' AS vocabulary_id, 'x' AS concept_class_id, code AS concept_code,"
            " DATE '2000-01-01' AS valid_start_date, DATE '2099-01-01' AS valid_end_date"
            " FROM (SELECT unnest(?) AS code)",
            [["44054006", "38341003", "840539006", "399208008", "32485007"]],
        )
    planted = _planted(lambda r: r["code"]["coding"][0].update(code="386661006"), "c1")
    findings = _findings(write_ndjson(tmp_path / "x.ndjson", planted), db=db)
    assert _told(findings, "rule", "path", "value") == [
        ("fhir_unknown_code", "Condition.code.coding.code", "386661006")
    ]


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("folder", "counts"),
    [
        # docs/fhir-validation.md explains each kind.
        # six of its sixteen patients are not active
        (
            "synthea_ndjson",
            {"fhir_inactive_patient": 6, "phi_address": 87, "phi_code": 87, "us_core_missing": 989},
        ),
        ("bulk_ndjson", {"phi_name": 2, "phi_note": 1215}),
        (
            "synthea_bundles",
            {
                "fhir_impossible_code": 10,
                "fhir_repeated_resource": 2,
                "phi_address": 56,
                "phi_coded": 56,
                "phi_file_name": 10,
                "phi_name": 10,
                "us_core_missing": 246,
            },
        ),
    ],
)
def test_real_exports(shared: Path, folder: str, counts: dict[str, int]) -> None:
    with validate([shared / "fhir" / folder], source="fhir") as result:
        summary = result.write(io.BytesIO(), format="jsonl")
    assert summary.rules == counts
    errors = ("phi_address", "phi_code", "phi_coded", "phi_file_name", "phi_name")
    assert summary.errors == sum(counts.get(rule, 0) for rule in errors)
