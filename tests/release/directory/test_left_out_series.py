"""A series that somebody decided to leave out is in no copy for a release; the others stay."""

from __future__ import annotations

from pathlib import Path

from harmonize.engine.store import open_store
from harmonize.release.directory.side import leave_out_series


def test_only_the_series_go(study: Path) -> None:
    with open_store(study) as store, store.transaction() as con:
        for uid in ("1.2.1", "1.2.2"):
            con.execute(
                "INSERT INTO midrc.imaging_series BY NAME SELECT uuid() AS row_key, 1 AS record_id, 1 AS mapping_id, "
                "'H' AS project_id, 's' AS submitter_id, '1.2' AS study_uid, 'p1' AS case_key, ? AS series_uid",
                [uid],
            )
        leave_out_series(con, ["1.2.1"])
        assert con.execute("SELECT series_uid FROM midrc.imaging_series").fetchall() == [("1.2.2",)]
