"""`harmonize project`: the time policy and other settings of a project."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Json, NoBackup, Wait, Who
from harmonize.cli.stores import opened

app = typer.Typer(help="List projects, show one, set its time policy.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="PROJECT")]
_DAY = ["%Y-%m-%d"]


@app.command("list")
def list_(db: Db, json: Json = False, wait: Wait = 10.0) -> None:
    """The projects of the store with their time policies."""
    from harmonize.pipeline.project import list_projects

    with opened(db, read_only=True, wait=wait) as store:
        store.require_records()
        rows = list_projects(store.con)
    console.print_json(rows) if json else console.print_rows(rows, "The store has no project yet.")


@app.command()
def show(name: Name, db: Db, json: Json = False, wait: Wait = 10.0) -> None:
    """All settings and rules of one project."""
    from harmonize.pipeline.project import show_project
    from harmonize.release.rules import told_rules

    with opened(db, read_only=True, wait=wait) as store:
        store.require_records()
        settings = {**show_project(store.con, name), **told_rules(store.con, name)}
    if json:
        console.print_json(settings)
    else:
        console.print_table(["setting", "value"], list(settings.items()))


@app.command()
def rules(
    name: Name,
    db: Db,
    file: Annotated[
        Path | None,
        typer.Option("--file", exists=True, dir_okay=False, help="A YAML file of rules; without, show them."),
    ] = None,
    who: Who = None,
    json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
) -> None:
    """What a project asks before its submissions leave: embargo, sign-offs, who may waive, k-anonymity."""
    from harmonize.release.rules import set_rules, shown_rules

    told: list[str] = []
    if file is None:
        with opened(db, read_only=True, wait=wait) as store:
            store.require_records()
            found = shown_rules(store.con, name)
    else:
        with opened(db, wait=wait, no_backup=no_backup) as store:
            found, told = set_rules(store, name, file, who=who)
    if json:
        console.print_json(found)
    else:
        console.print_table(["rule", "value"], list(found.items()))
    for sentence in told:
        console.say(sentence)


@app.command("set")
def set_(
    name: Name,
    db: Db,
    time: Annotated[
        Literal["offset", "shifted", "as_is"] | None, typer.Option("--time", help="What the dates are.")
    ] = None,
    source_anchor: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="offset: the source's date of day 0.")
    ] = None,
    anchor: Annotated[datetime | None, typer.Option(formats=_DAY, help="offset: the date that day 0 becomes.")] = None,
    key_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="shifted: the file of the secret key.")
    ] = None,
    imaging_date_offset_days: Annotated[
        int | None, typer.Option(help="Days added to image dates, for linking only.")
    ] = None,
    unknown_age: Annotated[
        Literal["sentinel", "quarantine"] | None, typer.Option(help="Persons of unknown age.")
    ] = None,
    observation_period: Annotated[
        Literal["events", "themis_60d"] | None, typer.Option(help="How observation periods are made.")
    ] = None,
    medication_request: Annotated[
        Literal["cdm", "ig_table", "none"] | None, typer.Option(help="Which FHIR MedicationRequests are exposures.")
    ] = None,
    shifted_by_source: Annotated[
        bool | None,
        typer.Option("--shifted-by-source/--real-dates", help="as_is: whether the contributor moved the dates."),
    ] = None,
    uids: Annotated[
        Literal["public", "remap"] | None, typer.Option(help="DICOM UIDs in published files: as they are, or new.")
    ] = None,
    match_days: Annotated[
        Literal["no", "unique", "single_pairs"] | None,
        typer.Option(help="offset: match days of exams with dates of images (harmonize link --match-days)."),
    ] = None,
    deletion_share: Annotated[
        float | None, typer.Option(help="Share of the records of a type that a snapshot deletes unasked (0.2: 20 %).")
    ] = None,
    determination: Annotated[
        str | None, typer.Option("--determination", help="Reference of the expert's determination, for `publish`.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", help="Reference of the data use agreement, for `publish`.")
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Apply to records that are loaded.")] = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
) -> None:
    """Change the given settings; the others stay. Changing the time policy later needs --rebuild."""
    from harmonize.pipeline.new_project import told_of_name
    from harmonize.pipeline.project import find_project, set_project

    with opened(db, create=True, wait=wait, no_backup=no_backup) as store:
        told = [] if find_project(store.con, name) else told_of_name(store.con, name)
        set_project(
            store,
            name,
            time=time,
            source_anchor=source_anchor.date() if source_anchor else None,
            anchor=anchor.date() if anchor else None,
            key_file=key_file,
            imaging_date_offset_days=imaging_date_offset_days,
            unknown_age=unknown_age,
            observation_period=observation_period,
            medication_request=medication_request,
            shifted_by_source=shifted_by_source,
            uids=uids,
            match_days=match_days,
            deletion_share=deletion_share,
            determination=determination,
            agreement=agreement,
            rebuild=rebuild,
        )
    for sentence in (*told, f"Project {name} is set."):
        console.say(sentence)
