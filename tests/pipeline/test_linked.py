"""The views for analysts: what they say of ages, regions and concept 0, and that their names can be read."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from harmonize.export.allow_list import WHOLE, published
from harmonize.pipeline.store_schema import views_for

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


@pytest.fixture
def con(new_store: Store) -> DuckDBPyConnection:
    return new_store.con


def add_person(con: DuckDBPyConnection, person: int, precision: str, low: int | None, high: int | None) -> None:
    con.execute(
        "INSERT INTO omop.person BY NAME SELECT ? AS person_id, 0 AS gender_concept_id, 1900 AS year_of_birth, "
        "0 AS race_concept_id, 0 AS ethnicity_concept_id",
        [person],
    )
    con.execute(
        "INSERT INTO harmonize.person_age VALUES (?, ?, ?, ?, DATE '2020-01-01')", [person, precision, low, high]
    )


def test_an_age_is_a_number_only_where_it_has_two_ends(con: DuckDBPyConnection) -> None:
    add_person(con, 1, "age", 53, 53)
    add_person(con, 2, "band", 18, 59)
    add_person(con, 3, "gt89", 90, None)
    add_person(con, 4, "unknown", None, None)
    rows = con.execute(
        "SELECT age_text, age_low, age_high, sex FROM linked.person_summary ORDER BY person_id"
    ).fetchall()
    assert rows == [("53", 53, 53, None), ("18-59", 18, 59, None), ("90+", None, None, None), (None, None, None, None)]


def add_series(con: DuckDBPyConnection, study: str, uid: str, number: int, **tags: object) -> None:
    con.execute(
        "INSERT INTO midrc.imaging_series BY NAME SELECT 1 AS record_id, uuid() AS row_key, "
        "1::USMALLINT AS mapping_id, 'c' AS case_key, ? AS submitter_id, 'P' AS project_id, ? AS study_uid, "
        "? AS series_uid, ? AS modality, ? AS is_image, ?::INTEGER AS series_number, ? AS body_part_examined, "
        "? AS study_description, ? AS series_description",
        [
            uid,
            study,
            uid,
            tags["modality"],
            tags.get("is_image", True),
            number,
            tags.get("part"),
            tags.get("text"),
            uid,
        ],
    )


def add_study(con: DuckDBPyConnection, study: str, procedure: int, modality: str, region: str) -> None:
    con.execute(
        "INSERT INTO harmonize.image_link VALUES "
        "('P', 'c', 1, ?, ?, NULL, ?, ?, 'no_visit', 'patient_id', 'new_procedure', 0, NULL)",
        [study, procedure, modality, region],
    )
    con.execute(
        "INSERT INTO omop.procedure_occurrence BY NAME SELECT ? AS procedure_occurrence_id, 1 AS person_id, "
        "0 AS procedure_concept_id, DATE '2020-02-03' AS procedure_date, 0 AS procedure_type_concept_id",
        [procedure],
    )


def test_a_study_is_one_row_told_by_its_series(con: DuckDBPyConnection) -> None:
    add_study(con, "1", 10, "CT", "Chest, Abdomen and Pelvis")
    add_series(con, "1", "1.9", 1, modality="SR", is_image=False, text="CT CHEST ABDOMEN PELVIS")
    add_series(con, "1", "1.3", 3, modality="CT", text="CT CHEST ABDOMEN PELVIS")
    add_series(con, "1", "1.2", 2, modality="CT", text="CT CHEST ABDOMEN PELVIS")
    add_study(con, "2", 11, "CR", "Head")
    add_series(con, "2", "2.1", 1, modality="CR", part=" head", text="XR CHEST")
    rows = con.execute(
        "SELECT study_uid, study_date, modality, region, series_count, image_series_count, first_series_uid "
        "FROM linked.imaging_timeline ORDER BY study_uid"
    ).fetchall()
    assert rows == [
        ("1", date(2020, 2, 3), "CT", "Chest, Abdomen and Pelvis", 3, 2, "1.2"),
        ("2", date(2020, 2, 3), "CR", "Head", 1, 1, "2.1"),
    ]


def test_an_event_of_concept_zero_keeps_its_source_value(con: DuckDBPyConnection) -> None:
    con.execute(
        "INSERT INTO omop.measurement BY NAME SELECT 7 AS measurement_id, 1 AS person_id, 0 AS measurement_concept_id, "
        "DATE '2020-01-02' AS measurement_date, 0 AS measurement_type_concept_id, 4.5 AS value_as_number, "
        "'x' AS measurement_source_value, 'mg' AS unit_source_value"
    )
    [row] = con.execute(
        "SELECT omop_table, omop_id, start_date, concept_id, concept_name, source_value, value_as_number, unit_name "
        "FROM linked.event"
    ).fetchall()
    assert row == ("measurement", 7, date(2020, 1, 2), 0, "x", "x", 4.5, "mg")


def test_every_view_says_what_a_row_is(con: DuckDBPyConnection) -> None:
    views = con.execute("SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'linked'").fetchall()
    assert {name for name, _ in views} >= {"event", "imaging_series", "imaging_timeline", "person_summary"}
    assert all(comment for _, comment in views)


def test_views_read_only_what_a_published_file_has() -> None:
    texts = views_for("linked")
    given = {f"{schema}.{table}" for (schema, table), columns in published().items() if WHOLE not in columns}
    for view, text in texts.items():
        assert "record_id" not in text, view
        named = set(re.findall(r"\bharmonize\.\w+", text))
        assert named <= {*given, *texts}, view
