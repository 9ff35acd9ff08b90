"""`harmonize demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="The folder for data, database and report.")
    ] = Path("demo"),
) -> None:
    """Make an invented study with some planted errors, load it, link its images, and show what to ask.

    Exit code 0 although there are findings: they are planted.
    """
    from harmonize.cli import console
    from harmonize.demo.run import demo as run

    with console.progress("demo") as report:
        result = run(out, report)
    for line in result.lines:
        console.echo(line)
