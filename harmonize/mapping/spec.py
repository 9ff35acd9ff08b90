"""Reads a LinkML-Map specification (*.map.yaml) with its line numbers and refuses what is not supported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from harmonize.engine.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

CONSTANT = (str, int, float, bool)
NOTES = {"description", "comments"}
HEADER = {"id", "title", "license", "version", "documentation", "publication_date", "prefixes"}
TOP_KEYS = NOTES | HEADER | {"source_schema", "target_schema", "class_derivations", "enum_derivations"}
CLASS_KEYS = NOTES | {"name", "populated_from", "joins", "slot_derivations"}
SLOT_KEYS = NOTES | {
    "name",
    "populated_from",
    "expr",
    "value",
    "value_mappings",
    "missing_values",
    "unit_conversion",
    "stringification",
}
JOIN_KEYS = {"alias", "class_named", "source_key", "lookup_key", "join_on"}
ENUM_KEYS = NOTES | {"name", "populated_from", "mirror_source", "permissible_value_derivations"}
VALUE_KEYS = NOTES | {"name", "populated_from"}
UNIT_KEYS = {"source_unit", "target_unit", "source_unit_scheme", "target_unit_scheme", "none_if_non_numeric"}
# What linkml-map 0.5.4 passes over without a word when both are given: refused, so that nothing is lost.
IGNORED_TOGETHER = (
    ("expr", "value_mappings"),
    ("expr", "missing_values"),
    ("expr", "unit_conversion"),
    ("expr", "stringification"),
    ("expr", "populated_from"),
    ("value", "expr"),
    ("value", "populated_from"),
    ("value", "value_mappings"),
    ("value", "missing_values"),
    ("value", "unit_conversion"),
    ("value", "stringification"),
    ("unit_conversion", "missing_values"),
    ("unit_conversion", "value_mappings"),
    ("unit_conversion", "stringification"),
)


class LinedMap(dict[str, Any]):
    """A YAML mapping that knows its own line and the line of each key (1 = first line of the file)."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 0
        self.lines: dict[str, int] = {}


@dataclass(frozen=True)
class UnitConversion:
    """A proportional conversion between UCUM units; `source` None means the source schema's unit."""

    source: str | None
    target: str


@dataclass(frozen=True)
class SlotDerivation:
    """One derived slot: exactly one of `populated_from`, `expr` and `value` (where `has_value`).

    `delimiter` is that of `stringification: {reversed: true}`, which splits a text into a list.
    """

    name: str
    line: int
    populated_from: str | None = None
    expr: str | None = None
    has_value: bool = False
    value: Any = None
    value_mappings: dict[str, Any] | None = None
    missing_values: tuple[str, ...] = ()
    unit_conversion: UnitConversion | None = None
    delimiter: str | None = None


@dataclass(frozen=True)
class JoinSpec:
    """A to-one join: alias → class, where source_key of the row equals lookup_key of the class."""

    alias: str
    source: str
    source_key: str
    lookup_key: str
    line: int


@dataclass(frozen=True)
class ClassDerivation:
    """One entry of class_derivations: `name` is the target class, `source` the source class."""

    name: str
    source: str
    line: int
    slots: dict[str, SlotDerivation]
    joins: tuple[JoinSpec, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class EnumDerivation:
    """The translation of a source enum: `values` by text, the rest kept if `mirror`, else NULL."""

    name: str
    source: str
    line: int
    mirror: bool = False
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spec:
    """A specification as written, its shape checked."""

    file: str
    source_schema: str
    target_schema: str
    classes: tuple[ClassDerivation, ...]
    enums: dict[str, EnumDerivation]


def read_spec(path: Path) -> Spec:
    """The specification in `path`.

    Raises InputError, beginning with file and line, for a file that is not YAML or has a key, a shape or a
    combination that is not supported.
    """
    return _Reader(str(path)).spec(_parse(path))


def _parse(path: Path) -> LinedMap:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise InputError(f"{where}: this is not YAML: {error.problem or error.context}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The specification {path} cannot be read: {error}.") from error
    if not isinstance(raw, LinedMap):
        raise InputError(f"{path}:1: a specification is a YAML mapping with class_derivations.")
    return raw


class _Loader(yaml.SafeLoader):
    """A SafeLoader that keeps line numbers and refuses a key that comes twice."""


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> LinedMap:
    result = LinedMap()
    result.line = node.start_mark.line + 1
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        mark = key_node.start_mark
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(
                problem=f"the key {key_node.value} is read as {key!r} and not as text; put it in quotes",
                problem_mark=mark,
            )
        if key in result:
            raise yaml.constructor.ConstructorError(problem=f"the key {key!r} comes twice", problem_mark=mark)
        result[key] = loader.construct_object(value_node, deep=True)
        result.lines[key] = mark.line + 1
    return result


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


class _Reader:
    """Checks the shape of one parsed file; `_fault` makes the errors."""

    def __init__(self, file: str) -> None:
        self.file = file

    def _fault(self, line: int, message: str, hint: str | None = None) -> InputError:
        return InputError(f"{self.file}:{line}: {message}", hint)

    def spec(self, raw: LinedMap) -> Spec:
        self._keys(raw, TOP_KEYS, "specification")
        entries = self._class_entries(raw)
        if not entries:
            raise self._fault(raw.line, "the specification has no class_derivations.")
        enums = self._map(raw, "enum_derivations", "enum_derivations")
        return Spec(
            file=self.file,
            source_schema=self._schema(raw, "source_schema"),
            target_schema=self._schema(raw, "target_schema"),
            classes=tuple(self._class(name, body) for name, body in entries),
            enums={name: self._enum(name, self._body(enums, name, "enum", ENUM_KEYS)) for name in enums},
        )

    def _schema(self, raw: LinedMap, key: str) -> str:
        """A schema's name: `source_schema: name`, or linkml-map's newer `source_schema: {name: name}`."""
        if not isinstance(raw.get(key), LinedMap):
            return self._text(raw, key, "specification")
        return self._text(self._body(raw, key, key, {"name"}, named=True), "name", key)

    def _class_entries(self, raw: LinedMap) -> list[tuple[str, LinedMap]]:
        """(name, body) of each class derivation: a list of {name: ...} or of {Class: {...}}, or a mapping."""
        listed = raw.get("class_derivations")
        if isinstance(listed, LinedMap):
            return [(name, self._body(listed, name, "class", CLASS_KEYS)) for name in listed]
        entries = []
        for item in listed if isinstance(listed, list) else [listed]:
            if not isinstance(item, LinedMap):
                line = raw.lines.get("class_derivations", raw.line)
                raise self._fault(line, "class_derivations is a list of mappings, each with a name.")
            name = next(iter(item), "")
            if len(item) == 1 and name != "name":
                entries.append((name, self._body(item, name, "class", CLASS_KEYS)))
            else:
                self._keys(item, CLASS_KEYS, "class derivation")
                entries.append((self._text(item, "name", "class derivation"), item))
        return entries

    def _class(self, name: str, raw: LinedMap) -> ClassDerivation:
        what = f"class {name}"
        slots = self._map(raw, "slot_derivations", what)
        joins = self._map(raw, "joins", what)
        return ClassDerivation(
            name=name,
            source=self._text(raw, "populated_from", what),
            line=raw.line,
            slots={slot: self._slot(slot, name, slots) for slot in slots},
            joins=tuple(self._join(alias, self._body(joins, alias, f"{what}, join", JOIN_KEYS)) for alias in joins),
            description=str(raw.get("description") or ""),
        )

    def _join(self, alias: str, raw: LinedMap) -> JoinSpec:
        shorthand = raw.get("join_on")
        keys = [raw.get("source_key", shorthand), raw.get("lookup_key", shorthand)]
        if not all(isinstance(key, str) and key for key in keys):
            raise self._fault(raw.line, f"join {alias!r} needs join_on, or source_key and lookup_key.")
        return JoinSpec(alias, str(raw.get("class_named") or alias), str(keys[0]), str(keys[1]), raw.line)

    def _slot(self, name: str, owner: str, slots: LinedMap) -> SlotDerivation:
        what = f"slot {name} of class {owner}"
        line = slots.lines[name]
        raw = self._body(slots, name, what, SLOT_KEYS, named=True)
        given = {key for key in raw if raw[key] is not None}
        for first, second in IGNORED_TOGETHER:
            if {first, second} <= given:
                fault = f"{what}: {first} and {second} together are not supported; linkml-map ignores {second}"
                raise self._fault(raw.lines[second], f"{fault}.", "Say it in one expr.")
        kinds = given & {"populated_from", "expr", "value"}
        if not kinds:
            hint = "Write populated_from, expr or value (without it the slot is simply absent)."
            raise self._fault(line, f"{what} says nothing about where its value comes from.", hint)
        return SlotDerivation(
            name=name,
            line=line,
            populated_from=self._text(raw, "populated_from", what) if "populated_from" in kinds else None,
            expr=self._text(raw, "expr", what) if "expr" in kinds else None,
            has_value="value" in kinds,
            value=self._constant(raw, "value", what) if "value" in kinds else None,
            value_mappings=self._value_mappings(raw, what) if "value_mappings" in given else None,
            missing_values=self._missing_values(raw, what) if "missing_values" in given else (),
            unit_conversion=self._unit_conversion(raw, what) if "unit_conversion" in given else None,
            delimiter=self._delimiter(raw, what) if "stringification" in given else None,
        )

    def _value_mappings(self, raw: LinedMap, what: str) -> dict[str, Any]:
        mappings = self._map(raw, "value_mappings", what)
        for key, value in mappings.items():
            if value is not None and not isinstance(value, CONSTANT):
                raise self._fault(mappings.lines[key], f"{what}: {key!r} is not mapped to a text, number or null.")
        return dict(mappings)

    def _missing_values(self, raw: LinedMap, what: str) -> tuple[str, ...]:
        values = raw["missing_values"]
        line = raw.lines["missing_values"]
        if not isinstance(values, list) or not all(type(value) in (str, int) for value in values):
            raise self._fault(line, f"{what}: missing_values is a list of texts or whole numbers.", "Quote the rest.")
        return tuple(str(value) for value in values)

    def _unit_conversion(self, raw: LinedMap, what: str) -> UnitConversion:
        body = self._body(raw, "unit_conversion", f"{what}, unit_conversion", UNIT_KEYS, named=True)
        if body.get("none_if_non_numeric") is not True:
            hint = "Write none_if_non_numeric: true."
            raise self._fault(body.line, f"{what}: unit_conversion would stop at a text that is no number.", hint)
        for scheme in ("source_unit_scheme", "target_unit_scheme"):
            if body.get(scheme, "ucum") != "ucum":
                raise self._fault(body.lines[scheme], f"{what}: {scheme} {body[scheme]!r}; only ucum is supported.")
        source = self._text(body, "source_unit", what) if "source_unit" in body else None
        return UnitConversion(source, self._text(body, "target_unit", what))

    def _delimiter(self, raw: LinedMap, what: str) -> str:
        """Where a text is split into a list; columns are texts, so there is no list that could be joined."""
        body = self._body(raw, "stringification", f"{what}, stringification", {"delimiter", "reversed"}, named=True)
        delimiter = body.get("delimiter")
        if not isinstance(delimiter, str) or not delimiter:
            raise self._fault(body.line, f"{what}: stringification has no delimiter.", "Write delimiter: ','.")
        if body.get("reversed") is not True:
            fault = f"{what}: stringification joins a list, and a source column is one text"
            hint = "Write reversed: true to split it, or expr: join(', ', [a, b])."
            raise self._fault(body.line, f"{fault}.", hint)
        return delimiter

    def _enum(self, name: str, raw: LinedMap) -> EnumDerivation:
        what = f"enum {name}"
        derived = self._map(raw, "permissible_value_derivations", what)
        values: dict[str, str] = {}
        for target in derived:
            body = self._body(derived, target, f"{what}, value", VALUE_KEYS)
            sources = body.get("populated_from")
            for source in sources if isinstance(sources, list) else [sources]:
                if not isinstance(source, str):
                    raise self._fault(derived.lines[target], f"{what}: populated_from of {target!r} is not a text.")
                if source in values:
                    raise self._fault(derived.lines[target], f"{what}: {source!r} is translated twice.")
                values[source] = target
        mirror = raw.get("mirror_source", False)
        if not isinstance(mirror, bool):
            raise self._fault(raw.line, f"{what}: mirror_source is true or false.")
        source = self._text(raw, "populated_from", what) if "populated_from" in raw else name
        return EnumDerivation(name, source, raw.line, mirror, values)

    def _map(self, raw: LinedMap, key: str, what: str) -> LinedMap:
        value = raw.get(key)
        if value is None:
            return LinedMap()
        if not isinstance(value, LinedMap):
            raise self._fault(raw.lines[key], f"{what}: {key} is a mapping of names.")
        return value

    def _body(self, parent: LinedMap, key: str, what: str, known: set[str], named: bool = False) -> LinedMap:
        body = parent[key]
        label = what if named else f"{what} {key}"
        if not isinstance(body, LinedMap):
            raise self._fault(parent.lines[key], f"{label} is a mapping.")
        body.line = parent.lines[key]
        self._keys(body, known, label)
        return body

    def _keys(self, raw: LinedMap, known: set[str], what: str) -> None:
        for key in raw:
            if key not in known:
                raise self._fault(raw.lines[key], f"{what}: {key!r} is not supported.", did_you_mean(key, known))

    def _text(self, raw: LinedMap, key: str, what: str) -> str:
        value = raw.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._fault(raw.lines.get(key, raw.line), f"{what}: {key} is a text and not {value!r}.")
        return value

    def _constant(self, raw: LinedMap, key: str, what: str) -> Any:
        value = raw[key]
        if not isinstance(value, CONSTANT):
            hint = "A date is written in quotes."
            raise self._fault(raw.lines[key], f"{what}: {key} is not a text, a number, true or false.", hint)
        return value
