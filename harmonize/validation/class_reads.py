"""Which columns of a source a mapping reads, and which of them become the text of notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.validation.coded import Coded, coded_columns

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.mapping.plan import MappingPlan

_DATED = re.compile(r"\b(to_date|to_datetime|partial_date)\(")
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]""")
NOTE = "note_text"
"""The slot of the hub that holds documents: what feeds it is masked where it tells somebody, and not withheld."""


@dataclass(frozen=True)
class ClassReads:
    """The columns of one source class that a mapping reads, those that it writes into notes, and those that it reads as
    dates, whatever the schema says that they hold; and which code its rows are given."""

    columns: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()
    coded: tuple[Coded, ...] = ()


def class_reads(plan: MappingPlan, folder: Path | None = None) -> dict[str, ClassReads]:
    """What the mapping reads of each source class; `folder` has its value sets, by which its own codes are known."""
    columns: dict[str, set[str]] = {}
    notes: dict[str, set[str]] = {}
    dates: dict[str, set[str]] = {}
    for entry in plan.entries:
        own = columns.setdefault(entry.source, set())
        for column in (*entry.columns.values(), entry.when, entry.reason):
            own.update(column.sources if column else ())
            if column and (dated := _read_as_dates(column.sql) & set(column.sources)):
                dates.setdefault(entry.source, set()).update(dated)
        if NOTE in entry.columns:
            notes.setdefault(entry.source, set()).update(entry.columns[NOTE].sources)
        for join in entry.joins:
            own.add(join.source_key)
            columns.setdefault(join.source, set()).update((*join.columns, join.lookup_key))
    coded = coded_columns(plan, folder)
    return {
        name: ClassReads(
            frozenset(read), frozenset(notes.get(name, ())), frozenset(dates.get(name, ())), coded.get(name, ())
        )
        for name, read in columns.items()
    }


def _read_as_dates(text: str) -> set[str]:
    """The columns that stand inside of the brackets of what reads dates: `dsterm` of `CASE WHEN dsterm = '1' THEN
    to_date(dsstdtc)` is none."""
    names: set[str] = set()
    for met in _DATED.finditer(text):
        depth = 1
        for token in _TOKEN.findall(text[met.end() :]):
            depth += {"(": 1, ")": -1}.get(token, 0)
            if depth == 0:
                break
            if token.startswith('"'):
                names.add(token[1:-1].replace('""', '"'))
    return names
