"""The ledger: every record's state after mapping, the sums by file, and the two laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.pipeline.ledger.lookups import restate_lookups
from harmonize.pipeline.ledger.records import type_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.steps import Run
    from harmonize.mapping.plan import MappingPlan

STATES = ("loaded", "excluded", "quarantined", "duplicate", "context", "unchanged", "superseded", "deleted")


def write_records(
    run: Run, submission: int, views: dict[str, str], plan: MappingPlan, more: Sequence[str] = ()
) -> None:
    """Insert the incoming records with the state that mapping and derivation gave; unchanged ones are only counted.

    A record of which no hub row came is excluded: as `person_withdrawn`, for the reason that the mapping gives, or
    `no_row`. `more` are SELECTs of further reasons: record_id, mapping_id, reason.
    """
    from harmonize.mapping.select import reason_select

    con = run.con

    reasons = [
        f"SELECT i.record_id, 0 AS mapping_id, 'no_case_key' AS reason FROM incoming i "
        "JOIN harmonize.finding f USING (file_id, line) JOIN harmonize.rule r USING (rule_id) "
        f"WHERE r.rule = 'no_case_key' AND f.submission_id = {submission}",
        "SELECT record_id, 0 AS mapping_id, 'person_withdrawn' AS reason FROM blocked_record",
        *(
            reason_select(entry, views, 0)
            for entry in plan.entries
            if entry.source in views and entry.when is not None and entry.reason is not None
        ),
        *more,
    ]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE left_out AS SELECT record_id, "
        "coalesce(any_value(reason) FILTER (reason = 'person_withdrawn'), min(reason)) AS reason FROM ("
        + " UNION ALL ".join(reasons)
        + ") WHERE reason IS NOT NULL GROUP BY record_id"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE derived_record AS SELECT record_id FROM incoming WHERE state IS NULL")
    run.step("states/derived_state")
    con.execute(
        "UPDATE incoming SET state = d.state, reason = d.reason FROM derived_state d "
        "WHERE incoming.record_id = d.record_id AND incoming.state IS NULL"
    )
    con.execute("UPDATE incoming SET state = 'loaded' WHERE state IS NULL")
    restate_lookups(con, plan, views)
    write_judged(con, submission)


def write_judged(con: DuckDBPyConnection, submission: int) -> None:
    """Insert the incoming records as they stand; unchanged ones are counted only."""
    _number_reasons(con, "incoming")
    con.execute(sql("ledger/insert_record"), [submission])


def _number_reasons(con: DuckDBPyConnection, table: str) -> None:
    for (reason,) in con.execute(f"SELECT DISTINCT reason FROM {table} WHERE reason IS NOT NULL").fetchall():
        type_id(con, "reason", "reason", reason)


def restate_affected(run: Run, submission: int) -> None:
    """States of earlier records whose cases were derived anew: one that waited for its person may be loaded now."""
    con = run.con
    con.execute(
        "CREATE OR REPLACE TEMP TABLE derived_record AS SELECT record_id FROM harmonize.record "
        "WHERE is_current AND submission_id <> ? AND record_id IN (SELECT record_id FROM hub_record)",
        [submission],
    )
    waiting = con.execute("SELECT count(*) FROM derived_record").fetchone()
    if not waiting or waiting[0] == 0:
        return
    con.execute("CREATE OR REPLACE TEMP TABLE left_out (record_id BIGINT, reason VARCHAR)")
    run.step("states/derived_state")
    _number_reasons(con, "derived_state")
    con.execute(sql("ledger/restate"))


def note_conflicts(run: Run) -> None:
    """Findings of the affected cases: clinical sex and age against the images' headers (they never decide), merged
    cases and lines about one visit that differ, events that stand nowhere because they have no date, days to tests that
    a study states and the tests do not give, studies of several patients.

    Written anew at every derivation.
    """
    run.stage("conflicts")


def write_sums(con: DuckDBPyConnection) -> None:
    """Bring the sums of harmonize.source_file in step with the states of its records."""
    con.execute(sql("ledger/sum_files"))


def check_laws(con: DuckDBPyConnection) -> None:
    """Raise InternalError unless, in every file, records = the sum of all states, and in every column the sum of all
    ends."""
    for law in ("file_law", "column_law"):
        broken = con.execute(sql(f"ledger/{law}")).fetchone()
        if broken:
            raise InternalError(
                f"The ledger does not balance: {broken[0]} has {broken[1]:,} records and accounts for {broken[2]:,}.",
                "Nothing was committed. This is a fault of harmonize; please report it.",
            )
