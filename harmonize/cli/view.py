"""harmonize mapping view: ViewDefinitions of SQL on FHIR on any FHIR delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli.console import print_found, print_json, print_rows, progress, say
from harmonize.cli.options import Json, Memory

app = typer.Typer(
    no_args_is_help=True, help="SQL on FHIR ViewDefinitions: list the shipped ones, run any on a FHIR delivery."
)


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the shipped views, which flatten FHIR for the mapping to the hub."""
    from harmonize.mapping.views.shipped import shipped_views

    rows = [
        {"view": view.name, "resource": resource, "columns": len(view.columns()), "description": view.description}
        for resource, views in sorted(shipped_views().items())
        for view in views
    ]
    print_found(rows, as_json, "No view is shipped.")


@app.command("run")
def run_command(
    view: Annotated[
        Path, typer.Argument(metavar="VIEW", help="The file of a ViewDefinition, or a shipped view's name.")
    ],
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


@app.command("unread")
def unread_command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="NDJSON, Bundles, resources, folders, zips.")],
    as_json: Json = False,
    memory: Memory = None,
) -> None:
    """List the elements of a delivery that no shipped view reads, and how many resources have each."""
    from harmonize.export.unread import unread

    with progress("unread") as report:
        rows = unread(paths, memory=memory, progress=report)
    if as_json:
        print_json(rows)
    else:
        print_rows([{**row, "path": row["path"] or "(the whole type)"} for row in rows], "Every element is read.")
