"""The shipped schema of FHIR is what the models of fhir.resources say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest

from harmonize.engine.paths import root
from harmonize.schema import fhir

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
    observation = fhir.definition(models["Observation"])
    assert set(observation["$defs"]) == {"effective", "value"}
    reference = {"$ref": "#/definitions/Observation/$defs/value"}
    assert observation["dependentSchemas"]["valueQuantity"] == reference
    assert observation["dependentSchemas"]["effectivePeriod"]["$ref"].endswith("/effective")
    assert len(observation["$defs"]["value"]["oneOf"]) == 11
    assert observation["allOf"] == [{"anyOf": [{"required": ["status"]}, {"required": ["_status"]}]}]
    period = fhir.definition(models["Period"])
    assert not {"$defs", "dependentSchemas", "allOf", "required"} & set(period)
    assert (period["minProperties"], period["additionalProperties"]) == (1, False)
    dispense = fhir.definition(models["MedicationRequest"])
    needed = [one["required"] for group in dispense["allOf"] for one in group["anyOf"]]
    assert ["medicationReference"] in needed
    given = fhir.definition(models["HumanName"])["properties"]["given"]
    assert (given["minItems"], given["items"]["anyOf"][1]) == (1, {"type": "null"})


def test_values_of_primitive_types() -> None:
    assert PRIMITIVES.keys() == fhir.PRIMITIVES.keys()
    for name, (sound, wrong) in PRIMITIVES.items():
        is_one = jsonschema_rs.validator_for(fhir.PRIMITIVES[name]).is_valid
        assert [value for value in sound if not is_one(value)] == [], name
        assert [value for value in wrong if is_one(value)] == [], name
