"""Rows put into a store by hand, for views and statements that are asked about many small cases at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

DAY_0 = date(2021, 3, 1)
POSITIVE, NEGATIVE, PCR = 45884084, 45878583, 706170
# What a table requires and a test seldom cares for.
DEFAULTS: dict[str, dict[str, Any]] = {
    "omop.person": {"gender_concept_id": 0, "year_of_birth": 1950, "race_concept_id": 0, "ethnicity_concept_id": 0},
    "omop.procedure_occurrence": {"procedure_concept_id": 0, "procedure_type_concept_id": 0},
    "omop.measurement": {"measurement_concept_id": 0, "measurement_type_concept_id": 0},
    "omop.condition_occurrence": {"condition_concept_id": 0, "condition_type_concept_id": 0},
    "omop.visit_occurrence": {"visit_concept_id": 0, "visit_type_concept_id": 0},
    "omop.visit_detail": {"visit_detail_concept_id": 0, "visit_detail_type_concept_id": 0, "visit_occurrence_id": 0},
    "omop.concept": {
        "domain_id": "Measurement", "vocabulary_id": "Local", "concept_class_id": "Lab Test",
        "valid_start_date": date(1970, 1, 1), "valid_end_date": date(2099, 12, 31),
    },
    "harmonize.image_link": {
        "project_id": "P", "modality": "CT", "region": "Chest", "tier": "no_visit", "person_tier": "patient_id",
        "procedure_tier": "new_procedure", "imaging_date_offset_days": 0,
    },
    "midrc.imaging_study": {"type": "imaging_study", "project_id": "P", "record_id": 1, "mapping_id": 1},
    "midrc.imaging_series": {"project_id": "P", "record_id": 1, "mapping_id": 1, "is_image": True},
    "midrc.annotation": {
        "type": "annotation", "project_id": "P", "record_id": 1, "mapping_id": 1, "case_key": "c",
        "read_role": "independent",
    },
}  # fmt: skip


def day(number: int) -> date:
    """The day so many days after day 0."""
    return DAY_0 + timedelta(days=number)


def prepare(con: DuckDBPyConnection) -> None:
    """The macros and reference tables that steps read (sql/steps/reference)."""
    from harmonize.engine.steps import plan
    from harmonize.pipeline.derive import new_run

    new_run(con).need(*(step.relation for name, step in plan().steps.items() if name.startswith("reference/")))


def put(con: DuckDBPyConnection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows; every row of a hub table gets a row_key."""
    filled = [DEFAULTS.get(table, {}) | row for row in rows]
    if not filled:
        return
    names = list(dict.fromkeys(name for row in filled for name in row))
    columns = ", ".join(f"unnest(?) AS {name}" for name in names)
    key = "uuid() AS row_key, " if table.startswith("midrc.") else ""
    values = [[row.get(name) for row in filled] for name in names]
    con.execute(f"INSERT INTO {table} BY NAME SELECT {key}* FROM (SELECT {columns})", values)


def study(con: DuckDBPyConnection, number: int, day_of_study: int = 0, **link: Any) -> None:
    """A study of a person of the same number, on a day: its link and its procedure."""
    named = {"case_key": f"c{number}", "person_id": number, "study_uid": f"1.{number}"}
    put(con, "harmonize.image_link", [named | {"procedure_occurrence_id": number} | link])
    person = link.get("person_id", number)
    procedure = {"procedure_occurrence_id": number, "person_id": person, "procedure_date": day(day_of_study)}
    put(con, "omop.procedure_occurrence", [procedure])


def people(con: DuckDBPyConnection, numbers: Iterable[int]) -> None:
    """Persons of these numbers."""
    put(con, "omop.person", [{"person_id": number, "person_source_value": f"c{number}"} for number in numbers])


def covid_test(person: int, number: int, when: int, answer: int = POSITIVE) -> dict[str, Any]:
    """A PCR of a person on a day, with its answer's concept: a row of omop.measurement."""
    return {
        "measurement_id": number, "person_id": person, "measurement_concept_id": PCR, "measurement_date": day(when),
        "value_as_concept_id": answer,
    }  # fmt: skip
