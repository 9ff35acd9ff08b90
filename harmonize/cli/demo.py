"""`harmonize demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="The folder for data and database.")
    ] = Path("demo"),
) -> None:
    """Make an invented study with some planted errors, load it, link its images, and show what to ask."""
    from harmonize.pipeline.demo import demo as run

    for line in run(out):
        typer.echo(line)
