"""Deciding: each decision appends a line to reviews.tsv and changes the one line of the SSSOM file it is about."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.review.decisions import Decision, append_decisions, read_decisions, standings
from harmonize.review.mappings import mapping_hash, reviewed_rows
from harmonize.review.table_file import update_rows
from harmonize.vocabulary.check_digits import valid_code
from harmonize.vocabulary.sssom import NO_TERM, REVIEW_COLUMNS, read_sssom
from harmonize.vocabulary.value_set_check import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from harmonize.review.decisions import Standing
    from harmonize.review.mappings import Reviewed

# A bulk accept leaves out rows that a person must look at one by one.
BULK_CONFIDENCE = 0.9
BULK_ROWS = 1000
_REVIEWER = re.compile(r"[A-Za-z][\w.-]*:[\w./-]+")
_SPOKEN = ("accept", "reject", "discuss")


@dataclass(frozen=True)
class Change:
    """What a row shall say instead; None leaves it as it is."""

    object_id: str | None = None
    object_label: str | None = None
    predicate_id: str | None = None


def check_reviewer(reviewer: str) -> str:
    """A reviewer is a CURIE, best an ORCID, whose check digit must be right. Raises InputError."""
    if not _REVIEWER.fullmatch(reviewer):
        raise InputError(f"The reviewer {reviewer!r} is no CURIE.", "Write orcid:0000-0002-1825-0097, or site:name.")
    prefix, _, code = reviewer.partition(":")
    if prefix.casefold() == "orcid" and not _is_orcid(code):
        raise InputError(f"{reviewer} is no ORCID: its check digit is wrong.")
    return reviewer


def _is_orcid(code: str) -> bool:
    """ISO 7064 mod 11-2 over the first 15 digits (ORCID, structure of the identifier)."""
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", code):
        return False
    total = 0
    for digit in code.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return code[-1] == ("X" if check == 10 else str(check))


def decide(
    folder: Path,
    rows: Sequence[Reviewed],
    decision: str,
    *,
    reviewer: str,
    date: str,
    comment: str = "",
    domains: Mapping[str, str] | None = None,
) -> list[Decision]:
    """Accept, reject or discuss rows; the decisions that were written.

    `date` is ISO 8601, `domains` gives the domain of each object where a vocabulary is at hand. Raises
    InputError for another decision, a reviewer that is no CURIE, an author who accepts, or a rejection or
    discussion that does not say why.
    """
    check_reviewer(reviewer)
    if decision not in _SPOKEN:
        raise InputError(f"There is no decision {decision!r}.", did_you_mean(decision, _SPOKEN))
    if decision != "accept" and not comment:
        raise InputError(f"To {decision} needs a comment that says why.", "Give --comment.")
    own = [one.subject for one in rows if decision == "accept" and reviewer in one.author.split("|")]
    if own:
        raise InputError(f"{reviewer} made the mapping of {own[0]} and cannot sign it.")
    batch = _batch(folder, reviewer, date)
    written = [
        _decision(one, reviewer, decision, date, comment, batch, (domains or {}).get(one.object, "")) for one in rows
    ]
    append_decisions(folder, written)
    keep_in_step(folder, {one.mapping_hash for one in written})
    return written


def change(folder: Path, one: Reviewed, wanted: Change, *, reviewer: str, date: str, comment: str) -> list[Decision]:
    """Let a row say something else: its author is now the reviewer, and earlier decisions no longer count for it.

    Raises InputError where nothing would change, a comment is missing, or the new object cannot be.
    """
    check_reviewer(reviewer)
    if not comment:
        raise InputError("To change a mapping needs a comment that says why.", "Give --comment.")
    cells = {
        name: value
        for name, value in (
            ("object_id", wanted.object_id),
            (
                "object_label",
                wanted.object_label if wanted.object_label is not None else "" if wanted.object_id else None,
            ),
            ("predicate_id", wanted.predicate_id),
        )
        if value is not None
    }
    _check_change(one, cells)
    new = mapping_hash(
        one.subject,
        cells.get("predicate_id", one.predicate),
        cells.get("object_id", one.object),
        one.row["predicate_modifier"],
    )
    if new == one.hash:
        raise InputError(f"{one.subject} says that already.")
    decision = _decision(one, reviewer, "change", date, comment, _batch(folder, reviewer, date), "")
    append_decisions(folder, [replace(decision, changed_to=new)])
    update_rows(one.path, {one.row.line: cells | {"author_id": reviewer} | dict.fromkeys(REVIEW_COLUMNS, "")})
    keep_in_step(folder, {new})
    return [replace(decision, changed_to=new)]


def _check_change(one: Reviewed, cells: Mapping[str, str]) -> None:
    predicate = cells.get("predicate_id", one.predicate)
    if predicate not in PREDICATES:
        raise InputError(f"predicate_id {predicate!r} is none of SSSOM's matches.", did_you_mean(predicate, PREDICATES))
    target = cells.get("object_id", one.object)
    prefix, colon, code = target.partition(":")
    known = read_sssom(one.path).prefixes
    if not (prefix and colon and code):
        raise InputError(f"{target!r} is no CURIE, prefix:code.", f"Where no concept fits: {NO_TERM}.")
    if prefix not in known:
        raise InputError(f"{one.path.name} does not declare the prefix {prefix!r}.", did_you_mean(prefix, known))
    if not valid_code(prefix, code):
        raise InputError(f"{target} cannot be a code of its system: the check digit is wrong.")


def undo(folder: Path, *, reviewer: str, date: str, batch: str | None = None) -> list[Decision]:
    """Take back a reviewer's last batch (or the one named) that is still in force; the decisions taken back.

    Decisions stay in the file; a line `undo` follows each. A change puts the old row back. Raises InputError
    where there is nothing to take back, or the row has been changed again since.
    """
    check_reviewer(reviewer)
    decisions = read_decisions(folder)
    undone = {one.batch for one in decisions if one.decision == "undo"}
    open_batches = [
        one.batch
        for one in decisions
        if one.reviewer == reviewer and one.decision != "undo" and one.batch not in undone
    ]
    wanted = batch or (open_batches[-1] if open_batches else None)
    if wanted is None or wanted not in open_batches:
        what = f"no batch {wanted} of" if wanted else "nothing of"
        raise InputError(f"There is {what} {reviewer} to take back.", did_you_mean(wanted or "", open_batches))
    taken = [one for one in decisions if one.batch == wanted]
    rows = {one.hash: one for one in reviewed_rows(folder)}
    for one in taken:
        if one.decision == "change":
            _put_back(one, rows.get(one.changed_to))
    append_decisions(folder, [replace(one, decision="undo", date=date, comment="", changed_to="") for one in taken])
    keep_in_step(folder, {one.mapping_hash for one in taken})
    return taken


def _put_back(decision: Decision, now: Reviewed | None) -> None:
    if now is None:
        raise InputError(f"{decision.subject_id} has been changed since; its change cannot be taken back.")
    names = ("predicate_id", "object_id", "object_label", "author_id")
    update_rows(now.path, {now.row.line: {name: getattr(decision, name) for name in names}})


def keep_in_step(folder: Path, hashes: Iterable[str] | None = None) -> int:
    """Write what the decisions make of rows (reviewer_id, review_date) into them; how many rows that changed.

    reviewer_id lists who accepted the row, while nobody speaks against it.
    """
    rows = reviewed_rows(folder)
    wanted = set(hashes) if hashes is not None else {one.hash for one in rows}
    standing = standings(rows, read_decisions(folder))
    changes: dict[Path, dict[int, dict[str, str]]] = defaultdict(dict)
    for one in rows:
        if one.hash in wanted and (cells := derived(standing[one.hash])) != now(one):
            changes[one.path][one.row.line] = cells
    for path, lines in changes.items():
        update_rows(path, lines)
    return sum(map(len, changes.values()))


def derived(standing: Standing) -> dict[str, str]:
    """The review columns that a standing gives a row."""
    counted = standing.accepted if standing.state in {"signed", "accepted_once"} else ()
    return dict(zip(REVIEW_COLUMNS, ("|".join(counted), standing.date if counted else ""), strict=True))


def now(one: Reviewed) -> dict[str, str]:
    """The review columns that a row has."""
    return {name: one.row[name] for name in REVIEW_COLUMNS}


def bulk(rows: Iterable[Reviewed], decision: str, impact: Mapping[str, int] | None) -> tuple[list[Reviewed], list[str]]:
    """Which rows a bulk decision may take, and for the others why not.

    A bulk accept takes exact matches of a confidence of at least 0.9 that fewer than 1,000 loaded rows use;
    where the loaded rows are not known (`impact` None), it takes none of a source's value sets.
    """
    taken, left = [], []
    for one in rows:
        reason = _not_in_bulk(one, impact) if decision == "accept" else None
        if reason:
            left.append(f"{one.subject}: {reason}")
        else:
            taken.append(one)
    return taken, left


def _not_in_bulk(one: Reviewed, impact: Mapping[str, int] | None) -> str | None:
    if one.predicate != "skos:exactMatch":
        return f"{one.predicate} is no exact match"
    if one.confidence < BULK_CONFIDENCE:
        return f"its confidence {one.confidence:g} is below {BULK_CONFIDENCE}"
    if impact is None:
        return None if one.subject.startswith("midrc:") else "how many rows use it is not known without --db"
    if impact.get(one.subject, 0) >= BULK_ROWS:
        return f"{impact[one.subject]:,} loaded rows use it"
    return None


def _decision(
    one: Reviewed, reviewer: str, decision: str, date: str, comment: str, batch: str, domain: str
) -> Decision:
    return Decision(
        mapping_hash=one.hash,
        reviewer=reviewer,
        decision=decision,
        date=date,
        comment=" ".join(comment.split()),
        batch=batch,
        changed_to="",
        domain=domain,
        author_id=one.author,
        subject_id=one.subject,
        predicate_id=one.predicate,
        predicate_modifier=one.row["predicate_modifier"],
        object_id=one.object,
        object_label=one.row["object_label"],
    )


def _batch(folder: Path, reviewer: str, date: str) -> str:
    """A name for what one command decides, which two reviewers on two branches do not share."""
    return sha256(f"{reviewer}\t{date}\t{len(read_decisions(folder))}".encode()).hexdigest()[:8]
