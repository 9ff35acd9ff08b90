"""Projects whose days were matched with the dates of their images: with public UIDs a file would tell both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.pipeline.project import Project


def refuse_told_days(con: DuckDBPyConnection, projects: Sequence[Project], *, as_sent: bool = False) -> None:
    """Refuse public UIDs of projects whose days were matched with images: whoever looks a study up in the public index
    finds its date there and its day here, and so every date of the patient. `as_sent`: UIDs are written as they came,
    whatever the project says of publishing.

    Raises InputError unless the project itself says that its UIDs may be public.
    """
    asked = [
        project.project_id
        for project in projects
        if project.match_days
        and (as_sent or project.uids == "public")
        and (project.uids, project.uids_basis) != ("public", "set")
    ]
    if not asked:
        return
    rows = con.execute("SELECT DISTINCT project_id FROM harmonize.day_zero ORDER BY ALL").fetchall()
    if matched := [name for (name,) in rows if name in asked]:
        raise InputError(
            f"The days of {', '.join(matched)} were matched with the dates of its images, and its DICOM UIDs would be "
            "written as they are: in a public index each tells a date, which, with the days, dates the whole patient.",
            f"Publish new UIDs: harmonize project set {matched[0]} --uids remap --db FILE. If those dates tell nothing "
            "(they were moved, too), say so with --uids public.",
        )
