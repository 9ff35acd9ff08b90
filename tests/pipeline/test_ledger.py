"""The two laws of the ledger notice every cell that is off, on either side."""

from __future__ import annotations

import pytest
from hospital import PATIENTS, RESULTS, STAYS, Hospital

from harmonize.engine.errors import InternalError
from harmonize.pipeline.ledger import STATES, check_laws
from harmonize.pipeline.records import find_bad_cells

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
        find_bad_cells(con)
        found = con.execute("SELECT whole_record FROM bad_cell").fetchall()
        assert found == ([] if expected is None else [(expected,)]), (scope, severity, column, line)
