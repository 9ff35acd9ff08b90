"""Records that tell days from an event in a project that keeps dates, and the other way round: nothing dates them."""

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
_IMAGES = ("imaging_series", "imaging_study")
_NONE: tuple[str, ...] = ()


def note_days_told(
    con: DuckDBPyConnection, met: Sequence[Entry], views: dict[str, str], submission: int, project: Project
) -> None:
    """The finding of every file with a row that is told in the other way than the project's, which names the project
    for the command that would help: days_without_anchor where it keeps dates, dates_without_anchor where it counts days
    (images whose days are matched left aside)."""
    if project.time_policy in ("as_is", "shifted"):
        rule, told, wanted, aside = "days_without_anchor", _DAYS, _DATES, _NONE
    elif project.time_policy == "offset" and project.source_anchor is None:
        rule, told, wanted = "dates_without_anchor", _DATES, _DAYS
        aside = _IMAGES if project.match_days else _NONE
    else:
        return
    rows = [
        _without(entry, views, told, wanted)
        for entry in met
        if entry.target not in aside and any(name in entry.columns for name in told)
    ]
    if rows:
        statement = sql("ledger/days_told").replace("{rows}", " UNION ALL ".join(rows))
        con.execute(statement, {"submission": submission, "project": project.project_id, "rule": rule})


def _without(entry: Entry, views: dict[str, str], told: Sequence[str], wanted: Sequence[str]) -> str:
    """SELECT record_id of the rows that have one of `told` and none of `wanted`."""
    has = " OR ".join(f"{name} IS NOT NULL" for name in told if name in entry.columns)
    lacks = " AND ".join(f"{name} IS NULL" for name in wanted if name in entry.columns) or "true"
    return f"SELECT record_id FROM ({entry_select(entry, views, 0)}) WHERE ({has}) AND {lacks}"
