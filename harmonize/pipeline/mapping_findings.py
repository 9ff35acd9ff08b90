"""What a mapping finds in the records that it reads: cells that it cannot compute with, rows that name no case."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import quote
from harmonize.mapping.select import entry_select, error_selects
from harmonize.mapping.shared_calls import share
from harmonize.pipeline.hub import placed_by
from harmonize.pipeline.hub_values import note_large_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import DerivedColumn, Entry, MappingPlan
    from harmonize.schema.model import Schema


def note_mapping_findings(
    con: DuckDBPyConnection,
    plan: MappingPlan,
    met: list[Entry],
    views: dict[str, str],
    submission: int,
    schema: Schema | None,
) -> None:
    """Findings of mapping: cells that an expression cannot compute with, and rows of the entries in `met` that name no
    case. `schema` is that of tables; resources have their own screen."""
    selects = []
    for entry in _may_fail(con, plan, views, schema):
        selects += [
            f"SELECT record_id, 'mapping_error' AS rule, slot || ': ' || value AS value FROM ({error})"
            for error in error_selects(entry, views)
        ]
    for entry in _may_lack_case(con, met, views, schema):
        placed = placed_by(list(entry.columns))
        keys_only = replace(entry, columns={name: entry.columns[name] for name in placed})
        selects.append(
            "SELECT record_id, 'no_case_key' AS rule, part AS value "
            f"FROM ({entry_select(keys_only, views, 0)}) WHERE coalesce({', '.join(placed)}) IS NULL"
        )
    if selects:
        con.execute(
            "INSERT INTO harmonize.finding SELECT DISTINCT ?, r.rule_id, i.file_id, i.line, NULL::INTEGER, "
            f"left(f.value, 200) FROM ({' UNION ALL '.join(selects)}) f "
            "JOIN incoming i USING (record_id) JOIN harmonize.rule r USING (rule)",
            [submission],
        )
    note_large_numbers(con, met, views, submission)


def _may_fail(con: DuckDBPyConnection, plan: MappingPlan, views: dict[str, str], schema: Schema | None) -> list[Entry]:
    """The entries with an expression that some row cannot be computed with; most have none. Entries with joins are not
    asked."""
    doubtful = []
    for entry in _telling_numbers(plan, schema):
        slots = [*entry.columns.values(), *([entry.when] if entry.when else [])]
        failing = [(column.fails_when, column.sources) for column in slots if column.fails_when is not None]
        if entry.source not in views or not failing:
            continue
        if entry.joins or any(is_met(con, views[entry.source], test, sources) for test, sources in failing):
            doubtful.append(entry)
    return doubtful


def _telling_numbers(plan: MappingPlan, schema: Schema | None) -> list[Entry]:
    """The plan's entries, in which a number that is read from a text (of the table's schema) fails where the text is
    none and no slot of any entry of its class keeps the text: else it would be lost without a word."""
    if schema is None:
        return list(plan.entries)
    kept = {
        (entry.source, name)
        for entry in plan.entries
        for column in entry.columns.values()
        if _number_of(column) is None
        for name in column.sources
    }

    def told(source: str, column: DerivedColumn) -> DerivedColumn:
        name = _number_of(column)
        slot = schema.classes[source].slots.get(name or "")
        is_text = slot is not None and slot.range == "string" and (source, name) not in kept
        if name is None or not is_text or column.sql.startswith("result_operator"):
            return column
        return replace(column, fails_when=f"(trim(s.{quote(name)}) <> '' AND ({column.sql}) IS NULL)")

    return [
        replace(entry, columns={slot: told(entry.source, column) for slot, column in entry.columns.items()})
        for entry in plan.entries
    ]


def _number_of(column: DerivedColumn) -> str | None:
    """The source column that a slot reads as a number alone."""
    is_number = re.fullmatch(r'(number|whole|result_number|result_operator)\(s\."[^"]+"\)', column.sql)
    return column.sources[0] if is_number and len(column.sources) == 1 else None


def is_met(con: DuckDBPyConnection, view: str, condition: str, sources: Sequence[str]) -> bool:
    """Whether a condition over the columns `sources` of the source rows `s` is true of any: the values of a column are
    few where it repeats, and an expression is computed once for each."""
    names = ", ".join(f"s.{quote(name)}" for name in sources) or "1"
    (test,), rows = share([condition], f"(SELECT DISTINCT {names} FROM {view} s)")
    row = con.execute(f"SELECT bool_or({test}) FROM {rows} s").fetchone()
    return bool(row and row[0])


def _may_lack_case(
    con: DuckDBPyConnection, met: list[Entry], views: dict[str, str], schema: Schema | None
) -> list[Entry]:
    """The entries of which a source row may name no case: most entries of a class read it from the same column, so that
    few questions spare many, and a column that the schema requires is filled. Entries with joins are not asked."""
    doubtful = []
    full: dict[tuple[str, str], bool] = {}
    for entry in met:
        keys = [entry.columns[name] for name in placed_by(list(entry.columns))]
        if not keys:
            continue
        asked = (entry.source, f"coalesce({', '.join(key.sql for key in keys)})")
        if not entry.joins and asked not in full:
            full[asked] = _is_required(schema, entry.source, keys)
            if not full[asked]:
                row = con.execute(
                    f"SELECT coalesce(bool_and({asked[1]} IS NOT NULL), true) FROM {views[entry.source]} s"
                )
                full[asked] = (row.fetchone() or (False,))[0]
        if entry.joins or not full[asked]:
            doubtful.append(entry)
    return doubtful


def _is_required(schema: Schema | None, source: str, keys: Sequence[DerivedColumn]) -> bool:
    """Whether a key is a cell, or the first filled of several, of which the schema requires one: a record without it is
    not mapped at all."""
    if schema is None:
        return False
    slots = schema.classes[source].slots
    plain = [key for key in keys if re.fullmatch(r'(coalesce\()?s\."[^"]+"(, s\."[^"]+")*\)?', key.sql)]
    names = [name for key in plain for name in key.sources if name in slots]
    return any(slots[name].required or slots[name].identifier for name in names)
