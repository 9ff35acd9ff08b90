"""How many records of a delivery of tables the rules of its mapping leave out: not everything of it is loaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harmonize.mapping.select import RECORD_ID, entry_select
from harmonize.mapping.shared_calls import share

if TYPE_CHECKING:
    from harmonize.validation.outcome import Asked


def excluded(asked: Asked, views: dict[str, str]) -> int:
    """How many records in `views` have no row at all, as no entry's condition is true of them; rows that others look up
    are left aside, as they are there for these."""
    joined = {join.source for entry in asked.plan.entries for join in entry.joins}
    count = 0
    for source in asked.schema.classes.keys() & views.keys() - joined:
        entries = [entry for entry in asked.plan.entries if entry.source == source]
        if any(entry.when is None for entry in entries):
            continue
        plain = [f"coalesce({entry.when.sql}, false)" for entry in entries if entry.when and not entry.joins]
        (none,), rows = share([f"NOT ({' OR '.join(plain) or 'false'})"], views[source], [RECORD_ID])
        others = [
            f"SELECT record_id FROM ({entry_select(replace(entry, columns={}), views, 0)})"
            for entry in entries
            if entry.joins
        ]
        if others:
            none += f" AND {RECORD_ID} NOT IN ({' UNION ALL '.join(others)})"
        found = asked.con.execute(f"SELECT count(*) FROM {rows} s WHERE {none}").fetchone()
        count += found[0] if found else 0
    return count
