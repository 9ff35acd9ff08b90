"""Generator: what the models of fhir.resources say, as data under schemas/fhir/. Run with
`python -m harmonize.schema.fhir`; it needs the extra `fhir`, those who read the files do not.

versions.json  by version and resource type, the elements that R4B lacks
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import root

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = {"R4B": "R4", "R5": "", "STU3": "STU3"}  # version → prefix of its types in the registry
_MODULES = {
    "R4B": "fhir.resources.R4B.fhirtypes",
    "R5": "fhir.resources.fhirtypes",
    "STU3": "fhir.resources.STU3.fhirtypes",
}


def models(version: str) -> dict[str, Any]:
    """Name → class of every model of a version: resources, data types, backbone elements."""
    from fhir_core.constraints import FHIR_TYPES_MAPS

    importlib.import_module(_MODULES[version])
    found = {}
    for key, where in FHIR_TYPES_MAPS.items():
        prefix, _, _name = key.rpartition(".")
        if prefix == VERSIONS[version]:
            module, _, name = where.rpartition(".")
            cls = getattr(importlib.import_module(module), name)
            found[cls.__name__] = cls
    return found


def foreign_elements() -> dict[str, dict[str, list[str]]]:
    """Version → resource type of R4B → elements that only that version has."""
    known = {name: set(cls.elements_sequence()) for name, cls in models("R4B").items() if cls.has_resource_base()}
    found: dict[str, dict[str, list[str]]] = {}
    for version in ("R5", "STU3"):
        of_types = {
            name: sorted(set(cls.elements_sequence()) - known[name])
            for name, cls in models(version).items()
            if name in known
        }
        found[version] = {name: elements for name, elements in sorted(of_types.items()) if elements}
    return found


def write(folder: Path) -> None:
    """Write the files."""
    option = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    (folder / "versions.json").write_bytes(orjson.dumps(foreign_elements(), option=option))


if __name__ == "__main__":
    write(root("schemas") / "fhir")
