"""Publishing: a copy of the store for readers, without record keys and identity, put in place as a whole."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.files import replacing
from harmonize.engine.interrupt import interruptible
from harmonize.engine.paths import sql
from harmonize.engine.store import STORE_VERSION, check_name, connect, open_store
from harmonize.engine.translate import first_line, translate

_SCHEMAS = ("omop", "midrc", "linked")
# What readers need of the bookkeeping; records, their keys, findings and whose case a person is stay behind.
_BOOKKEEPING = (
    "submission",
    "source_file",
    "mapping",
    "project",
    "imputation",
    "person_age",
    "image_link",
    "ledger_column",
)
# The way back to the source records, what may identify somebody, and what leads to a shift key.
_HIDDEN_COLUMNS = (
    "midrc.record_id",
    "midrc.row_key",
    "midrc.mapping_id",
    "midrc.accession_hash",
    "harmonize.shift_key_file",
    "harmonize.shift_key_fingerprint",
)
_COPY = "harmonize_published"


@dataclass(frozen=True)
class _Table:
    source: str
    target: str
    columns: str
    not_null: list[str]
    comment: str | None
    column_comments: dict[str, str]


def publish(
    store: Path, to: Path, *, cdm_schema: str = "omop", wait: float = 10.0, memory: str | None = None
) -> tuple[int, int]:
    """Write the file `to` from `store` and return (tables, rows) written.

    Every table and view of omop, midrc and linked goes along (omop under the name `cdm_schema`), and a
    reduced bookkeeping. The copy is checked (as many rows in each table, opens for reading) and then renamed:
    who reads the old file goes on, and a failure leaves it as it was.
    Raises InputError and StoreError as `open_store`, InternalError where the check fails.
    """
    open_store(store, read_only=True, wait=wait, memory=memory).close()  # says so where it is no store
    check_name(to)
    if to.exists() and to.samefile(store):
        raise InputError(f"{to} is the store itself.", "Give another file with --to.")
    if not to.parent.is_dir():
        raise InputError(f"The folder {to.parent} does not exist.", f"Make it with: mkdir -p {to.parent}")
    with replacing(to) as partial, tempfile.TemporaryDirectory(prefix="harmonize-") as spill:
        try:
            con = connect(store, read_only=True, wait=wait, spill=Path(spill), memory=memory)
            with closing(con), interruptible(con):
                counts = _copy(con, partial, cdm_schema)
            _check(partial, counts, Path(spill))
        except duckdb.Error as problem:
            raise translate(problem) or InternalError(f"Publishing failed: {first_line(problem)}") from problem
        finally:
            partial.with_name(partial.name + ".wal").unlink(missing_ok=True)
    return len(counts), sum(counts.values())


def _copy(con: duckdb.DuckDBPyConnection, target: Path, cdm_schema: str) -> dict[str, int]:
    """Copy the tables, then the views; returns the rows by published table."""
    tables, views = _tables(con, cdm_schema), _views(con)
    con.execute(f"ATTACH {_literal(str(target))} AS {_COPY} (READ_WRITE)")
    for schema in (cdm_schema, *_SCHEMAS[1:], "harmonize"):
        con.execute(f'CREATE SCHEMA IF NOT EXISTS {_COPY}."{schema}"')
    counts = {table.target: _copy_table(con, table) for table in tables}
    con.execute(f"USE {_COPY}")
    _create_views(con, [view if cdm_schema == "omop" else _with_cdm_schema(view, cdm_schema) for view in views])
    con.execute("CREATE TABLE harmonize.store_version (version INTEGER NOT NULL, kind VARCHAR NOT NULL)")
    con.execute("INSERT INTO harmonize.store_version VALUES (?, 'published')", [STORE_VERSION])
    return counts


def _tables(con: duckdb.DuckDBPyConnection, cdm_schema: str) -> list[_Table]:
    rows = con.execute(
        sql("export/table"),
        {"hidden": _HIDDEN_COLUMNS, "schemas": _SCHEMAS, "bookkeeping": _BOOKKEEPING},
    ).fetchall()
    return [
        _Table(
            source=f'"{schema}"."{table}"',
            target=f'"{cdm_schema if schema == "omop" else schema}"."{table}"',
            columns=columns,
            not_null=not_null,
            comment=comment,
            column_comments=column_comments,
        )
        for schema, table, columns, not_null, comment, column_comments in rows
    ]


def _views(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "SELECT sql FROM duckdb_views() WHERE database_name = current_database() "
        "AND list_contains($schemas, schema_name) ORDER BY schema_name, view_name",
        {"schemas": _SCHEMAS},
    ).fetchall()
    return [view for (view,) in rows]


def _copy_table(con: duckdb.DuckDBPyConnection, table: _Table) -> int:
    target = f"{_COPY}.{table.target}"
    con.execute(f"CREATE TABLE {target} AS SELECT {table.columns} FROM {table.source} LIMIT 0")
    for column in table.not_null:
        con.execute(f'ALTER TABLE {target} ALTER COLUMN "{column}" SET NOT NULL')
    if table.comment:
        con.execute(f"COMMENT ON TABLE {target} IS {_literal(table.comment)}")
    for column, comment in table.column_comments.items():
        con.execute(f'COMMENT ON COLUMN {target}."{column}" IS {_literal(comment)}')
    row = con.execute(f"INSERT INTO {target} SELECT {table.columns} FROM {table.source}").fetchone()
    return int(row[0]) if row else 0


def _create_views(con: duckdb.DuckDBPyConnection, views: list[str]) -> None:
    """Create the views, those that others stand on first: one that fails is tried again after the others."""
    while views:
        waiting = []
        for view in views:
            try:
                con.execute(view)
            except duckdb.CatalogException:
                waiting.append(view)
        if len(waiting) == len(views):
            con.execute(waiting[0])  # says what is missing
        views = waiting


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _with_cdm_schema(view: str, cdm_schema: str) -> str:
    """The view's statement with the CDM tables under another schema."""
    from sqlglot import exp, parse_one

    tree = parse_one(view, dialect="duckdb")
    for table in tree.find_all(exp.Table):
        if table.db == "omop":
            table.set("db", exp.to_identifier(cdm_schema))
    return tree.sql(dialect="duckdb")


def _check(published: Path, counts: dict[str, int], spill: Path) -> None:
    with closing(connect(published, read_only=True, wait=0, spill=spill)) as con:
        for table, expected in counts.items():
            row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
            if row is None or row[0] != expected:
                raise InternalError(f"The published table {table} has {row} rows instead of {expected}.")
        for schema, view in con.execute(
            "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall():
            con.execute(f'SELECT * FROM "{schema}"."{view}" LIMIT 1').fetchone()
