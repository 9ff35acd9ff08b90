"""Joins of a mapping: the rows that are looked up, records that change with them, and what they leave to be told.

Files that a mapping joins are delivered together: a record looks up rows of its own delivery, unchanged ones included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.mapping.select import RECORD_ID, RECORD_KEY, ambiguous_lookups, first_rows, looked_up
from harmonize.pipeline.ledger.records import source_select
from harmonize.schema.cells import cell_sql, missing_texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import Join, MappingPlan
    from harmonize.pipeline.ledger.records import StagedFile
    from harmonize.schema.model import Schema


def joins_of(plan: MappingPlan, classes: Iterable[str]) -> list[tuple[str, Join]]:
    """(source class, join) of the entries that read one of these classes, each once by its keys."""
    delivered = set(classes)
    found = {
        (entry.source, join.source, join.source_key, join.lookup_key): (entry.source, join)
        for entry in plan.entries
        if entry.source in delivered
        for join in entry.joins
    }
    return list(found.values())


def mark_joined(con: DuckDBPyConnection, plan: MappingPlan, files: list[StagedFile]) -> None:
    """Make the looked-up row a part of each record's content in `incoming`, so that a record counts as changed when
    the row that it looks up has changed."""
    for source, join in joins_of(plan, (file.cls.name for file in files)):
        contents = (_content(file, join, plan) for file in files if file.cls.name == join.source)
        rows = [content for content in contents if content is not None]
        for file in files if rows else ():
            key = file.cls.slots.get(join.source_key)
            if file.cls.name == source and key in file.present:
                con.execute(
                    "UPDATE incoming SET content_hash = md5(content_hash::VARCHAR || l.content)::UUID "
                    f"FROM {file.staged.table} s JOIN (SELECT key, arg_min(content, record_id) AS content "
                    f"FROM ({' UNION ALL '.join(rows)}) WHERE key IS NOT NULL GROUP BY key) l "
                    f"ON l.key = trim({cell_sql(key, missing_texts(file.cls), 's')}) "
                    f"WHERE incoming.record_id = {file.base} + s.rowid AND incoming.file_id = {file.staged.file_id}"
                )


def _content(file: StagedFile, join: Join, plan: MappingPlan) -> str | None:
    """SELECT record_id, key, content of the rows of a looked-up file; None where the file has no such key."""
    missing = missing_texts(file.cls)
    key = file.cls.slots[join.lookup_key]
    if key not in file.present:
        return None
    names = {name for entry in plan.entries for j in entry.joins if j.source == join.source for name in j.columns}
    cells = [f"coalesce({cell_sql(slot, missing, 's')}, '')" for slot in file.present if slot.name in names]
    return (
        f"SELECT {file.base} + s.rowid AS record_id, trim({cell_sql(key, missing, 's')}) AS key, "
        f"md5(concat_ws(chr(31), {', '.join(cells)})) AS content FROM {file.staged.table} s"
    )


def make_lookups(
    con: DuckDBPyConnection, plan: MappingPlan, schema: Schema, files: list[StagedFile], views: dict[str, str]
) -> None:
    """Add to `views` the rows that joins look up; an empty table for a class of which no file was delivered."""
    for name in dict.fromkeys(join.source for _, join in joins_of(plan, views)):
        selects = [source_select(con, file, unchanged=True) for file in files if file.cls.name == name]
        columns = ", ".join(f"NULL::VARCHAR AS {quote(column)}" for column in schema.classes[name].slots)
        empty = f"SELECT NULL::BIGINT AS {RECORD_ID}, NULL::VARCHAR AS {RECORD_KEY}, {columns} LIMIT 0"
        table = views[looked_up(name)] = f"lookup_{len(views)}"
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS " + " UNION ALL BY NAME ".join(selects or [empty]))


def note_lookups(
    con: DuckDBPyConnection, plan: MappingPlan, files: list[StagedFile], views: dict[str, str], submission: int
) -> None:
    """Findings of joins: keys that several rows have or none has, and classes of which no file was delivered."""
    delivered = {file.cls.name for file in files}
    for source, join in joins_of(plan, views):
        if join.source in delivered:
            _note_keys(con, source, join, views, submission)
            continue
        con.execute(
            "INSERT INTO harmonize.finding SELECT ?, rule_id, unnest(?::INTEGER[]), NULL, NULL, ? FROM harmonize.rule "
            "WHERE rule = 'lookup_not_delivered'",
            [submission, [file.staged.file_id for file in files if file.cls.name == source], join.source],
        )


def _note_keys(con: DuckDBPyConnection, source: str, join: Join, views: dict[str, str], submission: int) -> None:
    key, rows = f"s.{quote(join.source_key)}", views[looked_up(join.source)]
    several = f"{key} IN (SELECT key FROM ({ambiguous_lookups(join, views)}))"
    none = f"{key} NOT IN (SELECT {quote(join.lookup_key)} FROM {rows} WHERE {quote(join.lookup_key)} IS NOT NULL)"
    for rule, condition in (("ambiguous_lookup", several), ("unknown_lookup", none)):
        con.execute(
            "INSERT INTO harmonize.finding SELECT DISTINCT ?, r.rule_id, i.file_id, i.line, NULL::INTEGER, ? "
            f"FROM {views[source]} s JOIN incoming i ON i.record_id = s.{RECORD_ID} "
            f"JOIN harmonize.rule r ON r.rule = ? WHERE {condition}",
            [submission, join.source, rule],
        )


def restate_lookups(con: DuckDBPyConnection, plan: MappingPlan, views: dict[str, str]) -> None:
    """Records without a row of their own that others look up are context; those that nobody looks up, unreferenced.
    Who looks up whom is kept: what only one person's records look up goes with that person."""
    joins = joins_of(plan, views)
    if joins:
        con.execute(sql("store/tables/lookup"))  # a store may be older than the table
    for source, join in joins:
        con.execute(
            sql("ledger/lookup").format(
                source=views[source],
                looked_up=first_rows(join, views),
                lookup_key=quote(join.lookup_key),
                source_key=quote(join.source_key),
            )
        )
        con.execute(
            "UPDATE incoming SET state = 'context', reason = NULL WHERE state = 'excluded' AND reason = 'no_row' "
            f"AND record_id IN (SELECT l.{RECORD_ID} FROM ({first_rows(join, views)}) l JOIN {views[source]} s "
            f"ON s.{quote(join.source_key)} = l.{quote(join.lookup_key)} "
            f"JOIN incoming i ON i.record_id = s.{RECORD_ID} WHERE i.state IN ('loaded', 'context'))"
        )
    for name in dict.fromkeys(join.source for _, join in joins):
        con.execute(
            "UPDATE incoming SET reason = 'unreferenced' WHERE state = 'excluded' AND reason = 'no_row' "
            f"AND record_id IN (SELECT {RECORD_ID} FROM {views[looked_up(name)]})"
        )
