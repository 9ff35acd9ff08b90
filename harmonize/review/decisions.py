"""Decisions on mappings: reviews.tsv, which only grows, and what follows from it for each row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.files import replacing
from harmonize.engine.text_file import read_rows
from harmonize.review.mappings import mapping_hash
from harmonize.review.table_file import write_row
from harmonize.vocabulary.sssom import REVIEWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from harmonize.review.mappings import Reviewed

DECISIONS = ("accept", "reject", "change", "discuss", "undo")
STATES = ("unreviewed", "accepted_once", "signed", "discussion", "conflict", "reopened")
# A mapping is signed by this many reviewers who did not make it.
SIGNERS = 2


@dataclass(frozen=True)
class Decision:
    """One line of reviews.tsv.

    `batch` joins what one command decided; `changed_to` is the hash of the row that a change put in place;
    `domain` is the object's domain when it was judged, where a vocabulary was at hand. What follows repeats
    what the row said, for people and for taking a change back.
    """

    mapping_hash: str
    reviewer: str
    decision: str
    date: str
    comment: str
    batch: str
    changed_to: str
    domain: str
    author_id: str
    subject_id: str
    predicate_id: str
    predicate_modifier: str
    object_id: str
    object_label: str

    @property
    def means(self) -> str:
        """The hash of what the line repeats; equal to mapping_hash in a sound file."""
        return mapping_hash(self.subject_id, self.predicate_id, self.object_id, self.predicate_modifier)


COLUMNS = tuple(field.name for field in fields(Decision))


@dataclass(frozen=True)
class Standing:
    """What the decisions make of one row: its state, who accepted it, who spoke against it, and the last date."""

    state: str
    accepted: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    date: str = ""


def reviews_file(folder: Path) -> Path:
    """Where the decisions on a folder's mappings stand."""
    return folder / REVIEWS


def read_decisions(folder: Path) -> list[Decision]:
    """All decisions, oldest first; none where there is no file. Raises InputError with file and line."""
    path = reviews_file(folder)
    if not path.exists():
        return []
    header, rows = read_rows(path, "\t")
    if tuple(header) != COLUMNS:
        raise InputError(f"{path}, line 1: the columns are not {', '.join(COLUMNS)}.")
    decisions = []
    for line, cells in rows:
        if None in cells or None in cells.values():
            raise InputError(f"{path}, line {line}: {len(COLUMNS)} cells are expected.")
        decisions.append(Decision(**cells))
        if decisions[-1].decision not in DECISIONS:
            hint = did_you_mean(decisions[-1].decision, DECISIONS)
            raise InputError(f"{path}, line {line}: there is no decision {cells['decision']!r}.", hint)
    return decisions


def append_decisions(folder: Path, decisions: Iterable[Decision]) -> None:
    """Write decisions behind those that are there; nothing before them changes."""
    path = reviews_file(folder)
    old = path.read_text(encoding="utf-8") if path.is_file() else write_row(COLUMNS) + "\n"
    new = "".join(write_row(list(asdict(decision).values())) + "\n" for decision in decisions)
    with replacing(path) as partial:
        partial.write_text(old if old.endswith("\n") else old + "\n", encoding="utf-8")
        with partial.open("a", encoding="utf-8") as out:
            out.write(new)


def in_force(decisions: Iterable[Decision]) -> dict[str, dict[str, Decision]]:
    """The last decision of each reviewer on each mapping hash, those aside that a line `undo` takes back."""
    decisions = list(decisions)
    undone = {(one.batch, one.mapping_hash) for one in decisions if one.decision == "undo"}
    force: dict[str, dict[str, Decision]] = defaultdict(dict)
    for one in decisions:
        if (one.batch, one.mapping_hash) not in undone:
            force[one.mapping_hash].pop(one.reviewer, None)  # so that reviewers stand in the order of their last word
            force[one.mapping_hash][one.reviewer] = one
    return {about: by_reviewer for about, by_reviewer in force.items() if by_reviewer}


def standings(
    rows: Sequence[Reviewed], decisions: Sequence[Decision], reopened: Iterable[str] = ()
) -> dict[str, Standing]:
    """The standing of each row, by its hash; `reopened` holds hashes whose object the vocabulary changed.

    signed: two reviewers accept it who did not make it. discussion: somebody rejects it or wants to talk.
    conflict: somebody accepts what another does not. reopened: what was decided is no longer what stands
    there, or the vocabulary changed under it.
    """
    force = in_force(decisions)
    changed = set(reopened)
    took_place, gone = _replaced(force, {one.hash for one in rows})
    return {
        one.hash: _standing(one, force.get(one.hash, {}), one.hash in took_place or one.subject in gone, changed)
        for one in rows
    }


def _replaced(force: dict[str, dict[str, Decision]], current: set[str]) -> tuple[set[str], set[str]]:
    """Hashes of rows that took the place of decided ones, and subjects of decided rows that were replaced by hand, so
    that nobody told which row took their place."""
    moves = {about: d.changed_to for about, said in force.items() for d in said.values() if d.decision == "change"}
    took_place: set[str] = set()
    gone: set[str] = set()
    for about, said in force.items():
        if about in current:
            continue
        now, seen = about, {about}
        while now in moves and moves[now] not in seen:
            now = moves[now]
            seen.add(now)
        if now in current:
            took_place.add(now)
        else:
            gone.update(d.subject_id for d in said.values())
    return took_place, gone


def _standing(one: Reviewed, force: dict[str, Decision], was_decided: bool, changed: set[str]) -> Standing:
    author = one.author.split("|")
    accepted = tuple(r for r, d in force.items() if d.decision == "accept" and r not in author)
    against = tuple(r for r, d in force.items() if d.decision in {"reject", "discuss", "change"})
    date = max((d.date for d in force.values()), default="")
    if one.hash in changed and force:
        state = "reopened"
    elif against:
        state = "conflict" if accepted else "discussion"
    elif len(accepted) >= SIGNERS:
        state = "signed"
    elif accepted:
        state = "accepted_once"
    else:
        state = "reopened" if was_decided else "unreviewed"
    return Standing(state, accepted, against, date)
