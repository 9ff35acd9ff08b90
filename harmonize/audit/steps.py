"""The steps of a submission's life as they are noted; which may follow which is for harmonize.release.step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from harmonize.audit.log import now, os_user, write_entry
from harmonize.audit.rules import rules_of
from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from duckdb import DuckDBPyConnection


def subject_of(submission: int) -> str:
    """What the audit log calls a submission."""
    return f"submission {submission}"


def record_step(
    con: DuckDBPyConnection,
    submission: int,
    step: str,
    *,
    who: str | None = None,
    why: str | None = None,
    embargo_until: date | None = None,
    details: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Add a step and its entry in the audit log; the caller commits."""
    con.execute(sql("store/tables/submission_step"))  # a store may be older than the table
    person, time = who or os_user(), at or now()
    con.execute(
        "INSERT INTO harmonize.submission_step SELECT coalesce(max(step_id), 0) + 1, ?, ?, ?, ?, ?, ?::DATE "
        "FROM harmonize.submission_step",
        [submission, step, time, person, why, embargo_until],
    )
    told = {"why": why, "embargo_until": embargo_until.isoformat() if embargo_until else None, **(details or {})}
    given = {name: value for name, value in told.items() if value is not None}
    write_entry(con, f"submission.{step}", subject_of(submission), given, who=person, at=time)


def record_arrival(
    con: DuckDBPyConnection,
    submission: int,
    project_id: str,
    details: Mapping[str, Any],
    vault: Mapping[str, Any] | None = None,
) -> None:
    """The steps of a load that is about to be committed: received, validated (its ledger balances and its findings are
    noted), and embargoed where the rules of the project ask for a release, or identifying values came with it, which
    stand in a `vault`: then somebody looks at what is left before it leaves."""
    at, rules = now(), rules_of(con, project_id)
    own = {"vault": dict(vault)} if vault else {}
    record_step(con, submission, "received", details={"project": project_id, **details, **own}, at=at)
    record_step(con, submission, "validated", at=at)
    if rules.hold_back or vault:
        until = at.date() + timedelta(days=rules.embargo_days)
        why = "came with retained PHI" if vault else "rules of the project"
        record_step(con, submission, "embargoed", why=why, embargo_until=until, at=at)
