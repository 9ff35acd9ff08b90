"""The life of what was loaded: where each submission stands, and the steps that stewards take (docs/life-cycle.md).

What is shown is read from the copy of the store; a step is a job, since it writes the store and what analysts read.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.service.models import Job, User
from harmonize.service.problems import not_found
from harmonize.service.putting_out import WAIT_SECONDS, copy_out, put_out

HOLD_BACK = frozenset({"embargoed", "rejected"})
"""Steps after which less may leave than before."""

if TYPE_CHECKING:
    from harmonize.engine.progress import Meter
    from harmonize.service.database import Database
    from harmonize.service.settings import Settings


def lives(settings: Settings) -> list[dict[str, Any]]:
    """Where each submission of the store stands, the latest first."""
    from harmonize.pipeline.stores import open_current
    from harmonize.release.step import lives as found

    if not settings.reading.is_file():
        return []
    with open_current(settings.reading, read_only=True) as store:
        return [life.to_json() for life in reversed(found(store.con))]


def life(settings: Settings, submission: int) -> dict[str, Any]:
    """One with its steps and waivers, its open findings, and what may follow. Raises Problem 404."""
    from harmonize.pipeline.stores import open_current
    from harmonize.release.step import AFTER, history, lives, open_findings

    if not settings.reading.is_file():
        raise not_found()
    with open_current(settings.reading, read_only=True) as store:
        found = lives(store.con, submission)
        if not found:
            raise not_found()
        return {
            **found[0].to_json(),
            "history": history(store.con, submission),
            "open": open_findings(store.con, submission),
            "may": [step for step, states in AFTER.items() if found[0].state in states],
        }


def check_step(step: str, why: str) -> None:
    """What can be said of a step at once. Raises InputError; all else the job says."""
    from harmonize.release.step import AFTER
    from harmonize.release.words import checked_reason

    if step not in AFTER:
        raise InputError(f"There is no step {step!r}.", did_you_mean(step, AFTER))
    checked_reason(why)


def take(db: Database, settings: Settings, job_id: int, meter: Meter) -> dict[str, Any]:
    """The job of a step: takes it, by the name of the account, then lets others read what is new."""
    from harmonize.pipeline.stores import open_current
    from harmonize.release.step import life_of, take_step

    given, who, again = _given(db, job_id)
    until = date.fromisoformat(given["until"]) if given.get("until") else None
    with open_current(settings.store, wait=WAIT_SECONDS, memory=settings.memory, keep_copy=True) as store:
        meter(given["step"])
        now = life_of(store.con, given["submission"])
        if not (again and (now.state, now.who, now.why) == (given["step"], who, given["why"].strip())):
            now = take_step(store, given["submission"], given["step"], who=who, why=given["why"], until=until)
        told = now.sentence()
    if given["step"] == "signed":  # nothing more or less leaves the store
        copy_out(settings, meter)
        return {"lines": [told], "notes": []}
    return {"lines": [told], "notes": put_out(settings, meter, keep=given["step"] not in HOLD_BACK)}


def waive(db: Database, settings: Settings, job_id: int, meter: Meter) -> dict[str, Any]:
    """The job of a waiver."""
    from harmonize.pipeline.stores import open_current
    from harmonize.release.step import open_findings
    from harmonize.release.step import waive as write

    given, who, again = _given(db, job_id)
    with open_current(settings.store, wait=WAIT_SECONDS, memory=settings.memory, keep_copy=True) as store:
        meter("waive")
        left = open_findings(store.con, given["submission"])
        if not again or given["rule"] in [one["rule"] for one in left]:
            left = write(store, given["submission"], given["rule"], who=who, why=given["why"])
    told = f"{given['rule']} is waived; {len(left)} rules are open."
    copy_out(settings, meter)
    return {"lines": [told], "notes": []}


def _given(db: Database, job_id: int) -> tuple[dict[str, Any], str, bool]:
    """What was asked for, by whom, and whether a kill interrupted it."""
    with db.session() as session:
        job = session.get_one(Job, job_id)
        return dict(job.given), session.get_one(User, job.user_id).name[:100], job.attempts > 1
