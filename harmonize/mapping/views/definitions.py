"""What FHIR R4 says of its types: their elements, which of them repeat, and the types of a choice such as value[x].

The facts are those of schemas/fhir/r4.json, which `harmonize.schema.fhir` makes from the models of fhir.resources.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from harmonize.engine.paths import root

NUMBERS = ("decimal", "integer", "integer64", "positiveInt", "unsignedInt")
WHOLE_NUMBERS = NUMBERS[1:]
TIMES = ("date", "dateTime", "instant", "time")
TEXTS = ("base64Binary", "canonical", "code", "id", "markdown", "oid", "string", "uri", "url", "uuid", "xhtml")
PRIMITIVES = frozenset(("boolean", *NUMBERS, *TIMES, *TEXTS))
# The primitives that are a narrower kind of another one: https://hl7.org/fhir/R4/datatypes.html
BASE_TYPES = {
    **dict.fromkeys(("code", "id", "markdown"), "string"),
    **dict.fromkeys(("canonical", "oid", "url", "uuid"), "uri"),
    **dict.fromkeys(("positiveInt", "unsignedInt"), "integer"),
}
_ABSTRACT = frozenset(("Resource", "DomainResource"))


@dataclass(frozen=True)
class Element:
    """One element of a type: its possible types, whether it repeats, and whether it is a choice.

    JSON names a choice such as value[x] after the type that it has: valueQuantity.
    """

    name: str
    types: tuple[str, ...]
    many: bool = False
    choice: bool = False


@cache
def _definitions() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = orjson.loads((root("schemas") / "fhir" / "r4.json").read_bytes())["definitions"]
    return {name: told for name, told in loaded.items() if "properties" in told and name != "FHIRPrimitiveExtension"}


@cache
def resource_types() -> frozenset[str]:
    """The names of all resource types."""
    named = {name for name, told in _definitions().items() if "const" in told["properties"].get("resourceType", {})}
    return frozenset(named - _ABSTRACT)


def known_type(name: str) -> str | None:
    """The FHIR type of this name; primitives also by FHIRPath's name (`String`, `DateTime`). None: no such type."""
    if name in PRIMITIVES or name in _definitions():
        return name
    lowered = name[:1].lower() + name[1:]
    return lowered if lowered in PRIMITIVES else None


def type_names() -> list[str]:
    """All names that ofType() takes."""
    return sorted([*PRIMITIVES, *_definitions()])


@cache
def elements(type_name: str) -> dict[str, Element]:
    """The elements of a type by name, a choice under its name without [x]; none for a primitive but its extensions."""
    if type_name in PRIMITIVES:
        return {"extension": Element("extension", ("Extension",), many=True)}
    # Of any resource, such as a contained one, the schema says nothing.
    told = _definitions().get("DomainResource" if type_name == "Resource" else type_name, {"properties": {}})
    chosen = {
        option["required"][0]: group for group, options in told.get("$defs", {}).items() for option in options["oneOf"]
    }
    found: dict[str, Element] = {}
    for name, value in told["properties"].items():
        if name.startswith("_") or "const" in value:  # resourceType
            continue
        kind, many = _type_of(value)
        group = chosen.get(name)
        if group is None:
            found[name] = Element(name, (kind,), many)
        else:
            before = found[group].types if group in found else ()
            found[group] = Element(group, (*before, kind), choice=True)
    return found


@dataclass(frozen=True)
class Property:
    """A property of a type as JSON names it: its type, whether it repeats, and the codes that FHIR allows."""

    type: str
    many: bool
    codes: tuple[str, ...] = ()


@cache
def properties(type_name: str) -> dict[str, Property]:
    """The properties of a type by their names in JSON (valueQuantity, _birthDate); none for a primitive."""
    told = _definitions().get(type_name, {"properties": {}})
    return {
        name: Property(*_type_of(value), codes=_codes_of(value))
        for name, value in told["properties"].items()
        if name != "resourceType"
    }


@cache
def property_names() -> frozenset[str]:
    """The names in JSON of every element of every type."""
    return frozenset(name for told in _definitions().values() for name in told["properties"])


def _codes_of(value: dict[str, Any]) -> tuple[str, ...]:
    for inner in (value, *value.get("anyOf", ()), value.get("items", {})):
        if "enum" in inner:
            return tuple(inner["enum"])
    return _codes_of(value["items"]) if "items" in value else ()


def _type_of(value: dict[str, Any]) -> tuple[str, bool]:
    """(type, whether it repeats) of a property of the JSON Schema."""
    if "items" in value:
        return _type_of(value["items"])[0], True
    if "anyOf" in value:  # or null, which keeps the place of a value that only has an extension
        return _type_of(value["anyOf"][0])
    return ("code" if "enum" in value else value["$ref"].rpartition("/")[2]), False


def json_name(choice: str, type_name: str) -> str:
    """The name in JSON of one type of a choice: value and Quantity give valueQuantity."""
    return choice + type_name[:1].upper() + type_name[1:]
