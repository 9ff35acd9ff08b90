"""Migration: a store of an older version becomes one of this version, in one transaction, with a copy kept.

The numbered statements of sql/store/migrations say what only they know (a column that is renamed, values of a new one).
What the schemas and statements of this release say of tables is then brought about for every table alike: one whose
columns differ is made again and its rows are carried over. At the end views are renewed and OMOP is derived anew from
the hub, so that the store equals a fresh load for all that the hub determines.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.audit.log import write_entry
from harmonize.engine.errors import InternalError, StoreError
from harmonize.engine.files import replacing
from harmonize.engine.open_files import copy_open
from harmonize.engine.paths import root, sql
from harmonize.engine.scratch import scratch_database
from harmonize.engine.sql_text import quote
from harmonize.engine.store import STORE_VERSION
from harmonize.pipeline import changes
from harmonize.pipeline.derive import touch_all
from harmonize.pipeline.finish import derive_again
from harmonize.pipeline.store_schema import (
    columns,
    create_types_and_tables,
    drop_views,
    renew_views,
    table_statements,
    type_statements,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

SPACE = 3
"""Free space that a migration needs beside the file: its size times this, the copy included."""

Column = tuple[str, ...]


def migrate(store: Store, version: int, *, keep_copy: bool = True) -> None:
    """Make a store of an older `version` one of this version, with a copy of it kept.

    Raises StoreError where the disk has no room for it, InternalError where a table has a column of which no migration
    says what becomes of it. The store then is as it was.
    """
    _require_space(store.path, keep_copy)
    copy = _keep_copy(store, version) if keep_copy else None
    with store.transaction() as con:
        drop_views(con)
        for number in range(version + 1, STORE_VERSION + 1):
            _run(con, number)
        _conform(con)
        con.execute("UPDATE harmonize.store_version SET version = ?", [STORE_VERSION])
        renew_views(con)
        _derive(con)
        write_entry(con, "store.migrated", "store", {"from": version, "to": STORE_VERSION})
    kept = f"; a copy of version {version} is {copy}" if copy else ""
    store.notes.append(f"{store.path} was of store version {version} and is of version {STORE_VERSION} now{kept}.")


def _require_space(path: Path, keep_copy: bool) -> None:
    size = path.stat().st_size
    needed = size * (SPACE if keep_copy else SPACE - 1)
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise StoreError(
            f"{path} is of an older version, and bringing it up to date needs {needed / 1e6:,.0f} MB of free disk; "
            f"there are {free / 1e6:,.0f}.",
            "Free some space, or leave out the copy with --no-backup." if keep_copy else "Free some space.",
        )


def _keep_copy(store: Store, version: int) -> Path:
    """A copy of the store beside it, named after its version; one that is there already is not overwritten."""
    store.con.execute("CHECKPOINT")
    path, number = store.path, 1
    copy = path.with_name(f"{path.stem}.v{version}{path.suffix}")
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.stem}.v{version}-{number}{path.suffix}")
    with replacing(copy) as partial:
        copy_open(path, partial)  # by plain calls of this process the store would lose its lock
    return copy


def _run(con: DuckDBPyConnection, number: int) -> None:
    """Run sql/store/migrations/NNNN.sql; a version that changed views alone has none."""
    file = root("sql") / "store" / "migrations" / f"{number:04}.sql"
    if file.exists():
        con.execute(file.read_text(encoding="utf-8"))


def _conform(con: DuckDBPyConnection) -> None:
    """Make every table have the columns, types and comments of this release; rows are carried over by column name."""
    wanted = _wanted()
    found = _by_table(columns(con))
    made = table_statements()
    types = _changed_types(con)
    for name in types:
        _as_text(con, name)
        con.execute(f"DROP TYPE harmonize.{name}")
        con.execute(type_statements()[name])
    if types:
        found = _by_table(columns(con))
    for table, statement in made.items():
        if found.get(table) != wanted[table]:
            _make_again(con, table, statement, found.get(table, []), wanted[table])


def _wanted() -> dict[str, list[Column]]:
    """The columns of every table of this release, read from an empty store in memory."""
    with ExitStack() as stack:
        fresh = scratch_database(stack, None)
        create_types_and_tables(fresh)
        return _by_table(columns(fresh))


def _by_table(found: list[Column]) -> dict[str, list[Column]]:
    tables: dict[str, list[Column]] = {}
    for table, *column in found:
        tables.setdefault(table, []).append(tuple(column))
    return tables


def _changed_types(con: DuckDBPyConnection) -> list[str]:
    """The types of the store whose values are not those of this release."""
    with ExitStack() as stack:
        fresh = scratch_database(stack, None)
        fresh.execute("CREATE SCHEMA harmonize")
        for statement in type_statements().values():
            fresh.execute(statement)
        wanted = _types(fresh)
    found = _types(con)
    return [name for name in wanted if found.get(name) != wanted[name]]


def _types(con: DuckDBPyConnection) -> dict[str, str]:
    return dict(
        con.execute(
            "SELECT type_name, labels::VARCHAR FROM duckdb_types() WHERE database_name = current_database() "
            "AND schema_name = 'harmonize' AND labels IS NOT NULL"
        ).fetchall()
    )


def _as_text(con: DuckDBPyConnection, type_: str) -> None:
    """Make the columns of an enum type plain texts, so that the type can be made anew: DuckDB cannot alter one."""
    labels = _types(con).get(type_)
    if labels is None:
        return
    for table, found in _by_table(columns(con)).items():
        held = [column for column, kind, *_ in found if kind.startswith("ENUM(") and _labels(kind) == labels]
        if held:
            texts = ", ".join(f"{quote(column)}::VARCHAR AS {quote(column)}" for column in held)
            con.execute(f"CREATE TABLE {table}_as_text AS SELECT * REPLACE ({texts}) FROM {table}")
            con.execute(f"DROP TABLE {table}")
            con.execute(f"ALTER TABLE {table}_as_text RENAME TO {table.partition('.')[2]}")


def _labels(kind: str) -> str:
    return "[" + kind.removeprefix("ENUM(").removesuffix(")").replace("'", "") + "]"


def _make_again(con: DuckDBPyConnection, table: str, statement: str, found: list[Column], wanted: list[Column]) -> None:
    """Make a table as `statement` says and carry its rows over. A column that it had and has no more must have been
    taken out by a migration, else what it holds would be lost unsaid."""
    names = [name for name, *_ in wanted]
    if lost := [name for name, *_ in found if name not in names]:
        raise InternalError(f"No migration says what becomes of {table}.{lost[0]}; nothing was changed.")
    if not found:
        con.execute(statement)
        return
    schema, _, name = table.partition(".")
    old = f'{schema}."{name}_before"'
    con.execute(f'ALTER TABLE {schema}.{quote(name)} RENAME TO "{name}_before"')
    con.execute(statement)
    types = {column: kind for column, kind, *_ in wanted}
    values = ", ".join(f"CAST({quote(column)} AS {types[column]}) AS {quote(column)}" for column, *_ in found)
    con.execute(f"INSERT INTO {schema}.{quote(name)} BY NAME SELECT {values} FROM {old}")
    con.execute(f"DROP TABLE {old}")


def _derive(con: DuckDBPyConnection) -> None:
    """What the starter vocabulary and the hub determine, made anew as a load of this release makes it."""
    from harmonize.mapping.compiler.functions import install
    from harmonize.validation.table.findings import register_rules
    from harmonize.vocabulary.load import renew_starter

    install(con)
    con.execute(sql("store/derived_mapping"))
    register_rules(con)
    renew_starter(con)
    _renew_value_sets(con)
    changes.begin(con)
    held = con.execute("SELECT count(*) FROM harmonize.record").fetchone()
    if held and held[0]:
        touch_all(con)
        derive_again(con)


def _renew_value_sets(con: DuckDBPyConnection) -> None:
    """Those of the shipped mappings that the store uses, as this release ships them; a site's own stay as they are."""
    from harmonize.mapping.compiler.compile import mapping_folder, mappings
    from harmonize.vocabulary.value_sets import install

    used = con.execute("SELECT DISTINCT mapping FROM harmonize.value_set ORDER BY 1").fetchall()
    for (name,) in used:
        if name in mappings():
            install(con, mapping_folder(name), name)
