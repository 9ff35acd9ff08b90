"""What an export to another consortium is made from: a published copy, or with `internal` the store itself."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.store import open_store
from harmonize.engine.work_folder import work_folder
from harmonize.export.publish import publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


@dataclass(frozen=True)
class Copying:
    """How the copy of a store is made, as by `harmonize publish`. `internal`: the store is read as it is; `rows_of`:
    its copy without what does not leave it."""

    internal: bool = False
    key_file: Path | None = None
    limited_data_set: bool = False
    rows_of: Path | None = None
    wait: float = 10.0
    memory: str | None = None


@dataclass(frozen=True)
class Source:
    """An open file: its connection, the schema of its CDM tables, what it is, and warnings of its making."""

    con: DuckDBPyConnection
    cdm_schema: str
    kind: str
    warnings: tuple[str, ...] = ()


@contextmanager
def open_source(db: Path, copying: Copying) -> Iterator[Source]:
    """The published file `db`, or a copy that is made of the store `db` and gone afterwards.

    Raises as `open_store` and `publish`: InputError for real dates that are not meant, RefusedError for a person found.
    """
    with open_store(db, read_only=True, wait=copying.wait, memory=copying.memory) as opened:
        if opened.is_published or copying.internal:
            yield _source(opened)
            return
    with work_folder("export") as folder:
        copy = folder / "published.duckdb"
        made = publish(
            db,
            copy,
            key_file=copying.key_file,
            limited_data_set=copying.limited_data_set,
            rows_of=copying.rows_of,
            wait=copying.wait,
            memory=copying.memory,
        )
        with open_store(copy, read_only=True, wait=0, memory=copying.memory) as opened:
            yield _source(opened, tuple(made.warnings))


def _source(opened: Store, warnings: tuple[str, ...] = ()) -> Source:
    con = opened.con
    schemas = con.execute("SELECT schema_name FROM duckdb_tables() WHERE table_name = 'cdm_source'").fetchone()
    if schemas is None:
        raise InternalError(f"{opened.path} has no table cdm_source.")
    kind = "internal"
    if opened.is_published:
        kind = (con.execute("SELECT kind FROM harmonize.publication").fetchone() or ("published",))[0]
    return Source(con, schemas[0], kind, warnings)
