"""Locking assignments: what stands under a lock is known by its digest, so that any change of it is noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


@dataclass(frozen=True)
class Lock:
    """The assignments of a project until a moment: so many cases, locked by whom, and whether they are as they were."""

    project_id: str
    cases: int
    locked_by: str
    locked_at: datetime
    is_sound: bool


def lock(store: Store, project: str, *, who: str, now: datetime | None = None) -> Lock:
    """Lock what is assigned in a project. Raises InputError where nothing is, or an earlier lock is broken."""
    store.require_records()
    if not who.strip():
        raise InputError("A lock needs somebody who sets it.", "--who NAME")
    with store.transaction() as con:
        require_sound(con, project)
        row = con.execute(
            "SELECT max(assigned_at) FROM harmonize.sequestration WHERE project_id = ?", [project]
        ).fetchone()
        if row is None or row[0] is None:
            raise InputError(f"No case of {project} has a side.", f"harmonize sequester assign --project {project}")
        moment = max((now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None), row[0])
        cases, digest = _digest(con, project, moment)
        con.execute(
            "INSERT INTO harmonize.sequestration_lock VALUES (?, ?, ?, ?, ?)", [project, cases, digest, who, moment]
        )
    return Lock(project, cases, who, moment, True)


def locks(con: DuckDBPyConnection, project: str | None = None) -> list[Lock]:
    """Every lock, of one project or of all."""
    rows = con.execute(
        "SELECT project_id, cases, digest, locked_by, locked_at FROM harmonize.sequestration_lock "
        "WHERE $project IS NULL OR project_id = $project ORDER BY project_id, locked_at",
        {"project": project},
    ).fetchall()
    return [
        Lock(name, cases, who, at, _digest(con, name, at) == (cases, digest)) for name, cases, digest, who, at in rows
    ]


def require_sound(con: DuckDBPyConnection, project: str) -> None:
    """Raises InputError where assignments were changed since they were locked."""
    for found in locks(con, project):
        if not found.is_sound:
            raise InputError(
                f"Assignments of {project} are not those that {found.locked_by} locked at {found.locked_at}.",
                "Somebody changed harmonize.sequestration. Go back to a copy of the store in which the lock holds.",
            )


def _digest(con: DuckDBPyConnection, project: str, until: datetime) -> tuple[int, str]:
    row = con.execute(sql("release/sequester/digest"), {"project": project, "until": until}).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, "")
