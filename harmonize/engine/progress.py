"""How far long work has come, in bytes of what was delivered: for the bar of a terminal.

A delivery is worked through several times (read, checked, mapped on trial). Each of these parts has a share of the work
of a byte. Within a part DuckDB tells how far its statement is, and code deep inside says what it has `reached`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SURE = 0.02
"""The part of the work from which on the time that is left can be told."""


def _database_error() -> type[Exception]:
    """DuckDB's error; `harmonize --help` does without DuckDB."""
    import duckdb

    return duckdb.Error


@dataclass
class Part:
    """One part of the work on some bytes: which share of it is done."""

    size: int
    share: float
    con: DuckDBPyConnection | None = None
    start: float = 0.0
    until: float = 1.0
    best: float = 0.0

    def fraction(self) -> float:
        """How much of the part is done, from 0 to 1; it never goes back."""
        told = -1.0
        if self.con is not None:
            with suppress(_database_error()):  # a connection that was closed meanwhile
                told = self.con.query_progress()
        within = min(max(told, 0.0), 100.0) / 100
        self.best = max(self.best, self.start + (self.until - self.start) * within)
        return self.best


_PART: ContextVar[Part | None] = ContextVar("part", default=None)


def reached(fraction: float, until: float = 1.0) -> None:
    """Say how much of the present part is done, and how much will be when what runs next is."""
    part = _PART.get()
    if part is not None:
        part.start = max(part.start, fraction)
        part.until = max(part.start, until)


@dataclass
class Meter:
    """What long work calls with its steps, and what a bar asks; `shown` says whether there is a bar.

    `shares` are the shares of work of each byte that are expected in all.
    """

    say: Callable[[str], None]
    shown: bool = False
    clock: Callable[[], float] = time.monotonic
    total: int = 0
    shares: float = 1.0
    done: float = 0.0
    began: float = 0.0
    parts: list[Part] = field(default_factory=list)

    def __call__(self, step: str) -> None:
        self.say(step)

    def expect(self, total: int, shares: float) -> None:
        """Begin to count: so many bytes are to be worked through."""
        self.total, self.shares, self.began, self.done = total, shares, self.clock(), 0.0

    @contextmanager
    def over(self, share: float, con: DuckDBPyConnection | None = None, size: int | None = None) -> Iterator[None]:
        """A part of the work on `size` bytes (all, if None), whose statements run on `con`."""
        if not self.shown or not self.total:
            yield
            return
        part = Part(self.total if size is None else size, share, con)
        if con is not None:
            _tell(con, "true")
        self.parts.append(part)
        token = _PART.set(part)
        try:
            yield
        finally:
            _PART.reset(token)
            self.parts.remove(part)
            self.done += part.size * share
            if con is not None:
                with suppress(_database_error()):
                    _tell(con, "false")

    def fraction(self) -> float:
        """How much of all work is done, from 0 to 1."""
        work = self.total * self.shares
        running = sum(part.size * part.share * part.fraction() for part in list(self.parts))
        return min(1.0, (self.done + running) / work) if work else 0.0

    def told(self) -> str:
        """Bytes, percent and time left, for people; nothing before it is known how much there is."""
        if not self.total:
            return ""
        fraction = self.fraction()
        text = f"{size_text(int(self.total * fraction))} of {size_text(self.total)}  {int(fraction * 100)} %"
        if fraction < _SURE:
            return text
        left = int((self.clock() - self.began) * (1 - fraction) / fraction)
        return f"{text}  {left // 60}:{left % 60:02} left"


def as_meter(progress: Callable[[str], None] | None) -> Meter:
    """What was given to be told of steps, as a meter; one without a bar where it is a plain function, or nothing."""
    return progress if isinstance(progress, Meter) else Meter(progress or (lambda _step: None))


def size_text(size: int) -> str:
    """Bytes for people: in thousands of thousands, as disks and mails count them."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size:,} B"


def _tell(con: DuckDBPyConnection, whether: str) -> None:
    """Let DuckDB know how far a statement is, without printing it."""
    con.execute(
        f"SET enable_progress_bar_print = false; SET enable_progress_bar = {whether}; SET progress_bar_time = 1"
    )
