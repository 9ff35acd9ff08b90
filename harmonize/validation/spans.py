"""Starts and ends that a mapping writes into one row: what ends before it begins is told, whatever is declared."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.mapping.plan import Entry, MappingPlan
    from harmonize.schema.model import ClassDef, Schema

SPANS = "spans"
"""The annotation of a class that holds its spans as JSON: [column of the end, other columns, SQL of end, of start]."""
RULE = "end_before_start"
_WORDS = (("start_", "end_"), ("_start", "_end"), ("_admission", "_discharge"))
_ALIAS = re.compile(r'(\w+)\."')

Span = tuple[str, list[str], str, str]


def with_spans(schema: Schema, plan: MappingPlan) -> Schema:
    """The schema with the spans of each class: the pairs of slots that the mapping fills of one record, and how. A
    column that the schema itself declares with its start is left to that."""
    found: dict[str, list[Span]] = {}
    for entry in plan.entries:
        cls = schema.classes.get(entry.source)
        if cls is not None:
            known = found.setdefault(entry.source, [])
            known += [span for span in _spans(entry, cls) if span not in known]
    classes = {
        name: replace(cls, annotations={**cls.annotations, SPANS: json.dumps(found[name])}) if found.get(name) else cls
        for name, cls in schema.classes.items()
    }
    return replace(schema, classes=classes)


def spans_of(cls: ClassDef) -> list[Span]:
    """The spans that `with_spans` noted of a class."""
    told: list[Span] = [tuple(span) for span in json.loads(cls.annotations.get(SPANS, "[]"))]
    return told


def _spans(entry: Entry, cls: ClassDef) -> Iterator[Span]:
    for name, start in entry.columns.items():
        for word, other in _WORDS:
            end = entry.columns.get(name.replace(word, other)) if word in name else None
            if end is None or set(_ALIAS.findall(start.sql + end.sql)) != {"s"}:  # what is looked up has its own record
                continue
            own = [column for column in end.sources if column not in start.sources]
            if not own or not start.sources or RULE in cls.slots[own[-1]].annotations:
                continue
            if set(start.sources) <= set(end.sources) and cls.slots[own[-1]].minimum is not None:
                continue  # a length, whose own bound says what is too short
            yield own[-1], [*start.sources, *own[:-1]], end.sql, start.sql
