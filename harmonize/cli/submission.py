"""`harmonize submission`: what was loaded when, and taking it back."""

from __future__ import annotations

from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.load import show as show_result
from harmonize.cli.options import Db, Json, Memory, NoBackup, Wait
from harmonize.cli.stores import opened

app = typer.Typer(help="List submissions, show one, withdraw one.", no_args_is_help=True)
Id = Annotated[int, typer.Argument(metavar="ID")]


@app.command("list")
def list_(db: Db, json: Json = False, wait: Wait = 10.0) -> None:
    """All submissions with their states."""
    _print(db, None, json, wait)


@app.command()
def show(submission_id: Id, db: Db, json: Json = False, wait: Wait = 10.0) -> None:
    """One submission and its findings: what is wrong, where, and what would be right."""
    from harmonize.engine.plain import document_out
    from harmonize.pipeline.inspect import submissions, what_became
    from harmonize.validation.report.findings import report
    from harmonize.validation.report.model import ReportFile
    from harmonize.validation.undated import undated_kinds, undated_sentence

    with opened(db, read_only=True, wait=wait) as store:
        store.require_records()
        rows = submissions(store.con, submission=submission_id)
        files = store.con.execute(
            "SELECT file_id, name, record_type, records FROM harmonize.source_file WHERE submission_id = ? ORDER BY 1",
            [submission_id],
        ).fetchall()
        if not json:
            console.print_record(rows)
            console.echo()
        out = document_out()
        became = what_became(store.con, submission_id)
        form = "json" if json else "text"
        told = undated_sentence(undated_kinds(store.con, submission_id))
        report(store.con, [ReportFile(*file) for file in files], out, format=form, became=became, notes=told)
        for sentence in told if json else []:
            console.say(sentence)


@app.command()
def withdraw(
    submission_id: Id, db: Db, json: Json = False, no_backup: NoBackup = False, wait: Wait = 10.0, memory: Memory = None
) -> None:
    """Take a submission back: the rows that only it supports disappear."""
    from harmonize.pipeline.acts.withdraw import withdraw as run

    with opened(db, wait=wait, memory=memory, no_backup=no_backup) as store:
        result = run(store, submission_id)
    show_result(result, json)


def _print(db: Db, submission_id: int | None, json: bool, wait: float) -> None:
    from harmonize.pipeline.inspect import submissions

    with opened(db, read_only=True, wait=wait) as store:
        rows = submissions(store.con, submission=submission_id)
    console.print_json(rows) if json else console.print_rows(rows, "Nothing has been loaded yet.")
