"""What to review first: rows by how much loaded data they decide on and how sure they are, with their standing."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from harmonize.review.decisions import Standing, in_force, read_decisions, standings
from harmonize.review.mappings import reviewed_rows
from harmonize.review.usage import usage
from harmonize.review.vocabulary_changes import changed_since, object_states

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.review.mappings import Reviewed

# What a sure row still counts: a frequent value of confidence 1 goes before a rare doubtful one.
SURE = 0.05


@dataclass(frozen=True)
class Item:
    """One row to review. `rows` is None where no store tells how many loaded rows use it."""

    one: Reviewed
    standing: Standing
    rows: int | None

    @property
    def impact(self) -> float:
        """Loaded rows times doubt (1 − confidence, at least 0.05); doubt alone where the rows are not known."""
        return (1 if self.rows is None else self.rows) * max(SURE, 1 - self.one.confidence)

    def to_json(self) -> dict[str, Any]:
        """Flat, for tables and JSON."""
        row = self.one.row
        return {
            "subject": self.one.subject,
            "label": row["subject_label"],
            "predicate": ("Not " if row["predicate_modifier"] else "") + self.one.predicate.removeprefix("skos:"),
            "object": self.one.object,
            "object_label": row["object_label"],
            "confidence": self.one.confidence,
            "rows": self.rows,
            "impact": round(self.impact, 2),
            "state": self.standing.state,
            "accepted": ", ".join(self.standing.accepted),
            "against": ", ".join(self.standing.against),
            "place": f"{self.one.path.name}:{row.line}",
        }


@dataclass(frozen=True)
class Filter:
    """Which rows: None or an empty value takes all. `subject` is a pattern with * and ?."""

    state: str | None = None
    subject: str | None = None
    predicate: str | None = None
    below: float | None = None
    at_least: float | None = None
    undecided_by: str | None = None

    def fits(self, item: Item, spoken: frozenset[str]) -> bool:
        """Whether an item is meant; `spoken` are the reviewers whose word on it is in force."""
        return (
            self.state in (None, item.standing.state)
            and (self.subject is None or fnmatchcase(item.one.subject, self.subject))
            and self.predicate in (None, item.one.predicate, item.one.predicate.removeprefix("skos:"))
            and (self.below is None or item.one.confidence < self.below)
            and (self.at_least is None or item.one.confidence >= self.at_least)
            and (self.undecided_by is None or self.undecided_by not in spoken)
        )


def worklist(folder: Path, con: DuckDBPyConnection | None = None, wanted: Filter | None = None) -> list[Item]:
    """The rows of a folder that fit, those of the greatest impact first."""
    rows = reviewed_rows(folder)
    decisions = read_decisions(folder)
    reopened: Iterable[str] = ()
    counts = None
    if con is not None:
        counts = usage(con, [one.subject for one in rows])
        reopened = changed_since(rows, decisions, object_states(con, [one.object for one in rows]))
    standing = standings(rows, decisions, reopened)
    force = in_force(decisions)
    items = [Item(one, standing[one.hash], None if counts is None else counts.get(one.subject, 0)) for one in rows]
    if wanted is not None:
        items = [item for item in items if wanted.fits(item, frozenset(force.get(item.one.hash, {})))]
    return sorted(items, key=lambda item: (-item.impact, -(item.rows or 0)))
