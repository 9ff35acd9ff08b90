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


def test_readings_of_a_series_go_with_it_and_what_they_voted_for(study: Path) -> None:
    """Of two series one is left out: its reading goes, with the consensus; that of the other and of the study stay. Of
    a study without any series left nothing is told."""
    readings = {1: ("1.2", "1.2.1"), 2: ("1.2", "1.2.2"), 3: ("1.2", None), 4: ("1.3", None)}
    with open_store(study) as store, store.transaction() as con:
        con.execute("DELETE FROM omop.observation")
        for study_uid, uid in (("1.2", "1.2.1"), ("1.2", "1.2.2"), ("1.3", "1.3.1")):
            con.execute(
                "INSERT INTO midrc.imaging_series BY NAME SELECT uuid() AS row_key, 1 AS record_id, 1 AS mapping_id, "
                "'H' AS project_id, 's' AS submitter_id, ? AS study_uid, 'p1' AS case_key, ? AS series_uid",
                [study_uid, uid],
            )
        for number in (*readings, 9):
            con.execute(
                "INSERT INTO omop.observation BY NAME SELECT ?::BIGINT AS observation_id, 1 AS person_id, "
                "0 AS observation_concept_id, DATE '2020-01-01' AS observation_date, 0 AS observation_type_concept_id",
                [9000 + number],
            )
            con.execute(
                "INSERT INTO harmonize.row_id VALUES ('observation', md5(?)::UUID, ?)", [f"r{number}", 9000 + number]
            )
        for number, (study_uid, uid) in readings.items():
            con.execute(
                "INSERT INTO midrc.annotation BY NAME SELECT md5(?)::UUID AS row_key, ?::BIGINT AS record_id, "
                "1 AS mapping_id, 'H' AS project_id, 'a' AS submitter_id, 'annotation' AS type, 'p1' AS case_key, "
                "? AS study_uid, ? AS series_uid",
                [f"r{number}", 5000 + number, study_uid, uid],
            )
            con.execute(
                "INSERT INTO harmonize.row_source VALUES ('observation', ?, ?, 1, 'primary')",
                [9000 + number, 5000 + number],
            )
        con.execute("INSERT INTO harmonize.row_source VALUES ('observation', 9009, 5001, 1, 'support')")
        leave_out_series(con, ["1.2.1", "1.3.1"])
        left = con.execute("SELECT observation_id FROM omop.observation ORDER BY 1").fetchall()
        assert left == [(9002,), (9003,)]
        behind = con.execute("SELECT count(*) FROM harmonize.row_source WHERE omop_id IN (9001, 9004, 9009)").fetchall()
        assert behind == [(0,)]
