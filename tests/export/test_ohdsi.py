"""The tools of OHDSI run on `publish --for ohdsi` as it is: Achilles, and a cohort of ATLAS (Circe)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import small
from duckcdm.achilles import run_achilles
from duckcdm.circe import build_cohort_query
from duckcdm.sqlrender import render, split_sql, translate

from harmonize.export.publish import publish

PERIODS = (
    "INSERT INTO omop.observation_period SELECT person_id, person_id, DATE '2021-01-01', DATE '2021-12-31', 32828 "
    "FROM omop.person"
)
COHORT = {
    "ConceptSets": [],
    "PrimaryCriteria": {
        "CriteriaList": [{"Measurement": {"ValueAsNumber": {"Value": 30, "Op": "gt"}}}],
        "ObservationWindow": {"PriorDays": 0, "PostDays": 0},
        "PrimaryCriteriaLimit": {"Type": "First"},
    },
    "QualifiedLimit": {"Type": "First"},
    "ExpressionLimit": {"Type": "First"},
    "InclusionRules": [],
    "CensoringCriteria": [],
    "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0},
    "CensorWindow": {},
}
"""Persons from their first measurement over 30 on."""


@pytest.fixture(scope="module")
def cdm(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("ohdsi")
    publish(small.make(empty_store, folder, *small.ODD, PERIODS), folder / "cdm.duckdb", forms=("ohdsi",))
    with duckdb.connect(str(folder / "cdm.duckdb")) as con:
        yield con


def test_achilles_runs_without_any_option(cdm: duckdb.DuckDBPyConnection) -> None:
    done, failed = run_achilles(cdm, cdm_version="5.4", small_cell_count=0, log=None)
    assert (len(done) > 100, failed) == (True, [])
    counted = "SELECT count_value FROM results.achilles_results WHERE analysis_id = {}"
    assert cdm.execute(counted.format(1)).fetchall() == [(2,)]  # persons
    assert cdm.execute(f"SELECT sum(count_value)::BIGINT FROM ({counted.format(1801)})").fetchone() == (6,)


def test_a_cohort_of_atlas_is_filled(cdm: duckdb.DuckDBPyConnection) -> None:
    query = build_cohort_query(
        COHORT, cdm_schema="main", vocabulary_schema="main", result_schema="results", target_table="results.cohort",
        cohort_id=7,
    )  # fmt: skip
    for statement in split_sql(translate(render(query), "duckdb")):
        cdm.execute(statement)
    found = cdm.execute("SELECT * FROM results.cohort").fetchall()
    [(person,)] = cdm.execute("SELECT person_id FROM measurement WHERE value_as_number = 1e20").fetchall()
    [(other,)] = cdm.execute("SELECT person_id FROM measurement WHERE value_as_number = 37").fetchall()
    assert sorted((cohort, subject) for cohort, subject, *_ in found) == sorted({(7, person), (7, other)})
