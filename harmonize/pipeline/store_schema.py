"""The tables of a new store: omop, midrc, linked, harmonize; stage holds what a load reads."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def create(con: DuckDBPyConnection) -> None:
    """Create every table and view of a store and the starter vocabulary; the caller commits."""
    from harmonize.schema.ddl import duckdb_ddl, tables
    from harmonize.schema.load import load_schema
    from harmonize.validation.findings import create_tables as create_finding_tables
    from harmonize.vocabulary.load import ensure_vocabulary
    from harmonize.vocabulary.tables import create_tables as create_vocabulary_tables

    omop = load_schema("omop")
    for name in ("harmonize", "linked", "stage"):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
    con.execute(duckdb_ddl(omop, "omop"))
    midrc = load_schema("midrc")
    con.execute(duckdb_ddl(midrc, "midrc"))
    # Hub rows of ended record versions wait here: withdrawing what ended them brings them back.
    con.execute("CREATE SCHEMA IF NOT EXISTS archive")
    for table in tables(midrc):
        con.execute(f'CREATE TABLE IF NOT EXISTS archive."{table}" AS FROM midrc."{table}" LIMIT 0')
    values = ", ".join(f"'{table}'" for table in tables(omop))
    con.execute(f"CREATE TYPE harmonize.omop_table AS ENUM ({values})")
    con.execute(sql("harmonize/tables"))
    con.execute(sql("store/tables/store_key"))
    create_finding_tables(con)
    create_vocabulary_tables(con)
    ensure_vocabulary(con)
    for view in linked_views():
        con.execute(view)


def linked_views() -> list[str]:
    """The statements of sql/linked, each after the views that it reads."""
    views = {path.stem: path.read_text(encoding="utf-8") for path in sorted((root("sql") / "linked").glob("*.sql"))}
    reads = {name: set(re.findall(r"\blinked\.(\w+)", view)) & views.keys() - {name} for name, view in views.items()}
    return [views[name] for name in TopologicalSorter(reads).static_order()]
