"""The shipped schema of FHIR is what the models of fhir.resources say."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from harmonize.engine.paths import root
from harmonize.schema import fhir


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
