"""Opening the store for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.cli import console

if TYPE_CHECKING:
    from harmonize.engine.store import Store


def opened(
    db: Path,
    *,
    create: bool = False,
    read_only: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
    no_backup: bool = False,
) -> Store:
    """`pipeline.stores.open_current` for a command, which says what the opening did; a context manager."""
    from harmonize.pipeline.stores import open_current

    store = open_current(
        db, create=create, read_only=read_only, wait=wait, memory=memory, keep_copy=not no_backup, progress=console.say
    )
    for note in store.notes:
        console.say(note)
    return store


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
