"""harmonize mapping view: ViewDefinitions of SQL on FHIR on any FHIR delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli.console import progress, say
from harmonize.cli.options import Memory

app = typer.Typer(no_args_is_help=True, help="SQL on FHIR ViewDefinitions: run one on a FHIR delivery.")


@app.command("run")
def run_command(
    view: Annotated[Path, typer.Argument(metavar="VIEW.json", help="A ViewDefinition of SQL on FHIR v2.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="NDJSON, Bundles, resources, folders, zips.")],
    format: Annotated[Literal["csv", "json", "parquet"], typer.Option("--format", help="parquet needs -o.")] = "csv",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
    memory: Memory = None,
) -> None:
    """Write the rows of a view, in the order of the files; a wrong view exits 2."""
    from harmonize.export.view import run_view

    with progress("view") as report:
        done = run_view(view, paths, format=format, output=output, memory=memory, progress=report)
    say(f"{done.rows:,} rows of {done.resources:,} resources.")
    if done.broken:
        say(f"{done.broken:,} records are no resources and were left out; harmonize validate says which.")
