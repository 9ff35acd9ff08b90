"""The comparison that "the same database" means: every row of omop, midrc, linked, row_id and row_source."""

from __future__ import annotations

from pathlib import Path

import duckdb

PROJECT = "TCIA-COVID-19-NY-SBU"


def snapshot(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of omop, midrc, linked, row_id and row_source, sorted: two equal snapshots are the same database."""
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            "SELECT table_schema || '.\"' || table_name || '\"' FROM information_schema.tables "
            "WHERE table_schema IN ('omop', 'midrc', 'linked') "
            "OR table_schema = 'harmonize' AND table_name IN ('row_id', 'row_source') ORDER BY 1"
        ).fetchall()
        return {name: sorted(con.execute(f"FROM {name}").fetchall(), key=repr) for (name,) in tables}


def differences(
    before: dict[str, list[tuple[object, ...]]], after: dict[str, list[tuple[object, ...]]]
) -> dict[str, int]:
    """Table → rows that are in only one of the two."""
    found = {}
    for name in before.keys() | after.keys():
        left, right = before.get(name, []), after.get(name, [])
        if left != right:
            found[name] = len(set(map(repr, left)) ^ set(map(repr, right)))
    return found
