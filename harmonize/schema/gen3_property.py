"""A property of a Gen3 dictionary in one form: the ways in which JSON Schema says that a value may be missing, or be of
one of several kinds, brought down to one kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

Node = dict[str, Any]
ALTERNATIVES = ("oneOf", "anyOf")
_LIMITS = ("minimum", "maximum", "pattern", "format", "items")


def plain(what: str, raw: Node, resolve: Callable[[Node], Node]) -> Node:
    """The property with one type: `null` among types or alternatives says only that the value may be missing; of
    several other kinds the one that holds them all counts, and what each of them demands is told in `comment`.

    `resolve` follows a $ref. Raises InputError, naming the property, for a form that is none of JSON Schema.
    """
    if "allOf" in raw:
        raw = _all_of(what, raw, resolve)
    prop = {key: value for key, value in raw.items() if key not in (*ALTERNATIVES, "const")}
    if "const" in raw:
        prop = {**_constant(what, raw["const"]), **prop}
    if isinstance(prop.get("type"), list):
        prop["type"] = _widest(what, [kind for kind in prop["type"] if kind != "null"])
    if isinstance(prop.get("enum"), list):
        prop["enum"] = [value for value in prop["enum"] if value is not None]
    given = [choice for name in ALTERNATIVES for choice in raw.get(name) or ()]
    if not all(isinstance(choice, dict) for choice in given):
        raise InputError(f"Property {what} of the dictionary has an alternative that is no schema.")
    choices = [plain(what, resolve(choice), resolve) for choice in given]
    choices = [choice for choice in choices if choice.get("type") != "null"]
    if not choices:
        return prop
    if len(choices) == 1:
        return {**choices[0], **prop}
    if all("enum" in choice for choice in choices):
        return {"enum": [value for choice in choices for value in choice["enum"]], **prop}
    kinds = ["string" if "enum" in choice else str(choice.get("type")) for choice in choices]
    shared = {key: choices[0].get(key) for key in _LIMITS if all(key in choice for choice in choices)}
    same = {key: value for key, value in shared.items() if all(choice[key] == value for choice in choices)}
    told = " or ".join(_told(choice) for choice in choices)
    return {"type": _widest(what, kinds), "comment": f"The dictionary says: {told}.", **same, **prop}


def _all_of(what: str, raw: Node, resolve: Callable[[Node], Node]) -> Node:
    """A property without allOf: all that its parts demand together."""
    parts = raw["allOf"]
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise InputError(f"Property {what} of the dictionary has an allOf that is no list of schemas.")
    found: Node = {key: value for key, value in raw.items() if key != "allOf"}
    for part in parts:
        for key, value in plain(what, resolve(part), resolve).items():
            found[key] = _together(what, key, found[key], value) if key in found else value
    return found


def _together(what: str, key: str, one: Any, other: Any) -> Any:
    """What holds where two parts of allOf say something of the same key; prose of the first is kept."""
    if one == other or key in ("description", "term", "title", "comment"):
        return one
    if key == "enum":
        return [value for value in one if value in other]
    if key in ("minimum", "minItems"):
        return max(one, other)
    if key in ("maximum", "maxItems"):
        return min(one, other)
    if key == "type" and {one, other} == {"integer", "number"}:
        return "integer"
    raise InputError(f"Property {what} of the dictionary demands two things of {key} (allOf): {one} and {other}.")


def _constant(what: str, value: Any) -> Node:
    """The one value that a property may have: a text is an enum of one, a number its own bounds."""
    if isinstance(value, str):
        return {"enum": [value]}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"type": "integer" if isinstance(value, int) else "number", "minimum": value, "maximum": value}
    if isinstance(value, bool):
        return {"type": "boolean", "comment": f"The dictionary says: always {str(value).lower()}."}
    raise InputError(f"Property {what} of the dictionary is always {value!r}, which no column holds.")


def _widest(what: str, kinds: list[Any]) -> str:
    """The type that holds all of these."""
    found = set(map(str, kinds))
    if len(found) == 1:
        return found.pop()
    if found == {"integer", "number"}:
        return "number"
    if found and found <= {"string", "integer", "number", "boolean"}:
        return "string"
    raise InputError(
        f"Property {what} of the dictionary may be {' or '.join(sorted(found)) or 'nothing but null'}, "
        "which no single column holds."
    )


def _told(choice: Node) -> str:
    if "enum" in choice:
        values = [str(value) for value in choice["enum"]]
        return f"one of {', '.join(values[:5])}{' …' if len(values) > 5 else ''}"
    limits = [f"{key} {choice[key]}" for key in ("minimum", "maximum", "pattern", "format") if key in choice]
    return " ".join([str(choice.get("type")), *limits])
