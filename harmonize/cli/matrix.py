"""harmonize mapping matrix: the dictionary against each consortium."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli.console import print_json, print_rows, say, write
from harmonize.cli.places import Reviews, StoreBeside, reading


class Form(StrEnum):
    """How the matrix is written."""

    table = "table"
    csv = "csv"
    html = "html"
    json = "json"


def matrix_command(
    names: Annotated[list[str] | None, typer.Argument(help="Consortia, such as n3c; without one all.")] = None,
    form: Annotated[Form, typer.Option("--format", help="table, csv, html or json.")] = Form.table,
    node: Annotated[str | None, typer.Option("--node", help="Only this node of the dictionary, such as case.")] = None,
    differs: Annotated[bool, typer.Option("--differs", help="Only where consortia name different concepts.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
    db: StoreBeside = None,
    reviews: Reviews = None,
) -> None:
    """Show each property and value of the MIDRC dictionary against each consortium: exact, close, ... or none."""
    from harmonize.engine.errors import InputError, did_you_mean
    from harmonize.engine.files import replacing
    from harmonize.review.crosswalk import consortia, crosswalk
    from harmonize.review.mappings import CROSSWALKS
    from harmonize.review.matrix import as_csv, as_records, counts, matrix
    from harmonize.review.matrix_page import dictionary_versions, matrix_page, sent_files

    walks, files = [], []
    for name in names or consortia():
        with reading(CROSSWALKS + name, reviews, db) as folder:
            walks.append(crosswalk(name, folder.parent))
            files += sent_files(walks[-1])
    lines = matrix(walks)
    nodes = {line.node for line in lines}
    if node is not None and node not in nodes:
        raise InputError(f"The dictionary has no node {node!r}.", did_you_mean(node, nodes))
    lines = [line for line in lines if node in (None, line.node) and (line.differs or not differs)]
    if form is Form.table or form is Form.json:
        if output is not None:
            raise InputError("A table or JSON goes to the terminal.", "Write a file with --format csv or html.")
        if form is Form.json:
            print_json({"counts": counts(lines), "rows": as_records(lines)})
            return
        short = [
            {
                "subject": line.subject,
                **{name: cell.match for name, cell in line.cells.items()},
                "differs": line.differs,
            }
            for line in lines
        ]
        print_rows(short, "Nothing fits.")
        print_rows(counts(lines))
        return
    titles = {walk.name: walk.title for walk in walks}
    if form is Form.csv:
        text = as_csv(lines)
    else:
        text = matrix_page(lines, titles, files, dictionary=dictionary_versions(walks))
    if output is None:
        write(text)
        return
    with replacing(output) as partial:
        partial.write_text(text, encoding="utf-8")
    say(f"{output}: {len(lines)} rows.")
