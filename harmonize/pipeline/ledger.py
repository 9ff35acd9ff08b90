"""The ledger: every record's state after mapping, the sums by file and by column, and the two laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.pipeline.records import StagedFile, cleaned, literal, missing_texts, type_id

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import MappingPlan

STATES = ("loaded", "excluded", "quarantined", "duplicate", "context", "unchanged", "superseded", "deleted")


def write_records(con: DuckDBPyConnection, submission: int, views: dict[str, str], plan: MappingPlan) -> None:
    """Insert the incoming records with the state that mapping and derivation gave them; unchanged ones are counted only.

    A record of which no hub row came is excluded for the reason that the mapping gives, else `no_row`.
    """
    from harmonize.mapping.select import reason_select

    reasons = [
        reason_select(entry, views, 0)
        for entry in plan.entries
        if entry.source in views and entry.when is not None and entry.reason is not None
    ]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE left_out AS SELECT record_id, min(reason) AS reason FROM ("
        + (" UNION ALL ".join(reasons) if reasons else "SELECT 0::BIGINT AS record_id, 0 AS mapping_id, NULL AS reason")
        + ") WHERE reason IS NOT NULL GROUP BY record_id"
    )
    con.execute(sql("ledger/hub_record"))
    con.execute("CREATE OR REPLACE TEMP TABLE derived_record AS SELECT record_id FROM incoming WHERE state IS NULL")
    con.execute(sql("ledger/derived_state"))
    con.execute(
        "UPDATE incoming SET state = d.state, reason = d.reason FROM derived_state d "
        "WHERE incoming.record_id = d.record_id AND incoming.state IS NULL"
    )
    write_judged(con, submission)


def write_judged(con: DuckDBPyConnection, submission: int) -> None:
    """Insert the incoming records as they stand; unchanged ones are counted only."""
    _number_reasons(con, "incoming")
    con.execute(sql("ledger/insert_record"), [submission])


def _number_reasons(con: DuckDBPyConnection, table: str) -> None:
    for (reason,) in con.execute(f"SELECT DISTINCT reason FROM {table} WHERE reason IS NOT NULL").fetchall():
        type_id(con, "reason", "reason", reason)


def restate_affected(con: DuckDBPyConnection, submission: int) -> None:
    """States of earlier records whose cases were derived anew: a record that waited for its person may be loaded now."""
    con.execute("CREATE OR REPLACE TEMP TABLE left_out (record_id BIGINT, reason VARCHAR)")
    con.execute(sql("ledger/hub_record"))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE derived_record AS SELECT record_id FROM harmonize.record "
        "WHERE is_current AND submission_id <> ? AND record_id IN (SELECT record_id FROM hub_record)",
        [submission],
    )
    con.execute(sql("ledger/derived_state"))
    _number_reasons(con, "derived_state")
    con.execute(sql("ledger/restate"))


def write_sums(con: DuckDBPyConnection) -> None:
    """Bring the sums of harmonize.source_file in step with the states of its records."""
    con.execute(sql("ledger/sum_files"))


def write_columns(con: DuckDBPyConnection, submission: int, files: list[StagedFile], plan: MappingPlan) -> None:
    """harmonize.ledger_column of a submission: what became of the cells of each column of each file."""
    for file in files:
        selects = [_column_select(file, name, plan) for name in file.staged.names]
        con.execute(
            f"INSERT INTO harmonize.ledger_column SELECT {submission}, {file.staged.file_id}, unnest(cells, recursive := true) "
            f"FROM (SELECT [{', '.join(selects)}] AS cells FROM {file.staged.table} s "
            f"JOIN incoming i ON i.record_id = {file.base} + s.rowid AND i.file_id = {file.staged.file_id})"
        )
        if file.staged.bad_lines:
            con.execute(
                "UPDATE harmonize.ledger_column SET records = records + $n, quarantined = quarantined + $n "
                "WHERE file_id = $file",
                {"n": file.staged.bad_lines, "file": file.staged.file_id},
            )


def _column_select(file: StagedFile, name: str, plan: MappingPlan) -> str:
    """SQL struct of one column's sums. A cell is loaded where a row that reads it exists; of an excluded or unknown
    column, or where every row that reads it was left out, it is excluded."""
    slot = file.cls.slots.get(name)
    cell = cleaned(slot, missing_texts(file.cls)) if slot else f's."{name}"'
    reason = plan.excluded.get(file.cls.name, {}).get(name) or plan.excluded.get(file.cls.name, {}).get(
        slot.header if slot else name
    )
    if slot is None:
        reason = "not a column of the schema"
    used = [
        f"coalesce({entry.when.sql}, false)" if entry.when and not entry.joins else "true"
        for entry in plan.entries
        if entry.source == file.cls.name
        and (any(name in c.sources for c in entry.columns.values()) or entry.when and name in entry.when.sources)
    ]
    loaded = f"({' OR '.join(used)})" if used else "false"
    bad = f"s.line_ IN (SELECT line FROM bad_cell WHERE file_id = {file.staged.file_id} AND column_name = {literal(name)})"
    filled = f"{cell} IS NOT NULL"
    stands = "i.state IN ('loaded', 'context', 'unchanged')"
    quarantined = f"{filled} AND (i.state = 'quarantined' OR ({stands} AND {bad}))"
    counts = {
        "records": "count(*)",
        "empty": f"count(*) FILTER ({cell} IS NULL)",
        "loaded": f"count(*) FILTER ({filled} AND {stands} AND NOT ({bad}) AND {loaded})",
        "context": "0",
        "excluded": f"count(*) FILTER ({filled} AND i.state <> 'quarantined' AND NOT ({stands} AND ({bad} OR {loaded})))",
        "quarantined": f"count(*) FILTER ({quarantined})",
    }
    fields = ", ".join(f"'{key}': {value}" for key, value in counts.items())
    shown = literal(slot.header if slot else name)
    return f"{{'column_name': {shown}, 'reason': {literal(reason) if reason else 'NULL::VARCHAR'}, {fields}}}"


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
