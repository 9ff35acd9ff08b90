"""Which columns of a table hold keys: what identifies a record, what it links to, how a mapping knows patients."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from harmonize.mapping.plan import DerivedColumn, Entry, MappingPlan
    from harmonize.schema.model import ClassDef, Schema, Slot

KEY = "key"
"""The annotation that marks the columns of which only the mapping says that they hold keys."""


def record_key(cls: ClassDef) -> tuple[Slot, ...]:
    """The slots by which a load knows a record again: the identifier, else those of the class's first unique key."""
    named = tuple(slot for slot in cls.slots.values() if slot.identifier)
    if not named and cls.unique_keys:
        return tuple(cls.slots[name] for name in cls.unique_keys[0])
    return named


def record_key_sql(cls: ClassDef, present: Collection[str], cell: Callable[[Slot], str]) -> str:
    """SQL of a record's key, `cell` giving that of a slot. A key of several columns joins them by `|`; one that is
    empty or absent counts as empty, and a record without any of them has no key."""
    key = record_key(cls)
    cells = [f"trim({cell(slot)})" for slot in key if slot.name in present]
    if not cells or len(key) == 1:
        return cells[0] if cells else "NULL"
    joined = " || '|' || ".join(
        f"replace(coalesce(trim({cell(slot)}), ''), '|', '%7C')" if slot.name in present else "''" for slot in key
    )
    return f"CASE WHEN coalesce({', '.join(cells)}) IS NOT NULL THEN {joined} END"


def key_names(cls: ClassDef) -> frozenset[str]:
    """The slots of a class that hold keys: its identifier, its unique keys, its links, those marked as KEY."""
    named = {
        slot.name
        for slot in cls.slots.values()
        if slot.identifier or "link" in slot.annotations or KEY in slot.annotations
    }
    return frozenset(named.union(*cls.unique_keys))


def with_keys(schema: Schema, plan: MappingPlan) -> Schema:
    """The schema with those columns marked as KEY by which the mapping tells patients, visits and events apart or finds
    rows of other files. A key that is computed of a column is none: what the expression makes of it, only it knows."""
    named: dict[str, set[str]] = {}
    for entry in plan.entries:
        named.setdefault(entry.source, set()).update(_read_as_keys(entry))
        for join in entry.joins:
            named.setdefault(entry.source, set()).add(join.source_key)
            named.setdefault(join.source, set()).add(join.lookup_key)
    classes = {name: _marked(cls, named.get(name, set())) for name, cls in schema.classes.items()}
    return replace(schema, classes=classes)


def _read_as_keys(entry: Entry) -> set[str]:
    return {
        column.sources[0]
        for slot, column in entry.columns.items()
        if (slot.endswith("_key") or slot == "submitter_id") and _is_plain(column)
    }


def _is_plain(column: DerivedColumn) -> bool:
    """Whether a slot is a cell as it stands."""
    return len(column.sources) == 1 and column.sql == f"s.{quote(column.sources[0])}"


def _marked(cls: ClassDef, names: set[str]) -> ClassDef:
    new = {name for name in names & cls.slots.keys() if KEY not in cls.slots[name].annotations} - key_names(cls)
    if not new:
        return cls
    slots = {
        name: replace(slot, annotations={**slot.annotations, KEY: "true"}) if name in new else slot
        for name, slot in cls.slots.items()
    }
    return replace(cls, slots=slots)
