"""`harmonize profile`: what the columns of unknown files hold, before anybody maps them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import Memory

HeaderRows = Annotated[
    str | None,
    typer.Option("--header-rows", help="On which rows the header stands, e.g. 3 or 1-2 (default: it is guessed)."),
]
Meanings = Annotated[
    list[str] | None,
    typer.Option("--meaning", help="What a column is, where the guess is wrong: 'Chart=patient'; 'Ht=' is nothing."),
]


def profile(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, zip or gz.")],
    format: Annotated[
        Literal["table", "json", "html", "white_rabbit"], typer.Option("--format", help="How it is written.")
    ] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    header_rows: HeaderRows = None,
    meanings: Meanings = None,
    least: Annotated[int, typer.Option("--min-count", min=1, help="List values of at least so many cells.")] = 5,
    most: Annotated[int, typer.Option("--max-values", min=1, help="List at most so many values a column.")] = 50,
    memory: Memory = None,
) -> None:
    """Profile tables: kinds, ranges, frequent values, likely keys, links, units and dates.

    Values that may tell who somebody is are masked, and so are those of few cells.
    """
    from harmonize.engine.errors import InputError
    from harmonize.engine.files import replacing
    from harmonize.intake.table.header import parse_header_rows
    from harmonize.onboarding.meaning import said_meanings
    from harmonize.onboarding.report import page, text
    from harmonize.onboarding.scan import scan

    if format == "white_rabbit" and output is None:
        raise InputError("A scan report is a workbook.", "Name it: -o ScanReport.xlsx")
    rows = parse_header_rows(header_rows) if header_rows else None
    with (
        console.progress("profile") as progress,
        scan(
            paths,
            header_rows=rows,
            meanings=said_meanings(meanings or []),
            least=least,
            most=most,
            memory=memory,
            progress=progress,
        ) as found,
    ):
        if format == "json" and output is None:
            console.print_json(found.to_json())
        elif output is None:
            for part in page(found) if format == "html" else text(found):
                console.write(part) if format == "html" else console.echo(part, end="")
        else:
            with replacing(output) as partial:
                if format == "white_rabbit":
                    from harmonize.onboarding.white_rabbit import write_white_rabbit

                    write_white_rabbit(found, partial)
                elif format == "json":
                    import orjson

                    partial.write_bytes(orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2))
                else:
                    partial.write_text("".join(page(found) if format == "html" else text(found)), encoding="utf-8")
            console.say(f"{len(found.files)} tables profiled: see {output}")
