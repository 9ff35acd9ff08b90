"""Reads a LinkML-Map specification (*.map.yaml) with its line numbers and refuses what is not supported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.lined_yaml import LinedMap, read_lined

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
    "class_derivations",
    "object_derivations",
}
OBJECT_KEYS = NOTES | {"name", "class_derivations"}
JOIN_KEYS = {"alias", "class_named", "source_key", "lookup_key", "join_on"}
STRING_KEYS = {"delimiter", "reversed"}
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
# A slot's value, or what is done to a column's value: linkml-map then passes over the objects, or over the rest.
NO_OBJECT = tuple(sorted(SLOT_KEYS - NOTES - {"name", "class_derivations", "object_derivations"}))


@dataclass(frozen=True)
class UnitConversion:
    """A proportional conversion between UCUM units; `source` None means the source schema's unit."""

    source: str | None
    target: str


@dataclass(frozen=True)
class SlotDerivation:
    """One derived slot: exactly one of `populated_from`, `expr`, `value` (where `has_value`) and `objects`.

    `delimiter` is that of `stringification: {reversed: true}`, which splits a text into a list; `objects` are the
    nested class derivations that make the slot's objects.
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
    objects: tuple[ClassDerivation, ...] = ()


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
    """One entry of class_derivations, of the specification or of a slot: target class, source class, slots."""

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
    return _Reader(str(path)).spec(read_lined(path, "a specification is a YAML mapping with class_derivations"))


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
        listed = raw.get("class_derivations") or []
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

    def _class(self, name: str, raw: LinedMap, outer: str | None = None) -> ClassDerivation:
        """A class derivation; a nested one reads the class `outer` where it does not say another."""
        what = f"class {name}"
        source = outer if outer and "populated_from" not in raw else self._text(raw, "populated_from", what)
        slots = self._map(raw, "slot_derivations", what)
        joins = self._map(raw, "joins", what)
        return ClassDerivation(
            name=name,
            source=source,
            line=raw.line,
            slots={slot: self._slot(slot, name, source, slots) for slot in slots},
            joins=tuple(self._join(alias, self._body(joins, alias, f"{what}, join", JOIN_KEYS)) for alias in joins),
            description=str(raw.get("description") or ""),
        )

    def _join(self, alias: str, raw: LinedMap) -> JoinSpec:
        shorthand = raw.get("join_on")
        keys = [raw.get("source_key", shorthand), raw.get("lookup_key", shorthand)]
        if not all(isinstance(key, str) and key for key in keys):
            raise self._fault(raw.line, f"join {alias!r} needs join_on, or source_key and lookup_key.")
        return JoinSpec(alias, str(raw.get("class_named") or alias), str(keys[0]), str(keys[1]), raw.line)

    def _slot(self, name: str, owner: str, source: str, slots: LinedMap) -> SlotDerivation:
        what = f"slot {name} of class {owner}"
        line = slots.lines[name]
        raw = self._body(slots, name, what, SLOT_KEYS, named=True)
        given = {key for key in raw if raw[key] is not None}
        for first, second in IGNORED_TOGETHER:
            if {first, second} <= given:
                fault = f"{what}: {first} and {second} together are not supported; linkml-map ignores {second}"
                raise self._fault(raw.lines[second], f"{fault}.", "Say it in one expr.")
        objects = self._objects(raw, what, source, given)
        kinds = given & {"populated_from", "expr", "value"}
        if not kinds and not objects:
            hint = "Write populated_from, expr, value or class_derivations (without one the slot is simply absent)."
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
            objects=objects,
        )

    def _objects(self, raw: LinedMap, what: str, source: str, given: set[str]) -> tuple[ClassDerivation, ...]:
        """The nested class derivations of a slot; object_derivations are linkml-map's older form of them."""
        forms = [form for form in ("class_derivations", "object_derivations") if form in given]
        for other in (*forms[1:], *NO_OBJECT) if forms else ():
            if other in given:
                fault = f"{what}: {forms[0]} and {other} together are not supported"
                raise self._fault(raw.lines[other], f"{fault}.", "A slot is given its objects or its value.")
        bodies = [raw] if forms == ["class_derivations"] else raw[forms[0]] if forms else []
        if not isinstance(bodies, list) or not all(isinstance(body, LinedMap) for body in bodies):
            fault = f"{what}: object_derivations is a list of mappings, each with class_derivations"
            raise self._fault(raw.lines[forms[0]], f"{fault}.", "Write class_derivations at once.")
        objects: list[ClassDerivation] = []
        for body in bodies:
            if body is not raw:
                self._keys(body, OBJECT_KEYS, f"{what}, object derivation")
            objects += [self._class(name, inner, source) for name, inner in self._class_entries(body)]
        return tuple(objects)

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
        body = self._body(raw, "stringification", f"{what}, stringification", STRING_KEYS, named=True)
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
