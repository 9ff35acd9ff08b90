"""Withdraw a submission: what only it supported goes, what it had replaced or deleted comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.audit.steps import record_step
from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown
from harmonize.pipeline import changes
from harmonize.pipeline.derive import touch_moved_pull, touch_none
from harmonize.pipeline.finish import derive_again
from harmonize.pipeline.hub import move_hub_rows
from harmonize.pipeline.ledger.records import type_id
from harmonize.vocabulary.value_sets import refresh

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


@dataclass(repr=False)
class WithdrawResult(Shown):
    """What a withdrawal did."""

    submission: int
    withdrawn: int
    restored: int
    rows: dict[str, dict[str, int]]
    seconds: float
    kept: int = 0
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize submission withdraw --json` prints."""
        return {
            "submission": self.submission,
            "withdrawn": self.withdrawn,
            "kept": self.kept,
            "restored": self.restored,
            "rows": self.rows,
            "notes": self.notes,
            "seconds": round(self.seconds, 3),
        }

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        kept = f"{self.kept:,} kept, as later submissions repeat them, " if self.kept else ""
        lines = [
            f"Submission {self.submission} is withdrawn: {self.withdrawn:,} records ended, {kept}"
            f"{self.restored:,} earlier versions restored, {self.seconds:.1f} s.",
            *self.notes,
        ]
        for table, change in self.rows.items():
            moved = [f"{change[what]:,} {what}" for what in ("inserted", "replaced", "deleted") if change[what]]
            if moved:
                lines.append(f"  {table:<22} {', '.join(moved)}; {change['total']:,} in all")
        return lines


def withdraw(store: Store, submission: int, *, who: str | None = None, why: str | None = None) -> WithdrawResult:
    """Take the submission's records out again, in one transaction.

    Records that another submission repeated unchanged are that one's from now on (`kept`). `who` (None: the user of the
    system) and `why` go into the audit log.
    Raises InputError for an unknown or already withdrawn submission.
    """
    started = time.perf_counter()
    with store.transaction() as con:
        _check_known(con, submission)
        changes.begin(con)
        touch_none(con)
        con.execute("UPDATE harmonize.submission SET state = 'withdrawn' WHERE submission_id = ?", [submission])
        touch_moved_pull(con, submission)
        kept = _hand_over(con, submission)
        withdrawn = _end_records(con, submission)
        restored = _restore(con, submission)
        refresh(con, _mappings_in_use(con))
        derive_again(con, submission=submission)
        record_step(
            con, submission, "withdrawn", who=who, why=why, details={"records": withdrawn, "restored": restored}
        )
        rows, notes = changes.count_changes(con), _repeats(con, submission)
        result = WithdrawResult(submission, withdrawn, restored, rows, 0.0, kept, notes)
    result.seconds = time.perf_counter() - started
    return result


def _check_known(con: DuckDBPyConnection, submission: int) -> None:
    row = con.execute("SELECT state FROM harmonize.submission WHERE submission_id = ?", [submission]).fetchone()
    if row is None:
        raise InputError(f"There is no submission {submission} in this store.", "See: harmonize submission list")
    if row[0] == "withdrawn":
        raise InputError(f"Submission {submission} was withdrawn already.")


def _hand_over(con: DuckDBPyConnection, submission: int) -> int:
    """Give the records that other submissions hold, too, to these, as handed_over says; their number."""
    con.execute(sql("ledger/handed_over"), {"submission": submission})
    row = con.execute("SELECT count(*) FROM handed_over").fetchone()
    for statement in sql("ledger/hand_over").split(";\n"):
        con.execute(statement, {"submission": submission} if "$submission" in statement else None)
    return int(row[0]) if row else 0


def _end_records(con: DuckDBPyConnection, submission: int) -> int:
    """The submission's records end; hub rows of current ones go, those in the archive go too. Its lines of records that
    were handed over end, too."""
    own = f"SELECT record_id FROM harmonize.record WHERE submission_id = {submission}"
    for schema in ("midrc", "archive"):
        move_hub_rows(con, schema, None, own)
    reason = type_id(con, "reason", "reason", "withdrawn")
    ended = con.execute(
        "UPDATE harmonize.record SET state = 'deleted', reason_id = ?, is_current = false WHERE submission_id = ? "
        "RETURNING record_id",
        [reason, submission],
    ).fetchall()
    con.execute(sql("ledger/withdrawn_copy"), {"submission": submission, "reason": reason})
    return len(ended)


def _restore(con: DuckDBPyConnection, submission: int) -> int:
    """Versions that this submission ended come back, unless a later submission ended this one's version in turn.

    A version that was excluded kept its reason; of the others those with hub rows get their state from the derivation
    that follows, and those without any were context: lines that others look up, wrappers.
    """
    con.execute(sql("ledger/handed_on"), {"submission": submission})
    con.execute(sql("ledger/restored"), {"submission": submission})
    move_hub_rows(con, "archive", "midrc", "SELECT record_id FROM restored")
    con.execute(
        "UPDATE harmonize.record SET is_current = true, ended_by = NULL, "
        "state = CASE WHEN reason_id IS NULL THEN 'context' ELSE 'excluded' END FROM restored r "
        "WHERE record.record_id = r.record_id"
    )
    row = con.execute("SELECT count(*) FROM restored").fetchone()
    return int(row[0]) if row else 0


def _mappings_in_use(con: DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "SELECT DISTINCT mapping FROM harmonize.submission s WHERE state = 'loaded' AND mapping IS NOT NULL "
        "AND EXISTS (FROM harmonize.record r WHERE r.submission_id = s.submission_id AND r.is_current)"
    ).fetchall()
    return [row[0] for row in rows]


def _repeats(con: DuckDBPyConnection, submission: int) -> list[str]:
    """Later submissions that repeated records unchanged before stores noted who holds them (store version 4)."""
    rows = con.execute(sql("ledger/repeats_unnoted"), {"submission": submission}).fetchall()
    return [
        f"Submission {later} repeated {count:,} records unchanged; load it again to keep those that it shares."
        for later, count in rows
    ]
