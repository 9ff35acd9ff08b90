"""harmonize mapping export, import and diff: mappings as other tools have them, and as another version has them."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli.console import echo, print_json, print_rows, say
from harmonize.cli.options import Json, Wait
from harmonize.cli.places import MaybeDb, Reviews, reading, writing
from harmonize.cli.review import Name, Reviewer
from harmonize.cli.stores import opened


class Form(StrEnum):
    """The other tool's form."""

    usagi = "usagi"
    source_to_concept_map = "source_to_concept_map"
    fhir = "fhir"
    xlsx = "xlsx"


Format = Annotated[Form, typer.Option("--format", help="usagi, source_to_concept_map, fhir or xlsx.")]


def export_command(
    name: Name,
    form: Format,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    db: MaybeDb = None,
    reviews: Reviews = None,
    wait: Wait = 10.0,
) -> None:
    """Write a mapping's value sets, or a crosswalk, for Usagi, OHDSI tools, FHIR servers, or as a spreadsheet.

    With --db ids and names come from its vocabulary, and frequencies from its rows.
    """
    from harmonize.review.exchange import write_form
    from harmonize.review.mappings import reviewed_rows

    with (
        reading(name, reviews, db) as folder,
        nullcontext() if db is None else opened(db, read_only=True, wait=wait) as store,
    ):
        write_form(folder, form.value, output, store.con if store else None)
        rows = len(reviewed_rows(folder))
    say(f"{output}: {rows} rows.")


def import_command(
    name: Name,
    file: Annotated[Path, typer.Argument(help="The file of the other tool.", exists=True, dir_okay=False)],
    form: Format,
    reviewer: Reviewer,
    prefix: Annotated[str | None, typer.Option("--prefix", help="Usagi: the vocabulary of the source codes.")] = None,
    into: Annotated[str | None, typer.Option("--into", help="Which value set takes new subjects.")] = None,
    comment: Annotated[str, typer.Option("--comment", help="Why rows change; default: the file's name.")] = "",
    db: MaybeDb = None,
    reviews: Reviews = None,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Import the work of another tool: rows that differ are changed, new ones added, statuses become decisions.

    Nothing is deleted; a second import of the same file changes nothing.
    """
    from dataclasses import asdict

    from harmonize.review.exchange import read_form
    from harmonize.review.incoming import take_in

    today = date.today().isoformat()
    with writing(name, reviews, db) as folder:
        with nullcontext() if db is None else opened(db, read_only=True, wait=wait) as store:
            incoming = read_form(folder, form.value, file, store.con if store else None, prefix, reviewer, today)
        why = comment or f"Imported from {file.name}"
        done = take_in(folder, incoming, reviewer=reviewer, date=today, comment=why, into=into)
    if as_json:
        print_json(asdict(done))
        return
    counts = f"{done.unchanged} unchanged, {len(done.changed)} changed, {len(done.added)} added"
    say(f"{counts}, {done.decided} decisions; {len(done.absent)} subjects are not in the file.")
    if done.own:
        more = f", and {len(done.own) - 1} more" if len(done.own) > 1 else ""
        say(f"Who made a mapping cannot sign it: the approval of {done.own[0]}{more} is left out.")


def diff_command(
    old: Annotated[str, typer.Argument(help="A mapping: its name or folder.")],
    new: Annotated[str, typer.Argument(help="Another version of it.")],
    db: MaybeDb = None,
    records: Annotated[
        int, typer.Option("--records", min=0, help="With --db: file and line of at most so many records touched.")
    ] = 0,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """List what differs in meaning between two versions of a mapping; with --db, how many loaded rows are affected.

    Exit code 1: they differ.
    """
    from harmonize.engine.errors import InputError
    from harmonize.mapping.compiler.compile import load_mapping
    from harmonize.review.versions import meaning_changes, touched_records

    if records and db is None:
        raise InputError("--records needs a store.", "Give --db.")
    touched = []
    with nullcontext() if db is None else opened(db, read_only=True, wait=wait) as store:
        changes = meaning_changes(old, new, store.con if store else None)
        if store and records:
            touched = touched_records(store.con, changes, {load_mapping(old).name, load_mapping(new).name}, records)
    rows = [change.to_json() for change in changes]
    if as_json:
        print_json({"changes": rows, "records": touched})
    else:
        print_rows(rows, "They mean the same.")
        for record in touched:
            echo(f"{record['file']}:{record['line']}")
    if changes:
        raise typer.Exit(1)
