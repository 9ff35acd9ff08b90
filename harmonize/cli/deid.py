"""`harmonize release risk` and `images`: what is asked before something leaves."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import AnyDb, Db, Json, Memory, NoBackup, Wait
from harmonize.cli.stores import opened


def risk(
    db: AnyDb,
    k: Annotated[int, typer.Option("--k", min=1, help="A class of fewer persons is too small.")] = 11,
    diversity: Annotated[
        int, typer.Option("--diversity", min=1, help="So many different answers a class must have; 1: not asked.")
    ] = 1,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="What others may know of a person (repeatable).", metavar="COLUMN"),
    ] = None,
    sensitive: Annotated[
        Literal["death", "diagnosis"], typer.Option("--sensitive", help="What others would like to know.")
    ] = "death",
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """How many persons of a published file are told apart by what others may know of them (k-anonymity, l-diversity).

    Exit code 1: a class is smaller than --k, or has fewer answers than --diversity.
    """
    from harmonize.release.deid.risk import risk as run

    with opened(db, read_only=True, wait=wait, memory=memory) as store:
        found = run(store, k=k, diversity=diversity, by=tuple(by or ()), sensitive=sensitive)
    if json:
        console.print_json(found.to_json())
    else:
        console.echo(repr(found))
    if not found.ok:
        raise typer.Exit(1)


def images(
    db: Db,
    project: Annotated[str | None, typer.Option("--project", help="Only this project.")] = None,
    decide: Annotated[
        str | None, typer.Option("--decide", help="A series, or a study for all of its series.", metavar="UID")
    ] = None,
    decision: Annotated[
        Literal["keep", "leave-out"] | None, typer.Argument(help="What is decided of it: keep or leave-out.")
    ] = None,
    who: Annotated[str | None, typer.Option("--who", help="Who decides.")] = None,
    why: Annotated[str | None, typer.Option("--why", help="Why.")] = None,
    json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
) -> None:
    """The series whose headers block a release, heads first; with --decide what somebody decided of one.

    Exit code 1: a series waits for a decision.
    """
    from harmonize.engine.errors import InputError
    from harmonize.release.deid.images import REASONS, blocking_images, decide_image

    if decide is None and (decision, who, why) != (None, None, None):
        raise InputError("A decision needs the UID that it is of.", "--decide UID keep --who NAME --why TEXT")
    with opened(db, read_only=decide is None, wait=wait, no_backup=no_backup) as store:
        store.require_records()
        if decide is not None:
            decide_image(store, decide, decision, who=who, why=why, project=project)
        found = blocking_images(store.con, project)
    waiting = [image for image in found if image.blocks]
    if json:
        console.print_json([image.to_json() for image in found])
    else:
        rows = [
            {
                "project": image.project_id, "series": image.series_uid, "modality": image.modality,
                "head": image.is_head, "why": "; ".join(REASONS[reason] for reason in image.reasons),
                "decision": image.decision, "by": image.decided_by,
            }
            for image in found
        ]  # fmt: skip
        console.print_rows(rows, "No image blocks a release.")
        console.say(f"{len(waiting):,} of {len(found):,} series wait for a decision.")
    if waiting:
        raise typer.Exit(1)
