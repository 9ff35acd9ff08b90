"""One slot derivation compiled to the column of a hub table, its value converted to the slot's range."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.sql_text import literal, literals
from harmonize.mapping.compiler.functions import LISTS
from harmonize.mapping.compiler.units import converted_unit
from harmonize.mapping.compiler.value import Sql, any_of, common_kind, constant, named
from harmonize.mapping.plan import DerivedColumn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harmonize.mapping.compiler.expression import Compiler
    from harmonize.mapping.compiler.sources import Sources
    from harmonize.mapping.compiler.spec import EnumDerivation, SlotDerivation
    from harmonize.schema.model import Slot

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


def derive(slot: SlotDerivation, target: Slot, sources: Sources, compiler: Compiler) -> Sql:
    """What `slot` says, in the range of `target`. InputError, without its place, for what cannot be had."""
    given = _raw_value(slot, sources, compiler)
    if target.multivalued:
        converted = _as_members(_as_list(given, slot, sources), target)
    elif given.kind in LISTS:
        raise InputError(f"{named(given.kind)} for {target.name}, which holds one value.", "Write join(', ', ...).")
    else:
        converted = _as_range(given, target)
    infinite = f"coalesce(NOT isfinite({converted.text}), FALSE)" if converted.unbounded else None
    return replace(converted, lost=any_of(converted.lost, infinite))


def column(compiled: Sql, sources: tuple[str, ...], line: int) -> DerivedColumn:
    """A plan's column: NULL where the expression is in error."""
    fails = any_of(compiled.fails, compiled.lost)
    text = f"CASE WHEN {fails} THEN NULL ELSE {compiled.text} END" if fails else compiled.text
    return DerivedColumn(sql=text, sources=sources, fails_when=fails, line=line)


def _raw_value(slot: SlotDerivation, sources: Sources, compiler: Compiler) -> Sql:
    if slot.has_value:
        return constant(slot.value)
    if slot.expr is not None:
        return compiler.compile(slot.expr)
    path = str(slot.populated_from)
    value = compiler.column(path)
    source = sources.slot(path)
    if source.multivalued:
        hint = "Declare it as one text, and split it in the mapping."
        raise InputError(f"{source.header!r} is multivalued in its schema, and a column is one text.", hint)
    if slot.unit_conversion and "." in path:
        hint = "Write expr, such as ounces_to_kg(number(unit.weight))."
        raise InputError("linkml-map ignores unit_conversion of a joined column.", hint)
    if sources.is_joined(path):
        _check_joined(slot, source, sources)
    if slot.unit_conversion:
        return converted_unit(value, slot.unit_conversion, source)
    populated = _populated(slot, value, source, sources)
    return populated if slot.delimiter is None else _split(populated, slot.delimiter)


def _check_joined(slot: SlotDerivation, source: Slot, sources: Sources) -> None:
    """Refuse what linkml-map passes over without a word where the column is a join's."""
    if slot.delimiter is not None:
        raise InputError("linkml-map ignores stringification of a joined column.", "Write expr: split(unit.x, ',').")
    if any(enum.source == source.range and enum.values for enum in sources.enums.values()):
        raise InputError(f"linkml-map does not translate {source.range} of a joined column.", "Write value_mappings.")


def _split(value: Sql, delimiter: str) -> Sql:
    """A text split as LinkML's stringification says: pieces as they are, an empty text giving an empty list."""
    if value.kind != "text":
        raise InputError(f"stringification splits a text and not {named(value.kind)}.")
    pieces = f"string_split({value.text}, {literal(delimiter)})"
    return Sql(f"CASE WHEN {value.text} = '' THEN []::VARCHAR[] ELSE {pieces} END", "text[]", value.fails)


def _as_list(value: Sql, slot: SlotDerivation, sources: Sources) -> Sql:
    """What a multivalued slot is given as a list; one value of populated_from is a list of one, as in linkml-map."""
    if value.kind in LISTS or value.kind == "null":
        return value
    path = slot.populated_from
    if path is None or sources.is_joined(path) or slot.unit_conversion:
        raise InputError(f"{named(value.kind)} for a slot that holds a list.", "Write expr: [x], or split(x, ',').")
    return replace(value, text=f"CASE WHEN {value.text} IS NOT NULL THEN [{value.text}] END", kind=f"{value.kind}[]")


def _as_members(value: Sql, target: Slot) -> Sql:
    """A list with its members in the slot's range and without NULLs, NULL where nothing is left.

    A row is in error where a member is not of the range: a text that is no number, or no value of the enum.
    """
    kind, duckdb_type = RANGES.get(target.range, ("text", "VARCHAR"))
    if value.kind == "null":
        return replace(value, text=f"CAST(NULL AS {duckdb_type}[])", kind=f"{kind}[]")
    given, lost = LISTS[value.kind], None
    if given == "text" and kind in ("integer", "number"):
        function = "whole" if kind == "integer" else "number"
        text = f"list_transform({value.text}, lambda member: {function}(member))"
        lost = f"coalesce(len(members({value.text})) > coalesce(len(members({text})), 0), FALSE)"
        value = replace(value, text=text, choices=frozenset(), closed=False)
    elif given == "integer" and kind == "number":
        value = replace(value, text=f"CAST({value.text} AS DOUBLE[])")
    elif given != kind:
        raise InputError(f"the value is {named(value.kind)}, and {target.range} is expected.", _CONVERT.get(kind))
    elif target.permissible_values is not None and not value.closed:
        values = literals(target.permissible_values)
        lost = f"coalesce(len(list_filter({value.text}, lambda member: member NOT IN ({values}))) > 0, FALSE)"
        value = replace(value, closed=True)
    _check_constants(value, target)
    return replace(value, text=f"members({value.text})", kind=f"{kind}[]", lost=lost)


def _populated(slot: SlotDerivation, value: Sql, source: Slot, sources: Sources) -> Sql:
    """missing_values, then value_mappings, then the enum's derivation: the order of linkml-map."""
    if slot.missing_values:
        missing = literals(slot.missing_values)
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
    results = {key: constant(result) for key, result in mappings.items()}
    kind = common_kind([*(result.kind for result in results.values()), *(["text"] if otherwise else [])])
    if kind is None:
        kinds = sorted({result.kind for result in results.values()})
        raise InputError(f"the values are mapped to {' and '.join(kinds)}.", "Yes, No, 1 in quotes are texts.")
    whens = [
        f"WHEN {literal(key)} THEN {result.text}"
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
