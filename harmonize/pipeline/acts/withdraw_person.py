"""Withdraw a person: every row and every version of a case goes, and later loads leave its records out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from harmonize.audit.log import case_mark, write_entry
from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown
from harmonize.engine.sql_text import quote
from harmonize.pipeline import changes
from harmonize.pipeline.derive import group_cases, link_to_studies, new_run
from harmonize.pipeline.finish import derive_again
from harmonize.pipeline.hub import hub_tables
from harmonize.pipeline.ledger.records import type_id
from harmonize.pipeline.project import show_project
from harmonize.pipeline.rows import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

REASON = "person_withdrawn"
IN_CASES = "(project_id, case_key) IN (SELECT (project_id, case_key) FROM withdraw_case)"


@dataclass(repr=False)
class PersonResult(Shown):
    """What became of a person's cases and records. `action` is withdrawn or reinstated."""

    action: str
    cases: list[tuple[str, str]]
    records: int
    rows: dict[str, dict[str, int]]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize person withdraw --json` prints."""
        cases = [{"project": project, "case": case} for project, case in self.cases]
        return {**vars(self), "cases": cases, "seconds": round(self.seconds, 3)}

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        names = ", ".join(f"{project} {case}" for project, case in self.cases)
        if self.action == "reinstated":
            return [f"Reinstated: {names}. Load the files of the project again to bring its records back."]
        lines = [f"Withdrawn: {names}; {self.records:,} records ended, {self.seconds:.1f} s."]
        lines += [f"  {table:<22} {change['deleted']:,} deleted" for table, change in self.rows.items()
                  if change["deleted"]]  # fmt: skip
        return [*lines, "Later loads leave its records out (excluded: person_withdrawn)."]


def withdraw_person(
    store: Store,
    project_id: str,
    case_key: str,
    *,
    all_projects: bool = False,
    who: str | None = None,
    why: str | None = None,
) -> PersonResult:
    """Take a case out of the store, in one transaction.

    All versions of its records end (state deleted, reason person_withdrawn) and cannot be restored; their rows in
    midrc, archive and omop, their entries in the id registry and the values of their findings are removed. A record
    that holds rows of other cases too stays for these. `all_projects` withdraws every case that the crosswalk or a
    token joins with this one; `who` (None: the user of the system) and `why` go into the audit log. Raises InputError
    for an unknown or already withdrawn case.
    """
    started = time.perf_counter()
    with store.transaction() as con:
        show_project(con, project_id)  # says so where there is none
        _refuse_withdrawn(con, project_id, case_key)
        group_cases(new_run(con))
        con.execute(sql("persons/withdraw_case"), {"project": project_id, "case": case_key, "all": all_projects})
        _find_rows(con)
        if not _holds(con, project_id, case_key):
            raise InputError(
                f"The project {project_id} has no case {case_key!r}.",
                f"Its cases: harmonize query \"SELECT case_key FROM midrc.case WHERE project_id = '{project_id}'\"",
            )
        records = _take_out(con)
        cases = con.execute(
            "FROM withdraw_case ORDER BY project_id <> ?, project_id, case_key", [project_id]
        ).fetchall()
        for project, case in cases:
            told = {"records": records, **({"why": why} if why else {})}
            write_entry(con, "person.withdrawn", case_mark(con, project, case), told, who=who)
        result = PersonResult("withdrawn", cases, records, changes.count_changes(con), 0.0)
    result.seconds = time.perf_counter() - started
    return result


def take_cases_out(store: Store, cases: Sequence[tuple[str, str]]) -> None:
    """Take many cases out of a copy of a store, in one transaction; those that it does not hold are left out."""
    with store.transaction() as con:
        con.execute(sql("persons/withdraw_cases"), {"cases": [list(case) for case in cases]})
        _find_rows(con)
        _take_out(con)


def _take_out(con: DuckDBPyConnection) -> int:
    """End the records of the cases to withdraw and derive what is left; how many records ended."""
    changes.begin(con)
    con.execute(sql("persons/withdrawn_touched"))
    records = _end_records(con)
    con.execute(
        "INSERT INTO harmonize.withdrawn_case SELECT project_id, case_key, ? FROM withdraw_case",
        [datetime.now(UTC).replace(tzinfo=None)],
    )
    derive_again(con)  # the case is not chosen for a person any more
    _forget_ids(con)
    return records


def reinstate_person(store: Store, project_id: str, case_key: str, *, who: str | None = None) -> PersonResult:
    """Lift a case's withdrawal: its records come in again when they are loaded again.

    Raises InputError for a case that is not withdrawn.
    """
    started = time.perf_counter()
    with store.transaction() as con:
        lifted = con.execute(
            "DELETE FROM harmonize.withdrawn_case WHERE project_id = ? AND case_key = ? RETURNING project_id, case_key",
            [project_id, case_key],
        ).fetchall()
        if not lifted:
            raise InputError(
                f"The case {case_key!r} of {project_id} is not withdrawn.",
                'See: harmonize query "FROM harmonize.withdrawn_case"',
            )
        # Nothing says which of the excluded records are this case's: all of the project are looked at again when sent.
        ended = con.execute(
            "UPDATE harmonize.record SET is_current = false WHERE is_current AND reason_id = ? AND submission_id IN "
            "(SELECT submission_id FROM harmonize.submission WHERE project_id = ?) RETURNING record_id",
            [type_id(con, "reason", "reason", REASON), project_id],
        ).fetchall()
        write_entry(con, "person.reinstated", case_mark(con, project_id, case_key), who=who)
    return PersonResult("reinstated", lifted, len(ended), {}, time.perf_counter() - started)


def exclude_withdrawn(con: DuckDBPyConnection) -> None:
    """During a load, after mapping: take the hub rows of withdrawn cases out again.

    Temp table blocked_record holds the records of which nothing is left; the values of their findings are emptied.
    """
    con.execute(sql("persons/blocked_record"))
    held = con.execute("SELECT count(*) FROM harmonize.withdrawn_case").fetchone()
    if not held or not held[0]:
        return
    con.execute(sql("persons/withdrawn_again"))
    link_to_studies(new_run(con))  # a series may have its case from its study only
    con.execute(
        "INSERT INTO touched_case SELECT project_id, unnest([former_case_key, case_key]) AS case_key FROM series_link"
    )
    new = "record_id >= (SELECT min(record_id) FROM incoming)"
    with_case = [table for table in hub_tables(con) if "case_key" in columns_of(con, f"midrc.{quote(table)}")]
    for table in with_case:
        con.execute(
            f"INSERT INTO blocked_record SELECT DISTINCT record_id FROM midrc.{quote(table)} WHERE {new} AND {IN_CASES}"
        )
        con.execute(f"DELETE FROM midrc.{quote(table)} WHERE {new} AND {IN_CASES}")
    for table in with_case:
        con.execute(
            f"DELETE FROM blocked_record WHERE record_id IN (SELECT record_id FROM midrc.{quote(table)} WHERE {new})"
        )
    for table in hub_tables(con):
        con.execute(f"DELETE FROM midrc.{quote(table)} WHERE record_id IN (FROM blocked_record)")
    _empty_findings(con, "SELECT file_id, line FROM incoming SEMI JOIN blocked_record USING (record_id)")
    for table in ("dicom_header", "image_privacy"):
        con.execute(
            f"DELETE FROM harmonize.{table} WHERE series_uid IN "
            "(SELECT record_key FROM incoming SEMI JOIN blocked_record USING (record_id))"
        )


def _refuse_withdrawn(con: DuckDBPyConnection, project_id: str, case_key: str) -> None:
    row = con.execute(
        "SELECT withdrawn_at::DATE FROM harmonize.withdrawn_case WHERE project_id = ? AND case_key = ?",
        [project_id, case_key],
    ).fetchone()
    if row:
        raise InputError(
            f"The case {case_key!r} of {project_id} was withdrawn already, on {row[0]}.",
            f"Lift it with: harmonize person reinstate {project_id} {case_key} --db FILE",
        )


def _tables(con: DuckDBPyConnection) -> list[tuple[str, list[str]]]:
    """Hub tables of both schemas, with their columns."""
    relations = [f"{schema}.{quote(table)}" for schema in ("midrc", "archive") for table in hub_tables(con)]
    return [(relation, columns_of(con, relation)) for relation in relations]


def _find_rows(con: DuckDBPyConnection) -> None:
    """Temp tables: case_row, the hub rows of the cases to withdraw, current or ended; other_row, their records that
    have rows of other cases too; withdraw_record and withdraw_key."""
    keys = ("visit_key", "visit_detail_key", "study_uid")
    tables = _tables(con)
    with_case = [(relation, columns) for relation, columns in tables if "case_key" in columns]
    _union(
        con,
        "case_row",
        [
            f"SELECT record_id, row_key, project_id, case_key, "
            f"{', '.join(key if key in columns else f'NULL::VARCHAR AS {key}' for key in keys)} "
            f"FROM {relation} WHERE {IN_CASES}"
            for relation, columns in with_case
        ],
    )
    _union(
        con,
        "other_row",
        [
            f"SELECT record_id FROM {relation} SEMI JOIN case_row USING (record_id) WHERE NOT {IN_CASES}"
            for relation, _ in with_case
        ],
    )
    con.execute(sql("persons/same_key"))
    _union(
        con,
        "made_row",
        [f"SELECT record_id FROM {relation} SEMI JOIN same_key USING (record_id)" for relation, _ in tables],
    )
    con.execute(sql("persons/withdraw_record"))
    _add_looked_up(con, [relation for relation, _ in tables])
    con.execute(sql("persons/withdraw_key"))


def _add_looked_up(con: DuckDBPyConnection, relations: list[str]) -> None:
    """Add to withdraw_record the context of these records alone: lines that only they look up, without rows of their
    own, such as a helper table with a line a patient."""
    con.execute(sql("store/tables/lookup"))  # a store may be older than the table
    con.execute(sql("persons/withdraw_lookup"))
    _union(
        con,
        "looked_row",
        [f"SELECT record_id FROM {relation} SEMI JOIN looked_up USING (record_id)" for relation in relations],
    )
    con.execute("INSERT INTO withdraw_record FROM looked_up ANTI JOIN looked_row USING (record_id)")


def _union(con: DuckDBPyConnection, table: str, selects: list[str]) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS " + " UNION ALL ".join(selects))


def _holds(con: DuckDBPyConnection, project_id: str, case_key: str) -> bool:
    row = con.execute(
        "SELECT count(*) FROM case_row WHERE project_id = ? AND case_key = ?", [project_id, case_key]
    ).fetchone()
    return bool(row and row[0])


def _end_records(con: DuckDBPyConnection) -> int:
    """End the records (nothing restores them: no submission has ended them), remove hub rows and findings' values."""
    for relation, columns in _tables(con):
        of_cases = f" OR {IN_CASES}" if "case_key" in columns else ""
        con.execute(f"DELETE FROM {relation} WHERE record_id IN (FROM withdraw_record){of_cases}")
    ended = con.execute(
        "UPDATE harmonize.record SET state = 'deleted', reason_id = ?, is_current = false, ended_by = NULL "
        "WHERE record_id IN (FROM withdraw_record) RETURNING record_id",
        [type_id(con, "reason", "reason", REASON)],
    ).fetchall()
    for table in ("resource_identifier", "lookup"):
        con.execute(f"DELETE FROM harmonize.{table} WHERE record_id IN (FROM withdraw_record)")
    con.execute(f"DELETE FROM harmonize.shift_case WHERE {IN_CASES}")
    con.execute(
        "DELETE FROM harmonize.image_privacy WHERE series_uid IN "
        "(SELECT record_key FROM harmonize.record SEMI JOIN withdraw_record USING (record_id))"
    )
    _empty_findings(con, "SELECT file_id, line FROM harmonize.record SEMI JOIN withdraw_record USING (record_id)")
    con.execute("DELETE FROM harmonize.dicom_header")  # they can be read again, but for this person's
    return len(ended)


def _empty_findings(con: DuckDBPyConnection, lines: str) -> None:
    """Empty the values of the findings on `lines`; those on conflicts between records are nothing without theirs."""
    con.execute(
        f"DELETE FROM harmonize.finding WHERE (file_id, line) IN (SELECT (file_id, line) FROM ({lines})) "
        "AND rule_id IN (SELECT rule_id FROM harmonize.rule "
        "WHERE rule IN ('sex_conflict', 'age_conflict', 'merge_conflict', 'visit_conflict', "
        "'death_before_event'))"
    )
    con.execute(
        f"UPDATE harmonize.finding SET value = NULL WHERE (file_id, line) IN (SELECT (file_id, line) FROM ({lines}))"
    )


def _forget_ids(con: DuckDBPyConnection) -> None:
    """Remove the ids of the withdrawn rows from the registry; rows that other cases still make are alive and stay."""
    con.execute(sql("persons/highest_id"))
    con.execute("DELETE FROM harmonize.row_id_retired WHERE row_key IN (FROM withdraw_key)")
    con.execute(sql("persons/keep_highest"))
