"""A study that is invented by rule, as plain Python rows, so that right answers can be counted without SQL.

Persons 1 to 40: odd ones are of project P, even ones of Q, whose images are dated a day early; every tenth is of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rows_by_hand import NEGATIVE, PCR, POSITIVE, day, put

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OFFSET = {"P": 0, "Q": 1}
ICU, COVID, CRP, ANTIBODY = 32037, 37311061, 3020460, 723474
SEX = {0: (8507, "MALE"), 1: (8532, "FEMALE"), 2: (0, None)}
RACE = {0: (8527, "White"), 1: (8516, "Black or African American"), 2: (8515, "Asian"), 3: (0, None)}


@dataclass(frozen=True)
class Event:
    """Something of a person on a day; `imputed`: the day was taken from something else."""

    person: int
    day: int
    value: Any = None
    imputed: bool = False


@dataclass(frozen=True)
class Study:
    """An imaging study, on the day that its project's images have."""

    person: int
    project: str
    uid: str
    modality: str
    day: int

    @property
    def clinical_day(self) -> int:
        return self.day + OFFSET[self.project]


PERSONS = range(1, 41)
MEMBERS = [
    (project, n)
    for n in PERSONS
    for project in ("P", "Q")
    if n % 10 == 0 or project == ("P" if n % 2 else "Q")
]  # fmt: skip
STUDIES = [
    Study(n, "P" if n % 2 else "Q", f"1.{n}.{j}", ("CT", "CR", "DX", "CT")[(n + j) % 4], n + 40 * j)
    for n in range(1, 36)
    for j in range(n % 4)
]
TESTS = [
    Event(n, n + n % 9 - 3, "Negative" if n % 5 == 0 else "Positive", n % 6 == 0)
    for n in PERSONS
    if n % 7 != 0
]  # fmt: skip
ICU_STAYS = [Event(n, n + n % 20 + 1, None, n % 9 == 0) for n in PERSONS if n % 3 != 1]
LABS = [
    Event(n, n + shift, n * 1.5 + shift, n % 8 == 0)
    for n in PERSONS
    for shift in (-4, 1, 2)
    if n % 2 == 0 or shift != 1
]
CONDITIONS = [
    Event(n, n - 1, name)
    for n in PERSONS
    for name, every in (("asthma", 2), ("gout", 5), ("rare", 20))
    if n % every == 0
]
DIAGNOSES = [Event(n, n + 5, None, n % 14 == 0) for n in PERSONS if n % 7 == 0]
DEATHS = [Event(n, n + 60) for n in PERSONS if n % 9 == 0]
FLAGGED = [n for n in PERSONS if n % 11 == 0]
AGES = {n: (n + 10, n + 10) if n <= 30 else (10, 19) if n <= 33 else (20, 40) for n in range(1, 37)}
"""Lowest and highest age of a person, in years; of the others nothing is known."""
ANTIBODIES = [Event(38, 50, "Positive")]


def put_study(con: DuckDBPyConnection) -> None:
    """Write the study into an empty store."""
    put(
        con,
        "harmonize.project",
        [{"project_id": "P", "time_policy": "as_is"}, {"project_id": "Q", "time_policy": "shifted"}],
    )
    _put_persons(con)
    _put_images(con)
    put(
        con,
        "omop.measurement",
        [*_measured(1000, TESTS, PCR), *_measured(2000, LABS, CRP), *_measured(3000, ANTIBODIES, ANTIBODY)],
    )
    put(
        con, "omop.visit_detail",
        [
            {"visit_detail_id": place, "person_id": one.person, "visit_detail_concept_id": ICU,
             "visit_detail_start_date": day(one.day), "visit_detail_end_date": day(one.day + 2)}
            for place, one in enumerate(ICU_STAYS, 1)
        ],
    )  # fmt: skip
    conditions = [(one, 0) for one in CONDITIONS] + [(one, COVID) for one in DIAGNOSES]
    put(
        con, "omop.condition_occurrence",
        [
            {"condition_occurrence_id": place, "person_id": one.person, "condition_concept_id": concept,
             "condition_start_date": day(one.day), "condition_source_value": one.value}
            for place, (one, concept) in enumerate(conditions, 1)
        ],
    )  # fmt: skip
    put(con, "omop.death", [{"person_id": one.person, "death_date": day(one.day)} for one in DEATHS])
    _put_imputed(con, "measurement", "measurement_date", 1000, TESTS)
    _put_imputed(con, "measurement", "measurement_date", 2000, LABS)
    _put_imputed(con, "visit_detail", "visit_detail_start_date", 1, ICU_STAYS)
    _put_imputed(con, "condition_occurrence", "condition_start_date", len(CONDITIONS) + 1, DIAGNOSES)


def _put_persons(con: DuckDBPyConnection) -> None:
    put(
        con, "omop.person",
        [
            {"person_id": n, "person_source_value": f"c{n}", "gender_concept_id": SEX[n % 3][0],
             "race_concept_id": RACE[n % 4][0]}
            for n in PERSONS
        ],
    )  # fmt: skip
    put(
        con, "harmonize.person_case",
        [
            {"project_id": project, "case_key": f"c{n}", "person_id": n, "basis": "clinical",
             "chosen_project_id": project, "chosen_case_key": f"c{n}"}
            for project, n in MEMBERS
        ],
    )  # fmt: skip
    put(
        con,
        "harmonize.person_age",
        [{"person_id": n, "precision": "age", "low": low, "high": high} for n, (low, high) in AGES.items()],
    )
    put(
        con, 'midrc."case"',
        [
            {"type": "case", "submitter_id": f"c{n}", "project_id": project, "case_key": f"c{n}", "record_id": n,
             "mapping_id": 1, "covid19_positive": "Yes" if n in FLAGGED else "No"}
            for project, n in MEMBERS
        ],
    )  # fmt: skip


def _put_images(con: DuckDBPyConnection) -> None:
    put(
        con, "harmonize.image_link",
        [
            {"project_id": one.project, "case_key": f"c{one.person}", "person_id": one.person, "study_uid": one.uid,
             "modality": one.modality, "procedure_occurrence_id": place,
             "imaging_date_offset_days": OFFSET[one.project]}
            for place, one in enumerate(STUDIES, 1)
        ],
    )  # fmt: skip
    put(
        con, "omop.procedure_occurrence",
        [
            {"procedure_occurrence_id": place, "person_id": one.person, "procedure_date": day(one.day)}
            for place, one in enumerate(STUDIES, 1)
        ],
    )  # fmt: skip


def _measured(first: int, events: list[Event], concept: int) -> list[dict[str, Any]]:
    answers = {"Positive": POSITIVE, "Negative": NEGATIVE}
    return [
        {"measurement_id": first + place, "person_id": one.person, "measurement_concept_id": concept,
         "measurement_date": day(one.day), "value_as_concept_id": answers.get(one.value),
         "value_as_number": one.value if isinstance(one.value, float) else None, "unit_source_value": "mg/L"}
        for place, one in enumerate(events)
    ]  # fmt: skip


def _put_imputed(con: DuckDBPyConnection, table: str, column: str, first: int, events: list[Event]) -> None:
    put(
        con, "harmonize.imputation",
        [
            {"omop_table": table, "omop_id": first + place, "column_name": column, "rule": "visit_start"}
            for place, one in enumerate(events)
            if one.imputed
        ],
    )  # fmt: skip
