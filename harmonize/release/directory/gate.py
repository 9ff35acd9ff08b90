"""What must hold before a release is built; each refusal is one sentence, with what to type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.audit.rules import rules_of
from harmonize.engine.errors import RefusedError
from harmonize.engine.paths import sql
from harmonize.pipeline.project import show_project
from harmonize.release.deid.images import blocking_images
from harmonize.release.sequester.lock import locks
from harmonize.release.step import lives, open_findings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Ready:
    """The submissions that a release of a project holds, and those of them that the build itself releases."""

    submissions: tuple[int, ...]
    to_release: tuple[int, ...]


def pass_gate(con: DuckDBPyConnection, project: str) -> Ready:
    """What may go into a release. Raises InputError for an unknown project, RefusedError at the first obstacle."""
    show_project(con, project)
    own = [life for life in lives(con) if life.project == project and life.state != "withdrawn"]
    ready = [life for life in own if life.state in ("validated", "released") and not life.is_held]
    if not ready:
        waiting = ", ".join(f"{life.submission} is {life.state}" for life in own) or "there is none"
        number = own[0].submission if own else "ID"
        raise RefusedError(
            f"No submission of {project} may leave: {waiting}.",
            f"harmonize submission step {number} released --who NAME --why TEXT",
        )
    for life in ready:
        if found := open_findings(con, life.submission):
            told = ", ".join(f"{one['rule']} ({one['findings']:,})" for one in found)
            raise RefusedError(
                f"Findings of submission {life.submission} are open: {told}.",
                f"harmonize submission waive {life.submission} {found[0]['rule']} --who NAME --why TEXT",
            )
    _require_images(con, project)
    _require_lock(con, project)
    return Ready(
        tuple(life.submission for life in ready),
        tuple(life.submission for life in ready if life.state == "validated"),
    )


def _require_images(con: DuckDBPyConnection, project: str) -> None:
    blocking = [image for image in blocking_images(con, project) if image.blocks]
    if blocking:
        raise RefusedError(
            f"{len(blocking):,} series of {project} block a release until somebody decides.",
            f"harmonize release images --project {project}; then: harmonize release images --decide "
            f"{blocking[0].series_uid} keep --who NAME --why TEXT",
        )


def _require_lock(con: DuckDBPyConnection, project: str) -> None:
    """Locks hold always; where the rules of the project ask for one, every case has a side under it."""
    found = locks(con, project)
    if any(not lock.is_sound for lock in found):
        raise RefusedError(
            f"The sides of {project} are not those that were locked.",
            f"harmonize sequester show --project {project}",
        )
    if not rules_of(con, project).sequestration_locked:
        return
    until = max((lock.locked_at for lock in found), default=None)
    row = con.execute(sql("release/without_side"), {"project": project, "until": until}).fetchone()
    if row and row[0]:
        raise RefusedError(
            f"{row[0]:,} cases of {project} have no side under a lock, and its rules ask for one.",
            f"harmonize sequester assign --project {project}; then: harmonize sequester lock --project {project} "
            "--who NAME",
        )
