"""Link: the images of the whole store against persons, visits and procedures."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.imaging.coverage import LinkResult, coverage
from harmonize.imaging.day_match import REFUSED, day_matches
from harmonize.pipeline import changes
from harmonize.pipeline.derive import touch_all
from harmonize.pipeline.finish import derive_again
from harmonize.pipeline.project import read_projects, require_days, save_project, show_project

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


MatchDays = Literal["unique", "single_pairs"]


def link(store: Store, *, match_days: MatchDays | None = None, project: str | None = None) -> LinkResult:
    """Derive all cases with images anew, or those of a project, and report coverage.

    A load links what it brings by itself; this does it for the whole store and tells how well it went. With
    `match_days` projects that count days match the exams of their records with images that have dates, now and with
    every later change (docs/linking.md). Raises InputError for a project that is not there or counts no days.
    """
    started = time.perf_counter()
    with store.transaction() as con:
        changes.begin(con)
        if project is not None:
            show_project(con, project)  # refuses one that is not there
        notes = _ask(con, match_days, project) if match_days else []
        con.execute(sql("persons/every_imaged_case"), {"project": project})
        derive_again(con)
        for refused in _refuse(con):
            touch_all(con, refused)
            derive_again(con)
        projects = coverage(con)
        matches = day_matches(con)
    return LinkResult(projects, time.perf_counter() - started, matches, notes)


def _ask(con: DuckDBPyConnection, match_days: MatchDays, project: str | None) -> list[str]:
    """Have a project, or all that count days, match them from now on; sentences on those that need none.

    Raises InputError for a project that does not count days, and where none does.
    """
    projects = [one for one in read_projects(con) if project in (None, one.project_id)]
    if project is not None:
        require_days(projects[0])
    counting = [one for one in projects if one.time_policy == "offset"]
    if not counting:
        raise InputError(
            "No project of this store counts days, so there are none to match.",
            "--match-days is for projects of the policy offset; see: harmonize project list",
        )
    notes = []
    for one in counting:
        if one.source_anchor is None:
            save_project(con, replace(one, match_days=match_days))
        else:
            notes.append(f"{one.project_id}: its source's day 0 is known (--source-anchor), so no days are matched.")
    return notes


def _refuse(con: DuckDBPyConnection) -> list[str]:
    """The projects of which no patient can be matched, as their images were moved study by study; they are marked."""
    refused = [name for (name,) in con.execute(sql("imaging/day_refused")).fetchall()]
    for one in read_projects(con):
        if one.project_id in refused:
            save_project(con, replace(one, match_days=REFUSED))
    return refused
