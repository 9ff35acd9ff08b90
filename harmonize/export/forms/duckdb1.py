"""Files of DuckDB 1.x: the DuckDB command line, DBeaver and SQLAlchemy of today, and the tools of OHDSI, open these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.sql_text import literal, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.export.forms.source import Publication, Relation

STORAGE = "v1.2.0"
"""The format that DuckDB 1.2 and all later ones open: https://duckdb.org/docs/stable/internals/storage."""
_COPY = "duckdb_one"
RESULTS = "results"
"""The schema that Achilles and cohort definitions write to."""


def write_duckdb1(publication: Publication, target: Path, views: Callable[[DuckDBPyConnection], None]) -> int:
    """The whole publication; `views` makes its views in the current database. Returns how many rows."""
    tables = [relation for relation in publication.relations if not relation.is_view]
    named = {f"{quote(table.schema)}.{quote(table.name)}": table for table in tables}
    schemas = dict.fromkeys([*(relation.schema for relation in publication.relations), "linked"])
    return _write(publication, target, schemas, named, views)


def write_ohdsi(publication: Publication, target: Path) -> int:
    """The CDM alone, in the schema `main`, all tables as the CDM has them, beside an empty schema `results` with a
    table for cohorts. Returns how many rows."""
    named = {f"main.{quote(table.name)}": table for table in publication.cdm}

    def results(con: DuckDBPyConnection) -> None:
        con.execute(f"CREATE TABLE {RESULTS}.cohort AS FROM main.cohort LIMIT 0")

    return _write(publication, target, ["main", RESULTS], named, results)


def _write(
    publication: Publication,
    target: Path,
    schemas: Sequence[str] | dict[str, None],
    named: dict[str, Relation],
    finish: Callable[[DuckDBPyConnection], None],
) -> int:
    con = publication.con
    home = (con.execute("SELECT current_database()").fetchone() or ("",))[0]
    con.execute(f"ATTACH {literal(str(target))} AS {_COPY} (READ_WRITE, STORAGE_VERSION {literal(STORAGE)})")
    for schema in schemas:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {_COPY}.{quote(schema)}")
    rows = 0
    for name, table in named.items():
        _create(con, f"{_COPY}.{name}", table)
        row = con.execute(f"INSERT INTO {_COPY}.{name} FROM {table.source}").fetchone()
        rows += (count := int(row[0]) if row else 0)
        if count != publication.count(table):
            raise InternalError(f"Of {table.schema}.{table.name} {count:,} rows were copied, and it has others.")
    con.execute(f"USE {_COPY}")
    finish(con)
    con.execute(f"USE {quote(home)}")
    con.execute(f"CHECKPOINT {_COPY}")  # closing alone would not say that the disk is full
    con.execute(f"DETACH {_COPY}")
    return rows


def _create(con: DuckDBPyConnection, name: str, table: Relation) -> None:
    """The table with its types and comments."""
    columns = ", ".join(f"{quote(column)} {kind}" for column, kind in table.columns.items())
    con.execute(f"CREATE TABLE {name} ({columns})")
    if table.comment:
        con.execute(f"COMMENT ON TABLE {name} IS {literal(table.comment)}")
    for column, text in table.comments.items():
        con.execute(f"COMMENT ON COLUMN {name}.{quote(column)} IS {literal(text)}")
