"""Checks are run: those that read the same rows in one scan, each alone only where a scan fails."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from harmonize.engine.translate import first_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.quality.check import Check

MOST_AT_ONCE = 150
"""So many checks are counted in one statement."""


@dataclass(frozen=True)
class Counted:
    """What a check counted, or the error that it ended with."""

    check: Check
    violated: int = 0
    denominator: int = 0
    seconds: float = 0.0
    error: str | None = None
    note: str | None = None


def run(
    con: DuckDBPyConnection, checks: Iterable[Check], progress: Callable[[str], None] | None = None
) -> list[Counted]:
    """What each check counts, in the order in which they are given."""
    asked = list(checks)
    there = _there(con)
    found: dict[str, Counted] = {}
    by_source: dict[str, list[Check]] = {}
    for check in asked:
        if _can_run(check, there):
            by_source.setdefault(check.parts.source, []).append(check)
        else:
            found[check.id] = Counted(check, error="Its table or column is missing.")
    told: set[str] = set()
    for group in by_source.values():
        if progress and group[0].table not in told:
            progress(group[0].table)
        told.add(group[0].table)
        for some in _batches(group):
            found |= {one.check.id: one for one in _counted(con, some)}
    return [found[check.id] for check in asked]


def _there(con: DuckDBPyConnection) -> set[tuple[str, str]]:
    """Tables and columns of the CDM that the database has: (table, column), and (table, "")."""
    found = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = 'omop'"
    ).fetchall()
    return {(table, column) for table, name in found for column in (name, "")}


def _can_run(check: Check, there: set[tuple[str, str]]) -> bool:
    return check.kind.check in ("cdmTable", "cdmField") or (check.table, check.column) in there


def _batches(checks: Sequence[Check]) -> Iterator[list[Check]]:
    for start in range(0, len(checks), MOST_AT_ONCE):
        yield list(checks[start : start + MOST_AT_ONCE])


def _counted(con: DuckDBPyConnection, checks: list[Check]) -> list[Counted]:
    started = perf_counter()
    try:
        row = con.execute(_statement(checks)).fetchone() or ()
    except Exception as problem:  # noqa: BLE001 - a check that cannot be run is a result: the reason is told with it
        if len(checks) > 1:
            return [counted for check in checks for counted in _counted(con, [check])]
        return [Counted(checks[0], seconds=perf_counter() - started, error=first_line(problem))]
    seconds = (perf_counter() - started) / len(checks)
    pairs = zip(row[::2], row[1::2], strict=True)
    return [
        Counted(check, int(violated or 0), int(denominator or 0), seconds)
        for check, (violated, denominator) in zip(checks, pairs, strict=True)
    ]


def _statement(checks: Sequence[Check]) -> str:
    """One statement for checks of the same source: two columns a check."""
    parts = [check.parts for check in checks]
    return "SELECT " + ", ".join(f"{one.violated}, {one.denominator}" for one in parts) + "\n" + parts[0].source
