"""`harmonize person`: withdrawing a person, and lifting that."""

from __future__ import annotations

from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.load import show
from harmonize.cli.options import Db, Json, Memory, NoBackup, Wait, Who, Why
from harmonize.cli.stores import opened

app = typer.Typer(help="Withdraw a person for good, or reinstate one.", no_args_is_help=True)
Project = Annotated[str, typer.Argument(metavar="PROJECT")]
Case = Annotated[str, typer.Argument(metavar="CASE", help="The key of the case in the project.")]


@app.command()
def withdraw(
    project: Project,
    case: Case,
    db: Db,
    all_projects: Annotated[
        bool, typer.Option("--all-projects", help="And every case that is the same person by crosswalk or token.")
    ] = False,
    who: Who = None,
    why: Why = None,
    json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Remove a person's rows and ids and leave its records out of later loads."""
    from harmonize.pipeline.acts.withdraw_person import withdraw_person
    from harmonize.release.step import today
    from harmonize.release.withdrawal import after_withdrawal
    from harmonize.release.words import name_of, reason_of

    with opened(db, wait=wait, memory=memory, no_backup=no_backup) as store:
        result = withdraw_person(store, project, case, all_projects=all_projects, who=name_of(who), why=reason_of(why))
        told = after_withdrawal(store, today())
    show(result, json)
    for sentence in told:
        console.say(sentence)


@app.command()
def reinstate(
    project: Project,
    case: Case,
    db: Db,
    who: Who = None,
    json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
) -> None:
    """Lift a withdrawal: the next load brings the case's records back."""
    from harmonize.pipeline.acts.withdraw_person import reinstate_person
    from harmonize.release.words import name_of

    with opened(db, wait=wait, no_backup=no_backup) as store:
        result = reinstate_person(store, project, case, who=name_of(who))
    show(result, json)
