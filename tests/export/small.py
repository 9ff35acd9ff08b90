"""A store of a few rows, written by SQL and not by a load, so that a test of publishing is quick."""

from __future__ import annotations

import shutil
from pathlib import Path

from harmonize.engine.store import open_store

ROWS = """
INSERT INTO harmonize.project BY NAME SELECT 'P' AS project_id, 'as_is' AS time_policy, true AS shifted_by_source;
INSERT INTO harmonize.submission VALUES
    (1, 'P', 'ehr', 'ehr/here', 'v1', 'upsert', 'loaded', TIMESTAMP '2026-01-01', '0.1', NULL, NULL);
INSERT INTO harmonize.source_file (file_id, submission_id, name, size, sha256, record_type, records, loaded)
    VALUES (1, 1, 'Jones ward.csv', 99, 'ffee', 'patient', 2, 2);
INSERT INTO harmonize.record_type VALUES (1, 'here.patient');
INSERT INTO harmonize.record VALUES
    (1, 1, 1, 2, 1, 'KEY-00017', uuid(), uuid(), 'loaded', NULL, true, NULL),
    (2, 1, 1, 3, 1, 'KEY-00018', uuid(), uuid(), 'loaded', NULL, true, NULL);
INSERT INTO harmonize.person_case VALUES
    ('P', 'KEY-00017', 1, 'clinical', 'P', 'KEY-00017'), ('P', 'KEY-00018', 2, 'clinical', 'P', 'KEY-00018');
INSERT INTO omop.person BY NAME SELECT person_id, 8532 AS gender_concept_id, 1950 AS year_of_birth,
    0 AS race_concept_id,
    0 AS ethnicity_concept_id, case_key AS person_source_value FROM harmonize.person_case;
INSERT INTO midrc."case" BY NAME SELECT 'case' AS type, case_key AS submitter_id, case_key, project_id,
    person_id AS record_id,
    uuid() AS row_key, 0 AS mapping_id FROM harmonize.person_case;
INSERT INTO omop.measurement BY NAME SELECT range + 1 AS measurement_id, range % 2 + 1 AS person_id,
    0 AS measurement_concept_id, DATE '2021-03-01' AS measurement_date, 0 AS measurement_type_concept_id,
    'sodium' AS measurement_source_value FROM range(6);
INSERT INTO midrc.measurement BY NAME SELECT 'measurement' AS type, format('RES-{:05d}', range) AS submitter_id,
    format('KEY-{:05d}', range % 2 + 17) AS case_key, 'P' AS project_id, 'sodium' AS text, 1 AS record_id,
    uuid() AS row_key,
    0 AS mapping_id FROM range(6);
"""

ODD = (
    """UPDATE midrc."case" SET race_ethnicity = ['a"b\\c', 'x,y', NULL, '{}', ''], race_source = ' a "b"\n; \\N'""",
    """INSERT INTO midrc.imaging_series BY NAME SELECT 'P' AS project_id, 1 AS record_id, uuid() AS row_key,
    0 AS mapping_id, 's' AS submitter_id, '1.2.3' AS study_uid, '1.2.3.4' AS series_uid,
    [0.1, 2, NULL, 1e20] AS pixel_spacing, [] AS image_type, [3, NULL] AS echo_number""",
    "UPDATE omop.measurement SET value_as_number = [0.1, -0.0, 1e20, 37.0, 1e-9, NULL][measurement_id], "
    "measurement_datetime = TIMESTAMP '2021-03-01 23:59:59.123456'",
    "INSERT INTO omop.cdm_source BY NAME SELECT 'x' AS cdm_source_name, 'x' AS cdm_source_abbreviation, "
    "'x' AS cdm_holder, DATE '2026-01-01' AS source_release_date, DATE '2026-01-01' AS cdm_release_date, "
    "'v5.4' AS cdm_version, 756265 AS cdm_version_concept_id, 'v5.0' AS vocabulary_version",
)
"""Statements that add values which one form or another writes in its own way."""


def make(empty_store: Path, folder: Path, *more: str) -> Path:
    """A copy of the empty store with these rows, and with what the statements `more` add."""
    path = Path(shutil.copy(empty_store, folder / "store.duckdb"))
    with open_store(path) as store, store.transaction() as con:
        for statement in (ROWS, *more):
            con.execute(statement)
    return path
