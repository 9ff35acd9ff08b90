"""A database of a command's own that is thrown away when the command ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import duckdb

from harmonize.engine.memory import duckdb_limit
from harmonize.engine.work_folder import work_folder

if TYPE_CHECKING:
    from contextlib import ExitStack

    from duckdb import DuckDBPyConnection


@dataclass
class OnScratch:
    """A result whose rows are in a database that is thrown away with it; a context manager."""

    con: DuckDBPyConnection
    stack: ExitStack

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()


def scratch_database(stack: ExitStack, memory: str | None) -> DuckDBPyConnection:
    """A connection to a new database, within `memory` (see engine.memory); the stack removes both.

    It is one in memory that DuckDB spills to disk where memory does not suffice: a file would be compressed, which
    costs half of the time of staging.
    """
    folder = stack.enter_context(work_folder("scratch"))
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": duckdb_limit(memory),
        "temp_directory": str(folder),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    return stack.enter_context(duckdb.connect(":memory:", config=config))
