"""The two laws of the ledger notice every cell that is off, on either side."""

from __future__ import annotations

import pytest
from hospital import PATIENTS, RESULTS, STAYS, Hospital

from harmonize.engine.errors import InternalError
from harmonize.pipeline.ledger import STATES, check_laws

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
