"""The DuckDB store: opening, waiting for its lock, settings, transactions. One writer at a time."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from harmonize.engine.dataset import views_of
from harmonize.engine.errors import HarmonizeError, InputError, StoreError
from harmonize.engine.files import partial_file, place
from harmonize.engine.interrupt import interruptible
from harmonize.engine.memory import duckdb_limit
from harmonize.engine.open_files import MARK, MARK_AT, is_open_database
from harmonize.engine.paths import sql
from harmonize.engine.template import keep_template, take_template
from harmonize.engine.text_file import check_regular
from harmonize.engine.translate import DAMAGED, first_line, translate
from harmonize.engine.work_folder import make_work_folder

Config = dict[str, str | bool | int | float | list[str]]
Initialise = Callable[[duckdb.DuckDBPyConnection], None]
"""What makes the tables of a new store; it commits nothing."""

STORE_VERSION = 5
OLDEST_VERSION = 3
"""Of this version and later ones a store is brought up to date; an older one is refused."""
SCHEMAS = frozenset({"omop", "midrc", "linked", "harmonize", "archive", "stage", "fhir_staging"})
_POLL_SECONDS = 0.1
_LOCK = "Could not set lock"
_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


class Store:
    """An open store: `con` is the DuckDB connection, `path` the file; a context manager.

    A file that this opening created disappears again when the block fails before its first transaction is
    committed (staging apart): a failed first load leaves nothing behind.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool, spill: Path, new: bool) -> None:
        self.con = con
        self.path = path
        self.read_only = read_only
        self.is_published = False
        self.checkpoints = True
        """Whether closing writes what was committed from the write-ahead log into the file."""
        self.after_commit: Callable[[Store], None] | None = None
        """Called after each commit, outside of a transaction: what is kept beside the store is brought in step."""
        self.notes: list[str] = []
        """Sentences for whoever opens the store: what its opening did, what is to be loaded again."""
        self._spill = spill
        self.is_new = new
        """Whether the file is to disappear again where the block fails."""
        self._stack = ExitStack()
        self._stack.enter_context(interruptible(con))

    @contextmanager
    def transaction(self, *, staging: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """BEGIN ... COMMIT; ROLLBACK on any exception, Ctrl-C included.

        `staging=True` marks a commit that holds only staged input: it does not make a new file worth keeping.
        """
        self.con.execute("BEGIN TRANSACTION")
        try:
            yield self.con
            self.con.execute("COMMIT")
        except BaseException as problem:
            try:
                self.con.execute("ROLLBACK")
            except duckdb.Error as second:  # e.g. a failed COMMIT has rolled back already
                problem.add_note(f"ROLLBACK: {first_line(second)}")
            raise
        if not staging:
            self.is_new = False
            if self.after_commit is not None:
                self.after_commit(self)

    def require_records(self) -> None:
        """Raise InputError where this is a published file, which holds no records and no lineage."""
        if self.is_published:
            raise InputError(
                f"{self.path} is a published file, which holds no source records.",
                "Ask the store that it was published from.",
            )

    def close(self, *, failed: bool = False) -> None:
        """Close the file and remove its spill folder; with `failed`, remove a new file too.

        Raises StoreError where what was committed cannot be written from the write-ahead log into the file.
        """
        self._stack.close()
        problem = None if failed or self.read_only or not self.checkpoints else self._checkpoint()
        self.con.close()
        if self._spill.exists():
            shutil.rmtree(self._spill)
        if failed and self.is_new:
            _remove(self.path)
        if problem is not None:
            raise StoreError(
                f"All is committed, but it could not be written into {self.path}: {first_line(problem)}",
                f"It waits in {self.path.name}.wal beside it: keep both, make room, and use the store again.",
            ) from problem

    def _checkpoint(self) -> duckdb.Error | None:
        try:
            self.con.execute("CHECKPOINT")
        except (duckdb.TransactionException, duckdb.ConnectionException):  # still read, or closed: closing does it
            return None
        except duckdb.Error as problem:
            return problem
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(failed=problem is not None)


Upgrade = Callable[[Store, int], None]
"""What brings an opened store of the given version up to this one, and its views up to those of this release."""


def open_store(
    path: str | Path,
    *,
    create: bool = False,
    read_only: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
    initialise: Initialise | None = None,
    made_from: Callable[[], str] | None = None,
    upgrade: Upgrade | None = None,
) -> Store:
    """Open the store `path`; with `create`, make it where it is missing and run `initialise` in it.

    `wait` is the number of seconds to wait for another process; `memory` the promise for peak memory (`2GB`;
    default 60 % of the machine's), of which DuckDB gets 65 %. `made_from` gives a digest of what
    `initialise` makes a store from: a new one is a copy of another of the same digest (engine.template). What is opened
    for writing is handed to `upgrade`; without that, a store of an older version is refused.
    Raises InputError (missing, no store, of a version that is not read) and StoreError (locked, not writable, full).
    """
    path, found = views_of(Path(path))
    if found and not read_only:
        raise InputError(
            f"{path.parent.parent} is a dataset in shards, which this does not change.", "See docs/scaling.md."
        )
    new = _is_missing(path, create and not read_only)
    if not new:
        check_regular(path)  # DuckDB would wait for a pipe
    if new and (read_only or not create):
        raise InputError(f"{path} does not exist.", f"Make a store with: harmonize vocabulary load DIR --db {path}")
    if new:
        check_name(path)
        if not path.parent.is_dir():
            raise InputError(f"The folder {path.parent} does not exist.", f"Make it with: mkdir -p {path.parent}")
    # A reader may not be allowed to write beside the file, and readers are many: each spills on its own.
    spill = make_work_folder("spill") if read_only else path.with_name(path.name + ".tmp")
    with _told():
        try:
            is_ours = new and _make(path, memory, initialise, made_from() if made_from else None)
            con = connect(path, read_only=read_only, wait=wait, spill=spill, memory=memory, extra=found)
            if not read_only:  # this process has the lock: what lies there is of one that was killed
                shutil.rmtree(spill, ignore_errors=True)
        except BaseException:
            if read_only:
                spill.rmdir()
            raise
        store = Store(con, path, read_only=read_only, spill=spill, new=is_ours)
        try:
            if create and not read_only and _holds_nothing(con):  # a process was killed while it made the file
                store.is_new = True
                _initialise(con, initialise)
            _take_up(store, upgrade)
        except BaseException:
            store.close(failed=True)
            raise
    return store


@contextmanager
def _told() -> Iterator[None]:
    """Raise what the block raises as errors of the command line contract, where it is one."""
    try:
        yield
    except BaseException as problem:
        known = translate(problem)
        if known is None or known is problem:
            raise
        raise known from problem


def _is_missing(path: Path, remove_empty: bool) -> bool:
    """Whether there is no file; one of no bytes, which a process that was killed left, is removed first."""
    if remove_empty and path.is_file() and path.stat().st_size == 0:
        _remove(path)
    return not path.exists()


def _make(path: Path, memory: str | None, initialise: Initialise | None, made_from: str | None) -> bool:
    """Make a store under another name and give it its own when it is whole, so that a process that is killed leaves no
    half of one. False where another process was quicker, whose store stays."""
    with partial_file(path) as partial:
        if made_from is not None and take_template(made_from, partial):
            return place(partial, path)
        con = connect(partial, read_only=False, wait=0, spill=partial.with_name(partial.name + ".tmp"), memory=memory)
        with closing(con):
            _initialise(con, initialise)
        if made_from is not None:
            keep_template(made_from, partial)
        return place(partial, path)


def _holds_nothing(con: duckdb.DuckDBPyConnection) -> bool:
    found = "SELECT 1 FROM duckdb_tables() UNION ALL SELECT 1 FROM duckdb_views() WHERE NOT internal LIMIT 1"
    return con.execute(found).fetchone() is None


def check_name(path: Path) -> None:
    """Refuse a file name that DuckDB could not tell from a schema inside: it names a database after its file."""
    if path.stem.lower() in SCHEMAS:
        raise InputError(
            f"{path} would be named like its own schema {path.stem.lower()}; queries could not tell them apart.",
            f"Give it another name, such as {path.with_name(path.stem + '_store' + path.suffix)}.",
        )


def connect(
    path: Path,
    *,
    read_only: bool,
    wait: float,
    spill: Path,
    memory: str | None = None,
    extra: Config | None = None,
) -> duckdb.DuckDBPyConnection:
    """A connection to any DuckDB file with our settings (`extra` adds to them); waits for its lock.

    The path is made whole: no name (`:memory:`, `md:x`) is anything else than that of a file. Never loads or installs
    an extension; answers in UTC. Raises InputError and StoreError as `open_store`.
    """
    config: Config = {
        "memory_limit": duckdb_limit(memory),
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        **(extra or {}),
    }
    _check_kind(path)
    until = time.monotonic() + wait
    while True:
        try:
            con = duckdb.connect(str(path.absolute()), read_only=read_only, config=config)
            break
        except duckdb.Error as problem:
            if _LOCK in str(problem) and time.monotonic() < until:
                time.sleep(_POLL_SECONDS)
                continue
            raise _cannot_open(path, problem, wait) from problem
    con.execute("SET TimeZone = 'UTC'")
    show_no_bar(con)
    return con


def show_no_bar(con: duckdb.DuckDBPyConnection) -> None:
    """No bar of DuckDB's own: it would go to stdout. A notebook without ipywidgets has none and refuses the setting."""
    try:
        con.execute("SET enable_progress_bar = false")
    except duckdb.InvalidInputException as problem:
        if "ipywidgets" not in str(problem):
            raise


def _check_kind(path: Path) -> None:
    """Refuse a file that DuckDB would open as something else than a database: of a CSV it makes a table in memory."""
    if path.exists() and not is_open_database(path):  # one that is open here is one, and keeps its lock
        with path.open("rb") as file:
            start = file.read(MARK_AT + len(MARK))
        if start and start[MARK_AT:] != MARK:
            raise _no_database(path)


def _no_database(path: Path) -> InputError:
    return InputError(f"{path} is not a DuckDB database.", "Give the file that `harmonize load` wrote.")


def _cannot_open(path: Path, problem: duckdb.Error, wait: float) -> HarmonizeError:
    text = str(problem)
    if _LOCK in text:
        holder = _HOLDER.search(text)
        who = f"process {holder['pid']} ({Path(holder['program']).name})" if holder else "another process"
        return StoreError(
            f"{path} is in use by {who}; waited {wait:g} s.",
            "Try again when it has ended, wait longer with --wait SECONDS, or read a published copy.",
        )
    if isinstance(problem, duckdb.ConnectionException):
        return StoreError(f"{path} is already open in this process.", "Close it first.")
    if (known := translate(problem)) is not None and any(sign in text for sign in DAMAGED):
        return StoreError(f"{path} is damaged: a part of it is not what was written.", known.hint)
    if "not a valid DuckDB database file" in text:
        return _no_database(path)
    if isinstance(problem, duckdb.SerializationException) or "version number" in text:
        return InputError(f"{path} was written by another version of DuckDB: {first_line(problem)}")
    return translate(problem) or StoreError(f"{path} cannot be opened: {first_line(problem)}")


def _initialise(con: duckdb.DuckDBPyConnection, initialise: Initialise | None) -> None:
    con.execute("BEGIN TRANSACTION")
    con.execute("CREATE SCHEMA IF NOT EXISTS harmonize")
    for table in ("store_version", "needs_reload"):  # what the opening itself reads
        con.execute(sql(f"store/tables/{table}"))
    con.execute("INSERT INTO harmonize.store_version VALUES (?, 'store', NULL)", [STORE_VERSION])
    if initialise is not None:
        initialise(con)
    con.execute("COMMIT")


def _take_up(store: Store, upgrade: Upgrade | None) -> None:
    """See that the file is one that this release reads or writes, bring it up to date, note what is to be told."""
    version, kind = _version(store)
    if version > STORE_VERSION:
        raise InputError(
            f"{store.path} is of store version {version}; this harmonize knows up to {STORE_VERSION}.",
            "Update with: pip install --upgrade midrc-harmonize",
        )
    store.is_published = kind == "published"
    if store.is_published:
        if not store.read_only:
            raise InputError(
                f"{store.path} is a published file, which is only read.",
                "Load into the store it was published from.",
            )
        return
    if version < OLDEST_VERSION:
        raise InputError(
            f"{store.path} is of store version {version}; this harmonize knows {OLDEST_VERSION} to {STORE_VERSION}.",
            "Load the files into a new store, or keep the harmonize that made this one.",
        )
    if upgrade is not None and not store.read_only:
        upgrade(store, version)
    elif version < STORE_VERSION:
        raise InputError(
            f"{store.path} is of store version {version}; this harmonize reads and writes version {STORE_VERSION}.",
            f"Bring it up to date, keeping a copy, with: harmonize migrate --db {store.path}",
        )
    store.notes += to_reload(store.con)


def _version(store: Store) -> tuple[int, str]:
    """Version and kind of the file, as harmonize.store_version says."""
    try:
        found = store.con.execute("SELECT version, kind FROM harmonize.store_version").fetchone()
    except duckdb.CatalogException:
        found = None
    if found is None:
        raise InputError(
            f"{store.path} is a DuckDB database, but not a store of harmonize.",
            "`harmonize query` reads any DuckDB file; other commands need a store.",
        )
    return found


def to_reload(con: duckdb.DuckDBPyConnection) -> list[str]:
    """A sentence for each project whose files are to be loaded again, with the reason."""
    rows = con.execute("SELECT project_id, reason FROM harmonize.needs_reload ORDER BY ALL").fetchall()
    return [f"Load the files of the project {project} again: {reason}" for project, reason in rows]


def _remove(path: Path) -> None:
    for name in (path, path.with_name(path.name + ".wal")):
        name.unlink(missing_ok=True)
