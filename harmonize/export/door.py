"""The door for SQL of others: one reading statement on a store or a published file, in a process of its own.

The command and every service go through `ask`. DuckDB's own limits do not hold for a function that allocates or
computes without pause (`repeat('x', 1e9)`); so a process that can be killed runs the statement, in an address space
that the system bounds (`harmonize.export.door_process`), and sends the answer back in frames.
"""

from __future__ import annotations

import json
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from harmonize.engine.dataset import is_dataset
from harmonize.engine.errors import HarmonizeError, HeldError, InputError, InternalError, StoreError
from harmonize.engine.process import start
from harmonize.engine.text_file import check_regular
from harmonize.engine.work_folder import work_folder
from harmonize.export.frames import DATA, DONE, FRAME, OPENED, Fetched, Limits, Values, stopped

if TYPE_CHECKING:
    import subprocess

Format = Literal["table", "csv", "json", "parquet"]
GRACE_SECONDS = 2.0
"""How long after its time the process may be at stopping by itself before it is killed."""
LONGEST_SECONDS = 366 * 24 * 3600.0
_ERRORS = {error.exit_code: error for error in (InputError, StoreError)}


class Answer:
    """The bytes of an answer (UTF-8), in pieces as they come; `outcome` is there when they have ended well.

    Reading them raises InputError for wrong or forbidden SQL and for a statement over its time, StoreError for a store
    that is locked, too little memory, and a process that ended before its answer did.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        seconds: float | None,
        wait: float,
        said: IO[bytes],
        tell: Callable[[str], None],
    ) -> None:
        self._process = process
        self._seconds = seconds
        self._said = said
        self._tell = tell
        self._outcome: Fetched | None = None
        self._expired = threading.Event()
        self._timer: threading.Timer | None = None
        self._kill_after(wait)

    def __iter__(self) -> Iterator[bytes]:
        for kind, body in self._frames():
            if kind == DATA:
                yield body
            elif kind == OPENED:
                self._kill_after(0)
                for note in json.loads(body):
                    self._tell(note)
            elif kind == DONE:
                self._outcome = Fetched(**json.loads(body))
                return
            else:
                raise _told(json.loads(body))
        raise self._ended()

    @property
    def pid(self) -> int:
        """The process that runs the statement."""
        return self._process.pid

    @property
    def outcome(self) -> Fetched:
        if self._outcome is None:
            raise InternalError("The answer of a query was not read to its end.")
        return self._outcome

    def give(self, job: dict[str, Any]) -> None:
        """Tell the process what to do. Its stdin stays open: when that ends, so does the process."""
        if self._process.stdin is None:
            raise InternalError("A process was started without its pipes.")
        with suppress(BrokenPipeError):  # it has ended, which the reading tells
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._timer is not None:
            self._timer.cancel()
        self._process.kill()
        self._process.communicate()

    def _frames(self) -> Iterator[tuple[bytes, bytes]]:
        if self._process.stdout is None:
            raise InternalError("A process was started without its pipes.")
        while len(head := self._process.stdout.read(FRAME.size)) == FRAME.size:
            kind, length = FRAME.unpack(head)
            body = self._process.stdout.read(length)
            if len(body) < length:
                return
            yield kind, body

    def _kill_after(self, wait: float) -> None:
        """Let the process end after `wait`, its time and the grace from now on, whatever it does then."""
        if self._timer is not None:
            self._timer.cancel()
        if self._seconds is not None:
            self._timer = threading.Timer(wait + self._seconds + GRACE_SECONDS, self._kill)
            self._timer.daemon = True
            self._timer.start()

    def _kill(self) -> None:
        self._expired.set()
        self._process.kill()

    def _ended(self) -> HarmonizeError:
        """Why there is no more of the answer, where the process did not say it."""
        code = self._process.wait()
        if self._expired.is_set():
            return stopped(self._seconds)
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").split()
        if code < 0 or "MemoryError" in lines:
            how = signal.Signals(-code).name if code < 0 else "MemoryError"
            return StoreError(
                f"The process of the query was ended by {how} before its answer was whole.",
                "Most often it had too little memory: give more with --memory, or ask for less at a time.",
            )
        return InternalError(f"The process of the query ended with code {code}: {' '.join(lines[-20:])}")


@contextmanager
def ask(
    path: Path,
    sql: str,
    *,
    format: Format,
    limits: Limits | None = None,
    wait: float = 10.0,
    into: Path | None = None,
    longest: int | None = None,
    bound: Values | None = None,
    internal: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Iterator[Answer]:
    """Run one reading statement on the file `path`, confined to it; the block reads the answer.

    `wait` is how many seconds a locked store is waited for. `into` is the file that Parquet is written to, the only one
    that the statement's process may write; such an answer has no bytes. Cells of a table longer than `longest` are cut.
    `bound` are the values of the statement's `$name`, all of them and no others. A store that holds what does not leave
    it is refused (HeldError) unless `internal` says that the answer stays inside.
    `tell` gets, before the first bytes, a sentence for each project of a store whose files are to be loaded again.
    When the block ends, however it ends, the process has ended and its files are gone.
    """
    limits = limits or Limits()
    _check_seconds(wait, "--wait")
    _check_seconds(limits.seconds or 0, "--seconds")
    if format == "parquet" and into is None:
        raise InputError("Parquet is written to a file only.", "Add -o FILE.")
    if not path.exists():
        raise InputError(f"{path} does not exist.", "Give the store or the published file with --db.")
    if not is_dataset(path):
        check_regular(path)
    with work_folder("query") as spill, tempfile.TemporaryFile() as said:
        process = start("harmonize.export.door_process", errors=said)
        answer = Answer(process, limits.seconds, wait, said, tell or (lambda _: None))
        try:
            answer.give(
                {
                    "path": str(path),
                    "sql": sql,
                    "parameters": bound or {},
                    "internal": internal,
                    "format": format,
                    "limits": asdict(limits),
                    "wait": wait,
                    "into": None if into is None else str(into),
                    "longest": longest,
                    "spill": str(spill),
                }
            )
            yield answer
        finally:
            answer.close()


def _check_seconds(seconds: float, option: str) -> None:
    if not 0 <= seconds <= LONGEST_SECONDS:  # nan is neither
        raise InputError(f"{option} {seconds:g} is no time that can be waited for.", "Give seconds, at most a year.")


def _told(failure: dict[str, Any]) -> HarmonizeError:
    if failure["held"]:
        return HeldError(failure["message"], failure["hint"])
    error = _ERRORS.get(failure["code"], InternalError)(failure["message"], failure["hint"])
    if failure["trace"]:
        error.add_note(failure["trace"])
    return error
