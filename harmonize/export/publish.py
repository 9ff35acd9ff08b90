"""Publishing: a copy of the store for readers, which nobody can lead back without the key, put in place as a whole.

What goes along, and what becomes of it, is data (sql/export/published.tsv); docs/publishing.md says it in words.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.files import replacing
from harmonize.engine.interrupt import interruptible
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import STORE_VERSION, check_name, connect, open_store
from harmonize.engine.translate import first_line, translate
from harmonize.engine.work_folder import work_folder
from harmonize.export.becoming import Becoming, StoredTable
from harmonize.export.key import Key, choose_key, remember_key, remembered_key
from harmonize.export.publication import LIMITED, prepare, read_tables, settle_projects
from harmonize.export.scan import scan

COPY = "harmonize_published"
DE_IDENTIFIED = "Without real dates, keys of the contributors and names of their files."


@dataclass
class PublishResult:
    """What was written: tables, their rows, and what is to be told."""

    tables: int
    rows: int
    key_file: Path
    limited_data_set: bool
    uids: dict[str, str]
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize publish --json` prints."""
        return asdict(self)


def publish(
    store: Path,
    to: Path,
    *,
    cdm_schema: str = "omop",
    key_file: Path | None = None,
    new_key: bool = False,
    limited_data_set: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
) -> PublishResult:
    """Write the file `to` from `store`.

    Tables of omop (under the name `cdm_schema`), midrc and a reduced bookkeeping go along as published.tsv says, and
    the views of linked over them. The copy is checked (as many rows in each table, opens for reading, nothing in it
    tells whose it is) and then renamed: who reads the old file goes on, and a failure leaves it as it was.
    Raises InputError and StoreError as `open_store`, InputError for real dates without `limited_data_set` and for a key
    that is not the store's, RefusedError where the scan finds somebody, InternalError where the check fails.
    """
    open_store(store, read_only=True, wait=wait, memory=memory).close()  # says so where it is no store
    check_name(to)
    if to.exists() and to.samefile(store):
        raise InputError(f"{to} is the store itself.", "Give another file with --to.")
    if not to.parent.is_dir():
        raise InputError(f"The folder {to.parent} does not exist.", f"Make it with: mkdir -p {to.parent}")
    key, warnings = _settle(store, key_file, new_key, limited=limited_data_set, wait=wait, memory=memory)
    with replacing(to) as partial, work_folder("publish") as spill:
        log = partial.with_name(partial.name + ".wal")
        try:
            con = connect(store, read_only=True, wait=wait, spill=Path(spill), memory=memory)
            with closing(con), interruptible(con):
                real = settle_projects(con, limited=limited_data_set)
                tables, unknown = read_tables(con)
                if unknown:
                    warnings.append(f"Not in the list of what is published, so left behind: {', '.join(unknown)}.")
                prepare(con, key, tables, real)
                counts = _copy(con, partial, cdm_schema, tables, key, real)
                settled = con.execute("SELECT project_id, has_public_uids FROM publish_project").fetchall()
                uids = {project: "public" if is_public else "remap" for project, is_public in settled}
                warnings += scan(con, partial, tables, cdm_schema)
            _check(partial, counts, Path(spill))
        except duckdb.Error as problem:
            raise translate(problem) or InternalError(f"Publishing failed: {first_line(problem)}") from problem
        finally:
            log.unlink(missing_ok=True)
    return PublishResult(len(counts), sum(counts.values()), key.path, bool(real), uids, warnings)


def _settle(
    store: Path, key_file: Path | None, new_key: bool, *, limited: bool, wait: float, memory: str | None
) -> tuple[Key, list[str]]:
    """The key to publish with, which the store remembers from now on, and what is to be told of it."""
    with open_store(store, read_only=True, wait=wait, memory=memory) as opened:
        opened.require_records()
        settle_projects(opened.con, limited=limited)
        remembered = remembered_key(opened.con)
    key, told = choose_key(store, remembered, key_file, is_new=new_key)
    if key.fingerprint != remembered:
        with open_store(store, wait=wait, memory=memory) as opened, opened.transaction() as con:
            remember_key(con, key)
    return key, told


def _copy(
    con: duckdb.DuckDBPyConnection, target: Path, cdm_schema: str, tables: list[StoredTable], key: Key, real: list[str]
) -> dict[str, int]:
    """Copy the tables, then the views, and write all of it to the file; returns the rows by published table."""
    home = (con.execute("SELECT current_database()").fetchone() or ("",))[0]
    con.execute(f"ATTACH {literal(str(target))} AS {COPY} (READ_WRITE)")
    names = {
        f"{quote(cdm_schema if table.schema == 'omop' else table.schema)}.{quote(table.name)}": table
        for table in tables
    }
    con.execute("BEGIN TRANSACTION")
    for schema in dict.fromkeys((cdm_schema, "midrc", "linked", "harmonize")):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {COPY}.{quote(schema)}")
    for name, table in names.items():
        _create_table(con, table, f"{COPY}.{name}")
    con.execute(f"USE {COPY}")
    _create_views(con, cdm_schema)
    _say_what_it_is(con, key, limited=bool(real))
    con.execute(f"USE {quote(home)}")
    con.execute("COMMIT")
    counts = {name: _fill_table(con, table, f"{COPY}.{name}") for name, table in names.items()}
    # closing alone would not say that the disk is full
    con.execute(f"CHECKPOINT {COPY}")
    con.execute(f"DETACH {COPY}")
    return counts


def _say_what_it_is(con: duckdb.DuckDBPyConnection, key: Key, *, limited: bool) -> None:
    """That the file is a published one, of which kind, and which files have the same ids."""
    con.execute("CREATE TABLE harmonize.store_version (version INTEGER NOT NULL, kind VARCHAR NOT NULL)")
    con.execute("INSERT INTO harmonize.store_version VALUES (?, 'published')", [STORE_VERSION])
    con.execute(
        "CREATE TABLE harmonize.publication (kind VARCHAR NOT NULL, note VARCHAR NOT NULL, key_mark VARCHAR NOT NULL)"
    )
    kind = ("limited data set", LIMITED) if limited else ("de-identified", DE_IDENTIFIED)
    con.execute("INSERT INTO harmonize.publication VALUES (?, ?, ?)", [*kind, key.mark])


def _create_table(con: duckdb.DuckDBPyConnection, table: StoredTable, target: str) -> None:
    columns = [
        f"{quote(name)} {table.types[name]}{' NOT NULL' if name in table.not_null else ''}" for name in table.columns
    ]
    statements = [f"CREATE TABLE {target} ({', '.join(columns)})"]
    if table.comment:
        statements.append(f"COMMENT ON TABLE {target} IS {literal(table.comment)}")
    statements += [
        f"COMMENT ON COLUMN {target}.{quote(name)} IS {literal(table.comments[name])}"
        for name in table.columns
        if name in table.comments
    ]
    con.execute("; ".join(statements))


def _fill_table(con: duckdb.DuckDBPyConnection, table: StoredTable, target: str) -> int:
    """Copy the rows; returns how many. Raises InternalError where that are not all."""
    if not table.rows:
        return 0
    row = con.execute(f"INSERT INTO {target} {Becoming(table).select()}").fetchone()
    count = int(row[0]) if row else 0
    if count != table.rows and table.schema != "harmonize":
        raise InternalError(f"Of {table.schema}.{table.name} {count} rows would be published instead of {table.rows}.")
    return count


def _create_views(con: duckdb.DuckDBPyConnection, cdm_schema: str) -> None:
    """The shipped views of linked and those that they read, over the published tables: a view of the store's own may
    quote anybody."""
    from harmonize.pipeline.store_schema import views_for

    texts = views_for("linked").values()
    for statement in (statement for text in texts for statement in con.extract_statements(text)):
        is_view = statement.type.name == "CREATE"
        con.execute(_with_cdm_schema(statement.query, cdm_schema) if is_view and cdm_schema != "omop" else statement)


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
            con.execute(f"SELECT * FROM {quote(schema)}.{quote(view)} LIMIT 1").fetchone()
