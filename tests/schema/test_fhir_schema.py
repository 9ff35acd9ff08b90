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
