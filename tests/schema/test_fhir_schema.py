"""The shipped schema of FHIR is what the models of fhir.resources say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest

from harmonize.engine.paths import root
from harmonize.schema import fhir, fhir_bindings
from harmonize.schema.fhir_designations import codes_key
from harmonize.validation.rules import designations

# Values at the edge of each primitive type: what is one, what is none.
PRIMITIVES: dict[str, tuple[list[Any], list[Any]]] = {
    "base64Binary": (["", "QUJD", "QUI=", "QQ==", "QUJD QUJD"], ["QUJ", "Q===", "QU=="[:3], "Ä"]),
    "boolean": ([True, False], ["true", 1]),
    "canonical": (["http://x|1", "#a"], ["", "a b"]),
    "code": (["a", "a b", "final"], ["", " a", "a ", "a  b"]),
    "date": (
        ["2021", "2021-01", "2021-12-31", "2020-02-29", "2000-02-29", "2021-04-30", "2021-02-28"],
        ["202", "2021-13", "2021-00", "2021-1-1", "2021-02-29", "1900-02-29", "2021-04-31", "2021-01-32", "2021-01-00"],
    ),
    "dateTime": (
        ["2021", "2021-01-01", "2021-01-01T00:00:00Z", "2021-01-01T23:59:60.123+14:00", "2021-01-01T10:00:00-13:59"],
        [
            "2021-01T00:00:00Z",
            "2021-01-01T10:00:00",
            "2021-01-01T24:00:00Z",
            "2021-01-01T10:60:00Z",
            "2021-01-01T10:00:61Z",
            "2021-01-01T10:00:00+14:01",
            "2021-01-01T10:00Z",
        ],
    ),
    "decimal": ([1, -1.5, 0], ["1"]),
    "id": (["a", "A-1.b", "x" * 64], ["", "x" * 65, "a_b", "a b"]),
    "instant": (["2021-01-01T00:00:00.1Z"], ["2021-01-01", "2021-01-01T00:00:00"]),
    "integer": ([-(2**31), 0, 2**31 - 1], [-(2**31) - 1, 2**31, 1.5, "1"]),
    "markdown": (["x", " "], [""]),
    "oid": (["urn:oid:0.1", "urn:oid:2.16.0"], ["urn:oid:3.1", "urn:oid:2", "urn:oid:2.01", "2.16"]),
    "positiveInt": ([1, 2**31 - 1], [0, -1, 2**31]),
    "string": (["x"], ["", 1]),
    "time": (["00:00:00", "23:59:60.5"], ["24:00:00", "10:00", "10:60:00"]),
    "unsignedInt": ([0, 2**31 - 1], [-1, 2**31]),
    "uri": (["a", "urn:x:y"], ["", "a b"]),
    "url": (["http://x.org"], ["", "a b"]),
    "uuid": (
        ["urn:uuid:01234567-89ab-cdef-ABCD-0123456789ab"],
        ["01234567-89ab-cdef-abcd-0123456789ab", "urn:uuid:01234567-89ab-cdef-abcd-0123456789a"],
    ),
    "xhtml": (["<div/>"], [""]),
}


@pytest.mark.parametrize("name", ["r4.json", "versions.json"])
def test_the_files_are_in_step(tmp_path: Path, name: str) -> None:
    fhir.write(tmp_path)
    assert (tmp_path / name).read_bytes() == (root("schemas") / "fhir" / name).read_bytes()


def test_what_a_definition_says() -> None:
    told = orjson.loads((root("schemas") / "fhir" / "r4.json").read_bytes())["definitions"]
    observation = told["Observation"]
    assert observation["properties"]["category"]["type"] == "array"
    assert observation["properties"]["valueQuantity"] == {"$ref": "#/definitions/Quantity"}
    assert "corrected" in observation["properties"]["status"]["enum"]
    assert observation["required"] == ["code", "resourceType"]
    assert observation["additionalProperties"] is False
    assert {"required": ["valueQuantity"]} in observation["$defs"]["value"]["oneOf"]


def test_elements_of_other_versions() -> None:
    foreign = fhir.foreign_elements()
    assert "actualPeriod" in foreign["R5"]["Encounter"]
    assert "context" in foreign["STU3"]["Observation"]
    assert "status" not in foreign["R5"].get("Observation", ())


def test_what_is_made_of_a_model() -> None:
    """Of a choice at most one element, and one at all where it is required; of an element with a data-absent extension
    the value or the extension; a closed list of codes; what may be absent, and what a null keeps the place of."""
    models = fhir.models("R4B")
    bound = fhir.bound_elements(models)
    observation = fhir.definition(models["Observation"], bound)
    assert set(observation["$defs"]) == {"effective", "value"}
    reference = {"$ref": "#/definitions/Observation/$defs/value"}
    assert observation["dependentSchemas"]["valueQuantity"] == reference
    assert observation["dependentSchemas"]["effectivePeriod"]["$ref"].endswith("/effective")
    assert len(observation["$defs"]["value"]["oneOf"]) == 11
    assert observation["allOf"] == [{"anyOf": [{"required": ["status"]}, {"required": ["_status"]}]}]
    period = fhir.definition(models["Period"], bound)
    assert not {"$defs", "dependentSchemas", "allOf", "required"} & set(period)
    assert (period["minProperties"], period["additionalProperties"]) == (1, False)
    dispense = fhir.definition(models["MedicationRequest"], bound)
    needed = [one["required"] for group in dispense["allOf"] for one in group["anyOf"]]
    assert ["medicationReference"] in needed
    given = fhir.definition(models["HumanName"], bound)["properties"]["given"]
    assert (given["minItems"], given["items"]["anyOf"][1]) == (1, {"type": "null"})


def test_values_of_primitive_types() -> None:
    assert PRIMITIVES.keys() == fhir.PRIMITIVES.keys()
    for name, (sound, wrong) in PRIMITIVES.items():
        is_one = jsonschema_rs.validator_for(fhir.PRIMITIVES[name]).is_valid
        assert [value for value in sound if not is_one(value)] == [], name
        assert [value for value in wrong if is_one(value)] == [], name


# Values at the edge of each grammar: what is one, what is none.
GRAMMARS: dict[str, tuple[list[str], list[str]]] = {
    "mime": (
        ["text/plain", "application/fhir+json", "text/plain; charset=utf-8", 'text/plain;charset="utf 8"', "a/b",
         "application/vnd.ms-excel.sheet.macroEnabled.12", "application/dicom; variant=DICOM STOW-RS",
         "x" * 127 + "/y"],
        ["text", "text/", "/plain", "text/plain;", "text/plain; charset", "text plain/x", "x" * 128 + "/y",
         ".a/b", "pdf"],
    ),
    "format": (["xml", "json", "ttl", "application/fhir+xml"], ["XML", "yaml", "html"]),
    "language": (
        ["en", "de-CH", "zh-Hant", "zh-cmn-Hans-CN", "sl-rozaj-biske", "de-CH-1901", "en-US-u-islamcal", "x-whatever",
         "i-klingon", "en-GB-oed", "es-419", "ja", "nds"],
        ["en_US", "e", "de-", "english-", "en-US-", "12", "a-DE", "deutschland", "en-x", "i-unknown"],
    ),
    "currency": (["EUR", "USD"], ["eur", "EURO", "\u20ac"]),
}  # fmt: skip


def test_values_of_grammars() -> None:
    """RFC 6838, BCP 47, ISO 4217; CapabilityStatement.format as its definition says."""
    assert GRAMMARS.keys() == fhir.GRAMMARS.keys()
    for name, (sound, wrong) in GRAMMARS.items():
        is_one = jsonschema_rs.validator_for({"pattern": f"^(?:{fhir.GRAMMARS[name][0]})$"}).is_valid
        assert [value for value in sound if not is_one(value)] == [], name
        assert [value for value in wrong if is_one(value)] == [], name


def _property(path: str) -> dict[str, Any]:
    told = orjson.loads((root("schemas") / "fhir" / "r4.json").read_bytes())["definitions"]
    model, _, element = path.partition(".")
    found: dict[str, Any] = told[model]["properties"][element]
    found = found.get("items", found)
    return found["anyOf"][0] if "anyOf" in found else found


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("DeviceUdiCarrier.entryType", {"barcode", "rfid", "manual", "card", "self-reported", "unknown"}),
        ("EncounterStatusHistory.status", {"planned", "arrived", "triaged", "in-progress", "onleave", "finished",
                                           "cancelled", "entered-in-error", "unknown"}),
        ("Age.comparator", {"<", "<=", ">=", ">"}),
        ("SupplyRequest.status", {"draft", "active", "suspended", "cancelled", "completed", "entered-in-error",
                                  "unknown"}),
        ("DetectedIssue.status", {"registered", "preliminary", "final", "amended", "corrected", "cancelled",
                                  "entered-in-error", "unknown", "mitigated"}),
        ("AuditEvent.action", {"C", "R", "U", "D", "E"}),
    ],
)  # fmt: skip
def test_codes_of_required_bindings(path: str, codes: set[str]) -> None:
    """As https://hl7.org/fhir/R4 lists them; DetectedIssue's are those of R4 and R4B."""
    assert set(_property(path)["enum"]) == codes


def test_what_groups_is_no_code() -> None:
    assert "question" not in _property("QuestionnaireItem.type")["enum"]


@pytest.mark.parametrize(
    ("path", "strength"),
    [("CapabilityStatement.format", "required"), ("Expression.language", "extensible"),
     ("Patient.language", "preferred"), ("Attachment.contentType", "required"), ("Money.currency", "required")],
)  # fmt: skip
def test_grammars_in_place_of_lists(path: str, strength: str) -> None:
    told = _property(path)
    assert "enum" not in told
    assert told["x-binding"] == strength


def test_types_and_versions_of_fhir_are_no_closed_list() -> None:
    """R4 and R4B differ in them."""
    for path in ("CapabilityStatement.fhirVersion", "DataRequirement.type", "SearchParameter.base"):
        assert _property(path) == {"$ref": "#/definitions/code"}, path


def _package(folder: Path, concepts: list[dict[str, Any]], **binding: Any) -> Path:
    """HL7's five files with one bound element."""
    element = {"path": "X.status", "type": [{"code": "code"}], "binding": binding}
    files: dict[str, list[dict[str, Any]]] = {
        "profiles-types.json": [],
        "profiles-resources.json": [
            {"resourceType": "StructureDefinition", "url": "x", "snapshot": {"element": [element]}},
            {"resourceType": "StructureDefinition", "url": "y", "derivation": "constraint",
             "snapshot": {"element": [{**element, "path": "Y.status"}]}},
        ],
        "valuesets.json": [
            {"resourceType": "ValueSet", "url": "v", "compose": {"include": [{"system": "s"}, {"valueSet": ["w"]}]}},
            {"resourceType": "ValueSet", "url": "w",
             "compose": {"include": [{"system": "other", "concept": [{"code": "z"}]}]}},
            {"resourceType": "CodeSystem", "url": "s", "content": "complete", "concept": concepts},
        ],
        "v3-codesystems.json": [],
        "v2-tables.json": [],
    }  # fmt: skip
    for name, resources in files.items():
        (folder / name).write_bytes(orjson.dumps({"entry": [{"resource": one} for one in resources]}))
    return folder


def test_what_is_read_of_hl7s_files(tmp_path: Path) -> None:
    """Codes with those below them, of included sets too; none that only groups; nothing of profiles."""
    group = {"code": "g", "property": [{"code": "notSelectable", "valueBoolean": True}], "concept": [{"code": "b"}]}
    folder = _package(tmp_path, [{"code": "a"}, group], strength="required", valueSet="v|4.0.1")
    assert fhir_bindings.bindings(folder) == {"X.status": {"strength": "required", "codes": ["a", "b", "z"]}}


def test_what_is_not_read_of_hl7s_files(tmp_path: Path) -> None:
    """A binding that is not required closes no list, nor does one of another version."""
    assert fhir_bindings.bindings(_package(tmp_path, [{"code": "a"}], strength="extensible", valueSet="v")) == {}
    assert fhir_bindings.bindings(_package(tmp_path, [{"code": "a"}], strength="required", valueSet="v|5.0.0")) == {}


def test_designations_are_those_of_the_bound_lists() -> None:
    """Each stands for a code of a list that elements are bound to, and is no code of that list itself."""
    bound = orjson.loads((root("schemas") / "fhir" / "bindings.json").read_bytes())
    lists = {codes_key(rule["codes"]): rule["codes"] for rule in bound.values() if "codes" in rule}
    for key, text, code in designations():
        assert code in lists[key]
        assert text not in lists[key]
    gender = codes_key(bound["Patient.gender"]["codes"])
    told = {text: code for key, text, code in designations() if key == gender}
    assert told == {"f": "female", "m": "male", "u": "unknown", "unk": "unknown"}
