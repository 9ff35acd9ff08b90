"""`harmonize quality`: whether a store or a published file is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import AnyDb, Internal, Memory, Wait, Who


def quality(
    db: AnyDb,
    format: Annotated[
        Literal["text", "json", "html"],
        typer.Option("--format", help="json: the result file of OHDSI's Data Quality Dashboard; html: with pictures."),
    ] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    site: Annotated[
        str | None, typer.Option("--site", help="Only what is asked by site, of this project; html: its report card.")
    ] = None,
    internal: Internal = False,
    who: Who = None,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Check a store or a published file: as OHDSI's Data Quality Dashboard does, and for what it cannot see.

    Exit code 1: checks failed.
    """
    from harmonize.engine.files import replacing
    from harmonize.quality.quality import document
    from harmonize.quality.quality import quality as run
    from harmonize.release.leaving import opened_for
    from harmonize.release.reading import Reading

    with opened_for(db, Reading("quality", internal, who, wait, memory, console.say)) as store:
        with console.progress("quality") as progress:
            result = run(store, site=site, progress=progress)
        text = document(store, result, format, site)
    if output is None and format == "text":
        console.echo(text, end="")
    elif output is None:
        console.write(text)
    else:
        with replacing(output) as partial:
            partial.write_text(text, encoding="utf-8")
        console.say(f"{len(result.results):,} checks, {len(result.failed):,} failed: see {output}")
    if not result.ok:
        raise typer.Exit(1)
