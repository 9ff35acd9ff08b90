"""`harmonize validate`: check a delivery before it is loaded; writes to no store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import Columns, Memory, SourceKind, Without

Format = Literal["text", "markdown", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome"]


def validate(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, zip or gz.")],
    source: SourceKind,
    mapping: Annotated[
        str | None,
        typer.Option("--mapping", help="A shipped mapping's name or a folder: its source schema has the rules."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="Output format of the findings.")] = "text",
    limit: Annotated[
        int, typer.Option("--max", min=0, help="At most so many findings (jsonl and csv always hold all).")
    ] = 10_000,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    project: Annotated[str | None, typer.Option("--project", help="The project the files are for.")] = None,
    db: Annotated[
        Path | None,
        typer.Option("--db", help="The store the files are for; it is only read, to compare with what is loaded."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="A YAML file with the site's own severities and switches.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Leave out findings that are listed in this file.")
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option("--write-baseline", help="Write all findings to this file, for --baseline of later runs."),
    ] = None,
    fixed: Annotated[
        Path | None,
        typer.Option("--fixed", help="Write a copy with case, blanks and synonyms corrected to this folder."),
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="FHIR: run fhir.resources on every resource, not only on those with errors.")
    ] = False,
    columns: Columns = None,
    without: Without = None,
    memory: Memory = None,
) -> None:
    """Check files against the rules of their source's schema, without loading them.

    Exit code 1: a load would quarantine a cell or a record; 2: it would refuse the delivery. Values that may identify
    a person are masked everywhere.
    """
    import sys

    from harmonize.engine.files import replacing
    from harmonize.engine.plain import document_out
    from harmonize.pipeline.foresee import foresee
    from harmonize.validation.site.apply import Site
    from harmonize.validation.site.config import read_config
    from harmonize.validation.validate import validate as run

    site = Site(read_config(config) if config else None, baseline, write_baseline, fixed)
    with console.progress("validate") as progress:
        checked = run(
            paths,
            source=source,
            mapping=mapping,
            db=db,
            project=project,
            site=site,
            pictures=format == "html",
            deep=deep,
            columns=columns,
            without=tuple(without or ()),
            memory=memory,
            foresee=foresee,
            progress=progress,
        )
    with checked as result:
        if format not in ("text", "markdown", "html"):  # these say it themselves
            for told in result.told:
                console.say(told)
        if output is None:
            summary = result.write(document_out(), format=format, limit=limit)
            sys.stdout.flush()
        else:
            with replacing(output) as partial, partial.open("wb") as stream:
                summary = result.write(stream, format=format, limit=limit)
            console.say(f"{summary.errors:,} errors and {summary.warnings:,} warnings: see {output}")
    code = checked.exit_code(summary)
    if code:
        raise typer.Exit(code)
