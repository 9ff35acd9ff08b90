"""`harmonize backup` and `restore`: a copy of a store, and taking it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Internal, Json, Memory, Wait, Who


def backup(
    db: Db,
    to: Annotated[Path, typer.Option("--to", help="The file of the backup; one that is there is replaced.")],
    internal: Internal = False,
    who: Who = None,
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Copy a store into one file, with its sha256 beside it. What is held back is left out, but with --internal."""
    from harmonize.release.backup import backup as run
    from harmonize.release.reading import Reading

    result = run(db, to, Reading("backup", internal, who, wait, memory, console.say))
    if json:
        console.print_json(result.to_json())
    else:
        console.echo("\n".join(result.summary_lines()))


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    db: Db,
    replace: Annotated[
        bool, typer.Option("--replace", help="A store that is there is kept as DB.replaced, and gives way.")
    ] = False,
    who: Who = None,
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Put a backup in the place of a store, compared with its sha256."""
    from harmonize.release.backup import restore as run

    result = run(file, db, replace=replace, who=who, wait=wait, memory=memory)
    if json:
        console.print_json(result.to_json())
    else:
        console.echo("\n".join(result.summary_lines()))
