"""The tables and views of a store: omop, midrc, archive, linked, harmonize.

Every table has a statement of its own (sql/store/tables, or from the schemas), so that an older store's table can be
made again as it is now (harmonize.pipeline.acts.migrate). sql/store/versions.tsv names, for each version of the store,
the digest of its tables and that of its views.
"""

from __future__ import annotations

import hashlib
import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql
from harmonize.engine.sql_text import quote
from harmonize.engine.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

SCHEMAS = ("omop", "midrc", "archive", "linked", "harmonize")
WORD_INDEX = "suggest_"
"""Tables of this prefix are made anew with a vocabulary, and carry the digest of their statements themselves."""


def create(con: DuckDBPyConnection) -> None:
    """Create every table and view of a store and the starter vocabulary; the caller commits."""
    from harmonize.validation.table.findings import register_rules
    from harmonize.vocabulary.load import ensure_vocabulary

    create_types_and_tables(con)
    con.execute(sql("store/derived_mapping"))
    register_rules(con)
    ensure_vocabulary(con)
    renew_views(con)


def made_from() -> str:
    """Stands for all that `create` makes a store from: sha256 of this release and of the files, code included."""
    package = Path(__file__).parents[1]
    total = hashlib.sha256(__version__.encode())
    places = (
        *(package / name for name in ("schema", "vocabulary", "pipeline/store_schema.py")),
        *(root("sql") / "store" / name for name in ("tables", "types", "views", "derived_mapping.sql")),
        *(root("sql") / name for name in ("linked", "vocabulary", "validation/rules")),
        *(root("schemas") / name for name in ("omop.yaml", "midrc.yaml", "control.yaml")),
        root("mappings") / "vocabulary",
    )
    for place in places:
        for path in (
            [place] if place.is_file() else sorted(path for path in place.rglob("*.*") if path.suffix != ".pyc")
        ):
            total.update(f"{path.name}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def create_types_and_tables(con: DuckDBPyConnection) -> None:
    """Create schemas, types and tables, all empty."""
    for name in SCHEMAS:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
    for statement in [*type_statements().values(), *table_statements().values()]:
        con.execute(statement)


def create_missing_tables(con: DuckDBPyConnection) -> None:
    """Create the tables of harmonize that a store of this version does not have yet; the caller commits."""
    for path in sorted((root("sql") / "store" / "tables").iterdir()):
        con.execute(sql(f"store/tables/{path.stem}"))


def type_statements() -> dict[str, str]:
    """Name of each type in schema harmonize → the statement that makes it."""
    from harmonize.schema.ddl import tables
    from harmonize.schema.load import load_schema

    folder = root("sql") / "store" / "types"
    shipped = {path.stem: sql(f"store/types/{path.stem}") for path in sorted(folder.iterdir())}
    values = ", ".join(f"'{table}'" for table in tables(load_schema("omop")))
    return {**shipped, "omop_table": f"CREATE TYPE harmonize.omop_table AS ENUM ({values})"}


def table_statements() -> dict[str, str]:
    """schema.table → the statements that make it, with its comments. Hub rows of ended record versions wait in schema
    archive: withdrawing what ended them brings them back."""
    from harmonize.schema.ddl import duckdb_table_ddl
    from harmonize.schema.load import load_schema

    found = {f"omop.{name}": text for name, text in duckdb_table_ddl(load_schema("omop"), "omop").items()}
    midrc = load_schema("midrc")
    found |= {f"midrc.{name}": text for name, text in duckdb_table_ddl(midrc, "midrc").items()}
    found |= {f"archive.{name}": text for name, text in duckdb_table_ddl(midrc, "archive", bare=True).items()}
    folder = root("sql") / "store" / "tables"
    return found | {f"harmonize.{path.stem}": sql(f"store/tables/{path.stem}") for path in sorted(folder.iterdir())}


def views() -> dict[str, str]:
    """schema.view → the statements that make it, each after the views that it reads."""
    folders = {"harmonize": root("sql") / "store" / "views", "linked": root("sql") / "linked"}
    texts = {
        f"{schema}.{path.stem}": path.read_text(encoding="utf-8")
        for schema, folder in folders.items()
        for path in sorted(folder.glob("*.sql"))
    }
    named = re.compile(r"\b(?:linked|harmonize)\.\w+")
    reads = {name: set(named.findall(text)) & texts.keys() - {name} for name, text in texts.items()}
    return {name: texts[name] for name in TopologicalSorter(reads).static_order()}


def views_for(schema: str) -> dict[str, str]:
    """Of `views` those of a schema and those of other schemas that they read."""
    texts = views()
    wanted = {name for name in texts if name.startswith(f"{schema}.")}
    for name in reversed(texts):
        if name in wanted:
            wanted |= {other for other in texts if re.search(rf"\b{re.escape(other)}\b", _statement(texts[name]))} - {
                name
            }
    return {name: text for name, text in texts.items() if name in wanted}


def _statement(text: str) -> str:
    """The statement that makes a view, without its comments."""
    return re.sub(r"--[^\n]*", "", text).partition("COMMENT ON")[0]


def renew_views(con: DuckDBPyConnection) -> None:
    """Drop the views of a store and make those of this release; the caller commits."""
    drop_views(con)
    for text in views().values():
        con.execute(text)
    con.execute("UPDATE harmonize.store_version SET views = ?", [views_digest()])


def drop_views(con: DuckDBPyConnection) -> None:
    """Drop every view of schemas harmonize and linked."""
    rows = con.execute(
        "SELECT schema_name, view_name FROM duckdb_views() "
        "WHERE database_name = current_database() AND schema_name IN ('harmonize', 'linked')"
    ).fetchall()
    for schema, view in rows:
        con.execute(f"DROP VIEW {schema}.{quote(view)}")


def views_digest() -> str:
    """What stands for all views of this release: sha256 of their statements."""
    return _digest(f"{name}\t{text}" for name, text in sorted(views().items()))


def tables_digest(con: DuckDBPyConnection) -> str:
    """What stands for all tables of a store as they are: sha256 of their columns, types, requirements and comments."""
    return _digest("\t".join(map(str, column)) for column in columns(con))


def columns(con: DuckDBPyConnection) -> list[tuple[str, ...]]:
    """Every column of the store's tables, in order: schema.table, column, type, whether it may be NULL, comment."""
    return con.execute(sql("store/columns"), {"made_anew": WORD_INDEX}).fetchall()


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
