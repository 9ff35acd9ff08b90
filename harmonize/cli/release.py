"""`harmonize release`: what is asked before something leaves, and what left."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console, deid, releases
from harmonize.cli.options import Db, Json, Wait
from harmonize.cli.stores import opened

app = typer.Typer(help="What may leave a store, and what left it.", no_args_is_help=True)
app.command()(deid.risk)
app.command()(deid.images)
app.command()(releases.build)
app.command()(releases.verify)
app.command()(releases.diff)
app.command("list")(releases.list_)


@app.command()
def affected(
    db: Db,
    notices: Annotated[
        Path | None, typer.Option("--notices", help="A folder for the notices to those who downloaded them.")
    ] = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """The releases that hold submissions or persons that were withdrawn since they were built.

    Exit code 1: there are any.
    """
    from harmonize.release.builds import affected as find
    from harmonize.release.builds import write_notices
    from harmonize.release.step import today

    with opened(db, read_only=True, wait=wait) as store:
        store.require_records()
        found = find(store.con)
    written = write_notices(found, notices, today()) if notices is not None and found else []
    if json:
        console.print_json([release.to_json() for release in found])
    elif not found:
        console.echo("No release holds what was withdrawn.")
    for release in [] if json else found:
        console.echo(release.sentence())
    for path in written:
        console.say(f"Notice to its downloaders: {path}")
    if found:
        raise typer.Exit(1)
