"""Taking in what other tools and spreadsheets say of mappings: rows are matched, changed, added, and decided on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.review.decide import Change, change, check_reviewer, decide
from harmonize.review.decisions import in_force, read_decisions
from harmonize.review.mappings import mapping_hash, reviewed_rows
from harmonize.review.table_file import append_rows, update_rows
from harmonize.vocabulary.sssom import NO_TERM, read_sssom, sssom_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from harmonize.review.mappings import Reviewed

JUSTIFICATION = "semapv:ManualMappingCuration"


@dataclass(frozen=True)
class Said:
    """A decision that came with a row."""

    decision: str
    reviewer: str
    date: str
    comment: str = ""


@dataclass(frozen=True)
class Incoming:
    """One row of another tool as SSSOM cells; `place` is where it was read, for messages.

    Cells that the tool does not have are not there, and stay as they are. `was` is the hash of the row that
    it began as, where the tool carries it.
    """

    place: str
    cells: dict[str, str]
    said: tuple[Said, ...] = ()
    was: str = ""

    @property
    def hash(self) -> str:
        return mapping_hash(
            self.cells["subject_id"],
            self.cells["predicate_id"],
            self.cells["object_id"],
            self.cells.get("predicate_modifier", ""),
        )


@dataclass
class ImportOutcome:
    """What an import did, by subject; `absent` are subjects of the folder that the file does not have, `own` those that
    their author accepts, which counts for nothing."""

    unchanged: int = 0
    changed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    decided: int = 0
    absent: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)


def take_in(
    folder: Path, incoming: Sequence[Incoming], *, reviewer: str, date: str, comment: str, into: str | None = None
) -> ImportOutcome:
    """Bring a folder's SSSOM files to what the rows say. Nothing is deleted.

    A row that says something else is a change by `reviewer`; a new subject becomes a row of the file `into`
    (needed where the folder has several). A second import of the same file changes nothing. Raises
    InputError, before anything is written, for a row that cannot be read or matched.
    """
    check_reviewer(reviewer)
    rows = reviewed_rows(folder)
    incoming = _settled(rows, incoming)
    pairs, new = _matched(rows, incoming)
    target = _target(folder, into) if new else None
    if target is not None:
        _check_prefixes(target, new)
    outcome = ImportOutcome(absent=sorted({o.subject for o in rows} - {i.cells["subject_id"] for i in incoming}))
    for one, row in pairs:
        _apply(folder, one, row, outcome, reviewer=reviewer, date=date, comment=comment)
    if target is not None:
        several: dict[str, int] = defaultdict(int)
        for row in incoming:
            several[row.cells["subject_id"]] += 1
        append_rows(target, [_added(row, reviewer, several[row.cells["subject_id"]] > 1) for row in new])
        outcome.added = [row.cells["subject_id"] for row in new]
    outcome.decided, outcome.own = _say(folder, incoming)
    return outcome


def _settled(rows: Iterable[Reviewed], incoming: Iterable[Incoming]) -> list[Incoming]:
    """Where both sides know of no object the predicate says nothing: a tool without one keeps that of the row."""
    nothing = {one.subject: one.predicate for one in rows if one.object == NO_TERM}
    return [
        replace(row, cells=row.cells | {"predicate_id": nothing[row.cells["subject_id"]]})
        if row.cells["object_id"] == NO_TERM and row.cells["subject_id"] in nothing
        else row
        for row in incoming
    ]


def _matched(
    rows: Sequence[Reviewed], incoming: Sequence[Incoming]
) -> tuple[list[tuple[Reviewed, Incoming]], list[Incoming]]:
    """Pairs of a row and what came for it (by the hash it began as, by object, or the only one left), and the rest."""
    by_hash = {one.hash: one for one in rows}
    free: dict[str, list[Reviewed]] = defaultdict(list)
    for one in rows:
        free[one.subject].append(one)
    pairs, open_rows = [], []
    for row in incoming:
        if row.was and row.was not in by_hash:
            hint = "Export again, and take over what you changed."
            raise InputError(
                f"{row.place}: the mapping of {row.cells['subject_id']} has changed since the export.", hint
            )
        found = by_hash.get(row.was) or next((o for o in free[row.cells["subject_id"]] if _same(o, row)), None)
        if found is None:
            open_rows.append(row)
            continue
        if found not in free[found.subject]:
            raise InputError(f"{row.place}: {row.cells['subject_id']} stands twice.")
        free[found.subject].remove(found)
        pairs.append((found, row))
    new = []
    left: dict[str, int] = defaultdict(int)
    for row in open_rows:
        left[row.cells["subject_id"]] += 1
    for row in open_rows:
        subject = row.cells["subject_id"]
        if left[subject] == 1 and len(free[subject]) == 1:
            pairs.append((free[subject].pop(), row))
        else:
            new.append(row)
    return pairs, new


def _same(one: Reviewed, row: Incoming) -> bool:
    modifier = row.cells.get("predicate_modifier", one.row["predicate_modifier"])
    return (one.object, one.row["predicate_modifier"]) == (row.cells["object_id"], modifier)


def _apply(
    folder: Path, one: Reviewed, row: Incoming, outcome: ImportOutcome, *, reviewer: str, date: str, comment: str
) -> None:
    """Make a row say what came for it; a change of its meaning is a decision, another cell is only written."""
    wanted = Change(row.cells["object_id"], row.cells.get("object_label", ""), row.cells["predicate_id"])
    means = (one.object, one.predicate) != (wanted.object_id, wanted.predicate_id)
    if means:
        change(folder, one, wanted, reviewer=reviewer, date=date, comment=comment)
    keep = {
        "subject_id",
        "predicate_id",
        "object_id",
        "reviewer_id",
        "review_date",
        *(("object_label", "author_id") if means else ()),
    }
    cells = {name: value for name, value in row.cells.items() if name not in keep and value != one.row[name]}
    if cells:
        update_rows(one.path, {one.row.line: cells})
    if means or cells:
        outcome.changed.append(one.subject)
    else:
        outcome.unchanged += 1


def _added(row: Incoming, reviewer: str, several: bool) -> dict[str, str]:
    cells = {"mapping_justification": JUSTIFICATION, "author_id": reviewer}
    if several and row.cells["object_id"] != NO_TERM:
        cells["mapping_cardinality"] = "1:n"
    return cells | {name: value for name, value in row.cells.items() if name not in {"reviewer_id", "review_date"}}


def _target(folder: Path, into: str | None) -> Path:
    files = sssom_files(folder)
    names = [path.name for path in files]
    if into is not None and into in names:
        return files[names.index(into)]
    if into is not None:
        raise InputError(f"{folder.name} has no file {into}.", did_you_mean(into, names))
    if len(files) != 1:
        raise InputError("The file has new subjects; say which value set takes them.", f"--into {' or '.join(names)}")
    return files[0]


def _check_prefixes(target: Path, new: Iterable[Incoming]) -> None:
    known = read_sssom(target).prefixes
    for row in new:
        for name in ("subject_id", "object_id"):
            prefix = row.cells[name].partition(":")[0]
            if prefix not in known:
                message = f"{row.place}: {target.name} does not declare the prefix {prefix!r} of {row.cells[name]}."
                raise InputError(message, "Add it to the curie_map in the head of the file.")


def _say(folder: Path, incoming: Iterable[Incoming]) -> tuple[int, list[str]]:
    """Write the decisions that came and are not in force already, an author's own acceptance aside: how many, and of
    which subjects the author accepts."""
    force = in_force(read_decisions(folder))
    rows = {one.hash: one for one in reviewed_rows(folder)}
    groups: dict[Said, list[Reviewed]] = defaultdict(list)
    by_author = []
    for row in incoming:
        for said in row.said:
            old = force.get(row.hash, {}).get(said.reviewer)
            one = rows[row.hash]
            if said.decision == "accept" and said.reviewer in one.author.split("|"):
                by_author.append(one.subject)
            elif old is None or (old.decision == "accept") != (said.decision == "accept"):
                groups[said].append(one)
    for said, about in groups.items():
        decide(folder, about, said.decision, reviewer=said.reviewer, date=said.date, comment=said.comment)
    return sum(map(len, groups.values())), by_author
