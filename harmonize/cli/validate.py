"""`harmonize validate`: check a delivery before it is loaded; writes to no store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import Memory

Source = Literal["ehr", "fhir", "cirr", "ricord", "gen3", "dicom", "idc"]
Format = Literal["text", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome"]


def validate(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, zip or gz.")],
    source: Annotated[Source, typer.Option("--source", help="The kind of the source.")],
    mapping: Annotated[
        str | None,
        typer.Option("--mapping", help="A shipped mapping's name or a folder: its source schema has the rules."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="How the findings are written.")] = "text",
    limit: Annotated[
        int, typer.Option("--max", min=0, help="At most so many findings (jsonl and csv always hold all).")
    ] = 10_000,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    project: Annotated[str | None, typer.Option("--project", help="The project it is meant for.")] = None,
    db: Annotated[
        Path | None, typer.Option("--db", help="The store it is meant for: it is read, to compare with what is loaded.")
    ] = None,
    memory: Memory = None,
) -> None:
    """Check files against the rules of their source's schema, without loading them.

    Exit code 1: there are findings of severity error. Values of columns marked phi are hidden everywhere.
    """
    import sys

    from harmonize.engine.files import replacing
    from harmonize.validation.validate import validate as run

    with console.progress("validate") as progress:
        checked = run(paths, source=source, mapping=mapping, db=db, project=project, memory=memory, progress=progress)
    with checked as result:
        if output is None:
            summary = result.write(sys.stdout.buffer, format=format, limit=limit)
            sys.stdout.buffer.flush()
        else:
            with replacing(output) as partial, partial.open("wb") as stream:
                summary = result.write(stream, format=format, limit=limit)
            console.say(f"{summary.errors:,} errors and {summary.warnings:,} warnings: see {output}")
    if summary.errors:
        raise typer.Exit(1)
