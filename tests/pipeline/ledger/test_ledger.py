"""The two laws of the ledger notice every cell that is off, on either side."""

from __future__ import annotations

from datetime import datetime

import pytest
from duckdb import DuckDBPyConnection
from hospital import PATIENTS, RESULTS, STAYS, Hospital
from rows_by_hand import put

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.pipeline.derive import new_run
from harmonize.pipeline.ledger.ledger import STATES, check_laws
from harmonize.validation.undated import undated_kinds

ENDS = ("empty", "loaded", "context", "excluded", "quarantined")
COUNTED = [("source_file", name) for name in ("records", *STATES)]
COUNTED += [("ledger_column", name) for name in ("records", *ENDS)]


def test_what_does_not_add_up_is_told(hospital: Hospital) -> None:
    """One record too many and one too few, in each sum of one file or column out of several."""
    hospital.load(patient=PATIENTS, stay=STAYS, result=RESULTS)
    con = hospital.store.con
    check_laws(con)
    for table, column in COUNTED:
        for step in (1, -1):
            con.execute("BEGIN")
            con.execute(
                f"UPDATE harmonize.{table} SET {column} = {column} + {step} "
                f"WHERE rowid = (SELECT max(rowid) FROM harmonize.{table})"
            )
            with pytest.raises(InternalError, match="does not balance"):
                check_laws(con)
            con.execute("ROLLBACK")


def test_the_ledger_that_is_shown_says_whether_it_balances(hand: DuckDBPyConnection) -> None:
    """Files of which every state has another number, and those that are one too many or too few."""
    numbers = {state: 2**place for place, state in enumerate(STATES)}
    rows = [numbers | {"records": sum(numbers.values()) + off} for off in (0, 1, -1)]
    put(hand, "harmonize.submission", [{"submission_id": 1, "project_id": "P", "source": "ehr", "mapping": "m",
                                        "mapping_version": "1", "mode": "upsert", "state": "loaded",
                                        "loaded_at": datetime(2026, 1, 1), "software_version": "1"}])  # fmt: skip
    put(hand, "harmonize.source_file", [{"file_id": n, "submission_id": 1, "name": f"f{n}"} | row
                                        for n, row in enumerate(rows)])  # fmt: skip
    shown = hand.execute(sql("inspect/ledger"), {"submission": None})
    names = [column[0] for column in shown.description]
    found = [dict(zip(names, row, strict=True)) for row in shown.fetchall()]
    assert [row["balanced"] for row in found] == [True, False, False]
    assert [{state: row[state] for state in STATES} for row in found] == [numbers] * 3


def test_the_latest_submission_says_by_which_release_the_store_is(hand: DuckDBPyConnection) -> None:
    put(hand, "harmonize.submission", [
        {"submission_id": n, "project_id": project, "source": "ehr", "mapping": "m", "mapping_version": "1",
         "mode": "upsert", "state": "loaded", "loaded_at": datetime(2026, 1, n), "software_version": version}
        for n, project, version in ((1, "Q", "9"), (2, "P", "10"), (3, "Q", "2"), (4, "R", "3"))
    ])  # fmt: skip
    hand.execute(
        "INSERT INTO harmonize.record SELECT n, n, n, 2, 1, 'k', uuid(), uuid(), 'loaded', NULL, n <> 4, NULL "
        "FROM range(1, 5) t (n)"
    )
    hand.execute(sql("steps/describe/cdm_source"))
    said = "SELECT cdm_etl_reference, source_description, source_release_date::VARCHAR FROM omop.cdm_source"
    assert hand.execute(said).fetchall() == [("midrc-harmonize 2", "Projects: P, Q", "2026-01-03")]


def test_cells_and_lines_are_counted_once(hand: DuckDBPyConnection) -> None:
    """A cell with two errors is one, an error of a whole line, column or file is no cell, and a warning holds none.

    What has no date is counted by kind, a line once, deaths first."""
    hand.execute("DELETE FROM harmonize.rule")
    put(hand, "harmonize.rule", [
        {"rule_id": n, "rule": rule, "severity": severity, "scope": "cell", "message": "m", "hint": "h"}
        for n, (rule, severity) in enumerate([("a", "error"), ("b", "error"), ("c", "warning"), ("no_date", "warning")])
    ])  # fmt: skip
    cells = [(0, 1, 2, 1), (1, 1, 2, 1), (0, 1, 2, 2), (0, 1, 3, 1), (0, 2, 2, 1), (0, 1, None, 3), (0, 1, 4, None),
             (0, 1, None, None), (2, 1, 5, 5), (3, 1, 6, None), (3, 1, 6, 1), (3, 2, 6, None)]  # fmt: skip
    put(hand, "harmonize.finding", [
        {"submission_id": submission, "rule_id": rule, "file_id": file, "line": line, "column_id": column}
        for submission in (1, 2) for rule, file, line, column in cells[: None if submission == 1 else 1]
    ])  # fmt: skip
    counts = [hand.execute(sql("ledger/finding_counts"), {"submission": n}).fetchone() for n in (1, 2)]
    assert counts == [(8, 4, 4), (1, 0, 1)]
    assert undated_kinds(hand, 1) == {None: 2}
    hand.execute("UPDATE harmonize.finding SET value = CASE WHEN file_id = 2 THEN 'death' ELSE 'visit' END")
    put(hand, "harmonize.finding", [
        {"submission_id": 1, "rule_id": 3, "file_id": 1, "line": line, "value": kind}
        for kind, line in (("visit", 7), ("note", 6), ("note", 7), ("condition", 8))
    ])  # fmt: skip
    assert list(undated_kinds(hand, 1).items()) == [("death", 1), ("note", 2), ("visit", 2), ("condition", 1)]
    assert undated_kinds(hand, 2) == {}


# scope and severity of the rule, column, line → whether the record goes with the cell; None: nothing is held back
CELLS: list[tuple[str, str, str | None, int | None, bool | None]] = [
    ("cell", "error", "value", 2, False),
    ("cell", "error", "result_id", 2, True),  # a required column
    ("cell", "error", None, 2, True),  # no column that is known
    ("record", "error", "value", 2, True),
    ("record", "error", None, 2, True),
    ("cell", "warning", "result_id", 2, None),
    ("record", "warning", None, 2, None),
    ("cell", "error", "value", None, None),  # of the column as a whole
    ("file", "error", None, 2, None),
]


def test_what_an_error_holds_back(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS, result=RESULTS)
    con = hospital.store.con
    con.execute("CREATE OR REPLACE TEMP TABLE required_column AS SELECT 2 AS file_id, 'result_id' AS column_name")
    columns = dict(con.execute("SELECT name, column_id FROM harmonize.file_column WHERE file_id = 2").fetchall())
    for scope, severity, column, line, expected in CELLS:
        con.execute("DELETE FROM harmonize.finding; DELETE FROM harmonize.rule")
        con.execute(
            "INSERT INTO harmonize.rule BY NAME SELECT 1 AS rule_id, 'r' AS rule, $1 AS severity, $2 AS scope, "
            "'m' AS message, 'h' AS hint",
            [severity, scope],
        )
        con.execute("INSERT INTO harmonize.finding VALUES (1, 1, 2, ?, ?, NULL)", [line, columns.get(column or "")])
        new_run(con).stage("cells", submission=1, unasked=[])
        found = con.execute("SELECT whole_record FROM bad_cell").fetchall()
        assert found == ([] if expected is None else [(expected,)]), (scope, severity, column, line)
