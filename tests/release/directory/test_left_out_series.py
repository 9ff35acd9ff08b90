"""A series that somebody decided to leave out is in no copy for a release; the others stay."""

from __future__ import annotations

from pathlib import Path

from harmonize.engine.store import open_store
from harmonize.release.directory.side import leave_out_series


def test_only_the_series_go(study: Path) -> None:
    columns = "row_key, record_id, mapping_id, project_id, series_uid, study_uid, case_key"
    with open_store(study) as store, store.transaction() as con:
        for number in ("1", "2"):
            con.execute(
                f"INSERT INTO midrc.imaging_series ({columns}) SELECT uuid(), 1, 1, 'H', '1.2.' || ?, '1.2', 'p1'",
                [number],
            )
        leave_out_series(con, ["1.2.1"])
        assert con.execute("SELECT series_uid FROM midrc.imaging_series").fetchall() == [("1.2.2",)]
