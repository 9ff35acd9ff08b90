"""Reading a store's bookkeeping: what became of records, where rows come from, which codes are not mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root, sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Rows = list[dict[str, Any]]


def ledger(con: DuckDBPyConnection, submission: int | None = None, records: bool = False) -> Rows:
    """What became of every record: one row a file with the sums of all states and whether they balance.

    With `records`, one row for each record that is not loaded: its line, key, state and reason.
    Raises InputError for an unknown submission.
    """
    _check_submission(con, submission)
    return _rows(con, "inspect/ledger_record" if records else "inspect/ledger", {"submission": submission})


def ledger_columns(con: DuckDBPyConnection, submission: int | None = None) -> Rows:
    """What became of the cells of every column: records = empty + loaded + context + excluded + quarantined.

    `reason` says why a column is excluded as a whole. Raises InputError for an unknown submission.
    """
    _check_submission(con, submission)
    return _rows(con, "inspect/ledger_column", {"submission": submission})


def submissions(con: DuckDBPyConnection, submission: int | None = None) -> Rows:
    """All submissions, or the one named, with sums over their files. Raises InputError for an unknown one."""
    _check_submission(con, submission)
    return _rows(con, "inspect/submission", {"submission": submission})


def what_became(con: DuckDBPyConnection, submission: int) -> tuple[dict[str, int], int]:
    """How many records of a submission are in which state now, and how many of its cells have an error."""
    from harmonize.pipeline.ledger.ledger import STATES

    found = con.execute(sql("ledger/finding_counts"), {"submission": submission}).fetchone()
    (sums,) = submissions(con, submission)
    return {state: sums[state] for state in STATES}, int(found[2]) if found else 0


def lineage(con: DuckDBPyConnection, table: str, omop_id: int) -> Rows:
    """The source records behind one OMOP row, the primary first; `imputed` names columns no record states.

    Raises InputError for an unknown table, an id that no row has, and an id whose row was withdrawn.
    """
    every = con.execute("SELECT unnest(enum_range(NULL::harmonize.omop_table))").fetchall()
    tables = [row[0] for row in every]
    name = table.removeprefix("omop.")
    if name not in tables:
        raise InputError(f"There is no OMOP table {table!r}.", did_you_mean(name, tables))
    rows = _rows(con, "inspect/lineage", {"table": name, "id": omop_id})
    if not rows:
        raise InputError(f"No row of {name} has the id {omop_id}{_once(con, name, omop_id)}.", _ids(con, name))
    return rows


def unmapped(con: DuckDBPyConnection) -> Rows:
    """What became concept 0: one row a table, column and code, most rows first, with the reason `why`.

    `unknown code`: the loaded vocabulary has no such code; `no standard concept`: it has, without Maps to;
    `retired concept`: it has retired the concept, and nothing replaces it;
    `no term found`: a value set says that no concept fits; `no code`: the source gives words only;
    `statement` (listed after these): 0 by rule, because the row says that a thing is absent or not
    the patient's own; `no ingredient` (listed last): the drug has a concept, but the vocabulary names no ingredient of
    it, so that its exposures are in no drug era.
    """
    from harmonize.pipeline.derive import new_run
    from harmonize.vocabulary.resolve import resolve

    run = new_run(con)
    con.execute(sql("inspect/every_case"))
    run.given("affected_case")
    run.step("codes/codings_used")
    run.step("codes/coding_candidate")
    con.execute(sql("inspect/candidate_coding"))
    resolve(con)
    run.given("coding_target")
    run.step("codes/coding_choice")
    modalities = str(root("mappings") / "vocabulary" / "modality.tsv")
    con.execute(sql("inspect/zero_concept"), {"modalities": modalities})
    con.execute(sql("inspect/zero_coding"))
    resolve(con)
    con.execute(sql("inspect/every_drug"))
    run.given("drug_used")
    run.make("eras", "drug_ingredient")
    return _rows(con, "inspect/unmapped", {}) + _rows(con, "inspect/no_ingredient", {})


def _rows(con: DuckDBPyConnection, statement: str, parameters: dict[str, Any]) -> Rows:
    relation = con.execute(sql(statement), parameters)
    names = [column[0] for column in relation.description]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def _check_submission(con: DuckDBPyConnection, submission: int | None) -> None:
    if submission is None:
        return
    known = [row[0] for row in con.execute("SELECT submission_id FROM harmonize.submission ORDER BY 1").fetchall()]
    if submission not in known:
        there = f"They are numbered {known[0]} to {known[-1]}." if known else "Nothing has been loaded yet."
        raise InputError(f"There is no submission {submission}.", there)


def _once(con: DuckDBPyConnection, table: str, omop_id: int) -> str:
    """What to add to "no row has this id" where one had it: ids are never given to another row."""
    found = con.execute(
        "SELECT 1 FROM harmonize.row_id_retired WHERE omop_table = ?::harmonize.omop_table AND omop_id = ?",
        [table, omop_id],
    ).fetchone()
    return " any more: its records were withdrawn or changed" if found else ""


def _ids(con: DuckDBPyConnection, table: str) -> str | None:
    found = con.execute(
        "SELECT min(omop_id), max(omop_id) FROM harmonize.row_source WHERE omop_table = ?::harmonize.omop_table",
        [table],
    ).fetchone()
    if not found or found[0] is None:
        return f"{table} has no rows that came from a source."
    return f"Its ids lie between {found[0]} and {found[1]}."
