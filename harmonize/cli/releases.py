"""`harmonize release build|verify|diff|list`: directories that are built once and never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Json, Memory, Wait, Who


def build(
    db: Db,
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="The folder of releases: DIR/PROJECT-VERSION is made.")
    ],
    project: Annotated[str, typer.Option("--project", help="The project.")],
    version: Annotated[str, typer.Option("--version", help="The version of the release, e.g. 2027.1.")],
    forms: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="FORM", help="duckdb, duckdb1, ohdsi, parquet, csv (default: duckdb, parquet)."),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="How persons are protected, as of publish.")
    ] = None,
    about: Annotated[
        Path | None, typer.Option("--about", help="YAML: title, contact, terms, citation ... of the project.")
    ] = None,
    determination: Annotated[
        str | None, typer.Option("--determination", help="Reference of the expert's determination.")
    ] = None,
    agreement: Annotated[str | None, typer.Option("--agreement", help="Reference of the data use agreement.")] = None,
    limited_data_set: Annotated[bool, typer.Option("--limited-data-set", help="Real dates are meant.")] = False,
    with_sequestered: Annotated[
        bool,
        typer.Option(
            "--with-sequestered", help="Build DIR/PROJECT-VERSION-sequestered as well, apart; it stays inside."
        ),
    ] = False,
    key_file: Annotated[Path | None, typer.Option("--key-file", help="The key of ids and pseudonyms.")] = None,
    codes: Annotated[Path | None, typer.Option("--codes", help="The crosswalk of random codes.")] = None,
    who: Who = None,
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Build a release: data, documents, checksums, manifest; the store and its audit log remember it.

    Exit code 1: something stands against it; the message says what to type.
    """
    from harmonize import release

    built = release.build(
        db,
        to,
        project=project,
        version=version,
        forms=forms,
        profile=profile,
        about=about,
        determination=determination,
        agreement=agreement,
        limited_data_set=limited_data_set,
        with_sequestered=with_sequestered,
        key_file=key_file,
        codes=codes,
        who=who,
        wait=wait,
        memory=memory,
    )
    for one in built:
        for warning in one.warnings:
            console.say(f"Warning: {warning}")
        if not json:
            what = "was there already, and is remembered now" if one.finished else "is built"
            console.echo(f"The release {one.version} of {one.project} {what}: {one.place}")
    if json:
        console.print_json([one.to_json() for one in built])


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The directory of a release.")],
    audit_heads: Annotated[
        Path | None, typer.Option("--audit-heads", help="The file of signed heads of the store's audit log.")
    ] = None,
    json: Json = False,
) -> None:
    """Verify a release: checksums, nothing extra or missing, counts, manifest. Exit code 1: something does not fit."""
    from harmonize import release

    result = release.verify(folder, audit_heads=audit_heads)
    if json:
        console.print_json(result.to_json())
    else:
        for problem in result.problems:
            console.echo(problem)
        if result.ok:
            console.echo(f"{result.files:,} files, all as they were built.")
    if not result.ok:
        raise typer.Exit(1)


def diff(
    a: Annotated[Path, typer.Argument(metavar="A", help="The earlier release.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The later release.")],
    json: Json = False,
    memory: Memory = None,
) -> None:
    """What changed between two releases: rows by table, persons, submissions, columns, versions."""
    from harmonize import release

    found = release.diff(a, b, memory=memory)
    if json:
        console.print_json(found.to_json())
        return
    for note in found.notes:
        console.say(note)
    console.echo(f"Persons: {found.persons_gone:,} gone, {found.persons_new:,} new.")
    console.echo(f"Submissions: gone {found.submissions_gone}, new {found.submissions_new}.")
    for name, (before, after) in found.versions.items():
        console.echo(f"{name}: {before} -> {after}")
    for text, names in (("Columns gone", found.columns_gone), ("Columns new", found.columns_new)):
        if names:
            console.echo(f"{text}: {', '.join(names)}")
    console.print_rows([one.to_json() for one in found.tables], "No row differs.")


def list_(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A folder of releases.")] = None,
    db: Annotated[Path | None, typer.Option("--db", help="A store: the releases that it remembers.")] = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """List the releases of a store or of a folder; what is unfinished is named."""
    from harmonize import release

    console.print_found(release.list(folder, db=db, wait=wait), json, "There is no release.")
