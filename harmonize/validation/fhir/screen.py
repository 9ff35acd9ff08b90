"""The fast screen of FHIR resources: JSON Schema (schemas/fhir/r4.json) through jsonschema-rs.

The schema is written from the models of fhir.resources by `harmonize.schema.fhir`, so that screen and deep check
agree by construction; docs/fhir-validation.md lists where they do not, and why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import orjson

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import root

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Path = tuple[str | int, ...]

# What a value of each primitive type looks like.
_WORDS = {
    "array": "a list",
    "base64Binary": "base64 text",
    "boolean": "true or false",
    "canonical": "an address without blanks",
    "code": "a code (no blanks at its ends, no two in a row)",
    "date": "a date (2021-03-05, 2021-03 or 2021)",
    "dateTime": "a date (2021-03-05, 2021-03, 2021) or a time with its zone (2021-03-05T07:30:00+01:00)",
    "decimal": "a number",
    "id": "an id (up to 64 letters, digits, - and .)",
    "instant": "a time with its zone (2021-03-05T07:30:00+01:00)",
    "integer": "a whole number of 32 bits",
    "markdown": "a text",
    "object": "an object",
    "oid": "an OID (urn:oid:1.2.3)",
    "positiveInt": "a whole number from 1",
    "string": "a text",
    "time": "a time of day (07:30:00)",
    "unsignedInt": "a whole number from 0",
    "uri": "an address without blanks",
    "url": "an address without blanks",
    "uuid": "a UUID (urn:uuid:...)",
    "xhtml": "XHTML text",
}
_REFERENCE = re.compile(r'"#/definitions/([^"/]+)')
_SHOWN_CODES = 12
_BY_STRENGTH = {"required": "fhir_value"}
_FORMS = ("fhir_value", "fhir_binding")


@dataclass(frozen=True)
class Problem:
    """What is wrong with an element: the rule, its path (names and indices below the resource), the value as text or
    what is said of it, what is expected, and the right values among which the nearest is sought.
    """

    rule: str
    path: Path
    value: str | None = None
    expected: str | None = None
    choices: tuple[str, ...] = ()


@cache
def schema() -> dict[str, Any]:
    """The schema of all types, by definition."""
    loaded: dict[str, Any] = orjson.loads((root("schemas") / "fhir" / "r4.json").read_bytes())
    return loaded


@cache
def resource_types() -> frozenset[str]:
    """The resource types of R4 (and R4B) that the screen looks into."""
    definitions = schema()["definitions"]
    return frozenset(
        name for name, told in definitions.items() if "const" in told.get("properties", {}).get("resourceType", {})
    )


@cache
def only_known() -> frozenset[str]:
    """Resource types of R4 alone, which the screen does not look into."""
    definitions = schema()["definitions"]
    return frozenset(name for name, told in definitions.items() if told == definitions["Resource"]) - {"Resource"}


@cache
def validator(name: str) -> Any:
    """The validator of one definition; compiled once, in some milliseconds, from what it reaches of the schema."""
    told = schema()
    reached = {found: told["definitions"][found] for found in _reached(name)}
    return jsonschema_rs.Draft202012Validator(
        {**told, "definitions": reached, "$ref": f"#/definitions/{name}"},
        validate_formats=False,
        pattern_options=jsonschema_rs.RegexOptions(),  # linear time, whatever the text
    )


def _reached(name: str) -> set[str]:
    """A definition and all that it refers to."""
    definitions, found, waiting = schema()["definitions"], set(), [name]
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += _REFERENCE.findall(orjson.dumps(definitions[one]).decode())
    return found


def problems(resource: dict[str, Any], resource_type: str) -> Iterator[Problem]:
    """What is wrong with a resource and with those that it contains."""
    check = validator(resource_type)
    if not check.is_valid(resource):
        found = (_problem(error) for error in check.iter_errors(resource))
        yield from _plain([problem for some in found for problem in some])
    inner = resource.get("contained")
    for index, contained in enumerate(inner if isinstance(inner, list) else ()):
        name = contained.get("resourceType") if isinstance(contained, dict) else None
        if name in resource_types():
            for problem in problems(contained, str(name)):
                yield replace(problem, path=("contained", index, *problem.path))
        elif isinstance(name, str) and name not in only_known():
            known = tuple(sorted(resource_types()))
            yield Problem("fhir_code", ("contained", index, "resourceType"), name, "the resource types of R4", known)


def _plain(found: list[Problem]) -> Iterator[Problem]:
    """Each problem once; of an empty element only that it is empty, of what is no code only that it is none."""
    empty = {problem.path for problem in found if problem.rule == "fhir_empty"}
    no_code = {problem.path for problem in found if problem.expected == _WORDS["code"]}
    for problem in dict.fromkeys(found):
        if problem.path in no_code and problem.rule in _FORMS and problem.expected != _WORDS["code"]:
            continue
        if problem.rule == "fhir_empty" or not any(problem.path[: len(path)] == path for path in empty):
            yield problem


def _problem(error: Any) -> list[Problem]:
    """The problems that one error of jsonschema-rs stands for."""
    path: Path = tuple(error.instance_path)
    where = list(error.schema_path)
    kind, value = error.kind, error.instance
    name = kind.name
    if value is None or name in ("minItems", "minProperties", "minLength"):
        return [Problem("fhir_empty", path, "null" if value is None else orjson.dumps(value).decode())]
    if name == "additionalProperties":
        known = tuple(_definition(where)["properties"])
        return [Problem("fhir_unknown_element", (*path, key), key, None, known) for key in kind.unexpected]
    if name == "required":
        return [Problem("fhir_required", (*path, kind.property), None, _expected_of(where, kind.property))]
    if name == "anyOf" and where[-3] == "allOf":
        return [_absent(path, where)]
    if name == "oneOfMultipleValid" or name == "oneOf":
        group = str(where[where.index("$defs") + 1])
        given = [
            key for option in _definition(where)["$defs"][group]["oneOf"] if (key := option["required"][0]) in value
        ]
        return [Problem("fhir_choice", (*path, f"{group}[x]"), ", ".join(given))]
    return [_wrong_value(path, value, _told(where))]


def _definition(where: Sequence[Any]) -> dict[str, Any]:
    """The definition in which a keyword of the schema stands."""
    found: dict[str, Any] = schema()["definitions"][where[where.index("definitions") + 1]]
    return found


def _told(where: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    """(name of the definition, the subschema) that a value failed; of a list whose items may be null, an item's."""
    if "definitions" not in where:
        raise InternalError(f"The schema of FHIR has an error outside of its definitions: {where}")
    name = str(where[where.index("definitions") + 1])
    at: Any = schema()
    for step in where[:-1]:
        at = at[step]
    if "anyOf" in at:
        at = at["anyOf"][0]
        if "$ref" in at and "x-binding" not in at:
            name = at["$ref"].rpartition("/")[2]
            at = schema()["definitions"][name]
    return name, at


def _absent(path: Path, where: Sequence[Any]) -> Problem:
    """A required primitive, or a required choice, of which no form is there."""
    options = [option["required"][0] for option in _definition(where)["allOf"][where[-2]]["anyOf"]]
    if options[1:] == [f"_{options[0]}"]:
        return Problem("fhir_required", (*path, options[0]), None, _expected_of(where, options[0]))
    forms = [option for option in options if not option.startswith("_")]
    groups = _definition(where).get("$defs", {})
    group = next((g for g, told in groups.items() if {"required": [forms[0]]} in told["oneOf"]), forms[0])
    return Problem("fhir_required", (*path, f"{group}[x]"), None, "one of " + ", ".join(forms))


def _expected_of(where: Sequence[Any], element: str) -> str:
    """In words what an element of a definition holds."""
    told = _definition(where)["properties"][element]
    prefix = "a list, each item " if told.get("type") == "array" else ""
    told = told.get("items", told)
    told = told["anyOf"][0] if "anyOf" in told else told
    if "enum" in told:
        return prefix + _codes(told["enum"])
    if element == "resourceType":
        return "the resource's type"
    name = str(told["$ref"]).rpartition("/")[2]
    return prefix + _WORDS.get(name, f"an object ({name})")


def _wrong_value(path: Path, value: Any, told: tuple[str, dict[str, Any]]) -> Problem:
    name, rule = told
    if "enum" in rule and isinstance(value, str):
        return Problem("fhir_code", path, value, _codes(rule["enum"]), tuple(rule["enum"]))
    if "x-binding" in rule and isinstance(value, str):  # a grammar in the place of a list
        return Problem(_BY_STRENGTH.get(rule["x-binding"], "fhir_binding"), path, value, rule["title"])
    wanted = rule.get("type", "string")
    if isinstance(value, list) or wanted == "array":
        expected = "a list" if wanted == "array" else "a single value"
        return Problem("fhir_cardinality", path, _kind(value), expected)
    expected = _codes(rule["enum"]) if "enum" in rule else _WORDS.get(name, f"an object ({name})")
    right_type = isinstance(value, str) if wanted == "string" else type(value) in (int, float) and wanted != "object"
    if right_type and wanted != "boolean":
        return Problem("fhir_value", path, value if isinstance(value, str) else orjson.dumps(value).decode(), expected)
    return Problem("fhir_type", path, _kind(value), expected)


def _codes(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _SHOWN_CODES} more" if len(codes) > _SHOWN_CODES else ""
    return ", ".join(codes[:_SHOWN_CODES]) + more


def _kind(value: Any) -> str:
    """What a value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    for kind, word in ((str, "a text"), (int, "a number"), (float, "a number"), (list, "a list"), (dict, "an object")):
        if isinstance(value, kind):
            return word
    return "null"
