"""The releases of a store, or those that lie in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.audit.log import has_table
from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.release.directory.pending import every_pending
from harmonize.release.directory.verify import ABOUT, read_release

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def releases_of(db: Path, *, wait: float = 10.0) -> list[dict[str, Any]]:
    """Those that the store remembers, and those that only wait for that (unfinished)."""
    with open_store(db, read_only=True, wait=wait) as store:
        store.require_records()
        rows = _remembered(store.con)
    known = {(row["project"], row["version"]) for row in rows}
    rows += [
        _row(work["project"], work["version"], None, work["place"], "unfinished: run the same build again")
        for work in every_pending(db)
        if (work["project"], work["version"]) not in known and Path(work["place"]).is_dir()
    ]
    return rows


def _remembered(con: DuckDBPyConnection) -> list[dict[str, Any]]:
    if not has_table(con, "release_build"):
        return []
    found = con.execute(
        "SELECT project_id, version, built_at, place FROM harmonize.release_build ORDER BY release_id"
    ).fetchall()
    return [
        _row(
            project, version, at.isoformat(timespec="seconds"), place, "built" if Path(place).is_dir() else "not there"
        )
        for project, version, at, place in found
    ]


def releases_in(folder: Path) -> list[dict[str, Any]]:
    """Those that lie in a folder."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder.", "Name the folder of releases, or --db FILE.")
    rows = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") and path.name.endswith(".partial"):
            rows.append(_row(None, None, None, str(path), "unfinished: run the same build again"))
        elif (path / ABOUT).is_file():
            told = read_release(path)
            rows.append(_row(told["project"], told["version"], told["built_at"], str(path), "built"))
    return rows


def _row(project: str | None, version: str | None, at: str | None, place: str, state: str) -> dict[str, Any]:
    return {"project": project, "version": version, "built_at": at, "state": state, "place": place}
