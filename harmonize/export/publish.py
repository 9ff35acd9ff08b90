"""Publishing: a copy of the store for readers, which nobody can lead back without the key, put in place as a whole.

What goes along, and what becomes of it, is data (sql/export/published.tsv); docs/publishing.md says it in words.
"""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from harmonize.audit.held import refuse_held
from harmonize.engine.errors import InternalError
from harmonize.engine.files import replacing
from harmonize.engine.interrupt import interruptible
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import STORE_VERSION, connect, open_store
from harmonize.engine.translate import first_line, translate
from harmonize.engine.work_folder import work_folder
from harmonize.export.becoming import Becoming, StoredTable
from harmonize.export.forms.places import find_places
from harmonize.export.forms.write import write_forms
from harmonize.export.key import Key, choose_key, remember_key, remembered_key
from harmonize.export.publication import LIMITED, prepare, read_tables, settle_projects
from harmonize.export.published_views import create_views
from harmonize.export.scan import scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COPY = "harmonize_published"
DE_IDENTIFIED = "Without real dates, keys of the contributors and names of their files."


@dataclass
class PublishResult:
    """What was written: tables, their rows (of the published file), what each form is and where it lies, and what is
    to be said. `rows` of a form counts those of its tables, and of its views where they are written out."""

    tables: int
    rows: int
    key_file: Path
    limited_data_set: bool
    uids: dict[str, str]
    forms: dict[str, dict[str, str | int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize publish --json` prints."""
        return asdict(self)


def publish(
    store: Path,
    to: Path | str,
    *,
    forms: Sequence[str] = ("duckdb",),
    cdm_schema: str = "omop",
    key_file: Path | None = None,
    new_key: bool = False,
    limited_data_set: bool = False,
    rows_of: Path | None = None,
    internal: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
) -> PublishResult:
    """Write `store` for readers, in one or several `forms` (FORMS).

    `rows_of` is a copy of it without what does not leave it (harmonize.release.copy), whose rows are published with the
    key of `store`. Without one a store that holds such rows is refused (HeldError), unless `internal` says that the
    files stay inside.

    `to` is the file or folder of a single form, the URL of a PostgreSQL database, or the folder of several forms, each
    under its own name there. Tables of omop (under the name `cdm_schema`), midrc and a reduced bookkeeping go along as
    published.tsv says, and the views of linked over them. One file is made first and checked (as many rows in each
    table, opens for reading, nothing in it tells whose it is); every form is made from it and counted again. All of
    them take their places when the last one is done: who reads the old ones goes on, and a failure leaves them.
    Raises InputError and StoreError as `open_store`, InputError for an unknown form, for real dates without
    `limited_data_set` and for a key that is not the store's, RefusedError where the scan finds somebody, InternalError
    where a check fails.
    """
    with open_store(store, read_only=True, wait=wait, memory=memory) as opened:  # says so where it is no store
        if rows_of is None and not internal:
            refuse_held(opened.con)
    places = find_places(to, forms, store)
    key, warnings = _settle(
        store, rows_of or store, key_file, new_key, limited=limited_data_set, wait=wait, memory=memory
    )
    try:
        with work_folder("publish") as spill, ExitStack() as until:
            if len(places) > 1:
                until.enter_context(_made_folder(Path(to)))
            own = places.get("duckdb")
            file = until.enter_context(replacing(own)) if isinstance(own, Path) else spill / "made.duckdb"
            result = _publish_file(rows_of or store, file, cdm_schema, key, limited_data_set, wait, memory, spill)
            result.warnings[:0] = warnings
            if own is not None:
                result.forms["duckdb"] = {"to": str(own), "rows": result.rows}
            made, said = write_forms(places, file, cdm_schema, memory, spill, until)
            result.forms |= made
            result.warnings += said
    except duckdb.Error as problem:
        raise translate(problem) or InternalError(f"Publishing failed: {first_line(problem)}") from problem
    return result


@contextmanager
def _made_folder(folder: Path) -> Iterator[None]:
    """The folder of several forms; one that was not there before is gone again where nothing was published."""
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    try:
        yield
    except BaseException:
        if is_new:
            folder.rmdir()
        raise


def _publish_file(
    store: Path,
    file: Path,
    cdm_schema: str,
    key: Key,
    limited: bool,
    wait: float,
    memory: str | None,
    spill: Path,
) -> PublishResult:
    """Make the published file, scanned and checked."""
    said: list[str] = []
    log = file.with_name(file.name + ".wal")
    try:
        con = connect(store, read_only=True, wait=wait, spill=spill, memory=memory)
        with closing(con), interruptible(con):
            real = settle_projects(con, limited=limited)
            tables, unknown = read_tables(con)
            if unknown:
                said.append(f"Not in the list of what is published, so left behind: {', '.join(unknown)}.")
            prepare(con, key, tables, real)
            counts = _copy(con, file, cdm_schema, tables, key, real)
            settled = con.execute("SELECT project_id, has_public_uids FROM publish_project").fetchall()
            uids = {project: "public" if is_public else "remap" for project, is_public in settled}
            said += scan(con, file, tables, cdm_schema)
        _check(file, counts, spill)
    finally:
        log.unlink(missing_ok=True)
    return PublishResult(len(counts), sum(counts.values()), key.path, bool(real), uids, warnings=said)


def _settle(
    store: Path, rows_of: Path, key_file: Path | None, new_key: bool, *, limited: bool, wait: float, memory: str | None
) -> tuple[Key, list[str]]:
    """The key to publish with, which the store remembers from now on, and what is to be told of it."""
    with open_store(rows_of, read_only=True, wait=wait, memory=memory) as opened:
        opened.require_records()
        settle_projects(opened.con, limited=limited)
    with open_store(store, read_only=True, wait=wait, memory=memory) as opened:
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
    create_views(con, cdm_schema)
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
