"""`harmonize diff`: what differs between two stores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Json, Memory, Wait


def diff(
    a: Annotated[Path, typer.Argument(metavar="A", help="A store or a published file.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The one to compare it with.")],
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Table by table what differs between two stores: rows that only one has, rows that changed, and how.

    re-coded: another concept; re-dated; re-valued: another value, unit or text; moved: to another person. Exit code 1
    if any row differs.
    """
    from harmonize.export.diff import diff as compare

    found = compare(a, b, wait=wait, memory=memory)
    differing = [table for table in found if table.differs]
    if json:
        console.print_json([table.to_json() for table in found])
    else:
        rows = [
            {
                "table": table.table,
                "only in A": table.only_a,
                "only in B": table.only_b,
                "changed": table.changed,
                "re-coded": table.recoded,
                "re-dated": table.redated,
                "re-valued": table.revalued,
                "moved": table.moved,
                "otherwise": table.otherwise,
                "rows in A": table.rows_a,
                "rows in B": table.rows_b,
            }
            for table in differing
        ]
        console.print_rows(rows, f"No difference in {len(found)} tables.")
    if differing:
        raise typer.Exit(1)
