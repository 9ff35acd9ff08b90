"""Withdraw a submission: what only it supported goes, what it had replaced or deleted comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.pipeline import changes
from harmonize.pipeline.finish import derive_again
from harmonize.pipeline.hub import move_hub_rows
from harmonize.pipeline.records import type_id
from harmonize.vocabulary.value_sets import refresh

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


@dataclass
class WithdrawResult:
    """What a withdrawal did."""

    submission: int
    withdrawn: int
    restored: int
    rows: dict[str, dict[str, int]]
    seconds: float
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize submission withdraw --json` prints."""
        return {
            "submission": self.submission,
            "withdrawn": self.withdrawn,
            "restored": self.restored,
            "rows": self.rows,
            "seconds": round(self.seconds, 3),
        }

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        lines = [
            f"Submission {self.submission} is withdrawn: {self.withdrawn:,} records ended, "
            f"{self.restored:,} earlier versions restored, {self.seconds:.1f} s.",
            *self.notes,
        ]
        for table, change in self.rows.items():
            moved = [f"{change[what]:,} {what}" for what in ("inserted", "replaced", "deleted") if change[what]]
            if moved:
                lines.append(f"  {table:<22} {', '.join(moved)}; {change['total']:,} in all")
        return lines


def withdraw(store: Store, submission: int) -> WithdrawResult:
    """Take the submission's records out again, in one transaction.

    Records that a later submission repeated unchanged are held by the first one alone; the notes name such submissions.
    Raises InputError for an unknown or already withdrawn submission.
    """
    started = time.perf_counter()
    with store.transaction() as con:
        _check_known(con, submission)
        changes.begin(con)
        con.execute("CREATE OR REPLACE TEMP TABLE touched_case (project_id VARCHAR, case_key VARCHAR)")
        con.execute("UPDATE harmonize.submission SET state = 'withdrawn' WHERE submission_id = ?", [submission])
        withdrawn = _end_records(con, submission)
        restored = _restore(con, submission)
        refresh(con, _mappings_in_use(con))
        derive_again(con, "FROM touched_case", submission=submission)
        result = WithdrawResult(
            submission, withdrawn, restored, changes.count_changes(con), 0.0, _repeats(con, submission)
        )
    result.seconds = time.perf_counter() - started
    return result


def _check_known(con: DuckDBPyConnection, submission: int) -> None:
    row = con.execute("SELECT state FROM harmonize.submission WHERE submission_id = ?", [submission]).fetchone()
    if row is None:
        raise InputError(f"There is no submission {submission} in this store.", "See: harmonize submission list")
    if row[0] == "withdrawn":
        raise InputError(f"Submission {submission} was withdrawn already.")


def _end_records(con: DuckDBPyConnection, submission: int) -> int:
    """The submission's records end; hub rows of current ones go, those in the archive go too."""
    own = f"SELECT record_id FROM harmonize.record WHERE submission_id = {submission}"
    for schema in ("midrc", "archive"):
        move_hub_rows(con, schema, None, own)
    reason = type_id(con, "reason", "reason", "withdrawn")
    ended = con.execute(
        "UPDATE harmonize.record SET state = 'deleted', reason_id = ?, is_current = false WHERE submission_id = ? "
        "RETURNING record_id",
        [reason, submission],
    ).fetchall()
    return len(ended)


def _restore(con: DuckDBPyConnection, submission: int) -> int:
    """Versions that this submission ended come back, unless a later submission ended this one's version in turn.

    A version that was excluded kept its reason; the others get their state from the derivation that follows.
    """
    con.execute(sql("ledger/handed_on"), {"submission": submission})
    con.execute(sql("ledger/restored"), {"submission": submission})
    move_hub_rows(con, "archive", "midrc", "SELECT record_id FROM restored")
    con.execute(
        "UPDATE harmonize.record SET is_current = true, ended_by = NULL, "
        "state = CASE WHEN reason_id IS NULL THEN 'loaded' ELSE 'excluded' END FROM restored r "
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
    rows = con.execute(
        "SELECT l.submission_id, sum(f.unchanged) FROM harmonize.submission l "
        "JOIN harmonize.submission w ON w.submission_id = ? AND w.project_id = l.project_id "
        "AND w.source = l.source AND l.submission_id > w.submission_id AND l.state = 'loaded' "
        "JOIN harmonize.source_file f ON f.submission_id = l.submission_id "
        "GROUP BY l.submission_id HAVING sum(f.unchanged) > 0 ORDER BY 1",
        [submission],
    ).fetchall()
    return [
        f"Submission {later} repeated {count:,} records unchanged; load it again to keep those that it shares."
        for later, count in rows
    ]
