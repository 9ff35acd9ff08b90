"""The ledger: every record's state after mapping, the sums by file, and the two laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.engine.steps import plan as steps
from harmonize.pipeline.ledger.lookups import restate_lookups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.steps import Run
    from harmonize.mapping.plan import MappingPlan

STATES = ("loaded", "excluded", "quarantined", "duplicate", "context", "unchanged", "superseded", "deleted")


def write_records(run: Run, views: dict[str, str], plan: MappingPlan, more: Sequence[str] = ()) -> None:
    """Insert the incoming records with the state that mapping and derivation gave; unchanged ones are only counted.
    Earlier records whose cases were derived anew get theirs: one that waited for its person may be loaded now.

    A record of which no hub row came is excluded: as `person_withdrawn`, for the reason that the mapping gives, or
    `no_row`. `more` are SELECTs of further reasons: record_id, mapping_id, reason.
    """
    from harmonize.mapping.select import reason_select

    reasons = [
        sql("ledger/no_case_key"),
        sql("ledger/person_withdrawn"),
        *(
            reason_select(entry, views, 0)
            for entry in plan.entries
            if entry.source in views and entry.when is not None and entry.reason is not None
        ),
        *more,
    ]
    run.con.execute(
        "CREATE OR REPLACE TEMP TABLE left_out AS SELECT record_id, "
        "coalesce(any_value(reason) FILTER (reason = 'person_withdrawn'), min(reason)) AS reason FROM ("
        + " UNION ALL ".join(reasons)
        + ") WHERE reason IS NOT NULL GROUP BY record_id"
    )
    run.stage("states")
    restate_lookups(run.con, plan, views)
    run.stage("written")


def restate(run: Run, submission: int) -> None:
    """The states of the records whose cases were derived anew, where none came; those of `submission` keep theirs."""
    run.con.execute(f"CREATE OR REPLACE TEMP TABLE left_out ({steps().inputs['left_out']})")
    run.stage("states", submission=submission)
    run.stage("written")


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
