"""The process behind the door: runs one statement of `harmonize.export.door` and sends its answer in frames.

It imports only what this takes; a query waits for it.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

import duckdb

from harmonize.audit.held import refuse_held
from harmonize.engine.errors import HarmonizeError, HeldError, InputError, InternalError, nearest
from harmonize.engine.interrupt import time_limit
from harmonize.engine.memory import budget, machine_memory
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import to_reload
from harmonize.engine.translate import first_line, translate
from harmonize.export.frames import DATA, DONE, FAILED, FRAME, OPENED, Fetched, Limits, Values, says_nothing, stopped
from harmonize.export.rows import WRITERS, Batches, write_table
from harmonize.export.sandbox import checked, open_sandbox

_BATCH = 10_000
_MOST_OF_THE_MACHINE = 0.9  # without --memory, twice the budget would be more than there is
_SMALLEST, _LARGEST = 1 << 16, 1 << 20  # bytes of a frame, but for the last
_DEEPEST = 5000  # levels of a parsed statement: DuckDB's own limit of 1,000 terms, with what JSON adds
# A table of two stored columns, as a store has it.
_SAYS_WHAT_TO_RELOAD = """
SELECT 1 FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, schema_name, table_name)
WHERE database_name = current_database() AND schema_name = 'harmonize' AND table_name = 'needs_reload'
AND column_name IN ('project_id', 'reason') AND column_default IS NULL
HAVING count(*) = 2
"""
_WITH_ZONE = "TIMESTAMP WITH TIME ZONE"
# DuckDB shows the place of a mistake as `LINE 2: the text` above a line with carets.
_PLACE = re.compile(r"^LINE (?P<line>\d+): (?P<text>.*)\n(?P<pad> *)\^", re.MULTILINE)
_UNKNOWN_TABLE = re.compile(r'Table with name "?(?P<name>[^"]+?)"? does not exist')
_UNKNOWN_COLUMN = re.compile(r'(?:column|Column) (?:with name )?"?(?P<name>[^" ]+)"? ')
_CANDIDATES = re.compile(r"Candidate bindings: (?P<names>.*)")


class _Frames(io.RawIOBase):
    """What is written goes into frames of data."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data[:_LARGEST])
        self.send(DATA, piece)
        return len(piece)

    def send(self, kind: bytes, body: bytes = b"") -> None:
        self._pipe.write(FRAME.pack(kind, len(body)) + body)
        self._pipe.flush()


def main() -> None:
    """Do the job that comes as one line on stdin, answer on stdout, and end with stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to handle
    frames = _Frames(os.fdopen(os.dup(1), "wb"))
    sys.setrecursionlimit(_DEEPEST)
    os.dup2(2, 1)  # what a library prints is no answer
    job = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_caller, args=(job["spill"],), daemon=True).start()
    try:
        outcome = _answer(job, frames)
        frames.send(DONE, json.dumps(vars(outcome)).encode())
    except Exception as problem:  # noqa: BLE001 - the caller raises it
        frames.send(FAILED, json.dumps(_failure(problem)).encode())
    os._exit(0)  # the file was only read; closing it in order would only cost


def _end_with_caller(spill: str) -> None:
    """A caller that was killed leaves no process and no spilled rows."""
    os.read(0, 1)
    shutil.rmtree(spill, ignore_errors=True)
    os._exit(1)


def _failure(problem: Exception) -> dict[str, Any]:
    known = translate(problem) or InternalError(f"{type(problem).__name__}: {first_line(problem)}")
    trace, held = _trace(problem) if isinstance(known, InternalError) else "", isinstance(known, HeldError)
    return {"code": known.exit_code, "message": known.message, "hint": known.hint, "trace": trace, "held": held}


def _trace(problem: Exception) -> str:
    import traceback  # a query that succeeds need not wait for it

    return "".join(traceback.format_exception(problem))


def _answer(job: dict[str, Any], frames: _Frames) -> Fetched:
    limits = Limits(**job["limits"])
    target = Path(job["into"]) if job["format"] == "parquet" else None
    bound: Values | None = job["parameters"] or None
    con = open_sandbox(
        Path(job["path"]),
        wait=job["wait"],
        spill=Path(job["spill"]),
        memory=limits.memory,
        threads=limits.threads,
        output=target,
    )
    if not job["internal"]:
        refuse_held(con)
    _bound_address_space(int(min(2 * budget(limits.memory), _MOST_OF_THE_MACHINE * machine_memory())))
    frames.send(OPENED, json.dumps(_notes(con)).encode())
    if target is not None:
        return run(con, job["sql"], limits, lambda text: _write_parquet(con, text, limits.rows, target, bound))
    with io.TextIOWrapper(io.BufferedWriter(frames, _SMALLEST), encoding="utf-8", newline="") as out:
        write = partial(write_table, longest=job["longest"]) if job["format"] == "table" else WRITERS[job["format"]]
        return run(con, job["sql"], limits, lambda text: write_rows(con, text, limits.rows, partial(write, out), bound))


def _notes(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What other commands say when they open a store. A file of others need not be one, nor its views be trusted."""
    return to_reload(con) if con.execute(_SAYS_WHAT_TO_RELOAD).fetchone() is not None else []


def run(con: duckdb.DuckDBPyConnection, sql: str, limits: Limits, write: Callable[[str], Fetched]) -> Fetched:
    """What `write` makes of the checked statement, within its time. Raises InputError and StoreError as the door."""
    with time_limit(con, limits.seconds) as expired:
        try:
            return write(checked(con, sql))
        except (duckdb.Error, RuntimeError, MemoryError) as problem:
            if expired.is_set():
                raise stopped(limits.seconds) from problem
            raise translate(problem) or _wrong_sql(con, problem) from problem


def _bound_address_space(more: int) -> None:
    """Let this process map `more` bytes than it has mapped now, and leave no image of its memory where it crashes.

    After the opening, because DuckDB's threads map much that they never use. Systems without /proc have no such limit.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(FileNotFoundError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def write_rows(
    con: duckdb.DuckDBPyConnection,
    text: str,
    limit: int | None,
    write: Callable[[Sequence[str], Batches], None],
    bound: Values | None = None,
) -> Fetched:
    con.execute(_zones_as_text(con, text, bound), bound)
    names = [column[0] for column in con.description or ()]
    written, is_empty = 0, True

    def batches() -> Batches:
        nonlocal written, is_empty
        while batch := con.fetchmany(_BATCH if limit is None else min(_BATCH, limit - written)):
            written += len(batch)
            is_empty = is_empty and written == len(batch) and says_nothing(batch)
            yield batch

    write(names, batches())
    return Fetched(written, written == limit and con.fetchone() is not None, is_empty)


def _write_parquet(
    con: duckdb.DuckDBPyConnection, text: str, limit: int | None, target: Path, bound: Values | None
) -> Fetched:
    clause = "" if limit is None else f"LIMIT {limit}"
    con.execute(f"COPY (FROM (\n{text}\n) {clause}) TO {literal(str(target))} (FORMAT parquet)", bound)
    (rows,) = con.fetchone() or (0,)
    if rows != limit:
        return Fetched(rows, False, rows == 0)
    con.execute(f"FROM (\n{text}\n) LIMIT 1 OFFSET {limit}", bound)
    return Fetched(rows, con.fetchone() is not None)


def _zones_as_text(con: duckdb.DuckDBPyConnection, text: str, bound: Values | None) -> str:
    """The statement with its timestamps with time zone as text: without pytz duckdb cannot hand them over."""
    try:
        relation = con.sql(text, params=bound)
    except duckdb.Error:
        con.execute(text, bound)  # says the same and, unlike sql(), where the mistake is
        raise
    columns = zip(relation.columns, relation.types, strict=True) if relation is not None else ()
    zoned = [quote(name) for name, kind in columns if str(kind) == _WITH_ZONE]
    if not zoned:
        return text
    casts = ", ".join(f"{name}::VARCHAR AS {name}" for name in zoned)
    return f"SELECT * REPLACE ({casts}) FROM (\n{text}\n)"


def _wrong_sql(con: duckdb.DuckDBPyConnection, problem: BaseException) -> HarmonizeError:
    """The user's mistake in one sentence with its place, and the nearest right name as the hint."""
    text = str(problem)
    place = _PLACE.search(text)
    where = ""
    if place is not None:
        column = len(place["pad"]) - len(f"LINE {place['line']}: ") + 1
        cut = place["text"].startswith("...")  # of a long line DuckDB shows a part
        where = f" (line {place['line']})" if cut else f" (line {place['line']}, column {column})"
    return InputError(f"Wrong SQL: {first_line(problem).rstrip('.!')}{where}.", _nearest_name(con, text))


def _nearest_name(con: duckdb.DuckDBPyConnection, text: str) -> str | None:
    table = _UNKNOWN_TABLE.search(text)
    if table is not None:
        rows = con.execute(
            "SELECT table_name, schema_name || '.' || table_name FROM duckdb_tables() UNION ALL "
            "SELECT view_name, schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        full = dict(reversed(rows)) | {path: path for _, path in rows}
        near = nearest(table["name"], full)
        return f"Did you mean {full[near]}?" if near else "List the tables with: SHOW ALL TABLES"
    column, candidates = _UNKNOWN_COLUMN.search(text), _CANDIDATES.search(text)
    if column is not None and candidates is not None:
        names = re.findall(r'"([^"]+)"', candidates["names"])
        near = nearest(column["name"], names) or (names[0] if names else None)
        return f"Did you mean {near}?" if near else None
    return None


if __name__ == "__main__":
    main()
