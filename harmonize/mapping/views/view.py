"""A ViewDefinition of SQL on FHIR v2 (https://sql-on-fhir.org/ig/), read from JSON and checked for its form.

What its expressions mean, and whether their elements exist, is the compiler's to check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import InputError, did_you_mean, nearest
from harmonize.engine.text_file import read_bytes
from harmonize.mapping.views.definitions import PRIMITIVES, known_type, resource_types, type_names
from harmonize.mapping.views.fhirpath import VARIABLES, Literal, Node, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_META = ("id", "extension", "modifierExtension")
_SELECT_KEYS = ("column", "select", "forEach", "forEachOrNull", "repeat", "unionAll")
_COLUMN_KEYS = ("path", "name", "type", "collection", "description", "tag")
_CONSTANT_TYPES = sorted(PRIMITIVES - {"markdown", "xhtml"})
_NEEDED_KEYS = ("resource", "select", "where", "constant")
# Right properties of a ViewDefinition that are spelled nearly as one of those.
_NOT_MEANT = (*_NEEDED_KEYS, "resourceType", "contact", "contained")


@dataclass(frozen=True)
class Expression:
    """A FHIRPath expression with its text and its place in the view, for messages."""

    node: Node
    text: str
    place: str


@dataclass(frozen=True)
class ViewColumn:
    """A column: its name, its expression, the FHIR type that the view states, whether it holds a list, its tags."""

    name: str
    path: Expression
    type: str | None
    collection: bool
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Select:
    """A select: its columns, nested selects, union branches, and over what it iterates (at most one of both)."""

    place: str
    columns: tuple[ViewColumn, ...]
    selects: tuple[Select, ...]
    union: tuple[Select, ...]
    each: Expression | None
    or_null: bool
    repeat: tuple[Expression, ...]

    @property
    def iterates(self) -> bool:
        """Whether it has a context of its own."""
        return self.each is not None or bool(self.repeat)

    def all_columns(self) -> list[ViewColumn]:
        """The columns in the order of the view: its own, those of nested selects, those of a union."""
        columns = list(self.columns)
        for nested in self.selects:
            columns += nested.all_columns()
        return columns + (self.union[0].all_columns() if self.union else [])

    def column_names(self) -> list[str]:
        """Their names."""
        return [column.name for column in self.all_columns()]


@dataclass(frozen=True)
class View:
    """A ViewDefinition whose form is right."""

    name: str
    resource: str
    selects: tuple[Select, ...]
    where: tuple[Expression, ...] = ()
    constants: dict[str, Literal] = field(default_factory=dict, hash=False)
    description: str = ""

    def columns(self) -> list[ViewColumn]:
        """The columns in the order of the view."""
        return [column for select in self.selects for column in select.all_columns()]


def read_view(path: Path) -> View:
    """The ViewDefinition of a JSON file, parsed once as long as it does not change.

    Raises InputError, beginning with the file, for anything wrong.
    """
    try:
        state = path.stat()
    except OSError:
        return _read(path, 0, 0)
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int, _size: int) -> View:
    try:
        content = orjson.loads(read_bytes(path))
    except orjson.JSONDecodeError as error:
        raise InputError(f"{path}:{error.lineno} is not JSON: {error.msg}.") from error
    try:
        return parse_view(content, path.stem)
    except InputError as error:
        raise InputError(f"{path}: {error.message}", error.hint) from error


def parse_view(content: Any, name: str = "view") -> View:
    """The view of a parsed JSON document. Raises InputError at the first thing that is wrong."""
    if not isinstance(content, dict) or content.get("resourceType", "ViewDefinition") != "ViewDefinition":
        raise InputError("This is no ViewDefinition.", "It is a JSON object with `resource` and `select`.")
    for key in content:
        meant = None if key in _NOT_MEANT else nearest(key, _NEEDED_KEYS)
        if meant is not None and meant not in content:
            raise InputError(f"A ViewDefinition has no {key!r}.", f"Did you mean {meant!r}?")
    resource = content.get("resource")
    if not isinstance(resource, str):
        raise InputError("The view does not say of which resource it is.", 'Add "resource": "Patient".')
    if resource not in resource_types():
        raise InputError(f"FHIR R4 has no resource {resource!r}.", did_you_mean(resource, resource_types()))
    selects = tuple(_selects(content, "select", ""))
    if not selects:
        raise InputError("The view selects nothing.", 'Add "select": [{"column": [{"name": "id", "path": "id"}]}].')
    where = tuple(
        _path(_object(item, f"where[{number}]"), "path", f"where[{number}]")
        for number, item in enumerate(_list(content, "where", ""))
    )
    description = str(content.get("description", ""))
    view = View(str(content.get("name", name)), resource, selects, where, _constants(content), description)
    seen: dict[str, str] = {}
    for column in view.columns():
        same = seen.get(column.name.casefold())
        if same is not None:
            raise InputError(
                f"Two columns are called {same!r} and {column.name!r}.",
                "Every column has a name of its own; SQL does not tell upper from lower case.",
            )
        seen[column.name.casefold()] = column.name
    return view


def _list(owner: dict[str, Any], key: str, place: str) -> list[Any]:
    value = owner.get(key, [])
    if not isinstance(value, list):
        raise InputError(f"{place}{key} is a list in JSON.")
    return value


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{place} is an object in JSON.")
    return value


def _known_keys(owner: dict[str, Any], keys: tuple[str, ...], place: str) -> None:
    for key in owner:
        if key not in keys and key not in _META and not key.startswith("_"):
            raise InputError(f"{place} has an unknown property {key!r}.", did_you_mean(key, keys))


def _selects(owner: dict[str, Any], key: str, place: str) -> Iterator[Select]:
    for number, item in enumerate(_list(owner, key, place)):
        yield _select(item, f"{place}{key}[{number}]")


def _select(item: Any, place: str) -> Select:
    item = _object(item, place)
    _known_keys(item, _SELECT_KEYS, place)
    iterations = [key for key in ("forEach", "forEachOrNull", "repeat") if key in item]
    if len(iterations) > 1:
        raise InputError(f"{place} has both {iterations[0]} and {iterations[1]}.", "Nest one select in the other.")
    each = next((key for key in iterations if key != "repeat"), None)
    repeat = [_path(item, number, f"{place}.repeat") for number in range(len(_list(item, "repeat", f"{place}.")))]
    if "repeat" in item and not repeat:
        raise InputError(f"{place}.repeat names no element.")
    select = Select(
        place=place,
        columns=tuple(_column(c, f"{place}.column[{n}]") for n, c in enumerate(_list(item, "column", f"{place}."))),
        selects=tuple(_selects(item, "select", f"{place}.")),
        union=tuple(_selects(item, "unionAll", f"{place}.")),
        each=_path(item, each, place) if each else None,
        or_null=each == "forEachOrNull",
        repeat=tuple(repeat),
    )
    if not (select.columns or select.selects or select.union):
        raise InputError(f"{place} has no columns.", "A select has column, select or unionAll.")
    for number, branch in enumerate(select.union[1:], 1):
        if branch.column_names() != select.union[0].column_names():
            raise InputError(
                f"{place}.unionAll[{number}] has the columns {', '.join(branch.column_names())}, and the first branch "
                f"has {', '.join(select.union[0].column_names())}.",
                "All branches have the same columns in the same order.",
            )
    return select


def _column(item: Any, place: str) -> ViewColumn:
    item = _object(item, place)
    _known_keys(item, _COLUMN_KEYS, place)
    name, kind, collection = item.get("name"), item.get("type"), item.get("collection", False)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError(
            f"{place} needs a name of letters, digits and underscores that begins with a letter, not {name!r}."
        )
    if not isinstance(collection, bool):
        raise InputError(f"collection of column {name} is true or false, not {collection!r}.")
    if kind is not None:
        kind = str(kind).rpartition("/")[2]
        if known_type(kind) is None:
            raise InputError(f"Column {name} has the unknown type {kind!r}.", did_you_mean(kind, type_names()))
    tags = [_object(tag, f"{place}.tag") for tag in _list(item, "tag", f"{place}.")]
    return ViewColumn(
        name,
        _path(item, "path", f"column {name}"),
        kind,
        collection,
        tuple((str(tag.get("name")), str(tag.get("value"))) for tag in tags),
    )


def _path(owner: dict[str, Any], key: str | int, place: str) -> Expression:
    value = owner["repeat"][key] if isinstance(key, int) else owner.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{place}: {key} is a FHIRPath expression in quotes, not {value!r}.")
    try:
        return Expression(parse(value), value, place)
    except InputError as error:
        raise InputError(f"{place}: {error.message}", error.hint) from error


def _constants(content: dict[str, Any]) -> dict[str, Literal]:
    constants: dict[str, Literal] = {}
    for number, item in enumerate(_list(content, "constant", "")):
        item = _object(item, f"constant[{number}]")
        name = item.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InputError(f"constant[{number}] needs a name of letters, digits and underscores.")
        if name in constants:
            raise InputError(f"Two constants are called {name!r}.")
        if f"%{name}" in VARIABLES:
            raise InputError(f"Constant {name} has the name of a variable of FHIRPath.", "Give it another name.")
        values = {key: value for key, value in item.items() if key.startswith("value")}
        if len(values) != 1:
            raise InputError(f"Constant {name} has {len(values)} values.", "It has one, such as valueString.")
        ((key, value),) = values.items()
        kind = known_type(key.removeprefix("value"))
        if kind not in _CONSTANT_TYPES:
            raise InputError(
                f"Constant {name} has the unknown type {key}.",
                did_you_mean(key, [f"value{known[0].upper()}{known[1:]}" for known in _CONSTANT_TYPES]),
            )
        constants[name] = Literal(0, kind, _lexical(name, kind, value))
    return constants


def _lexical(name: str, kind: str, value: Any) -> str:
    """The value's text, where it is of the stated type."""
    if kind == "boolean":
        fits = isinstance(value, bool)
    elif kind == "decimal":
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    elif kind in ("integer", "integer64", "positiveInt", "unsignedInt"):
        fits = isinstance(value, int) and not isinstance(value, bool)
    else:
        fits = isinstance(value, str)
    if not fits:
        raise InputError(f"Constant {name} is no {kind}: {value!r}.")
    return str(value).lower() if isinstance(value, bool) else str(value)
