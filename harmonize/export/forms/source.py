"""The published file that all other forms are made from. It has been scanned, and nothing is added to it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InternalError
from harmonize.engine.interrupt import interruptible
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

DATABASE = "publication"
"""The published file is attached under this name."""


@dataclass(frozen=True)
class Relation:
    """A table or view of the publication: its columns with their DuckDB types, and the comments on it and on them."""

    schema: str
    name: str
    columns: dict[str, str]
    comment: str
    comments: dict[str, str]
    is_view: bool

    @property
    def source(self) -> str:
        """How a query names it."""
        return f"{DATABASE}.{quote(self.schema)}.{quote(self.name)}"


@dataclass(frozen=True)
class Publication:
    """The published file, attached read-only to `con`; its CDM tables are in `cdm_schema`.

    `facts` are what the file says of itself: kind, note, key_mark, profile, reference, store_version,
    cdm_version, vocabulary_version.
    """

    con: DuckDBPyConnection
    cdm_schema: str
    relations: tuple[Relation, ...]
    facts: dict[str, Any]

    @property
    def cdm(self) -> list[Relation]:
        """The CDM tables."""
        return [relation for relation in self.relations if relation.schema == self.cdm_schema]

    @property
    def others(self) -> list[Relation]:
        """What is beside the CDM: the hub, the linked views, the bookkeeping."""
        return [relation for relation in self.relations if relation.schema != self.cdm_schema]

    def count(self, relation: Relation) -> int:
        """How many rows a relation has."""
        row = self.con.execute(f"SELECT count(*) FROM {relation.source}").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def open_publication(file: Path, cdm_schema: str, spill: Path, memory: str | None) -> Iterator[Publication]:
    """The published file, open for the making of other forms."""
    scratch = spill / "forms.duckdb"
    con = connect(scratch, read_only=False, wait=0, spill=spill, memory=memory)
    try:
        with closing(con), interruptible(con):
            con.execute(f"ATTACH {literal(str(file))} AS {DATABASE} (READ_ONLY)")
            yield Publication(con, cdm_schema, tuple(_relations(con)), _facts(con, cdm_schema))
    finally:
        scratch.unlink(missing_ok=True)


def _relations(con: DuckDBPyConnection) -> Iterator[Relation]:
    rows = con.execute(sql("export/publish/relation"), {"database": DATABASE}).fetchall()
    for schema, name, comment, is_view, columns in rows:
        types = {column: kind for column, kind, _ in columns}
        comments = {column: text for column, _, text in columns if text}
        yield Relation(schema, name, types, comment or "", comments, is_view)


def _facts(con: DuckDBPyConnection, cdm_schema: str) -> dict[str, Any]:
    found = con.execute(sql("export/publish/fact").format(database=DATABASE, cdm_schema=quote(cdm_schema)))
    row = found.fetchone()
    if row is None:
        raise InternalError("The published file does not say what it is.")
    return dict(zip([column[0] for column in found.description], row, strict=True))
