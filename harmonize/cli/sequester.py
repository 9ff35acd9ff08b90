"""`harmonize sequester`: holding a part of the patients back for validating AI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Json, Memory, NoBackup, Wait
from harmonize.cli.stores import opened

app = typer.Typer(help="Hold a part of the patients back for validating AI.", no_args_is_help=True)
Project = Annotated[str, typer.Option("--project", help="The project.")]


@app.command()
def assign(
    db: Db,
    project: Project,
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same.")] = 1,
    fraction: Annotated[float, typer.Option("--fraction", help="The share that is held back.")] = 0.2,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            help="What patients are stratified by (repeatable; default: site, modality, covid19_positive, age_group, "
            "race, sex, ethnicity).",
            metavar="STRATUM",
        ),
    ] = None,
    json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Give a side, open or sequestered, to every case of a project that has none. Nobody changes sides."""
    from harmonize.release.sequester.assign import STRATA
    from harmonize.release.sequester.assign import assign as run

    with opened(db, wait=wait, memory=memory, no_backup=no_backup) as store:
        result = run(store, project, seed=seed, fraction=fraction, by=tuple(by or STRATA))
    if json:
        console.print_json(result.to_json())
    else:
        console.echo(repr(result))


@app.command()
def show(
    db: Db,
    project: Annotated[str | None, typer.Option("--project", help="Only this project.")] = None,
    format: Annotated[
        Literal["text", "json", "html"], typer.Option("--format", help="html: with pictures of the balance.")
    ] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """What is held back, how alike the two sides are, and persons who are on both.

    Exit code 1: somebody is on both sides, or assignments were changed since they were locked.
    """
    from harmonize.engine.files import replacing
    from harmonize.release.sequester.show import document
    from harmonize.release.sequester.show import show as run

    with opened(db, read_only=True, wait=wait, memory=memory) as store:
        found = run(store, project)
    text = document(found, format)
    if output is None:
        console.write(text) if format != "text" else console.echo(text, end="")
    else:
        with replacing(output) as partial:
            partial.write_text(text, encoding="utf-8")
    if not found.ok:
        raise typer.Exit(1)


@app.command()
def lock(
    db: Db,
    project: Project,
    who: Annotated[str, typer.Option("--who", help="Who locks them.")],
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
) -> None:
    """Lock what is assigned in a project: a change of it is noticed from now on."""
    from harmonize.release.sequester.lock import lock as run

    with opened(db, wait=wait, no_backup=no_backup) as store:
        locked = run(store, project, who=who)
    console.echo(f"{locked.cases:,} cases of {project} are locked.")
