"""Stores for tests: copies of an empty one, for which no disk is waited for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harmonize.engine.store import Store, open_store

PLANNED = os.environ.get("HARMONIZE_TESTS") == "full"
"""Whether DuckDB plans as for a load of many rows, which for a few lines only costs: a fifth of the time of a load."""


@contextmanager
def copied(empty: Path, folder: Path, *, planned: bool = PLANNED) -> Iterator[Store]:
    """A copy of the empty store in the folder, which is not written in order at its end; `planned` for many rows."""
    with open_store(Path(shutil.copy(empty, folder / "store.duckdb"))) as store:
        store.checkpoints = False
        store.con.execute("PRAGMA disable_checkpoint_on_shutdown; SET fsync_mode = 'NONE'")
        store.con.execute("SET threads = 1")  # for a few lines a second thread only costs
        if not planned:
            store.con.execute("PRAGMA disable_optimizer")
        yield store


@contextmanager
def copied_for_example(empty: Path) -> Iterator[tuple[Store, Path]]:
    """The same for one of many examples of a test, in a folder of its own for files, which it gives as well."""
    with TemporaryDirectory() as name, copied(empty, Path(name)) as store:
        yield store, Path(name)
