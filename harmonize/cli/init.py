"""`harmonize mapping init`: a first draft of a site's mapping from its files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Json, Memory
from harmonize.cli.profile import HeaderRows, ListMeanings, Meanings
from harmonize.cli.stores import opened_or_starter


def init(
    site: Annotated[str, typer.Argument(help="The mapping's name: small letters, digits and _.")],
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, zip or gz.")],
    out: Annotated[Path | None, typer.Option("--out", help="The folder to write (default: ./SITE).")] = None,
    db: Annotated[
        Path | None,
        typer.Option(
            "--db", envvar="HARMONIZE_DB", help="A store whose vocabulary is searched (default: the starter)."
        ),
    ] = None,
    header_rows: HeaderRows = None,
    meanings: Meanings = None,
    list_meanings: ListMeanings = False,
    as_json: Json = False,
    memory: Memory = None,
) -> None:
    """Draft schema, specification and value set from files that no mapping knows, and say what a person must decide."""
    from harmonize.intake.table.header import parse_header_rows
    from harmonize.onboarding.init import init_mapping
    from harmonize.onboarding.meaning import said_meanings
    from harmonize.onboarding.scan import scan

    rows = parse_header_rows(header_rows) if header_rows else None
    with (
        console.progress("profile") as progress,
        scan(
            paths, header_rows=rows, meanings=said_meanings(meanings or []), memory=memory, progress=progress
        ) as found,
        opened_or_starter(db) as store,
    ):
        written = init_mapping(found, site, out or Path(site), store.con)
    if as_json:
        console.print_json({"folder": written.folder, "files": written.files, "decisions": written.decisions})
        return
    console.echo(f"{written.folder}: {', '.join(written.files)}")
    console.echo("\nA person must decide:")
    for topic, sentences in written.decisions.items():
        console.echo(f"  {topic}: {len(sentences)}")
    console.echo(f"\nSee {written.folder / 'decisions.md'}, then: harmonize mapping check {written.folder}")
