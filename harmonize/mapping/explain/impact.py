"""What a change of the data dictionary touches: slots of the hub, lines of mappings, rows that are loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.sql_text import literal, quote
from harmonize.mapping.compiler.compile import load_mapping, mapping_folder, mappings, spec_file
from harmonize.schema.ddl import tables
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.schema.diff import Change
    from harmonize.schema.model import Schema

SERIES = "imaging_series"
SERIES_ENDING = "_series_file"
# What the hub calls a property of a series node.
RENAMED = {"number_of_instances": "instance_count"}


@dataclass
class Impact:
    """One change and what it touches. `slots` are class.slot of the hub (the class alone for a whole node), `lines`
    file:line of mappings that fill them, `rows` the loaded rows that the change makes invalid, None without a store."""

    change: Change
    slots: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    rows: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize schema diff --json` prints."""
        return {
            "node": self.change.node,
            "property": self.change.slot or None,
            "what": self.change.what,
            "kind": self.change.kind,
            "old": self.change.old,
            "new": self.change.new,
            "breaking": self.change.breaking,
            "slots": self.slots,
            "mappings": self.lines,
            "rows": self.rows,
        }


def impacts(changes: list[Change], con: DuckDBPyConnection | None = None) -> list[Impact]:
    """What each change touches in the shipped schemas and mappings and, given a connection, in a store."""
    hub = load_schema("midrc")
    filled = _filled_slots() if changes else {}
    found = []
    for change in changes:
        impact = Impact(change)
        for table, slot in _touched(change, hub):
            impact.slots.append(f"{table}.{slot}" if slot else table)
            # a series table has ten nodes; a mapping that names the node by its source class fills that one only
            impact.lines += [
                line
                for (target, name, source), lines in filled.items()
                if (target, name) == (table, slot)
                if not (table == SERIES and source.endswith(SERIES_ENDING) and source != change.node)
                for line in lines
            ]
            if con is not None:
                impact.rows = (impact.rows or 0) + _rows(con, change, table, slot)
        impact.lines = sorted(set(impact.lines), key=_by_line)
        found.append(impact)
    return found


def _by_line(place: str) -> tuple[str, int]:
    file, _, line = place.rpartition(":")
    return file, int(line)


def _touched(change: Change, hub: Schema) -> list[tuple[str, str]]:
    """Hub tables and slots (empty: the table as a whole) that hold what has changed."""
    found = []
    for name, cls in tables(hub).items():
        of_node = cls.is_a == f"gen3_{change.node}"
        if not of_node and not (name == SERIES and change.node.endswith(SERIES_ENDING)):
            continue
        slot = change.slot if of_node else RENAMED.get(change.slot, change.slot)
        if not slot or slot in cls.slots:
            found.append((name, slot))
    return found


def _filled_slots() -> dict[tuple[str, str, str], list[str]]:
    """(hub class, slot, source class) → the lines of all shipped mappings that fill it; the slot is empty for the
    line of the whole derivation."""
    filled: dict[tuple[str, str, str], list[str]] = {}
    for name in mappings():
        file = f"mappings/{name}/{spec_file(mapping_folder(name)).name}"
        for entry in load_mapping(name).entries:
            filled.setdefault((entry.target, "", entry.source), []).append(f"{file}:{entry.line}")
            for slot, column in entry.columns.items():
                filled.setdefault((entry.target, slot, entry.source), []).append(f"{file}:{column.line}")
    return filled


def _rows(con: DuckDBPyConnection, change: Change, table: str, slot: str) -> int:
    """Loaded rows that are no longer valid: that hold the removed value or property, lack what is required now, or lie
    outside of a bound. 0 for a change that is not breaking."""
    if not change.breaking:
        return 0
    where = _invalid(change, quote(slot) if slot else "")
    if table == SERIES:
        where = f"lower(coalesce(data_category, modality)) || '{SERIES_ENDING}' = {literal(change.node)} AND {where}"
    row = con.execute(f"SELECT count(*) FROM midrc.{quote(table)} WHERE {where}").fetchone()
    return int(row[0]) if row else 0


def _invalid(change: Change, column: str) -> str:
    if not column:
        return "true"
    if change.what == "value":
        value = literal(change.old or "")
        return f"({column}::VARCHAR = {value} OR list_contains(TRY_CAST({column} AS VARCHAR[]), {value}))"
    newly_demanded = change.what == "link" and (change.new or "").endswith("required")
    if change.what == "required" or newly_demanded or (change.what == "property" and change.old is None):
        return f"{column} IS NULL"
    if change.what in ("minimum", "maximum"):
        return f"{column} {'<' if change.what == 'minimum' else '>'} {change.new}"
    if change.what == "pattern":
        return f"NOT regexp_matches({column}, {literal(change.new or '')})"
    return f"{column} IS NOT NULL"
