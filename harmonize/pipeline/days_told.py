"""Records that tell days from an event in a project that keeps dates as they are: nothing dates them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.mapping.select import entry_select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import Entry
    from harmonize.pipeline.project import Project

_DAYS = ("start_day", "days_to_hospital_admission", "study_day", "days_to_study")
_DATES = ("start_date", "start_datetime", "series_date", "study_date")


def note_days_told(
    con: DuckDBPyConnection, met: Sequence[Entry], views: dict[str, str], submission: int, project: Project
) -> None:
    """The finding days_without_anchor of every file with a row that has a day and no date, which names the project for
    the command that would help."""
    if project.time_policy not in ("as_is", "shifted"):
        return
    rows = [_undated(entry, views) for entry in met if any(name in entry.columns for name in _DAYS)]
    if rows:
        statement = sql("ledger/days_told").replace("{rows}", " UNION ALL ".join(rows))
        con.execute(statement, {"submission": submission, "project": project.project_id})


def _undated(entry: Entry, views: dict[str, str]) -> str:
    days = " OR ".join(f"{name} IS NOT NULL" for name in _DAYS if name in entry.columns)
    dates = " AND ".join(f"{name} IS NULL" for name in _DATES if name in entry.columns) or "true"
    return f"SELECT record_id FROM ({entry_select(entry, views, 0)}) WHERE ({days}) AND {dates}"
