"""`harmonize quality`: whether a store or a published file is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import AnyDb, Memory, Wait
from harmonize.cli.stores import opened


def quality(
    db: AnyDb,
    format: Annotated[
        Literal["text", "json"],
        typer.Option("--format", help="json: the result file of OHDSI's Data Quality Dashboard."),
    ] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Check a store or a published file: as OHDSI's Data Quality Dashboard does, and for what it cannot see.

    Exit code 1: checks failed.
    """
    from harmonize.engine.files import replacing
    from harmonize.quality.quality import quality as run
    from harmonize.quality.written import written

    with opened(db, read_only=True, wait=wait, memory=memory) as store, console.progress("quality") as progress:
        result = run(store.con, is_published=store.is_published, progress=progress)
    if output is None:
        if format == "text":
            for line in result.summary_lines():
                console.echo(line)
        else:
            console.write(written(result, format))
    else:
        with replacing(output) as partial:
            partial.write_text(written(result, format), encoding="utf-8")
        console.say(f"{len(result.results):,} checks, {len(result.failed):,} failed: see {output}")
    if not result.ok:
        raise typer.Exit(1)
