"""`harmonize ledger`, `lineage` and `unmapped`: where records went and where rows come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Json, Wait
from harmonize.cli.stores import opened

Submission = Annotated[int | None, typer.Option("--submission", help="Only this submission.")]


def ledger(
    db: Db,
    submission: Submission = None,
    records: Annotated[bool, typer.Option("--records", help="The records that were not loaded.")] = False,
    columns: Annotated[bool, typer.Option("--columns", help="Sums over the cells of each column.")] = False,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """What became of every source record, per file."""
    from harmonize.engine.errors import InputError
    from harmonize.pipeline import inspect

    if records and columns:
        raise InputError("Give either --records or --columns.")
    with opened(db, read_only=True, wait=wait) as store:
        if records:
            store.require_records()
        if columns:
            rows = inspect.ledger_columns(store.con, submission)
        else:
            rows = inspect.ledger(store.con, submission, records)
    _print(rows, json, "Every record was loaded." if records else "Nothing has been loaded yet.")


def lineage(
    table: Annotated[str, typer.Argument(help="An OMOP table, e.g. measurement.")],
    omop_id: Annotated[int, typer.Argument(metavar="ID", help="The row's id.")],
    db: Db,
    published: Annotated[
        bool, typer.Option("--published", help="The id is one of a published file; --db is the store.")
    ] = False,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="The key it was published with (default: DB.key).")
    ] = None,
    profile: Annotated[str | None, typer.Option("--profile", help="The profile it was published by.")] = None,
    codes: Annotated[
        Path | None, typer.Option("--codes", help="The crosswalk of its random codes (default: DB.codes).")
    ] = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """The source records, lines and mapping behind one OMOP row."""
    from harmonize.engine.errors import InputError
    from harmonize.export.lineage import id_in_store
    from harmonize.pipeline.inspect import lineage as read

    if not published and (key_file, profile, codes) != (None, None, None):
        raise InputError("--key-file, --profile and --codes belong to --published.")
    with opened(db, read_only=True, wait=wait) as store:
        store.require_records()
        if published:
            omop_id = id_in_store(store, table, omop_id, key_file, profile, codes)
        rows = read(store.con, table, omop_id)
    console.print_json(rows) if json else console.print_record(rows, f"No {table} row has id {omop_id}.")


def unmapped(db: Db, json: Json = False, wait: Wait = 10.0) -> None:
    """Source codes that became concept 0, with the number of rows."""
    from harmonize.pipeline.inspect import unmapped as read

    with opened(db, read_only=True, wait=wait) as store:
        store.require_records()
        rows = read(store.con)
    _print(rows, json, "Every code is mapped.")


def _print(rows: list[dict[str, Any]], json: bool, empty: str) -> None:
    if json:
        console.print_json(rows)
    else:
        console.print_rows(rows, empty)
