"""`harmonize audit`: who did what to a store, and whether the log of it is what was written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Json, Wait
from harmonize.cli.stores import opened

app = typer.Typer(help="Show the audit log of a store, or verify it.", no_args_is_help=True)


@app.command()
def show(
    db: Db,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="S", help="Only of this subject, e.g. 'submission 3'.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Only from this day on (UTC).")
    ] = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """The entries of the log in their order: when, who, what, of what."""
    from harmonize.audit.log import read_entries

    with opened(db, read_only=True, wait=wait) as store:
        store.require_records()
        found = [
            entry.to_json() for entry in read_entries(store.con, subject=subject, since=since.date() if since else None)
        ]
    if json:
        console.print_json(found)
        return
    shown = ("entry_id", "done_at", "who", "act", "subject")
    console.print_rows(
        [{**{name: entry[name] for name in shown}, "details": _told(entry["details"])} for entry in found],
        "The log has no such entry.",
    )


@app.command()
def verify(
    db: Db,
    audit_key: Annotated[
        Path | None,
        typer.Option("--audit-key", envvar="HARMONIZE_AUDIT_KEY", help="The key that signs (default: DB.audit-key)."),
    ] = None,
    audit_heads: Annotated[
        Path | None,
        typer.Option(
            "--audit-heads", envvar="HARMONIZE_AUDIT_HEADS", help="The signed heads (default: DB.audit-heads)."
        ),
    ] = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Compare the log with its hashes, its signed heads and their key, and name what does not fit.

    Exit code 1: something does not.
    """
    from harmonize.audit.heads import audit_files
    from harmonize.audit.verify import verify as run

    with opened(db, read_only=True, wait=wait) as store:
        store.require_records()
        result = run(store.con, audit_files(db, audit_key, audit_heads))
    if json:
        console.print_json(result.to_json())
    else:
        for problem in result.problems:
            console.echo(problem)
        for told in result.notes:
            console.echo(told)
        if result.ok:
            console.echo(f"The log holds: {result.entries:,} entries, {result.heads:,} signed heads.")
    if not result.ok:
        raise typer.Exit(1)


def _told(details: dict[str, object]) -> str:
    import orjson

    texts = {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in details.items()}
    return ", ".join(f"{name}: {text}" for name, text in texts.items())
