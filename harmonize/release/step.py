"""The life of a submission: which step may follow which, and what a release asks (docs/life-cycle.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from harmonize.audit.log import has_table, now, write_entry
from harmonize.audit.rules import rules_of
from harmonize.audit.steps import record_step, subject_of
from harmonize.engine.errors import InputError, RefusedError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.release.words import checked_name, checked_reason
from harmonize.validation.privacy.texts import privacy_rules

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

AFTER = {
    "embargoed": ("validated", "embargoed", "released", "rejected"),
    "signed": ("validated", "embargoed"),
    "released": ("validated", "embargoed"),
    "rejected": ("validated", "embargoed", "released"),
}
"""The steps that a person takes, each with the states in which it may be taken."""


@dataclass(frozen=True)
class Life:
    """Where a submission stands."""

    submission: int
    project: str
    state: str
    since: datetime
    who: str | None
    why: str | None
    embargo_until: date | None
    sign_offs: int
    sign_offs_needed: int
    is_held: bool

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize submission step --json` prints."""
        return {**vars(self), "since": self.since.isoformat(timespec="seconds")}

    def sentence(self) -> str:
        """The state in one sentence."""
        told = f"Submission {self.submission} of {self.project} is {self.state}"
        if self.embargo_until:
            told += f" until {self.embargo_until}"
        if self.sign_offs_needed or self.sign_offs:
            told += f", signed by {self.sign_offs} of {self.sign_offs_needed}"
        return told + "."


def today() -> date:
    """The day by which an embargo has passed."""
    return datetime.now(UTC).date()


def lives(con: DuckDBPyConnection, submission: int | None = None) -> list[Life]:
    """Where each submission stands, or the one named; none in a store that is older than the steps."""
    if not has_table(con, "submission_step"):
        return []
    rows = con.execute(
        "SELECT submission_id, project_id, state, since, who, why, embargo_until, sign_offs, sign_offs_needed, is_held "
        "FROM harmonize.submission_state WHERE $submission IS NULL OR submission_id = $submission ORDER BY 1",
        {"submission": submission},
    ).fetchall()
    return [Life(*row) for row in rows]


def with_lives(con: DuckDBPyConnection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of submissions with where each stands in its life, behind their state."""
    found = {life.submission: life for life in lives(con)}
    told = []
    for row in rows:
        life = found.get(row["submission_id"])
        own = {"life": life.state if life else "validated", "embargo_until": life.embargo_until if life else None}
        before = list(row).index("state") + 1
        cells = list(row.items())
        told.append(dict([*cells[:before], *own.items(), *cells[before:]]))
    return told


def life_of(con: DuckDBPyConnection, submission: int) -> Life:
    """Where one submission stands. Raises InputError where there is none of this number."""
    found = lives(con, submission)
    if not found:
        raise InputError(f"There is no submission {submission} in this store.", "See: harmonize submission list")
    return found[0]


def take_step(
    store: Store,
    submission: int,
    step: str,
    *,
    who: str,
    why: str,
    until: date | None = None,
    on: date | None = None,
) -> Life:
    """Take a step of a submission's life, in one transaction with its entry in the audit log; where it then stands.

    `until` is the first day on which an embargoed one may be released (None: as the rules of its project say, counted
    from `on`, today). Raises InputError for a step that does not follow from where it stands, RefusedError where a
    release is asked for too early, without its signatures, or with findings that nobody has closed.
    """
    person, reason = checked_name(who), checked_reason(why)
    if step not in AFTER:
        raise InputError(f"There is no step {step!r}.", did_you_mean(step, AFTER))
    if until is not None and step != "embargoed":
        raise InputError(f"--until belongs to the step embargoed, not to {step}.")
    day = on or today()
    with store.transaction() as con:
        life = life_of(con, submission)
        if life.state not in AFTER[step]:
            hint = "Withdrawn is for good." if life.state == "withdrawn" else f"It must be {' or '.join(AFTER[step])}."
            raise InputError(f"Submission {submission} is {life.state}: {step} does not follow from that.", hint)
        if step == "embargoed":
            until = until or day + timedelta(days=rules_of(con, life.project).embargo_days)
        elif step == "released":
            _require_release(con, life, day)
        record_step(con, submission, step, who=person, why=reason, embargo_until=until)
        return life_of(con, submission)


def _require_release(con: DuckDBPyConnection, life: Life, day: date) -> None:
    """Raises RefusedError naming all that a release of the submission still lacks."""
    lacking = []
    if life.embargo_until and day < life.embargo_until:
        lacking.append(f"it is embargoed until {life.embargo_until}")
    if life.sign_offs < life.sign_offs_needed:
        lacking.append(f"{life.sign_offs} of {life.sign_offs_needed} persons have signed")
    still_open = open_findings(con, life.submission)
    if still_open:
        told = ", ".join(f"{one['rule']} ({one['findings']:,})" for one in still_open)
        lacking.append(f"findings are open: {told}")
    if lacking:
        hint = (
            f"Look at them (harmonize submission show {life.submission}), and waive by name and reason what may pass: "
            f"harmonize submission waive {life.submission} {still_open[0]['rule']} --who NAME --why TEXT"
            if still_open
            else "harmonize submission show tells what it waits for."
        )
        raise RefusedError(f"Submission {life.submission} cannot be released: {'; '.join(lacking)}.", hint)


def open_findings(con: DuckDBPyConnection, submission: int) -> list[dict[str, Any]]:
    """By rule, the findings of severity error or privacy that stand against a release: not those of quarantined records
    and cells, nor those that were waived."""
    with_waivers = has_table(con, "finding_waiver")
    rows = con.execute(
        sql("release/open_finding").format(
            waived="SELECT rule FROM harmonize.finding_waiver WHERE submission_id = $submission"
            if with_waivers
            else "SELECT NULL::VARCHAR WHERE false"
        ),
        {"submission": submission, "privacy": [rule.rule for rule in privacy_rules()]},
    ).fetchall()
    return [{"rule": rule, "severity": severity, "findings": count} for rule, severity, count in rows]


def waive(store: Store, submission: int, rule: str, *, who: str, why: str) -> list[dict[str, Any]]:
    """Let the findings of a rule pass in a submission, by name and reason; what is then still open.

    Raises InputError where no finding of the rule is open, RefusedError where the rules of the project name others.
    """
    person, reason = checked_name(who), checked_reason(why)
    with store.transaction() as con:
        life = life_of(con, submission)
        may = rules_of(con, life.project).may_waive
        if may and person not in may:
            raise RefusedError(f"{person} may not waive findings of {life.project}.", f"These may: {', '.join(may)}.")
        counts = {one["rule"]: one["findings"] for one in open_findings(con, submission)}
        if rule not in counts:
            raise InputError(
                f"Submission {submission} has no open finding of the rule {rule!r}.",
                did_you_mean(rule, counts) if counts else "Nothing is open.",
            )
        con.execute(sql("store/tables/finding_waiver"))
        at = now()
        con.execute(
            "INSERT INTO harmonize.finding_waiver VALUES (?, ?, ?, ?, ?)", [submission, rule, at, person, reason]
        )
        details = {"rule": rule, "findings": counts[rule], "why": reason}
        write_entry(con, "finding.waived", subject_of(submission), details, who=person, at=at)
        return open_findings(con, submission)


def history(con: DuckDBPyConnection, submission: int) -> list[dict[str, Any]]:
    """The steps of a submission in their order, and what was waived."""
    if not has_table(con, "submission_step"):
        return []
    found = con.execute(sql("release/history"), {"submission": submission})
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
