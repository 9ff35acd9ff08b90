"""`harmonize ledger`, `lineage` and `unmapped`: where records went and where rows come from."""

from __future__ import annotations

from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Json, Wait
from harmonize.cli.stores import opened

Submission = Annotated[int | None, typer.Option("--submission", help="Only this submission.")]


def ledger(
    db: Db,
    submission: Submission = None,
    records: Annotated[bool, typer.Option("--records", help="One line a record instead of sums.")] = False,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """What became of every source record, per file."""
    from harmonize.pipeline.inspect import ledger as read

    with opened(db, read_only=True, wait=wait) as store:
        rows = read(store.con, submission=submission, records=records)
    console.print_json(rows) if json else console.print_rows(rows, "Nothing has been loaded yet.")


def lineage(
    table: Annotated[str, typer.Argument(help="An OMOP table, e.g. measurement.")],
    omop_id: Annotated[int, typer.Argument(metavar="ID", help="The row's id.")],
    db: Db,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """The source records, lines and mapping behind one OMOP row."""
    from harmonize.pipeline.inspect import lineage as read

    with opened(db, read_only=True, wait=wait) as store:
        rows = read(store.con, table, omop_id)
    console.print_json(rows) if json else console.print_rows(rows, f"No {table} row has id {omop_id}.")


def unmapped(db: Db, json: Json = False, wait: Wait = 10.0) -> None:
    """Source codes that became concept 0, with the number of rows."""
    from harmonize.pipeline.inspect import unmapped as read

    with opened(db, read_only=True, wait=wait) as store:
        rows = read(store.con)
    console.print_json(rows) if json else console.print_rows(rows, "Every code is mapped.")
