"""`harmonize export`: the hub's rows in the formats of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Json, Memory, Wait
from harmonize.cli.stores import opened

app = typer.Typer(help="Write the hub's rows as others read them: Gen3 submission TSVs.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `gen3` a subcommand as long as it is the only one."""


@app.command()
def gen3(
    db: Db,
    to: Annotated[Path, typer.Option("--to", help="An empty folder for the TSVs and export_loss.tsv.")],
    project: Annotated[str | None, typer.Option("--project", help="One project; without it all of the store.")] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="The batch (dataset) of cases and studies that name none.")
    ] = None,
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Write Gen3 node TSVs of all rows that are valid records, and list all others with the reason."""
    from harmonize.export.gen3 import LOSSES, export_gen3

    with opened(db, read_only=True, wait=wait, memory=memory) as store:
        result = export_gen3(store, to, project=project, dataset=dataset)
    if json:
        console.print_json(result.to_json())
        return
    console.print_rows([{"file": name, "rows": rows} for name, rows in result.files.items()], "No row is exported.")
    if result.lost:
        console.echo()
        console.print_rows(
            [
                {"project": project, "node": node, "not exported": rows, "reason": reason, "meaning": LOSSES[reason]}
                for (project, node, reason), rows in sorted(result.lost.items())
            ]
        )
    console.say(f"Wrote {len(result.files)} node files and export_loss.tsv to {to}.")
