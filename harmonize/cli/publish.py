"""`harmonize publish`: a copy for readers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Memory, Wait


def publish(
    db: Db,
    to: Annotated[Path, typer.Option("--to", help="The file that readers open; replaced as a whole.")],
    cdm_schema: Annotated[str, typer.Option("--cdm-schema", help="The schema of the CDM tables, e.g. main.")] = "omop",
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Write omop, midrc and linked to a new file, without record keys and identity, and put it in place."""
    from harmonize.export.publish import publish as run

    tables, rows = run(db, to, cdm_schema=cdm_schema, wait=wait, memory=memory)
    console.say(f"Published {rows:,} rows in {tables} tables to {to}.")
