"""Structural checks of a database against its schema: required, primary key, reference, length.

DuckDB tables carry no keys (see harmonize.schema.ddl), so these run before every commit, set-based.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import quote
from harmonize.schema.ddl import columns, max_length, tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import duckdb

    from harmonize.schema.model import ClassDef, Schema


@dataclass(frozen=True)
class Check:
    """One structural rule. `sql` counts the rows that violate it.

    `id` is `<kind>:<table>.<column>`, kind required, length, primary_key or reference. `violates` is the
    condition on one row where the rule can be seen from the row alone; `target` is the referenced column, as
    `"schema"."table"."column"`, of a reference; `length` the greatest length of a text.
    """

    id: str
    table: str
    column: str
    sql: str
    relation: str
    violates: str | None = None
    target: tuple[str, str] | None = None
    length: int | None = None


@dataclass(frozen=True)
class Failure:
    """A check that failed, and how many rows violate it."""

    check: Check
    rows: int


def structural_checks(schema: Schema, db_schema: str) -> list[Check]:
    """All checks that the schema implies for its tables in `db_schema`."""
    return [check for name, cls in tables(schema).items() for check in _checks(name, cls, db_schema)]


def _checks(name: str, cls: ClassDef, db_schema: str) -> Iterator[Check]:
    relation = f"{quote(db_schema)}.{quote(name)}"
    for slot in columns(cls).values():
        column = quote(slot.name)
        if slot.required:
            yield _row_check("required", name, slot.name, relation, f"{column} IS NULL")
        length = max_length(slot)
        if length:
            check = _row_check("length", name, slot.name, relation, f"length({column}) > {length}")
            yield replace(check, length=length)
        if slot.identifier:
            yield _unique("primary_key", name, (slot.name,), relation)
        if "fk_table" in slot.annotations:
            yield _reference(name, slot.name, relation, db_schema, slot.annotations)
    for key in cls.unique_keys:
        yield _unique("unique_key", name, key, relation)


def _row_check(kind: str, table: str, column: str, relation: str, violates: str) -> Check:
    sql = f"SELECT count(*) FROM {relation} WHERE {violates}"
    return Check(f"{kind}:{table}.{column}", table, column, sql, relation, violates=violates)


def _unique(kind: str, table: str, key: tuple[str, ...], relation: str) -> Check:
    """Counts the rows beyond the first of each key; rows without a full key are no duplicates."""
    listed = ", ".join(map(quote, key))
    present = " AND ".join(f"{quote(column)} IS NOT NULL" for column in key)
    sql = f"SELECT count(*) - count(DISTINCT ({listed})) FROM {relation} WHERE {present}"
    return Check(f"{kind}:{table}.{'+'.join(key)}", table, "+".join(key), sql, relation)


def _reference(table: str, column: str, relation: str, db_schema: str, annotations: dict[str, str]) -> Check:
    target = (f"{quote(db_schema)}.{quote(annotations['fk_table'])}", quote(annotations["fk_field"]))
    found = f"SELECT 1 FROM {target[0]} t WHERE t.{target[1]} = s.{quote(column)}"
    sql = f"SELECT count(*) FROM {relation} s WHERE s.{quote(column)} IS NOT NULL AND NOT EXISTS ({found})"
    return Check(f"reference:{table}.{column}", table, column, sql, relation, target=target)


def run(
    con: duckdb.DuckDBPyConnection, checks: Iterable[Check], tables: Collection[str] | None = None
) -> list[Failure]:
    """The checks that fail, with their numbers of rows, in the order of `checks`.

    `tables` limits the checks to those tables (a load names the tables that it wrote, and those that refer to
    rows it deleted). Row checks of a table share one scan; references to one key share one anti join.
    """
    chosen = [check for check in checks if tables is None or check.table in tables]
    rows: dict[str, int] = {}
    by_row = [check for check in chosen if check.violates]
    for relation, group in groupby(sorted(by_row, key=lambda c: c.relation), key=lambda c: c.relation):
        rows.update(_count_in_one_scan(con, relation, list(group)))
    referring = sorted((check for check in chosen if check.target), key=lambda c: str(c.target))
    for _, group in groupby(referring, key=lambda c: c.target):
        rows.update(_count_unresolved(con, list(group)))
    for check in chosen:
        if check.id not in rows:
            rows[check.id] = _number(con, check.sql)
    return [Failure(check, rows[check.id]) for check in chosen if rows[check.id]]


def _count_in_one_scan(con: duckdb.DuckDBPyConnection, relation: str, checks: list[Check]) -> dict[str, int]:
    counts = ", ".join(f"count(*) FILTER (WHERE {check.violates})" for check in checks)
    found = con.execute(f"SELECT {counts} FROM {relation}").fetchone() or ()
    return dict(zip((check.id for check in checks), found, strict=True))


def _count_unresolved(con: duckdb.DuckDBPyConnection, checks: list[Check]) -> dict[str, int]:
    """References to one key: the distinct values of all columns against the key in one anti join."""
    if len(checks) == 1 or checks[0].target is None:
        return {check.id: _number(con, check.sql) for check in checks}
    relation, key = checks[0].target
    values = " UNION ALL ".join(
        f"SELECT {number} AS number, {quote(check.column)} AS value, count(*) AS n "
        f"FROM {check.relation} WHERE {quote(check.column)} IS NOT NULL GROUP BY value"
        for number, check in enumerate(checks)
    )
    unresolved = f"NOT EXISTS (SELECT 1 FROM {relation} t WHERE t.{key} = v.value)"
    counted = con.execute(f"SELECT number, sum(n)::BIGINT FROM ({values}) v WHERE {unresolved} GROUP BY number")
    found = dict(counted.fetchall())
    return {check.id: found.get(number, 0) for number, check in enumerate(checks)}


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
