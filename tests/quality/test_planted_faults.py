"""Faults of a whole store, planted one at a time: each is caught by the check that is for it, none in clean data."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml
from duckdb import DuckDBPyConnection

from harmonize.export.publish import publish
from harmonize.quality.checks import dashboard_checks
from harmonize.quality.own import own_checks, own_results
from harmonize.quality.result import CheckResult
from harmonize.quality.run import run
from harmonize.quality.status import judged

FAULTS = yaml.safe_load((Path(__file__).parent / "data" / "faults.yaml").read_text(encoding="utf-8"))
OF_THE_DASHBOARD = dashboard_checks({"M": 8507, "F": 8532})


def _results(con: DuckDBPyConnection, table: str = "", *, is_published: bool = False) -> list[CheckResult]:
    """What our own checks find, and the Dashboard's of a table."""
    listed = [check for check in OF_THE_DASHBOARD if check.table == table]
    return judged(run(con, listed)) + own_results(con, is_published=is_published)


def _failed(results: list[CheckResult]) -> set[str]:
    """Check, table and site of those that failed or could not be run."""
    failed = (one.check for one in results if one.failed or one.is_error)
    return {" ".join(filter(None, (check.kind.check, check.table, check.site))) for check in failed}


def test_clean_data_have_no_fault(planted: DuckDBPyConnection) -> None:
    found = _results(planted)
    assert _failed(found) == set()
    passed = {one.check.kind.check for one in found if one.passed}
    assert passed == {check.kind.check for check in own_checks()} - {"imageAfterDeath"}  # nobody died


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught(planted: DuckDBPyConnection, name: str) -> None:
    caught = FAULTS[name]["caught"]
    table = caught.split()[1]
    assert caught not in _failed(_results(planted, table))
    planted.execute(FAULTS[name]["sql"])
    assert caught in _failed(_results(planted, table))


def test_every_check_of_our_own_catches_a_fault() -> None:
    caught = {fault["caught"].split()[0] for fault in FAULTS.values()}
    assert caught >= {check.kind.check for check in own_checks()}


def test_a_fault_of_one_site_is_told_of_that_site(planted: DuckDBPyConnection) -> None:
    planted.execute(FAULTS["concept_0_flood"]["sql"])
    assert "conceptZero condition_occurrence North" not in _failed(_results(planted))


@pytest.mark.parametrize(
    ("kept", "caught"),
    [(2, True), (3, False)],
)
def test_a_gap_has_less_than_a_tenth_of_the_mean(planted: DuckDBPyConnection, kept: int, caught: bool) -> None:
    """Of conditions of North: 9 months with 30 rows and one with `kept`; with 3 a tenth of the mean is 2.73."""
    planted.execute(
        "INSERT INTO omop.condition_occurrence SELECT * REPLACE (condition_occurrence_id + 1000000 AS "
        "condition_occurrence_id) FROM omop.condition_occurrence"
    )
    planted.execute(
        "DELETE FROM omop.condition_occurrence WHERE condition_occurrence_id IN ("
        "SELECT condition_occurrence_id FROM omop.condition_occurrence JOIN harmonize.person_case USING (person_id) "
        "WHERE project_id = 'North' QUALIFY row_number() OVER (PARTITION BY month(condition_start_date) "
        "ORDER BY condition_occurrence_id) > CASE month(condition_start_date) WHEN 5 THEN ? ELSE 30 END)",
        [kept],
    )
    gap = next(one for one in own_results(planted, is_published=False) if _is_gap(one))
    assert (gap.failed, gap.note) == (caught, "Site North. 2020-05" if caught else "Site North.")


def _is_gap(one: CheckResult) -> bool:
    check = one.check
    return (check.kind.check, check.table, check.site) == ("monthGap", "condition_occurrence", "North")


def test_studies_of_one_day_are_no_doubled_procedures(planted: DuckDBPyConnection) -> None:
    """Two studies of a day, each with its procedure, which say the same."""
    planted.execute(
        "INSERT INTO omop.procedure_occurrence SELECT * REPLACE (procedure_occurrence_id + 1000000 AS "
        "procedure_occurrence_id) FROM omop.procedure_occurrence"
    )
    planted.execute(
        "INSERT INTO omop.image_occurrence SELECT * REPLACE (image_occurrence_id + 1000000 AS image_occurrence_id, "
        "procedure_occurrence_id + 1000000 AS procedure_occurrence_id, image_series_uid || '.9' AS image_series_uid) "
        "FROM omop.image_occurrence"
    )
    assert "doubledRows procedure_occurrence North" not in _failed(_results(planted))


def test_faults_are_caught_in_a_published_file(sites: Path, tmp_path: Path) -> None:
    store, public = tmp_path / "store.duckdb", tmp_path / "public.duckdb"
    store.write_bytes(sites.read_bytes())
    publish(store, public, limited_data_set=True)
    with duckdb.connect(str(public)) as con:
        assert _failed(_results(con, is_published=True)) == set()
        for name in ("rows_doubled_under_new_ids", "dates_shifted", "a_month_missing", "labels_swapped"):
            con.execute("BEGIN")
            con.execute(FAULTS[name]["sql"])
            assert FAULTS[name]["caught"] in _failed(_results(con, is_published=True))
            con.execute("ROLLBACK")
