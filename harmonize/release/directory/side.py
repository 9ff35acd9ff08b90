"""A copy of a store with the one side of one project that a release holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.audit.held import sequestered_persons
from harmonize.engine.paths import sql
from harmonize.engine.store import open_store
from harmonize.release.copy import write_copy
from harmonize.release.deid.images import blocking_images

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

OPEN, SEQUESTERED = "open", "sequestered"


def write_side(
    store: Path, target: Path, project: str, submissions: tuple[int, ...], side: str, *, wait: float, memory: str | None
) -> None:
    """Write the copy: only `submissions`, of the persons of `side`, without the series that were decided against."""

    def choose(con: DuckDBPyConnection) -> tuple[list[int], list[tuple[str, str]]]:
        loaded = con.execute("SELECT submission_id FROM harmonize.submission WHERE state = 'loaded' ORDER BY 1")
        others = [number for (number,) in loaded.fetchall() if number not in submissions]
        return others, _other_side(con, side)

    # open for reading, nobody writes meanwhile
    with open_store(store, read_only=True, wait=wait, memory=memory) as opened:
        left_out = [image.series_uid for image in blocking_images(opened.con, project) if image.decision == "leave-out"]
        write_copy(store, target, choose, memory)
    if left_out:
        with open_store(target, memory=memory) as copy, copy.transaction() as con:
            leave_out_series(con, left_out)


def leave_out_series(con: DuckDBPyConnection, series: list[str]) -> None:
    """Delete what tells of the series in a copy; the caller commits."""
    con.execute(sql("release/left_out_series"), {"series": series})
    con.execute(sql("release/left_out_reading"))
    con.execute(sql("release/leave_out_series"))


def _other_side(con: DuckDBPyConnection, side: str) -> list[tuple[str, str]]:
    """The cases that the side does not have."""
    away = sequestered_persons(con)
    if side == OPEN:
        return away
    kept = set(away)
    every = con.execute("SELECT project_id, case_key FROM harmonize.person_case ORDER BY ALL").fetchall()
    return [case for case in every if case not in kept]
