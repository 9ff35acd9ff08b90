"""`harmonize query`: SQL on a store or a published file, read-only and locked down."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import AnyDb, Internal, Memory, Wait, Who

if TYPE_CHECKING:
    from harmonize.export.frames import Fetched


def query(
    db: AnyDb,
    sql: Annotated[str | None, typer.Argument(metavar="SQL", help="One SELECT; - reads stdin.")] = None,
    file: Annotated[
        Path | None,
        typer.Option("-f", "--file", exists=True, dir_okay=False, help="Read the SQL from a file."),
    ] = None,
    format: Annotated[
        Literal["table", "csv", "json", "parquet"], typer.Option("--format", help="parquet needs -o.")
    ] = "table",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="Most rows (default: 10,000 in a table, else all)."),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Time limit.")] = 600.0,
    internal: Internal = False,
    who: Who = None,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Ask one SELECT (or WITH, FROM, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN).

    Nothing is changed, and no other file, network or setting can be reached. Where nothing is found and the file says
    why, that is said on stderr.
    """
    from harmonize.engine.errors import InputError
    from harmonize.engine.text_file import decoded, read_text
    from harmonize.export.frames import Limits
    from harmonize.export.query import query as run
    from harmonize.export.why_empty import why_empty
    from harmonize.release.answer import read_for
    from harmonize.release.reading import Reading

    if (sql is None) == (file is None):
        raise InputError("Give either the SQL or -f FILE.", 'harmonize query "SELECT count(*) FROM omop.person"')
    if file is not None:
        sql = read_text(file)
    elif sql == "-":
        sql = decoded(sys.stdin.buffer.read(), "stdin")
    text = sql or ""

    def ask(file: Path, inside: bool) -> tuple[Fetched, list[str]]:
        outcome = run(
            file, text, limit=limit, seconds=seconds, format=format, output=output, wait=wait, memory=memory,
            internal=inside, tell=console.say,
        )  # fmt: skip
        limits = Limits(None, seconds, memory)
        return outcome, why_empty(file, text, limits, wait, internal=inside) if outcome.is_empty else []

    reading = Reading("query", internal, who, wait, memory, console.say)
    outcome, why = read_for(db, reading, ask)
    if outcome.truncated:
        console.say(f"Only the first {outcome.rows:,} rows are shown; allow more with --limit.")
    for sentence in why:
        console.say(f"Warning: {sentence}")
