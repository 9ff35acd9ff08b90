"""What has no concept, and what analysts see, on the real extract with its real images."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.store import open_store
from harmonize.pipeline.inspect import ledger, unmapped

pytestmark = pytest.mark.realdata


@pytest.fixture
def con(ny_sbu: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_store(ny_sbu, read_only=True) as store:
        yield store.con


def test_fourteen_laboratory_codes_are_unknown(con: duckdb.DuckDBPyConnection) -> None:
    rows = [row for row in unmapped(con) if row["vocabulary_id"] == "LOINC" and row["table"] == "measurement"]
    codes = [row for row in rows if row["column"] == "measurement_concept_id"]
    assert (len(codes), sum(row["rows"] for row in codes), {row["why"] for row in codes}) == (
        14,
        12641,
        {"unknown code"},
    )


def test_a_no_is_a_statement_not_a_gap(con: duckdb.DuckDBPyConnection) -> None:
    rows = [row for row in unmapped(con) if row["column"] == "observation_concept_id" and row["why"] == "statement"]
    hypertension = next(row for row in rows if row["code"] == "htn_v")
    told = con.execute(
        "SELECT count(*) FROM omop.observation WHERE observation_source_concept_id = "
        "(SELECT concept_id FROM omop.concept WHERE concept_code = 'htn_v') AND observation_concept_id = 0"
    ).fetchone()
    assert told == (hypertension["rows"],)
    assert hypertension["rows"] > 0


def test_files_balance(con: duckdb.DuckDBPyConnection) -> None:
    assert [(row["records"], row["balanced"]) for row in ledger(con)] == [(1384, True), (17950, True)]


def test_the_timeline_holds_every_study(con: duckdb.DuckDBPyConnection) -> None:
    sums = con.execute(
        "SELECT count(*), sum(series_count), sum(image_series_count), count(DISTINCT person_id) "
        "FROM linked.imaging_timeline"
    )
    assert sums.fetchone() == (7361, 17950, 17949, 1384)
    series = "SELECT count(*), count(DISTINCT image_occurrence_id) FROM linked.imaging_series"
    assert con.execute(series).fetchone() == (17950, 17950)


def test_regions_come_from_descriptions_too(con: duckdb.DuckDBPyConnection) -> None:
    with_region = con.execute(
        "SELECT count(*) FILTER (region IS NOT NULL) / count(*) FROM linked.imaging_timeline WHERE modality = 'CT'"
    ).fetchone()
    assert with_region is not None
    assert with_region[0] > 0.95


def test_persons_have_bands_for_ages(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT count(*), count(sex), count(death_date), sum(visits), count(*) FILTER (age_text IS NULL) "
        "FROM linked.person_summary"
    ).fetchone()
    assert rows == (1384, 1352, 183, 1384, 0)
