"""What of a store does not leave it: submissions under embargo or rejected, and patients that are sequestered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.audit.log import has_table
from harmonize.engine.errors import HeldError
from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection


def open_copy_path(store: Path) -> Path:
    """Where the copy of a store without what is held back is kept."""
    return store.with_name(store.name + ".open")


_NOTED = ("submission", "submission_step", "project_rules")


def state_query() -> str:
    """The SELECT of harmonize.submission_state, which counts whatever view of that name a file has."""
    return sql("store/views/submission_state").partition("VIEW harmonize.submission_state AS")[2].strip()


def held_submissions(con: DuckDBPyConnection) -> list[int]:
    """The submissions that are held back; none in a store from before there was a life cycle, or a published file."""
    if not all(has_table(con, name) for name in _NOTED):
        return []
    rows = con.execute(f"SELECT submission_id FROM ({state_query()}) WHERE is_held ORDER BY 1").fetchall()
    return [int(row[0]) for row in rows]


def sequestered_persons(con: DuckDBPyConnection) -> list[tuple[str, str]]:
    """The cases (project, key) of every person of whom one case is sequestered, loaded or not."""
    if not has_table(con, "sequestration"):
        return []
    return con.execute(sql("release/sequestered_case")).fetchall()


def holds_back(con: DuckDBPyConnection) -> bool:
    """Whether anything of the store does not leave it."""
    if held_submissions(con):
        return True
    if not has_table(con, "sequestration"):
        return False
    return (
        con.execute("SELECT 1 FROM harmonize.sequestration WHERE side = 'sequestered' LIMIT 1").fetchone() is not None
    )


def refuse_held(con: DuckDBPyConnection) -> None:
    """Raises HeldError where something of the store does not leave it: for others a copy without that is read."""
    if holds_back(con):
        raise HeldError(
            "The store holds what is embargoed, rejected or sequestered.",
            "Read a copy without it (harmonize.release.leaving), or say --internal.",
        )
