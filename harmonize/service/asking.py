"""Statements and questions on the published file: all go through the door (`harmonize.export.door`), a process each."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import orjson

from harmonize.engine.errors import HarmonizeError, InputError
from harmonize.engine.work_folder import work_folder
from harmonize.export.ask_question import told_of, translated
from harmonize.export.door import Format, ask
from harmonize.export.frames import Limits, Values
from harmonize.export.questions import Question, question
from harmonize.export.why_empty import why_empty
from harmonize.service.problems import Problem
from harmonize.service.state import State

Download = Literal["csv", "json", "arrow", "parquet"]
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
}
_LONGEST_SQL = 100_000
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Asked:
    """What goes through the door: SQL with its values, or a question, which says more."""

    sql: str
    bound: Values | None = None
    question: Question | None = None
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """An answer to be shown: its columns, first rows, and what is to be known of them."""

    columns: list[str]
    rows: list[dict[str, Any]]
    truncated: bool
    notes: list[str]
    seconds: float


def asked_sql(sql: str) -> Asked:
    """A statement. Raises InputError for none, and for one of more characters than people write."""
    if not sql.strip():
        raise InputError("There is no statement.", "Write a SELECT.")
    if len(sql) > _LONGEST_SQL:
        raise InputError(f"A statement has at most {_LONGEST_SQL:,} characters.")
    return Asked(sql)


def asked_question(name: str, given: Mapping[str, str]) -> Asked:
    """A shipped question with its values. A reference is one of the shipped tables: no file of the machine."""
    found = question(name)
    for parameter in found.parameters:
        value = given.get(parameter.name)
        if parameter.type == "reference" and value and value not in references():
            raise InputError(f"{value} is no reference table.", "Give one of: " + ", ".join(references()))
    values = found.values(given)
    return Asked(found.sql, found.bound(values), found, values)


def references() -> list[str]:
    """The shipped reference tables."""
    from harmonize.engine.paths import root

    return sorted(file.stem for file in (root("sql") / "queries" / "reference").glob("*.tsv"))


def grid(state: State, asked: Asked, rows: int | None = None) -> Grid:
    """The first rows of an answer. Raises Problem and HarmonizeError."""
    settings = state.settings
    limits = Limits(rows or settings.shown_rows, settings.query_seconds, settings.query_memory)
    started = time.perf_counter()
    with _turn(state), _of_question(asked):
        file = _published(state)
        with ask(file, asked.sql, format="json", limits=limits, bound=asked.bound) as answer:
            found = orjson.loads(b"".join(answer) or b"[]")
            truncated = answer.outcome.truncated
        notes: list[str] = []
        lacks = Limits(None, settings.query_seconds, settings.query_memory)
        if asked.question is not None:
            notes = told_of(file, asked.question, asked.values, len(found), lacks, 10.0)
        elif not found:
            notes = why_empty(file, asked.sql, lacks, 10.0)
    columns = list(found[0]) if found else [name for name, _ in asked.question.columns] if asked.question else []
    return Grid(columns, found, truncated, notes, time.perf_counter() - started)


def download(state: State, asked: Asked, format: Download) -> Iterator[bytes]:
    """The answer as bytes of a format, up to the rows that may be downloaded. What is wrong is raised at the first
    piece."""
    with _turn(state), _of_question(asked):
        if format in ("arrow", "parquet"):
            yield from _columns(state, asked, format)
        else:
            pieces = _pieces(state, asked, "csv" if format == "csv" else "json")
            yield from guarded(pieces) if format == "csv" else pieces


def _of_question(asked: Asked) -> AbstractContextManager[None]:
    """What a question lacks in a file is for its release; who writes SQL is told of the name that is wrong."""
    return translated() if asked.question is not None else nullcontext()


def first_piece(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first of which is there already: what is wrong with a statement is known before the answer
    begins."""
    head = next(pieces, b"")

    def whole() -> Iterator[bytes]:
        yield head
        yield from pieces

    return whole()


def _limits(state: State) -> Limits:
    settings = state.settings
    return Limits(settings.download_rows, settings.query_seconds, settings.query_memory)


def _pieces(state: State, asked: Asked, format: Format) -> Iterator[bytes]:
    with ask(_published(state), asked.sql, format=format, limits=_limits(state), bound=asked.bound) as answer:
        yield from answer


def _columns(state: State, asked: Asked, format: Download) -> Iterator[bytes]:
    with work_folder("download") as spill:
        target = spill / "rows.parquet"
        with ask(
            _published(state), asked.sql, format="parquet", limits=_limits(state), bound=asked.bound, into=target
        ) as answer:
            for _ in answer:
                pass
        yield from _bytes(target) if format == "parquet" else _arrow(target)


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece


def _arrow(path: Path) -> Iterator[bytes]:
    """The stream format of Arrow, a batch at a time."""
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    with parquet.ParquetFile(path) as file, pa.ipc.new_stream(out, file.schema_arrow) as writer:
        for batch in file.iter_batches(batch_size=50_000):
            writer.write_batch(batch)
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


@contextmanager
def _turn(state: State) -> Iterator[None]:
    """So many statements run at once; the others wait, and not for ever."""
    if not state.queries.acquire(timeout=state.settings.query_wait_seconds):
        state.metrics.queries.labels("busy").inc()
        raise Problem(503, "Many questions are being answered now.", kind="busy", headers={"Retry-After": "10"})
    try:
        yield
        state.metrics.queries.labels("answered").inc()
    except HarmonizeError:
        state.metrics.queries.labels("refused").inc()
        raise
    finally:
        state.queries.release()


def _published(state: State) -> Path:
    path = state.settings.published
    if not path.is_file():
        raise Problem(503, "Nothing is published yet.", kind="empty", hint="A steward loads a submission first.")
    return path


def guarded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """CSV in which no text begins as a formula of a spreadsheet: an apostrophe stands before it. Numbers stay."""
    lines = io.TextIOWrapper(io.BufferedReader(_Stream(pieces)), encoding="utf-8", newline="")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number, row in enumerate(csv.reader(lines), 1):
        writer.writerow([_safe(cell) for cell in row])
        if number % 500 == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


class _Stream(io.RawIOBase):
    """Pieces of bytes as a file that is read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._rest = iter(pieces), b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As many bytes as there are of one piece."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
