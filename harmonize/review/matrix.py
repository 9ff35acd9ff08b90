"""The matrix: every property and value of the dictionary and the hub by consortium, and where consortia differ."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from harmonize.review.concepts import by_code, is_id
from harmonize.review.crosswalk import properties
from harmonize.vocabulary.sssom import NO_TERM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harmonize.review.crosswalk import Crosswalk
    from harmonize.vocabulary.sssom import Row

# Strongest first; `none` is a decision with a reason, `gap` that nobody has decided.
MATCHES = ("exact", "close", "broad", "narrow", "related", "none", "gap")


@dataclass(frozen=True)
class Cell:
    """What one consortium has for a subject.

    `objects` beside each other are alternatives, or places of several models; with `together` they are one pattern.
    `concepts` are the OMOP concept ids that the objects stand for, as far as they are known.
    """

    match: str
    objects: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    concepts: frozenset[int] = frozenset()
    confidence: str = ""
    comment: str = ""
    reviewers: str = ""

    @property
    def together(self) -> bool:
        """Whether the objects, all of one model, only together say what the subject says."""
        models = {code.partition(":")[0] for code in self.objects}
        return self.match == "related" and len(self.objects) > 1 == len(models)


@dataclass(frozen=True)
class Line:
    """One property of a node (`name`; value empty), or one value of it, or a value that only a source has."""

    subject: str
    node: str
    name: str
    value: str
    cells: Mapping[str, Cell]

    @property
    def differs(self) -> bool:
        """Whether no concept is common to all consortia that name one."""
        named = [cell.concepts for cell in self.cells.values() if cell.concepts]
        return len(named) > 1 and not frozenset.intersection(*named)


def matrix(walks: Sequence[Crosswalk]) -> list[Line]:
    """Every property of the dictionary and the hub, then all their values, then values that only sources have."""
    ids = {
        code: one.concept_id
        for code, one in by_code(row["object_id"] for walk in walks for _, row in walk.rows).items()
    }
    by_subject = {walk.name: _by_subject(walk) for walk in walks}
    subjects = [one.subject for one in properties()]
    listed = [f"{one.subject}#{value}" for one in properties() for value in one.slot.permissible_values or ()]
    mapped = [subject for rows in by_subject.values() for subject in rows]
    return [
        _line(subject, {name: _cell_of(subject, rows, ids) for name, rows in by_subject.items()})
        for subject in dict.fromkeys([*subjects, *listed, *mapped])
    ]


def _cell_of(subject: str, rows: Mapping[str, list[Row]], ids: Mapping[str, int]) -> Cell:
    """The cell of a subject; a value of a property that has no match has none either, for the same reason."""
    owner = _cell(rows.get(subject.partition("#")[0], []), ids)
    return owner if subject not in rows and owner.match == "none" else _cell(rows.get(subject, []), ids)


def _by_subject(walk: Crosswalk) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for _, row in walk.rows:
        rows.setdefault(row["subject_id"], []).append(row)
    return rows


def _line(subject: str, cells: Mapping[str, Cell]) -> Line:
    prefix, _, code = subject.partition(":")
    path, _, value = code.partition("#")
    if prefix != "midrc":
        return Line(subject, prefix, path if value else "", value or path, cells)
    node, _, name = path.partition("/")
    return Line(subject, node, name, value, cells)


def _cell(rows: Iterable[Row], ids: Mapping[str, int]) -> Cell:
    meant = [row for row in rows if row["predicate_modifier"] != "Not"]
    if not meant:
        return Cell("gap")
    found = [row for row in meant if row["object_id"] != NO_TERM]
    reasons = "; ".join(dict.fromkeys(row["comment"] for row in rows if row["comment"]))
    reviewers = "|".join(dict.fromkeys(row["reviewer_id"] for row in meant if row["reviewer_id"]))
    confidence = min((row["confidence"] for row in meant if row["confidence"]), key=float, default="")
    if not found:
        return Cell("none", confidence=confidence, comment=reasons, reviewers=reviewers)
    kinds = {row["predicate_id"].removeprefix("skos:").removesuffix("Match") for row in found}
    return Cell(
        match=next(match for match in MATCHES if match in kinds),
        objects=tuple(row["object_id"] for row in found),
        labels=tuple(row["object_label"] for row in found),
        concepts=frozenset(concept for row in found if (concept := concept_id(row, ids)) is not None),
        confidence=confidence,
        comment=reasons,
        reviewers=reviewers,
    )


def concept_id(row: Row, ids: Mapping[str, int]) -> int | None:
    """The OMOP concept that a row's object is (OMOP:8532), stands for (object_concept) or has as its code."""
    for code in (row["object_concept"], row["object_id"]):
        if is_id(code):
            return int(code.partition(":")[2])
    return ids.get(row["object_id"])


def counts(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """A row a consortium: how many subjects by match."""
    totals: dict[str, dict[str, int]] = {}
    for line in lines:
        for name, cell in line.cells.items():
            totals.setdefault(name, dict.fromkeys(MATCHES, 0))[cell.match] += 1
    return [{"consortium": name, **by_match} for name, by_match in totals.items()]


def as_records(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Flat rows: node, property, value, differs, then match, object and reason of each consortium.

    Objects that make a pattern are joined by +, others by |.
    """
    records = []
    for line in lines:
        record = {"node": line.node, "property": line.name, "value": line.value}
        record["differs"] = "yes" if line.differs else ""
        for name, cell in line.cells.items():
            record |= {
                name: cell.match,
                f"{name}_object": (" + " if cell.together else " | ").join(cell.objects),
                f"{name}_concept": " | ".join(map(str, sorted(cell.concepts))),
                f"{name}_reason": cell.comment,
            }
        records.append(record)
    return records


def as_csv(lines: Iterable[Line]) -> str:
    """`as_records` as CSV with a header."""
    records = as_records(lines)
    out = StringIO()
    writer = csv.DictWriter(out, list(records[0]) if records else ["node", "property", "value"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()
