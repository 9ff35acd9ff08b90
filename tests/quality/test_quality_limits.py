"""Rows exactly at the limits of quality checks, and one beyond."""

from __future__ import annotations

import pytest
from duckdb import DuckDBPyConnection

from harmonize.engine.paths import sql
from harmonize.quality.check import Check
from harmonize.quality.checks import dashboard_checks
from harmonize.quality.own import own_checks
from harmonize.quality.run import run

OF_THE_DASHBOARD = dashboard_checks({"M": 8507, "F": 8532})
SOUTH = "person_id IN (SELECT person_id FROM harmonize.person_case WHERE project_id = 'South')"


def _own(con: DuckDBPyConnection, name: str, site: str, table: str = "") -> int | None:
    """Rows of a site that violate a check of our own; None where there is nothing to compare."""
    con.execute(sql("quality/own/case_of_store"))
    con.execute(sql("quality/own/site"))
    check = next(one for one in own_checks() if one.kind.check == name and table in ("", one.table))
    return {row[0]: row[1] for row in con.execute(check.text).fetchall()}.get(site)


def _violated(con: DuckDBPyConnection, identifier: str) -> int:
    (counted,) = run(con, [one for one in OF_THE_DASHBOARD if one.id == identifier])
    assert isinstance(counted.check, Check)
    return counted.violated


@pytest.mark.parametrize(("value", "caught"), [(50, True), (49.9, False), (2, True), (2.01, False)])
def test_a_median_of_five_times_that_of_others_is_caught(
    planted: DuckDBPyConnection, value: float, caught: bool
) -> None:
    planted.execute("DELETE FROM omop.measurement WHERE measurement_concept_id <> 3019550")
    planted.execute(f"UPDATE omop.measurement SET value_as_number = CASE WHEN {SOUTH} THEN ? ELSE 10 END", [value])
    assert _own(planted, "magnitudeSites", "South") == (192 if caught else 0)


@pytest.mark.parametrize(("kept", "violated"), [(20, 20), (19, None)])
def test_medians_are_of_20_numbers_and_more(planted: DuckDBPyConnection, kept: int, violated: int | None) -> None:
    planted.execute("DELETE FROM omop.measurement WHERE measurement_concept_id <> 3019550")
    planted.execute(f"UPDATE omop.measurement SET value_as_number = CASE WHEN {SOUTH} THEN 100 ELSE 10 END")
    planted.execute(
        f"DELETE FROM omop.measurement WHERE {SOUTH} AND measurement_id NOT IN "
        f"(SELECT measurement_id FROM omop.measurement WHERE {SOUTH} ORDER BY 1 LIMIT ?)",
        [kept],
    )
    assert _own(planted, "magnitudeSites", "South") == violated


@pytest.mark.parametrize(("shift", "violated"), [(1, 0), (-1, 0), (2, 24), (-2, 24)])
def test_a_birth_may_be_a_year_off(planted: DuckDBPyConnection, shift: int, violated: int) -> None:
    planted.execute("UPDATE omop.person SET year_of_birth = year_of_birth + ?", [shift])
    assert _own(planted, "birthConflict", "North") == violated


@pytest.mark.parametrize(("days", "violated"), [(0, 0), (1, 1)])
def test_an_image_of_the_day_of_death_is_none_after_it(planted: DuckDBPyConnection, days: int, violated: int) -> None:
    planted.execute(
        "INSERT INTO omop.death BY NAME SELECT 1 AS person_id, max(image_occurrence_date) - ?::INTEGER AS death_date "
        "FROM omop.image_occurrence WHERE person_id = 1",
        [days],
    )
    assert _own(planted, "imageAfterDeath", "North") == violated


@pytest.mark.parametrize(("days", "violated"), [(0, 0), (1, 10)])
def test_the_last_day_of_a_period_is_within_it(planted: DuckDBPyConnection, days: int, violated: int) -> None:
    planted.execute(
        "UPDATE omop.condition_occurrence SET condition_start_date = (SELECT max(observation_period_end_date) "
        "FROM omop.observation_period WHERE person_id = 1) + ?::INTEGER WHERE person_id = 1",
        [days],
    )
    assert _own(planted, "outsidePeriod", "North", "condition_occurrence") == violated


@pytest.mark.parametrize(("days", "violated"), [(60, 0), (61, 10)])
def test_days_after_death(planted: DuckDBPyConnection, days: int, violated: int) -> None:
    planted.execute("INSERT INTO omop.death BY NAME SELECT 1 AS person_id, DATE '2020-06-01' AS death_date")
    planted.execute(
        "UPDATE omop.condition_occurrence SET condition_start_date = DATE '2020-06-01' + ?::INTEGER "
        "WHERE person_id = 1",
        [days],
    )
    assert _violated(planted, "field_plausiblebeforedeath_condition_occurrence_condition_start_date") == violated


@pytest.mark.parametrize(("days", "violated"), [(-7, 0), (-8, 10), (8, 0), (9, 10)])
def test_days_around_a_visit(planted: DuckDBPyConnection, days: int, violated: int) -> None:
    """Visits are of two days, and conditions of the first."""
    planted.execute(
        "UPDATE omop.condition_occurrence SET condition_start_date = condition_start_date + ?::INTEGER "
        "WHERE person_id = 1",
        [days],
    )
    assert _violated(planted, "field_withinvisitdates_condition_occurrence_condition_start_date") == violated


@pytest.mark.parametrize(("gap", "violated"), [(1, 1), (2, 0)])
def test_periods_that_follow_each_other(planted: DuckDBPyConnection, gap: int, violated: int) -> None:
    """A period that begins the day after another, and one a day later."""
    planted.execute(
        "INSERT INTO omop.observation_period SELECT * REPLACE (-1 AS observation_period_id, "
        "observation_period_end_date + ?::INTEGER AS observation_period_start_date, "
        "observation_period_end_date + 9 AS observation_period_end_date) FROM omop.observation_period LIMIT 1",
        [gap],
    )
    assert _violated(planted, "table_measureobservationperiodoverlap_observation_period") == violated
