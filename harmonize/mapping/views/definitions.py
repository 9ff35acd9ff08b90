"""What FHIR R4 says of its types: their elements, which of them repeat, and the types of a choice such as value[x].

The facts lie in schemas/fhir/elements.json, made from the models of fhir.resources (see definitions_build).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import orjson

from harmonize.engine.paths import root

FILE = "fhir/elements.json"
NUMBERS = ("decimal", "integer", "integer64", "positiveInt", "unsignedInt")
WHOLE_NUMBERS = NUMBERS[1:]
TIMES = ("date", "dateTime", "instant", "time")
TEXTS = ("base64Binary", "canonical", "code", "id", "markdown", "oid", "string", "uri", "url", "uuid", "xhtml")
PRIMITIVES = frozenset(("boolean", *NUMBERS, *TIMES, *TEXTS))


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
def _content() -> tuple[frozenset[str], dict[str, dict[str, str]]]:
    content = orjson.loads((root("schemas") / FILE).read_bytes())
    return frozenset(content["resources"]), content["types"]


def resource_types() -> frozenset[str]:
    """The names of all resource types."""
    return _content()[0]


def known_type(name: str) -> str | None:
    """The FHIR type of this name; primitives also by FHIRPath's name (`String`, `DateTime`). None: no such type."""
    if name in PRIMITIVES or name in _content()[1]:
        return name
    lowered = name[:1].lower() + name[1:]
    return lowered if lowered in PRIMITIVES else None


def type_names() -> list[str]:
    """All names that ofType() takes."""
    return sorted([*PRIMITIVES, *_content()[1]])


@cache
def elements(type_name: str) -> dict[str, Element]:
    """The elements of a type by name, a choice under its name without [x]; none for a primitive but its extensions."""
    if type_name in PRIMITIVES:
        return {"extension": Element("extension", ("Extension",), many=True)}
    found = {}
    for key, value in _content()[1].get(type_name, {}).items():
        name = key.removesuffix("[x]")
        found[name] = Element(name, tuple(value.removesuffix("*").split()), value.endswith("*"), name != key)
    return found


def json_name(choice: str, type_name: str) -> str:
    """The name in JSON of one type of a choice: value and Quantity give valueQuantity."""
    return choice + type_name[:1].upper() + type_name[1:]
