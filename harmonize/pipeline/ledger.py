"""The ledger: every record's state after mapping, the sums by file and by column, and the two laws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.pipeline.lookups import restate_lookups
from harmonize.pipeline.records import StagedFile, bad_columns, cleaned, literal, missing_texts, type_id

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import MappingPlan

STATES = ("loaded", "excluded", "quarantined", "duplicate", "context", "unchanged", "superseded", "deleted")


def write_records(con: DuckDBPyConnection, submission: int, views: dict[str, str], plan: MappingPlan) -> None:
    """Insert the incoming records with the state that mapping and derivation gave; unchanged ones are only counted.

    A record of which no hub row came is excluded: as `person_withdrawn`, for the reason that the mapping gives, or
    `no_row`.
    """
    from harmonize.mapping.select import reason_select

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
    ]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE left_out AS SELECT record_id, "
        "coalesce(any_value(reason) FILTER (reason = 'person_withdrawn'), min(reason)) AS reason FROM ("
        + " UNION ALL ".join(reasons)
        + ") WHERE reason IS NOT NULL GROUP BY record_id"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE derived_record AS SELECT record_id FROM incoming WHERE state IS NULL")
    con.execute(sql("ledger/derived_state"))
    con.execute(
        "UPDATE incoming SET state = d.state, reason = d.reason FROM derived_state d "
        "WHERE incoming.record_id = d.record_id AND incoming.state IS NULL"
    )
    restate_lookups(con, plan, views)
    write_judged(con, submission)


def write_judged(con: DuckDBPyConnection, submission: int) -> None:
    """Insert the incoming records as they stand; unchanged ones are counted only."""
    _number_reasons(con, "incoming")
    con.execute(sql("ledger/insert_record"), [submission])


def _number_reasons(con: DuckDBPyConnection, table: str) -> None:
    for (reason,) in con.execute(f"SELECT DISTINCT reason FROM {table} WHERE reason IS NOT NULL").fetchall():
        type_id(con, "reason", "reason", reason)


def restate_affected(con: DuckDBPyConnection, submission: int) -> None:
    """States of earlier records whose cases were derived anew: one that waited for its person may be loaded now."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE derived_record AS SELECT record_id FROM harmonize.record "
        "WHERE is_current AND submission_id <> ? AND record_id IN (SELECT record_id FROM hub_record)",
        [submission],
    )
    waiting = con.execute("SELECT count(*) FROM derived_record").fetchone()
    if not waiting or waiting[0] == 0:
        return
    con.execute("CREATE OR REPLACE TEMP TABLE left_out (record_id BIGINT, reason VARCHAR)")
    con.execute(sql("ledger/derived_state"))
    _number_reasons(con, "derived_state")
    con.execute(sql("ledger/restate"))


def note_conflicts(con: DuckDBPyConnection) -> None:
    """Findings of the affected cases: clinical sex and age against the images' headers (they never decide), merged
    cases and lines about one visit that differ, events that stand nowhere because they have no date.

    Written anew at every derivation.
    """
    con.execute(sql("ledger/clear_conflicts"))
    for statement in ("sex_conflict", "age_conflict", "merge_conflict", "visit_conflict", "no_date"):
        con.execute(sql(f"ledger/{statement}"))


def write_sums(con: DuckDBPyConnection) -> None:
    """Bring the sums of harmonize.source_file in step with the states of its records."""
    con.execute(sql("ledger/sum_files"))


def write_columns(con: DuckDBPyConnection, submission: int, files: list[StagedFile], plan: MappingPlan) -> None:
    """harmonize.ledger_column of a submission: what became of the cells of each column of each file.

    A cell is loaded where a row that reads it exists. A cell of an excluded or unknown column is excluded, and so is
    one that is read only by rows that were left out, or that stands in a record that was not taken.
    """
    for file in files:
        flags = _make_cells(con, file, plan)
        bad = bad_columns(con, file.staged.file_id)
        names = file.staged.names
        empties = ", ".join(f'count(*) FILTER ("{name}" IS NULL)' for name in names)
        records, *empty = con.execute(f"SELECT count(*), {empties} FROM cell").fetchone() or (0, *(0 for _ in names))
        # only a column with a filled cell has something to tell apart
        filled = [name for name, blank in zip(names, empty, strict=True) if blank < records]
        counts = [_ends(name, flags[name], file.staged.file_id if name in bad else None) for name in filled]
        found = con.execute(f"SELECT {', '.join(counts)} FROM cell").fetchone() or () if counts else ()
        ends = {name: found[index * 3 : index * 3 + 3] for index, name in enumerate(filled)}
        lost = file.staged.bad_lines
        columns: dict[str, list[Any]] = {
            "header": [_header(file, index) for index in range(len(names))],
            "reason": [_reason(file, name, plan) for name in names],
            "empty": empty,
            "loaded": [ends.get(name, (0, 0, 0))[0] for name in names],
            "excluded": [ends.get(name, (0, 0, 0))[1] for name in names],
            "quarantined": [ends.get(name, (0, 0, 0))[2] + lost for name in names],
        }
        con.execute(
            "INSERT INTO harmonize.ledger_column SELECT $submission, $file, unnest($header), "
            "unnest($reason::VARCHAR[]), $records, unnest($empty), unnest($loaded), 0, unnest($excluded), "
            "unnest($quarantined)",
            {"submission": submission, "file": file.staged.file_id, "records": records + lost, **columns},
        )


def _header(file: StagedFile, index: int) -> str:
    slot = file.cls.slots.get(file.staged.names[index])
    return slot.header if slot else file.staged.headers[index]


def _reason(file: StagedFile, name: str, plan: MappingPlan) -> str | None:
    """Why a column as a whole is excluded; None where it is mapped."""
    slot = file.cls.slots.get(name)
    if slot is None:
        return "not a column of the schema"
    excluded = plan.excluded.get(file.cls.name, {})
    return excluded.get(name) or excluded.get(slot.header)


def _make_cells(con: DuckDBPyConnection, file: StagedFile, plan: MappingPlan) -> dict[str, str]:
    """Temp table `cell`: the staged cells without missing texts, whether the record stands or is lost, and a flag for
    each condition under which some row reads a column. Gives column → condition over the flags that a row reads it."""
    conditions: dict[str, str] = {}
    read: dict[str, list[str]] = {name: [] for name in file.staged.names}
    for entry in plan.entries:
        for name in {name for join in entry.joins if join.source == file.cls.name for name in join.columns} & set(read):
            read[name].append(conditions.setdefault("true", f"when_{len(conditions)}"))
        if entry.source != file.cls.name:
            continue
        names = {name for column in entry.columns.values() for name in column.sources}
        names |= set(entry.when.sources) if entry.when else set()
        # a condition over a joined class cannot be told from this row alone; its row counts as there
        when = entry.when.sql if entry.when and not entry.joins else "true"
        flag = conditions.setdefault(when, f"when_{len(conditions)}")
        for name in names & set(read):
            read[name].append(flag)
    missing = missing_texts(file.cls)
    cells = [
        f'{cleaned(slot, missing) if (slot := file.cls.slots.get(name)) else f"""s."{name}" """} AS "{name}"'
        for name in file.staged.names
    ]
    # a condition may read a column that this file does not have
    cells += [f'NULL::VARCHAR AS "{name}"' for name in file.cls.slots if name not in read]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE cell AS SELECT line_, * EXCLUDE (line_, state_), "
        "state_ IN ('loaded', 'context', 'unchanged') AS stands_, state_ = 'quarantined' AS lost_"
        f"{''.join(f', coalesce({when}, false) AS {flag}' for when, flag in conditions.items())} FROM ("
        f"SELECT s.line_, i.state AS state_, {', '.join(cells)} FROM {file.staged.table} s "
        f"JOIN incoming i ON i.record_id = {file.base} + s.rowid AND i.file_id = {file.staged.file_id}) s"
    )
    return {name: f"({' OR '.join(dict.fromkeys(flags))})" if flags else "false" for name, flags in read.items()}


def _ends(name: str, loaded: str, bad_in: int | None) -> str:
    """loaded, excluded, quarantined of one column, over `cell`; bad_in is the file with bad cells."""
    bad = "false"
    if bad_in is not None:
        bad = f"line_ IN (SELECT line FROM bad_cell WHERE file_id = {bad_in} AND column_name = {literal(name)})"
    return (
        f'count("{name}") FILTER (stands_ AND NOT ({bad}) AND {loaded}), '
        f'count("{name}") FILTER (NOT lost_ AND NOT (stands_ AND ({bad} OR {loaded}))), '
        f'count("{name}") FILTER (lost_ OR (stands_ AND {bad}))'
    )


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
