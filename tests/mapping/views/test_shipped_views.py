"""The shipped views: all compile, are the classes of the source schema, and give each resource its rows."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
import yaml
from chance import seeded
from fhir_export import patient

from harmonize.engine.paths import root, sql
from harmonize.intake.discover import discover
from harmonize.intake.fhir.reference import resolve_references
from harmonize.intake.fhir.stage import stage_fhir
from harmonize.mapping.views.compile import Source
from harmonize.mapping.views.shipped import compile_shipped, shipped_views, source_schema
from harmonize.schema.load import load_schema

RESOURCES = {
    "AllergyIntolerance", "Condition", "Device", "DiagnosticReport", "Encounter", "ImagingStudy", "Immunization",
    "Location", "Medication", "MedicationAdministration", "MedicationDispense", "MedicationRequest",
    "MedicationStatement", "Observation", "Organization", "Patient", "Practitioner", "Procedure", "Specimen",
}  # fmt: skip
# Views with exactly one row a resource.
MAIN = {
    "AllergyIntolerance": "allergy_intolerance", "Condition": "condition", "Device": "device",
    "DiagnosticReport": "diagnostic_report", "Encounter": "encounter", "ImagingStudy": "imaging_study",
    "Immunization": "immunization", "MedicationAdministration": "medication_administration",
    "MedicationRequest": "medication_request", "Observation": "observation", "Organization": "organization",
    "Patient": "patient", "Practitioner": "practitioner", "Procedure": "procedure",
}  # fmt: skip
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"


def rows(con: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """The rows of one shipped view over what is staged."""
    resource = next(r for r, views in shipped_views().items() if any(view.name == name for view in views))
    source = Source(f"({sql('views/resource_resolved')})", references="_references")
    compiled = compile_shipped(resource, source)
    (view,) = (view for view in compiled.views if view.name == name)
    cursor = con.execute(compiled.statement(view))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def staged(*paths: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(sql("views/functions"))
    stage_fhir(con, discover(list(paths)))
    resolve_references(con)
    return con


def export(folder: Path, *resources: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    file = folder / "export.ndjson"
    file.write_bytes(b"".join(orjson.dumps(resource) + b"\n" for resource in resources))
    return staged(file)


def test_all_types_have_views_named_after_their_files() -> None:
    assert set(shipped_views()) >= RESOURCES
    names = {view.name for views in shipped_views().values() for view in views}
    assert names == {file.stem for file in (root("mappings") / "fhir" / "views").glob("*.json")}


# Codings whose place in the resource says less than the name of their slot, or something else.
CALLED = {
    ("stage.summary", "stage"), ("evidence.code", "evidence"), ("code", "role"),
    ("contained.ofType(Medication).code", "contained_medication"),
}  # fmt: skip


def _slots(selects: list[dict[str, Any]], within: str = "") -> list[tuple[str, str, str]]:
    """(element around, path of the codings, name of their slot) of the parts of a view."""
    found = []
    for select in selects:
        path = select.get("forEach", "").removesuffix(".coding")
        for column in select.get("column", ()):
            if column["name"] == "slot":
                found.append((within, path, column["path"].strip("'")))
        found += _slots([*select.get("select", ()), *select.get("unionAll", ())], path or within)
    return found


def test_the_slot_of_a_coding_is_called_after_its_element() -> None:
    for file in sorted((root("mappings") / "fhir" / "views").glob("*_coding.json")):
        told = _slots(orjson.loads(file.read_bytes())["select"])
        assert len({(within, slot) for within, _, slot in told}) == len(told) > 0, "one name for two elements"
        for _, path, slot in told:
            element = re.sub(r"\.ofType\(\w+\)", "", path).rpartition(".")[2]
            named = re.sub("(?<=[a-z])(?=[A-Z])", "_", element).lower()
            assert slot in (named, named.removesuffix("_code")) or (path, slot) in CALLED, (file.stem, path)


def test_the_source_schema_is_made_of_the_views() -> None:
    file = root("schemas") / "sources" / "fhir.yaml"
    assert yaml.safe_load(file.read_text(encoding="utf-8")) == source_schema()


def test_a_class_has_the_columns_of_its_view() -> None:
    schema = load_schema("sources/fhir")
    for resource in shipped_views():
        for view in compile_shipped(resource, Source("resource")).views:
            assert list(schema.classes[view.name].slots) == [name for name, _ in view.columns]
    assert schema.classes["patient"].slots["birth_date"].annotations == {"phi": "true"}


def test_an_observation_of_components(tmp_path: Path) -> None:
    def pressure(code: str, value: float) -> dict[str, Any]:
        quantity = {"value": value, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
        return {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueQuantity": quantity}

    con = export(
        tmp_path,
        {
            "resourceType": "Observation",
            "id": "bp",
            "status": "final",
            "category": [{"coding": [{"code": "vital-signs"}]}],
            "code": {"coding": [{"system": "local", "code": "x"}, {"system": LOINC, "code": "85354-9"}], "text": "BP"},
            "subject": {"reference": "Patient/p"},
            "effectiveDateTime": "2021-05-06",
            "component": [pressure("8480-6", 120), pressure("8462-4", 80.5)],
        },
    )
    (row,) = rows(con, "observation")
    assert {row[name] for name in ("id", "patient_id", "code_loinc", "code_code", "code_text")} == {
        "bp", "p", "85354-9", "x", "BP"
    }  # fmt: skip
    assert (row["category_vital_signs"], row["category_laboratory"], row["component_count"]) == ("true", "false", "2")
    assert row["value_number"] is None
    found = [
        (
            row["observation_id"],
            row["component_no"],
            row["code_loinc"],
            row["value_number"],
            row["value_number_unit_code"],
        )
        for row in rows(con, "observation_component")
    ]
    assert found == [("bp", "1", "8480-6", "120", "mm[Hg]"), ("bp", "2", "8462-4", "80.5", "mm[Hg]")]
    codings = Counter((row["component_no"], row["slot"], row["code"]) for row in rows(con, "observation_coding"))
    assert codings == Counter(
        [(None, "code", "x"), (None, "code", "85354-9"), ("1", "code", "8480-6"), ("2", "code", "8462-4")]
    )


def test_a_patient_of_several_races(tmp_path: Path) -> None:
    url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
    races = [{"url": "ombCategory", "valueCoding": {"system": "s", "code": code}} for code in ("2106-3", "2028-9")]
    con = export(
        tmp_path,
        {
            "resourceType": "Patient",
            "id": "p",
            "extension": [{"url": url, "extension": [*races, {"url": "text", "valueString": "Mixed"}]}],
            "deceasedDateTime": "2020-02-03",
        },
    )
    (row,) = rows(con, "patient")
    assert (row["race_count"], row["race_code"], row["race_text"], row["ethnicity_count"]) == (
        "2",
        "2106-3",
        "Mixed",
        "0",
    )
    assert (row["deceased"], row["deceased_datetime"]) == (None, "2020-02-03")
    assert [(row["level"], row["code"]) for row in rows(con, "patient_race")] == [
        ("ombCategory", "2106-3"),
        ("ombCategory", "2028-9"),
    ]


def test_a_drug_in_a_contained_and_in_a_referenced_medication(tmp_path: Path) -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": {"coding": [{"system": SNOMED, "code": "1"}]}}
    request = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "#"},
    }
    con = export(
        tmp_path,
        {**request, "id": "a", "contained": [medication], "medicationReference": {"reference": "#m"}},
        {**request, "id": "b", "medicationReference": {"reference": "Medication/m"}},
        medication,
    )
    found = [
        (row["id"], row["contained_medication_snomed"], row["medication_id"]) for row in rows(con, "medication_request")
    ]
    assert sorted(found) == [("a", "1", None), ("b", None, "m")]
    assert [(row["id"], row["code_snomed"]) for row in rows(con, "medication")] == [("m", "1")]


def garbled(value: Any, dice: random.Random, share: float) -> Any:
    """The value with a share of its parts replaced by what FHIR does not allow there."""
    if dice.random() < share:
        return dice.choice([None, 7, -1e300, "nan", "", [], {}, [[]], [None], {"a": [1]}, True, "2020-13-45", "\0"])
    if isinstance(value, dict):
        return {key: part if key == "resourceType" else garbled(part, dice, share) for key, part in value.items()}
    return [garbled(part, dice, share) for part in value] if isinstance(value, list) else value


@seeded(7)
def test_no_resource_stops_a_view(seed: int) -> None:
    dice = random.Random(seed)
    invented = [resource for number in range(3) for resource in patient(number)]
    con = duckdb.connect()
    con.execute(sql("views/functions"))
    con.execute("CREATE TABLE stage (resource BIGINT, resource_type VARCHAR, json VARCHAR)")
    staged_rows = [
        (number, resource["resourceType"], orjson.dumps(garbled(resource, dice, share)).decode())
        for number, (resource, share) in enumerate((r, s) for r in invented for s in (0.02, 0.1, 0.4) for _ in range(5))
    ]
    con.executemany("INSERT INTO stage VALUES (?, ?, ?)", staged_rows)
    for kind in sorted({row[1] for row in staged_rows} & set(shipped_views())):
        compiled = compile_shipped(kind, Source("stage"))
        for view in compiled.views:
            found = con.execute(f"SELECT count(DISTINCT resource) FROM ({compiled.statement(view)})").fetchone()
            assert found is not None
            if view.name == MAIN.get(kind):
                assert found[0] == sum(row[1] == kind for row in staged_rows)


def test_a_note_and_a_study_with_series(tmp_path: Path) -> None:
    attachment = {"contentType": "text/plain", "data": "aGk="}
    series = [
        {"uid": "1.2.3", "modality": {"code": "CT"}, "numberOfInstances": 4},
        {"uid": "1.2.4", "modality": {"code": "SR"}},
    ]
    con = export(
        tmp_path,
        {"resourceType": "DocumentReference", "id": "d", "status": "current", "content": [{"attachment": attachment}]},
        {
            "resourceType": "ImagingStudy",
            "id": "i",
            "status": "available",
            "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2"}],
            "subject": {"reference": "Patient/p"},
            "series": series,
        },
    )
    (note,) = rows(con, "document_reference")
    assert (note["content_no"], note["content_type"], note["data"]) == ("1", "text/plain", "aGk=")
    found = [
        (row["study_uid"], row["series_uid"], row["modality"], row["instance_count"])
        for row in rows(con, "imaging_series")
    ]
    assert found == [("1.2", "1.2.3", "CT", "4"), ("1.2", "1.2.4", "SR", None)]


def test_answers_at_any_depth(tmp_path: Path) -> None:
    below = {"linkId": "1.1.1", "answer": [{"valueString": "why"}]}
    asked = {"linkId": "1.1", "answer": [{"valueCoding": {"code": "LA33-6"}, "item": [below]}, {"valueDecimal": 2.5}]}
    response = {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed"}
    con = export(tmp_path, {**response, "item": [{"linkId": "1", "item": [asked]}, {"linkId": "2"}]})
    found = [
        (row["link_id"], row["answer_no"], row["value_code"] or row["value_decimal"] or row["value_string"])
        for row in rows(con, "questionnaire_answer")
    ]
    assert found == [("1.1", "1", "LA33-6"), ("1.1", "2", "2.5"), ("1.1.1", "1", "why")]


@pytest.mark.realdata
@pytest.mark.parametrize("delivery", ["synthea_ndjson", "hl7_examples"])
def test_each_resource_has_its_row(shared: Path, delivery: str) -> None:
    con = staged(shared / "fhir" / delivery)
    counts = dict(con.execute(f"SELECT resource_type, count(*) FROM ({sql('views/resource')}) GROUP BY ALL").fetchall())
    for resource, name in MAIN.items():
        found = rows(con, name)
        assert len(found) == counts.get(resource, 0), name
        assert len({row["resource"] for row in found}) == len(found)


@pytest.mark.realdata
def test_lists_lose_nothing(shared: Path) -> None:
    """Components, codings, series and locations are as many as the files hold."""
    con = staged(shared / "fhir" / "synthea_ndjson")
    told: Counter[str] = Counter()
    for file in (shared / "fhir" / "synthea_ndjson").glob("*.ndjson"):
        for line in file.read_bytes().splitlines():
            resource = orjson.loads(line)
            told[f"{resource['resourceType']} code"] += len(resource.get("code", {}).get("coding", []))
            for name in ("component", "series", "location", "result"):
                told[f"{resource['resourceType']} {name}"] += len(resource.get(name, []))
    assert len(rows(con, "observation_component")) == told["Observation component"] > 0
    assert len(rows(con, "imaging_series")) == told["ImagingStudy series"] > 0
    assert len(rows(con, "encounter_location")) == told["Encounter location"] > 0
    assert len(rows(con, "diagnostic_report_result")) == told["DiagnosticReport result"] > 0
    for resource in ("Condition", "Procedure"):
        found = [row for row in rows(con, f"{resource.lower()}_coding") if row["slot"] == "code"]
        assert len(found) == told[f"{resource} code"] > 0


@pytest.mark.realdata
@pytest.mark.parametrize("delivery", ["synthea_ndjson", "synthea_bundles", "bulk_ndjson"])
def test_references_find_their_resources(shared: Path, delivery: str) -> None:
    """Patients by UUID or by Type/id; practitioners by identifier, where the delivery holds them."""
    con = staged(shared / "fhir" / delivery)
    patients = {row["id"] for row in rows(con, "patient")}
    assert {row["patient_id"] for row in rows(con, "condition")} <= patients
    practitioners = {row["id"] for row in rows(con, "practitioner")}
    found = {row["practitioner_id"] for row in rows(con, "encounter")}
    assert found <= practitioners | ({None} if delivery == "synthea_bundles" else set())
