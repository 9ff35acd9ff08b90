"""`harmonize submission`: what was loaded when, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from harmonize.cli import console
from harmonize.cli.load import show as show_result
from harmonize.cli.options import Db, Json, Memory, NoBackup, Wait, Who, Why
from harmonize.cli.stores import opened

if TYPE_CHECKING:
    from harmonize.engine.store import Store

app = typer.Typer(help="List submissions, show one, take the steps of its life, withdraw one.", no_args_is_help=True)
Named = Annotated[str, typer.Option("--who", help="Who does it, for the audit log.")]
Reason = Annotated[str, typer.Option("--why", help="Why, for the audit log; nothing of a patient.")]
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
            _show_life(store, submission_id)
            console.echo()
        out = document_out()
        became = what_became(store.con, submission_id)
        form = "json" if json else "text"
        told = undated_sentence(undated_kinds(store.con, submission_id))
        report(store.con, [ReportFile(*file) for file in files], out, format=form, became=became, notes=told)
        for sentence in told if json else []:
            console.say(sentence)


@app.command()
def step(
    submission_id: Id,
    step: Annotated[Literal["embargoed", "signed", "released", "rejected"], typer.Argument(metavar="STEP")],
    db: Db,
    who: Named,
    why: Reason,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="embargoed: the first day on which it may be released."),
    ] = None,
    json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
) -> None:
    """Take a step of a submission's life: embargoed, signed, released or rejected.

    Exit code 1: a release is refused, with all that it lacks.
    """
    from harmonize.release.step import take_step

    day = until.date() if until else None
    with opened(db, wait=wait, no_backup=no_backup) as store:
        life = take_step(store, submission_id, step, who=who, why=why, until=day)
    console.print_json(life.to_json()) if json else console.echo(life.sentence())


@app.command()
def waive(
    submission_id: Id,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule whose findings may pass.")],
    db: Db,
    who: Named,
    why: Reason,
    json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
) -> None:
    """Let the open findings of a rule pass in a submission, by name and reason."""
    from harmonize.release.step import waive as run

    with opened(db, wait=wait, no_backup=no_backup) as store:
        left = run(store, submission_id, rule, who=who, why=why)
    console.print_found(left, json, f"No finding of submission {submission_id} stands against its release any more.")


@app.command()
def withdraw(
    submission_id: Id,
    db: Db,
    who: Who = None,
    why: Why = None,
    json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Take a submission back: the rows that only it supports disappear."""
    from harmonize.pipeline.acts.withdraw import withdraw as run
    from harmonize.release.step import today
    from harmonize.release.withdrawal import after_withdrawal
    from harmonize.release.words import name_of, reason_of

    with opened(db, wait=wait, memory=memory, no_backup=no_backup) as store:
        result = run(store, submission_id, who=name_of(who), why=reason_of(why))
        told = after_withdrawal(store, today())
    show_result(result, json)
    for sentence in told:
        console.say(sentence)


def _show_life(store: Store, submission_id: int) -> None:
    """Where the submission stands, its steps, and what stands against its release."""
    from harmonize.release.step import history, lives, open_findings

    for life in lives(store.con, submission_id):
        console.echo()
        console.echo(life.sentence())
        console.print_rows(history(store.con, submission_id), "Its steps were not noted when it was loaded.")
        left: list[dict[str, Any]] = open_findings(store.con, submission_id)
        if left:
            told = ", ".join(f"{one['rule']} ({one['findings']:,})" for one in left)
            console.echo(f"Open findings that stand against a release: {told}")


def _print(db: Db, submission_id: int | None, json: bool, wait: float) -> None:
    from harmonize.pipeline.inspect import submissions
    from harmonize.release.step import with_lives

    with opened(db, read_only=True, wait=wait) as store:
        rows = submissions(store.con, submission=submission_id)
        if not store.is_published:
            rows = with_lives(store.con, rows)
    console.print_json(rows) if json else console.print_rows(rows, "Nothing has been loaded yet.")
