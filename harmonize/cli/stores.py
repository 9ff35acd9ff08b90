"""Opening the store for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harmonize.engine.store import Store


def opened(
    db: Path, *, create: bool = False, read_only: bool = False, wait: float = 10.0, memory: str | None = None
) -> Store:
    """`engine.store.open_store` with the pipeline's tables for a new store; a context manager."""
    from harmonize.engine.store import open_store
    from harmonize.pipeline.store_schema import create as create_tables

    return open_store(db, create=create, read_only=read_only, wait=wait, memory=memory, initialise=create_tables)


@contextmanager
def opened_or_starter(db: Path | None, wait: float = 10.0) -> Iterator[Store]:
    """The store to be read, or without one a new store that holds the starter vocabulary and is thrown away."""
    import tempfile

    if db is not None:
        with opened(db, read_only=True, wait=wait) as store:
            yield store
        return
    with (
        tempfile.TemporaryDirectory(prefix="harmonize-starter-") as folder,
        opened(Path(folder) / "starter.duckdb", create=True) as store,
    ):
        yield store
