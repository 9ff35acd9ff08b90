"""One analyst's question to a store or a published file, asked through the door and written out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from harmonize.engine.files import replacing
from harmonize.engine.plain import document_out
from harmonize.export.door import Answer, Format, ask
from harmonize.export.frames import Fetched, Limits, Values

TABLE_LIMIT = 10_000
_LONGEST_CELL_ON_TERMINAL = 60


def query(
    path: Path,
    sql: str,
    *,
    limit: int | None = None,
    seconds: float | None = None,
    format: Format = "table",
    output: Path | None = None,
    wait: float = 10.0,
    memory: str | None = None,
    threads: int | None = None,
    bound: Values | None = None,
    internal: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Fetched:
    """Run one reading statement on the file `path` and write its rows to `output` (None: stdout).

    A table holds at most 10,000 rows unless `limit` says otherwise; the other formats stream all.
    `bound` are the values of its `$name`; `internal` is as `export.door.ask` says. `tell` gets what is to be known of
    the file before its rows, as that says.
    Raises as `export.door.Answer`; `output` is written whole or not at all.
    """
    limits = Limits(TABLE_LIMIT if limit is None and format == "table" else limit, seconds, memory, threads)
    if output is None:
        longest = _LONGEST_CELL_ON_TERMINAL if sys.stdout.isatty() else None
        with ask(
            path,
            sql,
            format=format,
            limits=limits,
            wait=wait,
            longest=longest,
            bound=bound,
            internal=internal,
            tell=tell,
        ) as answer:
            return _to_stdout(answer)
    with (
        replacing(output) as partial,
        ask(
            path, sql, format=format, limits=limits, wait=wait, into=partial, bound=bound, internal=internal, tell=tell
        ) as answer,
    ):
        return _to_file(answer, None if format == "parquet" else partial)


def _to_stdout(answer: Answer) -> Fetched:
    out = document_out()
    for piece in answer:
        out.write(piece)
    return answer.outcome


def _to_file(answer: Answer, target: Path | None) -> Fetched:
    """Write the answer to `target` (None: the process has written it); an answer without bytes makes an empty file."""
    with nullcontext() if target is None else target.open("wb") as out:
        for piece in answer:
            if out is not None:
                out.write(piece)
    return answer.outcome
