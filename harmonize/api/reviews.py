"""Reviews of mappings: `harmonize mapping review` in Python.

`name` is a mapping (name or folder) or a crosswalk (`consortia/n3c`), `reviews` the folder of your decisions, `db` a
store whose rows and vocabulary count and beside which your decisions on shipped mappings are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from harmonize.api.shapes import AnyPath, Record, Rows, as_path, maybe_store, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.review.worklist import Filter, Item

    Items = list[Item]
    Texts = list[str]

__all__ = [
    "bulk", "change", "conflicts", "decide", "history", "list", "patch", "show", "step", "undo", "vocabulary",
]  # fmt: skip

Decision = Literal["accept", "reject", "discuss"]


def list(
    name: str,
    *,
    state: str | None = None,
    subject: str | None = None,
    predicate: str | None = None,
    below: float | None = None,
    at_least: float | None = None,
    undecided_by: str | None = None,
    limit: int = 0,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
    wait: float = 10.0,
) -> Rows:
    """Rows by impact: loaded rows that use the value, times doubt; at most `limit` (0: all)."""
    wanted = _filter(state, subject, predicate, below, at_least, undecided_by)
    with _reading(name, reviews, db) as folder:
        return rows(item.to_json() for item in _items(folder, db, wait, wanted)[: limit or None])


def conflicts(name: str, *, db: AnyPath | None = None, reviews: AnyPath | None = None) -> Rows:
    """Rows that one reviewer accepts and another does not, with both."""
    with _reading(name, reviews, db) as folder:
        items = _items(folder, None, 0, _filter("conflict", None, None, None, None, None))
    return rows(item.to_json() for item in items)


def show(
    name: str,
    subject: str,
    *,
    target: str | None = None,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
    wait: float = 10.0,
) -> Record:
    """All of one mapping: the concept, its relatives, loaded rows, other sites' choices, warnings, history."""
    from harmonize.review.detail import detail
    from harmonize.review.mappings import find_row, reviewed_rows

    with _reading(name, reviews, db) as folder, maybe_store(db, wait) as store:
        one = find_row(reviewed_rows(folder), subject, target)
        return Record(detail(folder, one, store.con if store else None))


def decide(
    name: str,
    subject: str,
    decision: Decision,
    *,
    reviewer: str,
    comment: str = "",
    target: str | None = None,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
    wait: float = 10.0,
) -> Rows:
    """Accept, reject or discuss one mapping; two who did not make it sign it by accepting. Gives the decisions."""
    from harmonize.review.decide import decide as run
    from harmonize.review.mappings import find_row, reviewed_rows

    with _writing(name, reviews, db) as folder:
        one = find_row(reviewed_rows(folder), subject, target)
        with maybe_store(db, wait) as store:
            domains = _domains(store.con if store else None, [one.object])
        done = run(folder, [one], decision, reviewer=reviewer, date=_today(), comment=comment, domains=domains)
    return rows(asdict(one) for one in done)


def change(
    name: str,
    subject: str,
    *,
    reviewer: str,
    comment: str,
    to: str | None = None,
    label: str | None = None,
    predicate: str | None = None,
    target: str | None = None,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
) -> Rows:
    """Change what a mapping says; two other reviewers must then sign it. Gives the decisions."""
    from harmonize.review.decide import Change
    from harmonize.review.decide import change as run
    from harmonize.review.mappings import find_row, reviewed_rows

    with _writing(name, reviews, db) as folder:
        one = find_row(reviewed_rows(folder), subject, target)
        wanted = Change(to, label, predicate)
        return rows(map(asdict, run(folder, one, wanted, reviewer=reviewer, date=_today(), comment=comment)))


def bulk(
    name: str,
    decision: Decision,
    *,
    reviewer: str,
    state: str | None = None,
    subject: str | None = None,
    predicate: str | None = None,
    below: float | None = None,
    at_least: float | None = None,
    comment: str = "",
    dry_run: bool = False,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
    wait: float = 10.0,
) -> Record:
    """Decide on all rows that fit; accepting leaves out all but sure, exact matches of rare values.

    Gives what was taken (with `dry_run`, what would be) and, in sentences, what was left out.
    """
    from harmonize.review.decide import bulk as choose
    from harmonize.review.decide import decide as run

    wanted = _filter(state, subject, predicate, below, at_least, reviewer)
    with (_reading if dry_run else _writing)(name, reviews, db) as folder:
        items = _items(folder, db, wait, wanted)
        impact = {item.one.subject: item.rows for item in items if item.rows is not None} if db else None
        taken, left = choose([item.one for item in items], decision, impact)
        if taken and not dry_run:
            with maybe_store(db, wait) as store:
                domains = _domains(store.con if store else None, [one.object for one in taken])
            run(folder, taken, decision, reviewer=reviewer, date=_today(), comment=comment, domains=domains)
    return Record({"taken": rows({"subject": one.subject, "object": one.object} for one in taken), "left": left})


def undo(
    name: str,
    *,
    reviewer: str,
    batch: str | None = None,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
) -> Rows:
    """Take back what a reviewer decided last, or the batch that is named. Gives the decisions taken back."""
    from harmonize.review.decide import undo as run

    with _writing(name, reviews, db) as folder:
        return rows(map(asdict, run(folder, reviewer=reviewer, date=_today(), batch=batch)))


def step(name: str, *, db: AnyPath | None = None, reviews: AnyPath | None = None) -> int:
    """Write what the decisions make of each row into its review columns, after a merge; how many rows that changed."""
    from harmonize.review.decide import keep_in_step

    with _writing(name, reviews, db) as folder:
        return keep_in_step(folder)


def history(
    name: str, subject: str | None = None, *, db: AnyPath | None = None, reviews: AnyPath | None = None
) -> Rows:
    """Who decided what and when, oldest first."""
    from harmonize.review.detail import history as find

    with _reading(name, reviews, db) as folder:
        return rows(find(folder, subject))


def patch(
    name: str | None = None,
    *,
    output: AnyPath | None = None,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
) -> str:
    """Your reviews as a patch, which `git apply` takes in a checkout of the project; empty where there are none."""
    from harmonize.engine.files import replacing
    from harmonize.review.patch import patches

    made = patches(name, as_path(reviews), as_path(db))
    if made and output is not None:
        with replacing(Path(output)) as partial:
            partial.write_bytes(made)
    return made.decode()


def vocabulary(name: str, db: AnyPath, *, reviews: AnyPath | None = None, wait: float = 10.0) -> Rows:
    """After a vocabulary update: objects retired, mapped on, of another domain, unknown; and what is now possible."""
    from harmonize.pipeline.stores import open_current
    from harmonize.review.decisions import read_decisions
    from harmonize.review.mappings import reviewed_rows
    from harmonize.review.vocabulary_changes import vocabulary_changes

    with _reading(name, reviews, db) as folder, open_current(Path(db), read_only=True, wait=wait) as store:
        return rows(vocabulary_changes(store.con, reviewed_rows(folder), read_decisions(folder)))


def _filter(
    state: str | None,
    subject: str | None,
    predicate: str | None,
    below: float | None,
    at_least: float | None,
    undecided_by: str | None,
) -> Filter:
    from harmonize.engine.errors import InputError, did_you_mean
    from harmonize.review.decisions import STATES
    from harmonize.review.worklist import Filter

    if state is not None and state not in STATES:
        raise InputError(f"There is no state {state!r}.", did_you_mean(state, STATES))
    return Filter(state, subject, predicate, below, at_least, undecided_by)


def _items(folder: Path, db: AnyPath | None, wait: float, wanted: Filter | None) -> Items:
    from harmonize.review.worklist import worklist

    with maybe_store(db, wait) as store:
        return worklist(folder, store.con if store else None, wanted)


@contextmanager
def _reading(name: str, reviews: AnyPath | None, db: AnyPath | None) -> Iterator[Path]:
    from harmonize.review import place

    with place.reading(name, as_path(reviews), as_path(db)) as found:
        yield found.folder


@contextmanager
def _writing(name: str, reviews: AnyPath | None, db: AnyPath | None) -> Iterator[Path]:
    from harmonize.review import place

    with place.writing(name, as_path(reviews), as_path(db)) as found:
        yield found.folder


def _domains(con: DuckDBPyConnection | None, objects: Texts) -> dict[str, str]:
    from harmonize.review.vocabulary_changes import object_states

    return {} if con is None else {coding: state.domain for coding, state in object_states(con, objects).items()}


def _today() -> str:
    return date.today().isoformat()
