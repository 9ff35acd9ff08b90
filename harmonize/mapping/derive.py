"""One slot derivation compiled to the column of a hub table, its value converted to the slot's range."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.mapping.expression import Compiler, Sql, any_of, common_kind, literal, named, text_literal
from harmonize.mapping.plan import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harmonize.mapping.spec import EnumDerivation, SlotDerivation, UnitConversion
    from harmonize.schema.model import ClassDef, Slot

# Range of a target slot → (kind, DuckDB type); enums and all other ranges are text.
RANGES = {
    "integer": ("integer", "BIGINT"),
    "double": ("number", "DOUBLE"),
    "float": ("number", "DOUBLE"),
    "decimal": ("number", "DOUBLE"),
    "boolean": ("boolean", "BOOLEAN"),
    "date": ("date", "DATE"),
    "datetime": ("datetime", "TIMESTAMP"),
}
CURIE = re.compile(r"[^:]+:.+")
_CONVERT = {
    "integer": "Write int(...), round(...) or whole(...).",
    "boolean": "Write an expr such as x == 'Yes', or value_mappings to true and false.",
    "date": "Write expr: to_date(x, '%Y-%m-%d').",
    "datetime": "Write expr: to_datetime(x, '%Y-%m-%d %H:%M').",
}


@dataclass(frozen=True)
class Sources:
    """What a class derivation reads: its source class, the joined classes by alias, the enum derivations."""

    source: ClassDef
    joined: Mapping[str, ClassDef]
    enums: Mapping[str, EnumDerivation]

    def compiler(self) -> Compiler:
        """A new compiler of expressions over these columns."""
        return Compiler(list(self.source.slots), {alias: list(c.slots) for alias, c in self.joined.items()})

    def slot(self, path: str) -> Slot:
        """The source slot of a column, or of alias.column."""
        alias, dot, name = path.rpartition(".")
        return (self.joined[alias] if dot else self.source).slots[name]


def derive(slot: SlotDerivation, target: Slot, sources: Sources, compiler: Compiler) -> Column:
    """The column for `target` that `slot` says. InputError, without its place, for what cannot be had."""
    before = set(compiler.used)
    if target.multivalued:
        raise InputError("the slot holds several values, which a mapping cannot give yet.")
    given = _raw_value(slot, sources, compiler)
    converted = _as_range(given, target)
    read = [name for alias, name in compiler.used if alias is None and (alias, name) not in before]
    return column(converted, tuple(read), slot.line)


def column(compiled: Sql, sources: tuple[str, ...], line: int) -> Column:
    """A plan's column: NULL where the expression is in error."""
    lost = f"coalesce(NOT isfinite({compiled.text}), FALSE)" if compiled.unbounded else None
    fails = any_of(compiled.fails, lost)
    text = f"CASE WHEN {fails} THEN NULL ELSE {compiled.text} END" if fails else compiled.text
    return Column(sql=text, sources=sources, fails_when=fails, line=line)


def _raw_value(slot: SlotDerivation, sources: Sources, compiler: Compiler) -> Sql:
    if slot.has_value:
        return literal(slot.value)
    if slot.expr is not None:
        return compiler.compile(slot.expr)
    path = str(slot.populated_from)
    value = compiler.column(path)
    source = sources.slot(path)
    if slot.unit_conversion:
        return _converted_unit(value, slot.unit_conversion, source)
    return _populated(slot, value, source, sources)


def _populated(slot: SlotDerivation, value: Sql, source: Slot, sources: Sources) -> Sql:
    """missing_values, then value_mappings, then the enum's derivation: the order of linkml-map."""
    if slot.missing_values:
        missing = ", ".join(map(text_literal, slot.missing_values))
        value = replace(value, text=f"CASE WHEN {value.text} NOT IN ({missing}) THEN {value.text} END")
    enum = _enum_derivation(source, sources)
    if slot.value_mappings is not None:
        if enum and enum.values:
            raise InputError(f"value_mappings and the derivation of enum {source.range!r} both translate.")
        _check_complete(set(slot.value_mappings) | set(slot.missing_values), set(slot.value_mappings), source)
        value = _mapped(value, slot.value_mappings)
        if enum and value.kind not in ("text", "null"):
            raise InputError(f"{source.header!r} is an enum, so its values are mapped to texts.", "Use an expr.")
        return value
    if enum is None:
        return value
    if not enum.mirror:
        _check_complete(set(enum.values) | set(slot.missing_values), set(enum.values), source)
    kept = frozenset(set(source.permissible_values or ()) - set(enum.values) - set(slot.missing_values))
    if not enum.values:
        return replace(value, choices=kept, closed=True)
    translated = _mapped(value, dict(enum.values), otherwise=value.text if enum.mirror else None)
    return replace(translated, choices=translated.choices | (kept if enum.mirror else frozenset()))


def _enum_derivation(source: Slot, sources: Sources) -> EnumDerivation | None:
    """The derivation of the enum that a source slot has; linkml-map cannot read such a slot without one."""
    if source.permissible_values is None:
        return None
    found = [enum for enum in sources.enums.values() if enum.source == source.range]
    if len(found) != 1:
        how_many = "no" if not found else "more than one"
        hint = f"Write enum_derivations: {source.range}: {{mirror_source: true}} to keep its values as they are."
        raise InputError(f"{source.header!r} is an enum ({source.range}) with {how_many} derivation.", hint)
    return found[0]


def _check_complete(handled: set[str], mapped: set[str], source: Slot) -> None:
    """Every value of the source's enum is mapped, to null if need be, and nothing that it lacks."""
    if source.permissible_values is None:
        return
    for value in sorted(mapped - set(source.permissible_values)):
        hint = did_you_mean(value, source.permissible_values)
        raise InputError(f"{source.header!r} has no value {value!r}.", hint)
    forgotten = [value for value in source.permissible_values if value not in handled]
    if forgotten:
        listed = ", ".join(map(repr, forgotten))
        raise InputError(f"{source.header!r} has values that are not mapped: {listed}.", "Map them, to null if so.")


def _mapped(value: Sql, mappings: Mapping[str, Any], otherwise: str | None = None) -> Sql:
    """A text looked up in a table of constants; NULL, or `otherwise`, where it is not there."""
    results = {key: literal(result) for key, result in mappings.items()}
    kind = common_kind([*(result.kind for result in results.values()), *(["text"] if otherwise else [])])
    if kind is None:
        kinds = sorted({result.kind for result in results.values()})
        raise InputError(f"the values are mapped to {' and '.join(kinds)}.", "Yes, No, 1 in quotes are texts.")
    whens = [
        f"WHEN {text_literal(key)} THEN {result.text}"
        for key, result in results.items()
        if result.kind != "null" or otherwise
    ]
    end = f" ELSE {otherwise}" if otherwise else ""
    return Sql(
        f"CASE {value.text} {' '.join(whens)}{end} END" if whens else "NULL",
        kind,
        choices=frozenset().union(*(result.choices for result in results.values())),
        closed=True,
    )


def _converted_unit(value: Sql, units: UnitConversion, source: Slot) -> Sql:
    """The number in another unit. Raises InputError for units that differ, are unknown or have an offset."""
    if units.source and source.unit and units.source != source.unit:
        raise InputError(f"source_unit {units.source!r} is not the schema's unit {source.unit!r} of {source.header!r}.")
    unit = units.source or source.unit
    if unit is None:
        raise InputError(f"{source.header!r} has no unit in its schema.", "Write source_unit.")
    factor = _factor(unit, units.target)
    text = f"number({value.text})"
    return Sql(text if factor == 1 else f"({text} * {literal(factor).text})", "number", unbounded=factor != 1)


def _factor(source: str, target: str) -> float:
    """What turns a number in one UCUM unit into another, as linkml-map's units (pint) say."""
    if source == target:
        return 1.0
    from linkml_map.functions.unit_conversion import UnitSystem, convert_units

    try:
        zero, one, two = (convert_units(n, source, target, UnitSystem.UCUM) for n in (0.0, 1.0, 2.0))
    except Exception as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        hint = "Temperatures: fahrenheit_to_celsius(number(x))." if "offset" in problem else None
        raise InputError(f"{source!r} cannot be converted to {target!r}: {problem}.", hint) from error
    if zero != 0 or abs(two - 2 * one) > 1e-12 * abs(two):
        raise InputError(f"{source!r} to {target!r} is not proportional.", "Write it as an expr.")
    return float(one)


def _as_range(value: Sql, target: Slot) -> Sql:
    """The value in the kind of the target slot's range, its constants checked against the slot's enum."""
    kind, duckdb_type = RANGES.get(target.range, ("text", "VARCHAR"))
    if value.kind == "null":
        return replace(value, text=f"CAST(NULL AS {duckdb_type})", kind=kind)
    if value.kind == "text" and kind in ("integer", "number"):
        if value.is_constant:
            raise InputError(f"{value.constant!r} is a text and {target.name} a number.", "Write it without quotes.")
        function = "whole" if kind == "integer" else "number"
        return replace(value, text=f"{function}({value.text})", kind=kind, choices=frozenset(), closed=False)
    if value.kind == "integer" and kind == "number":
        return replace(value, text=f"CAST({value.text} AS DOUBLE)", kind=kind)
    if value.kind != kind:
        hint = _CONVERT.get(kind) or ("Write str(...)." if value.kind in ("integer", "date") else None)
        raise InputError(f"the value is {named(value.kind)}, and {target.range} is expected.", hint)
    _check_constants(value, target)
    return value


def _check_constants(value: Sql, target: Slot) -> None:
    texts = sorted(choice for choice in value.choices if isinstance(choice, str))
    if target.permissible_values is not None:
        for text in texts:
            if text not in target.permissible_values:
                hint = did_you_mean(text, target.permissible_values)
                raise InputError(f"{text!r} is not a value of {target.range}.", hint)
        if not value.closed:
            hint = "Use value_mappings, or an expr whose results are constants."
            raise InputError(f"any text may come, and only values of {target.range} are allowed.", hint)
    if target.range in ("curie", "uriorcurie"):
        for text in texts:
            if not CURIE.fullmatch(text):
                raise InputError(f"{text!r} is not vocabulary:code.", "Such as 'SNOMED:840539006'.")
