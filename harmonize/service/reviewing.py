"""Reviews of mappings, as the pages and the API have them: what a decision is, harmonize.review says.

Decisions stand in the folder `reviews` of the data folder; how many rows use a value is that of the published file, so
that a reviewer sees nothing that an analyst does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.service.models import User, now
from harmonize.service.problems import Problem, not_found

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.review.decide import Change
    from harmonize.review.decisions import Decision
    from harmonize.review.worklist import Filter, Item
    from harmonize.service.roles import Caller
    from harmonize.service.settings import Settings
    from harmonize.service.state import State

_CELLS = ("subject_label", "predicate_modifier", "object_label", "confidence", "author_id", "comment")
"""Cells that a file need not have."""
_deciding = Lock()
"""One writes at a time: a service has its data folder alone."""


@dataclass(frozen=True)
class Queue:
    """The rows that fit, those of the greatest impact first, and how many there are in each state."""

    items: list[Item]
    states: dict[str, int]
    counted: bool
    notes: list[str]


@dataclass(frozen=True)
class Bulk:
    """What a bulk decision takes, and why it leaves out the others."""

    taken: list[dict[str, str]]
    left: list[str]
    batch: str | None


def names() -> list[str]:
    """The mappings and crosswalks that are reviewed."""
    from harmonize.review.check import checked

    return checked()


def first_name(settings: Settings) -> str:
    """The mapping to begin with: one that the published data came by, and that has values to review."""
    from harmonize.review.mappings import review_folder
    from harmonize.vocabulary.sssom import sssom_files

    with rows_of(settings) as con:
        found = con.execute("SELECT DISTINCT name FROM harmonize.mapping").fetchall() if con is not None else []
    used = {name for (name,) in found}
    known = [name for name in names() if sssom_files(review_folder(name))]
    return next((name for name in known if name in used), known[0])


def checked_name(name: str) -> str:
    """One of them: a name from outside is never a path."""
    known = names()
    if name not in known:
        raise InputError(f"There is no mapping {name!r}.", did_you_mean(name, known))
    return name


@contextmanager
def folder_of(settings: Settings, name: str) -> Iterator[Path]:
    """The value sets of a mapping with all decisions on them."""
    from harmonize.review.place import reading

    with reading(checked_name(name), settings.reviews) as place:
        yield place.folder


@contextmanager
def rows_of(settings: Settings) -> Iterator[DuckDBPyConnection | None]:
    """The published file, where there is one."""
    from harmonize.pipeline.stores import open_current

    if not settings.published.is_file():
        yield None
        return
    with open_current(settings.published, read_only=True) as store:
        yield store.con


@contextmanager
def vocabulary(settings: Settings) -> Iterator[DuckDBPyConnection]:
    """The vocabulary of the store's copy. Raises Problem 503 where nothing was loaded yet."""
    from harmonize.pipeline.stores import open_current

    if not settings.reading.is_file():
        raise Problem(503, "Nothing was loaded yet.", kind="empty")
    with open_current(settings.reading, read_only=True) as store:
        yield store.con


def queue(settings: Settings, name: str, wanted: Filter) -> Queue:
    """The rows of a mapping that fit, and the states of all."""
    from harmonize.review.decisions import STATES, in_force, read_decisions
    from harmonize.review.place import reading
    from harmonize.review.worklist import worklist

    with reading(checked_name(name), settings.reviews) as place, rows_of(settings) as con:
        everything = worklist(place.folder, con)
        spoken = in_force(read_decisions(place.folder))
        states = dict.fromkeys(STATES, 0)
        for item in everything:
            states[item.standing.state] += 1
        items = [item for item in everything if wanted.fits(item, frozenset(spoken.get(item.one.hash, {})))]
        return Queue(items, states, con is not None, place.told)


def detail(settings: Settings, name: str, row: str) -> dict[str, Any]:
    """All that is known of a row: its cells, concept with parents and children, uses, other sites, history, and the
    last word of each reviewer, for and against. Raises Problem 404."""
    from harmonize.review.detail import detail as of_row

    with folder_of(settings, name) as folder, rows_of(settings) as con:
        one = _row(folder, row)
        shown = dict.fromkeys(_CELLS, "") | of_row(folder, one, con)
        return {**shown, "row": one.hash, "mapping": name, "words": _words(folder, row)}


def _words(folder: Path, row: str) -> list[dict[str, str]]:
    from harmonize.review.decisions import in_force, read_decisions

    return [
        {"reviewer": one.reviewer, "decision": one.decision, "date": one.date, "comment": one.comment}
        for one in in_force(read_decisions(folder)).get(row, {}).values()
    ]


def _row(folder: Path, row: str) -> Any:
    from harmonize.review.mappings import reviewed_rows

    found = next((one for one in reviewed_rows(folder) if one.hash == row), None)
    if found is None:
        raise not_found()
    return found


def reviewer_of(state: State, who: Caller) -> str | None:
    """The name that the caller signs with."""
    with state.db.session() as session:
        return session.get_one(User, who.user_id).reviewer


def signing(state: State, who: Caller) -> str:
    """The same. Raises Problem where the caller has none yet."""
    found = reviewer_of(state, who)
    if found is None:
        raise Problem(409, "Say first who you are as a reviewer.", kind="reviewer", hint="An ORCID, or site:name.")
    return found


def become(state: State, who: Caller, reviewer: str) -> str:
    """Set the name that the caller signs with, once: else one person could sign twice. Raises InputError, Problem."""
    from harmonize.review.decide import check_reviewer

    wanted = check_reviewer(reviewer.strip())
    with state.db.session() as session:
        user = session.get_one(User, who.user_id)
        if user.reviewer not in (None, wanted):
            raise Problem(409, f"You sign as {user.reviewer}; that stays.", kind="reviewer")
        if session.scalar(select(User.id).where(User.reviewer == wanted, User.id != user.id)) is not None:
            raise InputError(f"{wanted} is another account's.")
        user.reviewer = wanted
    return wanted


def decide(
    settings: Settings, reviewer: str, name: str, rows: Sequence[str], decision: str, comment: str
) -> list[Decision]:
    """Accept, reject or discuss rows, by their hashes. Raises what harmonize.review.decide does."""
    from harmonize.review.decide import decide as write
    from harmonize.review.vocabulary_changes import object_states

    with _deciding, _writing(settings, name) as folder:
        ones = [_row(folder, row) for row in rows]
        with rows_of(settings) as con:
            known = object_states(con, [one.object for one in ones]) if con is not None else {}
        domains = {coding: state.domain for coding, state in known.items()}
        return write(folder, ones, decision, reviewer=reviewer, date=_today(), comment=comment, domains=domains)


def change(settings: Settings, reviewer: str, name: str, row: str, wanted: Change, comment: str) -> str:
    """Let a row say something else; its new hash."""
    from harmonize.review.decide import change as write

    with _deciding, _writing(settings, name) as folder:
        one = _row(folder, row)
        (done,) = write(folder, one, wanted, reviewer=reviewer, date=_today(), comment=comment)
        return done.changed_to


def bulk(
    settings: Settings, reviewer: str, name: str, wanted: Filter, decision: str, comment: str, *, dry: bool
) -> Bulk:
    """Decide on all rows that fit and that the reviewer left open, as one batch; accepting leaves out what is to be
    looked at one by one."""
    from harmonize.review.decide import bulk as chosen

    found = queue(settings, name, replace(wanted, undecided_by=reviewer))
    impact = {item.one.subject: item.rows or 0 for item in found.items} if found.counted else None
    taken, left = chosen([item.one for item in found.items], decision, impact)
    told = [{"row": one.hash, "subject": one.subject, "object": one.object} for one in taken]
    if dry or not taken:
        return Bulk(told, left, None)
    done = decide(settings, reviewer, name, [one.hash for one in taken], decision, comment)
    return Bulk(told, left, done[0].batch)


def undo(settings: Settings, reviewer: str, name: str, batch: str | None) -> list[Decision]:
    """Take back the reviewer's last batch of a mapping, or the one that is named."""
    from harmonize.review.decide import undo as write

    with _deciding, _writing(settings, name) as folder:
        return write(folder, reviewer=reviewer, date=_today(), batch=batch)


def patch(settings: Settings, name: str | None) -> bytes:
    """What was decided here, as a patch for `git apply`."""
    from harmonize.review.patch import patches

    return patches(checked_name(name) if name else None, settings.reviews, None)


def result_files(settings: Settings, name: str) -> list[str]:
    """The SSSOM files of a mapping, and reviews.tsv where somebody has decided."""
    from harmonize.review.decisions import reviews_file
    from harmonize.vocabulary.sssom import sssom_files

    with folder_of(settings, name) as folder:
        return [path.name for path in (*sssom_files(folder), reviews_file(folder)) if path.is_file()]


def result_file(settings: Settings, name: str, file: str) -> bytes:
    """One of them, with the review columns that follow from the decisions. Raises Problem 404."""
    if file not in result_files(settings, name):
        raise not_found()
    with folder_of(settings, name) as folder:
        return (folder / file).read_bytes()


@contextmanager
def _writing(settings: Settings, name: str) -> Iterator[Path]:
    from harmonize.review.place import writing

    with writing(checked_name(name), settings.reviews) as place:
        yield place.folder


def _today() -> str:
    return now().date().isoformat()
