"""The SELECT statements of a compiled mapping: one for each entry, a UNION ALL BY NAME for each hub class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.sql_text import literal, quote
from harmonize.mapping.shared_calls import share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harmonize.mapping.plan import Entry, Join


RECORD_ID, RECORD_KEY = "record_id_", "record_key_"
"""Columns of the source rows beside those of their class, which may have one that is called record_id itself."""


def looked_up(source: str) -> str:
    """The name in `views` of the rows of a class that joins read, where they are others than those that are mapped."""
    return f"{source} looked up"


def entry_select(entry: Entry, views: Mapping[str, str], mapping_id: int) -> str:
    """SELECT of one entry: record_id, record_key, part, mapping_id, and its slots by name.

    `views` names, for each source class, the relation that holds its rows: RECORD_ID, RECORD_KEY and the
    class's columns as text. A row exists where `when_` is true. The functions of sql/functions.sql must be
    installed (harmonize.mapping.compiler.functions.install).
    """
    expressions = [*(column.sql for column in entry.columns.values()), *([entry.when.sql] if entry.when else [])]
    found, rows = share(expressions, views[entry.source], _keys(entry))
    columns = [
        f"s.{RECORD_ID} AS record_id",
        f"s.{RECORD_KEY} AS record_key",
        f"{literal(entry.part)} AS part",
        f"CAST({mapping_id} AS USMALLINT) AS mapping_id",
        *(f"{expression} AS {quote(name)}" for name, expression in zip(entry.columns, found, strict=False)),
    ]
    where = f"\nWHERE {found[-1]}" if entry.when else ""
    return "SELECT\n  " + ",\n  ".join(columns) + _from(entry, views, rows) + where


def union(entries: Sequence[tuple[int, Entry]], views: Mapping[str, str]) -> str:
    """UNION ALL BY NAME over entries of one hub class, each with its mapping_id; absent slots are NULL."""
    return "\nUNION ALL BY NAME\n".join(entry_select(entry, views, number) for number, entry in entries)


def reason_select(entry: Entry, views: Mapping[str, str], mapping_id: int) -> str:
    """SELECT record_id, mapping_id, reason of the rows that the entry leaves out, where it says why."""
    if entry.when is None or entry.reason is None:
        raise ValueError(f"the entry of line {entry.line} has no when_ and reason_")
    (reason, when), rows = share([entry.reason.sql, entry.when.sql], views[entry.source], _keys(entry))
    columns = f"s.{RECORD_ID} AS record_id, CAST({mapping_id} AS USMALLINT) AS mapping_id, {reason} AS reason"
    return f"SELECT {columns}{_from(entry, views, rows)}\nWHERE NOT {when}"


def error_selects(entry: Entry, views: Mapping[str, str]) -> list[str]:
    """For each slot that can be in error a SELECT of record_id, slot, value: the findings mapping_error.

    `value` holds the source columns that the slot reads, "name=value" with blanks between; a row without the
    hub row (when_ is not true) is no error, except where when_ itself is.
    """
    selects = []
    slots = dict(entry.columns) | ({"when_": entry.when} if entry.when else {})
    for name, column in slots.items():
        if column.fails_when is None:
            continue
        where = column.fails_when
        if entry.when is not None and name != "when_":
            where = f"{where} AND {entry.when.sql}"
        read = [f"{literal(source + '=')} || s.{quote(source)}" for source in column.sources]
        value = f"concat_ws({', '.join([literal(' '), *read])})" if read else literal("")
        columns = f"s.{RECORD_ID} AS record_id, {literal(name)} AS slot, {value} AS value"
        (test,), rows = share([where], views[entry.source], [*_keys(entry), *column.sources])
        selects.append(f"SELECT {columns}{_from(entry, views, rows)}\nWHERE {test}")
    return selects


def ambiguous_lookups(join: Join, views: Mapping[str, str]) -> str:
    """SELECT the keys of a looked-up class that more than one row has, with their count: key, rows."""
    key = quote(join.lookup_key)
    rows = f"FROM {_lookup_rows(join, views)} WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"
    return f"SELECT {key} AS key, count(*) AS rows {rows}"


def first_rows(join: Join, views: Mapping[str, str]) -> str:
    """SELECT the rows of a looked-up class, of several with one key the first record."""
    first = f"QUALIFY row_number() OVER (PARTITION BY {quote(join.lookup_key)} ORDER BY {RECORD_ID}) = 1"
    return f"SELECT * FROM {_lookup_rows(join, views)} {first}"


def _keys(entry: Entry) -> list[str]:
    """The columns of its source that a SELECT of the entry names beside those in expressions."""
    return [RECORD_ID, RECORD_KEY, *(join.source_key for join in entry.joins)]


def _lookup_rows(join: Join, views: Mapping[str, str]) -> str:
    return views.get(looked_up(join.source)) or views[join.source]


def _from(entry: Entry, views: Mapping[str, str], rows: str) -> str:
    """FROM the source rows, each join to one row of the looked-up class: of several the first record."""
    clauses = [f"\nFROM {rows} s"]
    for join in entry.joins:
        alias, key = quote(join.alias), quote(join.lookup_key)
        clauses.append(f"\nLEFT JOIN ({first_rows(join, views)}) {alias} ON s.{quote(join.source_key)} = {alias}.{key}")
    return "".join(clauses)
