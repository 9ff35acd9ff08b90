"""`harmonize crosswalk`: which cases are one person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli.load import show
from harmonize.cli.options import Db, Json, Memory, NoBackup, Wait
from harmonize.cli.stores import opened

app = typer.Typer(help="Cases of several projects that are one person.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Pairs of cases, a CSV or TSV.")]


@app.command()
def load(
    file: File, db: Db, json: Json = False, no_backup: NoBackup = False, wait: Wait = 10.0, memory: Memory = None
) -> None:
    """Read pairs of cases; those that share a time base become one person, now or when they are loaded.

    Columns: project_id_1, case_key_1, project_id_2, case_key_2; optional day_difference, same_time_base, basis.
    """
    from harmonize.pipeline.acts.crosswalk import load_crosswalk

    with opened(db, create=True, wait=wait, memory=memory, no_backup=no_backup) as store:
        result = load_crosswalk(store, file)
    show(result, json)


@app.command()
def remove(
    file: File, db: Db, json: Json = False, no_backup: NoBackup = False, wait: Wait = 10.0, memory: Memory = None
) -> None:
    """Undo the pairs of a file: merged cases become separate persons again."""
    from harmonize.pipeline.acts.crosswalk import remove_crosswalk

    with opened(db, wait=wait, memory=memory, no_backup=no_backup) as store:
        result = remove_crosswalk(store, file)
    show(result, json)
