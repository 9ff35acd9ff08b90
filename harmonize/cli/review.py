"""harmonize mapping review: what to look at first, decide, take back, and who said what."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harmonize.cli.console import echo, print_found, print_json, print_record, print_rows, say
from harmonize.cli.filters import Chosen, filtered
from harmonize.cli.options import Json, Wait
from harmonize.cli.places import MaybeDb, Reviews, StoreBeside, reading, writing
from harmonize.cli.stores import opened

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.review.decisions import Decision
    from harmonize.review.worklist import Filter, Item

app = typer.Typer(no_args_is_help=True, help="Reviews of mappings: list by impact, decide, undo, conflicts, history.")
Name = Annotated[str, typer.Argument(help="A mapping (name or folder), or a crosswalk: consortia/n3c.")]
Subject = Annotated[str, typer.Argument(help="The subject_id, such as midrc:case/sex.")]
Object = Annotated[str | None, typer.Option("--object", help="Which row, where the subject has several.")]
Reviewer = Annotated[
    str, typer.Option("--reviewer", envvar="HARMONIZE_REVIEWER", help="Who decides: orcid:… or site:name.")
]
Comment = Annotated[str, typer.Option("--comment", help="Why; needed for all but accept.")]


@app.command("list")
@filtered
def list_command(
    name: Name,
    chosen: Chosen,
    db: MaybeDb = None,
    undecided_by: Annotated[
        str | None, typer.Option("--undecided-by", help="Only what this reviewer left open.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="So many rows; 0 for all.")] = 25,
    reviews: Reviews = None,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """List rows by impact: loaded rows that use the value, times doubt (1 − confidence)."""
    from harmonize.review.worklist import Filter

    with reading(name, reviews, db) as folder:
        items = _items(folder, db, wait, Filter(**chosen, undecided_by=undecided_by))
    shown = [item.to_json() for item in items[: limit or None]]
    if as_json:
        print_json({"total": len(items), "rows": shown})
        return
    print_rows([{k: v for k, v in row.items() if k != "label"} for row in shown], "No mapping matches.")
    if len(shown) < len(items):
        say(f"{len(shown)} of {len(items)} rows; --limit 0 shows all.")


@app.command("conflicts")
def conflicts_command(name: Name, db: StoreBeside = None, reviews: Reviews = None, as_json: Json = False) -> None:
    """List rows that one reviewer accepts and another does not, with both; exit 1 where there are any."""
    from harmonize.review.worklist import Filter

    with reading(name, reviews, db) as folder:
        items = _items(folder, None, 0, Filter(state="conflict"))
    if as_json:
        print_json([item.to_json() for item in items])
    else:
        keys = ("subject", "object", "accepted", "against", "place")
        print_rows([{key: item.to_json()[key] for key in keys} for item in items], "No conflicts.")
    if items:
        raise typer.Exit(1)


@app.command("show")
def show_command(
    name: Name,
    subject: Subject,
    target: Object = None,
    db: MaybeDb = None,
    reviews: Reviews = None,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Show all of one mapping: the concept, its relatives, loaded rows, other sites' choices, warnings, history."""
    from harmonize.review.detail import detail
    from harmonize.review.mappings import find_row, reviewed_rows

    with reading(name, reviews, db) as folder, _store(db, wait) as store:
        one = find_row(reviewed_rows(folder), subject, target)
        shown = detail(folder, one, store.con if store else None)
    if as_json:
        print_json(shown)
        return
    past = shown.pop("history")
    print_record([{key: _words(value) for key, value in shown.items() if value not in ([], "", {})}])
    if past:
        echo("\nDecisions")
        print_rows(past)


@app.command("decide")
def decide_command(
    name: Name,
    subject: Subject,
    decision: Annotated[str, typer.Argument(help="accept, reject or discuss.")],
    reviewer: Reviewer,
    comment: Comment = "",
    target: Object = None,
    db: MaybeDb = None,
    reviews: Reviews = None,
    wait: Wait = 10.0,
) -> None:
    """Accept, reject or discuss one mapping. Two who did not make it sign it by accepting."""
    from harmonize.review.decide import decide
    from harmonize.review.mappings import find_row, reviewed_rows

    with writing(name, reviews, db) as folder:
        one = find_row(reviewed_rows(folder), subject, target)
        with _store(db, wait) as store:
            domains = _domains(store.con if store else None, [one.object])
        done = decide(folder, [one], decision, reviewer=reviewer, date=_today(), comment=comment, domains=domains)
        after = next(item for item in _items(folder, None, 0, None) if item.one.hash == one.hash)
    _told(done)
    say(f"{subject} is now: {after.standing.state}.")


@app.command("change")
def change_command(
    name: Name,
    subject: Subject,
    reviewer: Reviewer,
    comment: Comment = "",
    to: Annotated[str | None, typer.Option("--to", help="The new object, prefix:code.")] = None,
    label: Annotated[str | None, typer.Option("--label", help="The new object's name.")] = None,
    predicate: Annotated[
        str | None, typer.Option("--predicate", help="The new match, such as skos:closeMatch.")
    ] = None,
    target: Object = None,
    db: StoreBeside = None,
    reviews: Reviews = None,
) -> None:
    """Change what a mapping says; two other reviewers must then sign it."""
    from harmonize.review.decide import Change, change
    from harmonize.review.mappings import find_row, reviewed_rows

    with writing(name, reviews, db) as folder:
        one = find_row(reviewed_rows(folder), subject, target)
        done = change(folder, one, Change(to, label, predicate), reviewer=reviewer, date=_today(), comment=comment)
    _told(done)


@app.command("bulk")
@filtered
def bulk_command(
    name: Name,
    decision: Annotated[str, typer.Argument(help="accept, reject or discuss.")],
    reviewer: Reviewer,
    chosen: Chosen,
    comment: Comment = "",
    db: MaybeDb = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be decided, and decide nothing.")] = False,
    reviews: Reviews = None,
    wait: Wait = 10.0,
) -> None:
    """Decide on all rows that fit. Accepting leaves out all but sure, exact matches of rare values."""
    from harmonize.review.decide import bulk, decide
    from harmonize.review.worklist import Filter

    with (reading if dry_run else writing)(name, reviews, db) as folder:
        items = _items(folder, db, wait, Filter(**chosen, undecided_by=reviewer))
        impact = {item.one.subject: item.rows for item in items if item.rows is not None} if db else None
        taken, left = bulk([item.one for item in items], decision, impact)
        for reason in left:
            say(f"left out: {reason}")
        if dry_run or not taken:
            print_rows([{"subject": one.subject, "object": one.object} for one in taken], "Nothing to decide.")
            return
        with _store(db, wait) as store:
            domains = _domains(store.con if store else None, [one.object for one in taken])
        done = decide(folder, taken, decision, reviewer=reviewer, date=_today(), comment=comment, domains=domains)
    _told(done)


@app.command("undo")
def undo_command(
    name: Name,
    reviewer: Reviewer,
    batch: Annotated[str | None, typer.Option("--batch", help="Which (see history); without it the last.")] = None,
    db: StoreBeside = None,
    reviews: Reviews = None,
) -> None:
    """Take back what a reviewer decided last; the decision stays in the history, with a line that takes it back."""
    from harmonize.review.decide import undo

    with writing(name, reviews, db) as folder:
        taken = undo(folder, reviewer=reviewer, date=_today(), batch=batch)
    say(f"{len(taken)} decision{'s' * (len(taken) != 1)} taken back (batch {taken[0].batch}).")


@app.command("step")
def step_command(name: Name, db: StoreBeside = None, reviews: Reviews = None) -> None:
    """Write what the decisions make of each row into its review columns, after a merge of two reviewers' work.

    In a folder of your own decisions (--reviews) there is nothing to write: those columns follow from them there.
    """
    from harmonize.review import place
    from harmonize.review.decide import keep_in_step

    with place.writing(name, reviews, db) as found:
        changed = keep_in_step(found.folder)
    if found.user:
        say(f"There is nothing to write: the review columns follow from the decisions in {found.user}.")
    else:
        say(f"{changed} rows brought in step.")


@app.command("history")
def history_command(
    name: Name,
    subject: Annotated[str | None, typer.Argument(help="Only of this subject.")] = None,
    db: StoreBeside = None,
    reviews: Reviews = None,
    as_json: Json = False,
) -> None:
    """Show who decided what and when, oldest first."""
    from harmonize.review.detail import history

    with reading(name, reviews, db) as folder:
        found = history(folder, subject)
    print_found(found, as_json, "Nobody has decided anything.")


@app.command("patch")
def patch_command(
    name: Annotated[
        str | None, typer.Argument(help="A mapping or crosswalk; without it all that you reviewed.")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file instead of stdout.")] = None,
    db: StoreBeside = None,
    reviews: Reviews = None,
) -> None:
    """Write your reviews as a patch, which `git apply` takes in a checkout of the project.

    Of a mapping folder of your own, with --reviews, the paths begin in that folder.
    """
    from harmonize.engine.files import replacing
    from harmonize.engine.plain import document_out
    from harmonize.review.patch import patches

    made = patches(name, reviews, db)
    if not made:
        say("There are no reviews of yours to make a patch of.")
        return
    if output is None:
        document_out().write(made)
        return
    with replacing(output) as partial:
        partial.write_bytes(made)
    say(f"{output} written; in a checkout of the project: git apply {output}")


@app.command("vocabulary")
def vocabulary_command(
    name: Name,
    db: Annotated[Path, typer.Option("--db", envvar="HARMONIZE_DB", help="A store with the new vocabulary.")],
    reviews: Reviews = None,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """After a vocabulary update: objects retired, mapped on, of another domain, unknown; and what is now possible."""
    from harmonize.review.decisions import read_decisions
    from harmonize.review.mappings import reviewed_rows
    from harmonize.review.vocabulary_changes import vocabulary_changes

    with reading(name, reviews, db) as folder, opened(db, read_only=True, wait=wait) as store:
        rows = vocabulary_changes(store.con, reviewed_rows(folder), read_decisions(folder))
    print_found(rows, as_json, "The vocabulary changes nothing.")
    if any(row["what"] in {"retired", "remapped", "redomained"} for row in rows):
        raise typer.Exit(1)


def _items(folder: Path, db: Path | None, wait: float, wanted: Filter | None) -> list[Item]:
    from harmonize.review.worklist import worklist

    with _store(db, wait) as store:
        return worklist(folder, store.con if store else None, wanted)


def _store(db: Path | None, wait: float) -> AbstractContextManager[Store | None]:
    return nullcontext() if db is None else opened(db, read_only=True, wait=wait)


def _domains(con: DuckDBPyConnection | None, objects: list[str]) -> dict[str, str]:
    from harmonize.review.vocabulary_changes import object_states

    return {} if con is None else {coding: state.domain for coding, state in object_states(con, objects).items()}


def _told(decisions: list[Decision]) -> None:
    one = decisions[0]
    say(f"{one.decision}: {len(decisions)} row{'s' * (len(decisions) != 1)} (batch {one.batch}).")


def _words(value: object) -> object:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, dict):
        return "; ".join(f"{key} {_words(inner)}" for key, inner in value.items() if inner not in (None, []))
    return value


def _today() -> str:
    return date.today().isoformat()
