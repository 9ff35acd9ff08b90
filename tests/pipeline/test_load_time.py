"""Loads under each time policy of a project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from hospital import PATIENTS, RESULTS, STAYS, Hospital

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.pipeline.project import set_project


def test_dates_before_1970_need_a_time_policy(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS)
    before = hospital.rows("SELECT count(*) FROM harmonize.submission")
    old = STAYS.replace("2021-", "1901-")
    with pytest.raises(InputError, match="no time policy") as caught:
        hospital.load(patient=PATIENTS, stay=old)
    assert "harmonize project set H --time offset --source-anchor" in (caught.value.hint or "")
    assert hospital.rows("SELECT count(*) FROM harmonize.submission") == before
    set_project(hospital.store, "H", time="offset", source_anchor=date(1901, 3, 1))
    hospital.load(patient=PATIENTS, stay=old)
    assert hospital.rows("SELECT visit_start_date::VARCHAR FROM omop.visit_occurrence ORDER BY 1") == [
        ("2020-01-01",), ("2020-02-02",)]  # fmt: skip
    assert hospital.rows("SELECT start_day FROM midrc.visit ORDER BY 1") == [(0,), (32,)]


def test_a_new_anchor_needs_rebuild(hospital: Hospital) -> None:
    set_project(hospital.store, "H", time="offset", source_anchor=date(2021, 3, 1))
    hospital.load(patient=PATIENTS, stay=STAYS)
    with pytest.raises(InputError, match="dated under its present policy"):
        set_project(hospital.store, "H", time="offset", source_anchor=date(2021, 3, 2))
    set_project(hospital.store, "H", time="offset", source_anchor=date(2021, 3, 2), rebuild=True)
    dated = "SELECT visit_start_date::VARCHAR, visit_end_date::VARCHAR FROM omop.visit_occurrence ORDER BY 1"
    assert hospital.rows(dated) == [("2019-12-31", "2020-01-08"), ("2020-02-01", "2020-02-01")]
    assert hospital.rows("SELECT start_day, end_day FROM midrc.visit ORDER BY 1") == [(-1, 7), (31, None)]


def test_a_shift_is_never_nothing_and_never_a_year() -> None:
    """Over keys, projects and cases: 1 to 364 days either way, every number of them, the case's own in each project."""
    with duckdb.connect() as con:
        con.execute("SET VARIABLE shift_key = repeat('ab', 32)")
        con.execute(sql("hub/shift_days"))
        con.execute(
            "CREATE TABLE shift AS SELECT project, k AS case_key, shift_days(project, k) AS days "
            "FROM (VALUES ('H'), ('I')) p(project), (SELECT 'c' || range AS k FROM range(20000))"
        )
        days = {count for (count,) in con.execute("SELECT DISTINCT days FROM shift").fetchall()}
        same = "SELECT count(*) FROM shift a JOIN shift b USING (case_key, days) WHERE a.project < b.project"
        ((alike,),) = con.execute(same).fetchall()
    assert days == {*range(-364, 0), *range(1, 365)}
    assert alike < 20_000 / 100  # as often as two numbers out of 728 are one


def test_shifted_dates_move_each_case_by_its_own_days(hospital: Hospital, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"sixteen bytes or more")
    set_project(hospital.store, "H", time="shifted", key_file=key)
    hospital.load(patient=PATIENTS, stay=STAYS, result=RESULTS)
    shifts = hospital.rows(
        "SELECT v.person_id, v.visit_start_date - s.d FROM omop.visit_occurrence v JOIN (VALUES ('inpatient', "
        "DATE '2021-03-01'), ('clinic', DATE '2021-04-02')) s (kind, d) ON s.kind = v.visit_source_value"
    )
    assert len(shifts) == 2
    assert all(1 <= abs(days) <= 364 for _person, days in shifts)
    dated = hospital.rows(
        "SELECT person_id, measurement_date - DATE '2021-03-02' FROM omop.measurement WHERE value_as_number = 140"
    )
    assert dated[0] in shifts  # one shift a person, over all tables
    assert hospital.rows("SELECT count(*) FROM midrc.visit WHERE start_date = DATE '2021-03-01'") == [(0,)]
    key.write_bytes(b"another key of sixteen")
    with pytest.raises(InputError, match="is not the key"):
        hospital.load(stay=STAYS + "s3,p1,clinic,2021-05-05,,\n")
