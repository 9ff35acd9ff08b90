"""`harmonize export`: what the store holds in the formats of others, and manifests of images."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from harmonize.cli import console, consortia
from harmonize.cli.ask import Parameters, given
from harmonize.cli.options import AnyDb, Db, Internal, Json, Memory, Wait, Who

if TYPE_CHECKING:
    from harmonize.export.gen3 import Gen3Export
    from harmonize.export.manifest import Manifest

app = typer.Typer(
    help="Write what others read: Gen3 submission TSVs, files of All of Us and N3C, manifests of images.",
    no_args_is_help=True,
)
app.command("all_of_us")(consortia.all_of_us)
app.command("n3c")(consortia.n3c)


@app.command()
def gen3(
    db: Db,
    to: Annotated[Path, typer.Option("--to", help="An empty folder for the TSVs and the two lists.")],
    project: Annotated[str | None, typer.Option("--project", help="One project; without it all of the store.")] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="The batch (dataset) of cases and studies that name none.")
    ] = None,
    as_sent: Annotated[
        bool, typer.Option("--as-sent", help="Leave blank what a batch left blank and the engine filled in.")
    ] = False,
    internal: Internal = False,
    who: Who = None,
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Write Gen3 node TSVs of all rows that are valid records, and list all others with the reason.

    Exit code 1: no row is a valid record.
    """
    from harmonize.export.gen3 import LOSSES, export_gen3
    from harmonize.release.leaving import note_left, opened_for
    from harmonize.release.reading import Reading

    reading = Reading("export.gen3", internal, who, wait, memory, console.say)
    with opened_for(db, reading) as store:
        result = export_gen3(store, to, project=project, dataset=dataset, as_sent=as_sent)
    note_left(db, reading, {"project": project, "rows": sum(result.files.values())})
    if json:
        console.print_json(result.to_json())
    else:
        _show(result, LOSSES)
    hint = None
    if result.without_dataset:
        chosen = f" --project {shlex.quote(project)}" if project else ""
        batch = f"harmonize export gen3 --db {shlex.quote(str(db))} --to {shlex.quote(str(to))}{chosen} --dataset BATCH"
        hint = f"Name the batch of the {result.without_dataset:,} cases and studies that name none: {batch}"
    if nothing := result.nothing():
        console.fail(nothing, hint)
        raise typer.Exit(1)
    if hint:
        console.say(hint)


@app.command()
def manifest(
    db: AnyDb,
    form: Annotated[Literal["idc", "gen3"], typer.Option("--for", help="Addresses a line each, or a JSON list.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The manifest.")],
    cohort: Annotated[
        str | None,
        typer.Option(
            "--cohort", metavar="SQL-OR-QUESTION", help="Whose images: a question's name (`ask list`), or SQL."
        ),
    ] = None,
    param: Parameters = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", exists=True, dir_okay=False, help="Or a CSV of study_uid, case_key or person_id."),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Time limit.")] = 600.0,
    internal: Internal = False,
    who: Who = None,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Write the series of a cohort's studies for the clients of the IDC and of Gen3.

    The cohort has a column study_uid, case_key or person_id; project_id beside it says of which project it is.
    """
    from harmonize.export.manifest import write_manifest
    from harmonize.release.answer import read_for
    from harmonize.release.leaving import note_left
    from harmonize.release.reading import Reading

    def run_on(store: Path, inside: bool) -> Manifest:
        return write_manifest(
            store, output, form, cohort=cohort, given=given(param or []), file=file, seconds=seconds, wait=wait,
            memory=memory, internal=inside, tell=lambda sentence: console.say(f"Warning: {sentence}"),
        )  # fmt: skip

    reading = Reading("export.manifest", internal, who, wait, memory, console.say)
    result = read_for(db, reading, run_on)
    note_left(db, reading, {"form": form, "series": result.series})
    console.say(f"Wrote {result.series:,} series to {result.path}.")


def _show(result: Gen3Export, meanings: Mapping[str, str]) -> None:
    """The files with their rows, and what is left out with the reasons."""
    if result.files:
        console.print_rows([{"file": name, "rows": rows} for name, rows in result.files.items()])
        console.echo()
    if result.lost:
        console.print_rows(
            [
                {"project": project, "node": node, "not exported": rows, "reason": reason, "meaning": meanings[reason]}
                for (project, node, reason), rows in sorted(result.lost.items())
            ]
        )
    console.say(
        f"Wrote {len(result.files)} node files to {result.folder}, and what is not in them to export_loss.tsv; in what "
        f"they differ from the loaded batches, to export_exceptions.tsv ({sum(result.exceptions.values()):,} lines)."
    )
