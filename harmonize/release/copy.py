"""A copy of a store without what is held back: the store as it would be, had that never been loaded.

Submissions under embargo or rejected are withdrawn in the copy, sequestered persons are taken out, and so is whatever
tells of them; rows of others keep their ids. The copy is then written anew, so that no block of the file holds what was
taken out, and is kept beside the store (DB.open, read by its owner alone) until the store changes; the commit of a
change removes it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.audit.held import held_submissions, open_copy_path, sequestered_persons
from harmonize.audit.log import has_table
from harmonize.engine.files import replacing
from harmonize.engine.open_files import copy_open
from harmonize.engine.paths import root, sql
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import connect, open_store
from harmonize.engine.work_folder import work_folder
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.acts.withdraw_person import take_cases_out
from harmonize.pipeline.store_schema import drop_views, renew_views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

Choose = Callable[["DuckDBPyConnection"], tuple[list[int], list[tuple[str, str]]]]
"""What of a store is left out of a copy: submissions, and cases as project and key."""
_NEW = "written_anew"
_MAKING = threading.Lock()
"""Of the threads of a service one makes the copy, and the others wait for it."""


def current_copy(store: Path, *, wait: float = 10.0, memory: str | None = None) -> Path:
    """The kept copy of a store, made anew where the store has changed since; waits as any reader for its lock."""
    with open_store(store, read_only=True, wait=wait, memory=memory) as opened:
        return copy_of(opened, memory=memory)


def copy_of(store: Store, *, memory: str | None = None) -> Path:
    """The same for a store that is open here, outside of a transaction."""
    if not store.read_only:
        store.con.execute("CHECKPOINT")
    copy = open_copy_path(store.path)
    with _MAKING:
        if not is_current(store.path, copy):
            _make(store, copy, memory)
    return copy


def _make(store: Store, copy: Path, memory: str | None) -> None:
    changed = _changed(store.path)
    with replacing(copy) as partial:
        write_copy(store.path, partial, lambda con: (held_submissions(con), sequestered_persons(con)), memory)
        os.utime(partial, ns=(changed, changed))


def write_copy(store: Path, target: Path, choose: Choose, memory: str | None) -> None:
    """Write a copy of the store without the submissions and cases that `choose` names; nobody writes to the store
    meanwhile."""
    with work_folder("open") as folder:
        whole = folder / "store.duckdb"
        copy_open(store, whole)
        log = _log(store)
        if log.exists():
            copy_open(log, _log(whole))
        _take_out(whole, choose, memory)
        with for_the_owner_alone():
            _write_anew(whole, target, folder, memory)


@contextmanager
def for_the_owner_alone() -> Iterator[None]:
    """Files that are made in the block are read by their owner alone from the first moment; DuckDB asks for no mode."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def is_current(store: Path, copy: Path) -> bool:
    """Whether the store has not changed since the copy was made: the copy bears its time of change."""
    return copy.exists() and copy.stat().st_mtime_ns == _changed(store)


def keep_current(store: Path) -> None:
    """Say that the kept copy is still that of the store, which has changed in its audit log alone."""
    changed = _changed(store)
    os.utime(open_copy_path(store), ns=(changed, changed))


def _changed(store: Path) -> int:
    """When the file or its write-ahead log was changed last."""
    return max(path.stat().st_mtime_ns for path in (store, _log(store)) if path.exists())


def _log(store: Path) -> Path:
    return store.with_name(store.name + ".wal")


def _take_out(path: Path, choose: Choose, memory: str | None) -> None:
    """Take what is held back out of a copy."""
    with open_store(path, memory=memory) as copy:
        con = copy.con
        held, cases = choose(con)
        for submission in held:
            withdraw(copy, submission)
        if cases:
            take_cases_out(copy, cases)
        with copy.transaction():
            _forget(con, held)


def _forget(con: DuckDBPyConnection, held: list[int]) -> None:
    """Remove what tells of the submissions and cases beside the rows of omop and midrc."""
    con.execute(sql("release/left_out_submission"), {"held": held})
    for path in sorted((root("sql") / "release" / "forget").iterdir()):
        con.execute(path.read_text(encoding="utf-8"))
    if has_table(con, "sequestration"):
        con.execute("DELETE FROM harmonize.sequestration")


def _write_anew(whole: Path, target: Path, folder: Path, memory: str | None) -> None:
    """Write the rows of a store into a new file, which has no room that once held others. Views are made again there:
    the order in which they read each other is known here alone."""
    with open_store(whole, memory=memory) as copy, copy.transaction() as con:
        drop_views(con)
    with closing(connect(whole, read_only=True, wait=0, spill=folder / "spill", memory=memory)) as con:
        home = (con.execute("SELECT current_database()").fetchone() or ("",))[0]
        con.execute(f"ATTACH {literal(str(target))} AS {_NEW} (READ_WRITE)")
        con.execute(f"COPY FROM DATABASE {quote(home)} TO {_NEW}")
        con.execute(f"USE {_NEW}")
        renew_views(con)
        con.execute(f"USE {quote(home)}")
        con.execute(f"CHECKPOINT {_NEW}")
        con.execute(f"DETACH {_NEW}")
