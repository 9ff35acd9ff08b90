"""The bounds of the views for analysts: each threshold at, below and above; what decides between equals.

Many small cases lie in one store, each a person (or a study) of its own, and one query asks for all.
"""

from __future__ import annotations

import pytest
from duckdb import DuckDBPyConnection
from rows_by_hand import NEGATIVE, POSITIVE, covid_test, day, people, put, study

COVID, ICU = 37311061, 32037


# ---- linked.imaging_study_clinical

INDETERMINATE = 45877990
# tests of a person with a study on day 0 (answer, day) → nearest result, its days, status at imaging
NEAREST: list[tuple[list[tuple[int, int]], tuple[str | None, int | None, str]]] = [
    ([(POSITIVE, -14)], ("Positive", -14, "Positive")),
    ([(POSITIVE, -15)], ("Positive", -15, "Unknown")),
    ([(NEGATIVE, 14)], ("Negative", 14, "Negative")),
    ([(NEGATIVE, 15)], ("Negative", 15, "Unknown")),
    ([(POSITIVE, 0)], ("Positive", 0, "Positive")),
    ([(NEGATIVE, -1), (POSITIVE, 2)], ("Negative", -1, "Negative")),
    ([(NEGATIVE, -3), (POSITIVE, 3)], ("Positive", 3, "Positive")),  # of equally near ones the positive
    ([(POSITIVE, 3), (POSITIVE, -3)], ("Positive", -3, "Positive")),  # and then the earlier
    ([(NEGATIVE, 3), (NEGATIVE, -3)], ("Negative", -3, "Negative")),
    ([(INDETERMINATE, 0), (NEGATIVE, 9)], ("Negative", 9, "Negative")),
    ([(INDETERMINATE, 0)], (None, None, "Unknown")),
    ([], (None, None, "Unknown")),
]


@pytest.mark.parametrize("offset", [0, 1])
def test_the_nearest_test_and_the_status_at_imaging(hand: DuckDBPyConnection, offset: int) -> None:
    """The project's offset moves what is linked, never the days to tests."""
    people(hand, range(len(NEAREST)))
    rows = []
    for person, (tests, _) in enumerate(NEAREST):
        study(hand, person, imaging_date_offset_days=offset)
        rows += [covid_test(person, 100 * person + n, when, answer) for n, (answer, when) in enumerate(tests)]
    put(hand, "omop.measurement", rows)
    found = hand.execute(
        "SELECT nearest_test_result, days_to_nearest_test, test_status_at_imaging "
        "FROM linked.imaging_study_clinical ORDER BY person_id"
    ).fetchall()
    assert found == [expected for _, expected in NEAREST]


@pytest.mark.parametrize("offset", [0, 1, -1])
def test_conditions_and_labs_around_the_day(hand: DuckDBPyConnection, offset: int) -> None:
    people(hand, [1])
    study(hand, 1, imaging_date_offset_days=offset)
    days = range(-4, 5)
    put(hand, "omop.condition_occurrence", [
        {"condition_occurrence_id": 10 + n, "person_id": 1, "condition_start_date": day(n),
         "condition_source_value": f"{n:+}"}
        for n in days
    ])  # fmt: skip
    put(hand, "omop.measurement", [
        {"measurement_id": 10 - n, "person_id": 1, "measurement_date": day(n), "measurement_source_value": f"{n:+}",
         "value_as_number": float(n), "unit_source_value": "mg"}
        for n in days
    ])  # fmt: skip
    put(hand, "omop.measurement", [  # no number; and the concept's name before the source's
        {"measurement_id": 50, "person_id": 1, "measurement_date": day(offset), "measurement_source_value": "text"},
        {"measurement_id": 51, "person_id": 1, "measurement_date": day(offset), "measurement_concept_id": 3004249,
         "measurement_source_value": "sbp", "value_as_number": 120.0, "unit_concept_id": 8554,
         "unit_source_value": "pct"},
    ])  # fmt: skip
    ((conditions, labs),) = hand.execute("SELECT conditions, labs FROM linked.imaging_study_clinical").fetchall()
    assert conditions == sorted(f"{n:+}" for n in days if n <= offset)
    # nearest first; of equally near ones the lower id, which the later day has
    near = [offset, offset + 1, offset - 1, offset + 2, offset - 2]
    told = [(lab["name"], lab["days"]) for lab in labs if lab["unit"] == "mg"]
    assert told == [(f"{n:+}", n - offset) for n in near]
    assert [(lab["name"], lab["value"], lab["unit"]) for lab in labs if lab["unit"] != "mg"] == [
        ("Systolic blood pressure", 120.0, "percent")
    ]


@pytest.mark.parametrize("offset", [0, 1])
def test_days_to_admission_intensive_care_discharge_and_death(hand: DuckDBPyConnection, offset: int) -> None:
    """Each before, on and after the study's day; of several stays in intensive care the first."""
    shifts = [-1, 0, 1]
    people(hand, range(len(shifts) + 1))
    for person, shift in enumerate(shifts):
        study(hand, person, 5, imaging_date_offset_days=offset, visit_occurrence_id=person, days_from_admission=-shift)
        put(hand, "omop.visit_occurrence", [{"visit_occurrence_id": person, "person_id": person,
                                            "visit_start_date": day(0), "visit_end_date": day(5 + shift)}])  # fmt: skip
        put(hand, "omop.visit_detail", [
            {"visit_detail_id": 10 * person + n, "person_id": person, "visit_detail_concept_id": ICU,
             "visit_detail_start_date": day(5 + shift + n), "visit_detail_end_date": day(9)}
            for n in (1, 0)
        ])  # fmt: skip
        put(hand, "omop.death", [{"person_id": person, "death_date": day(5 + shift)}])
    study(hand, 3, 5, imaging_date_offset_days=offset)
    put(hand, "omop.visit_detail", [{"visit_detail_id": 90, "person_id": 3, "visit_detail_concept_id": 581379,
                                    "visit_detail_start_date": day(5), "visit_detail_end_date": day(9)}])  # fmt: skip
    found = hand.execute(
        "SELECT days_to_admission, days_to_icu, days_to_discharge, days_to_death, was_in_icu, died "
        "FROM linked.imaging_study_clinical ORDER BY person_id"
    ).fetchall()
    assert found == [
        *((shift, shift - offset, shift - offset, shift - offset, True, True) for shift in shifts),
        (None, None, None, None, False, False),
    ]


AGES = [(0.0, 0), (0.9, 0), (1.99, 1), (2.0, 2), (17.999, 17), (89.0, 89), (89.9, 89), (None, None)]


def test_an_age_at_imaging_is_whole_years(hand: DuckDBPyConnection) -> None:
    people(hand, range(len(AGES) + 1))
    for person, (age, _) in enumerate([*AGES, (None, None)]):
        study(hand, person)
        put(hand, "midrc.imaging_study", [
            {"submitter_id": f"1.{person}", "case_key": f"c{person}", "cases": f"c{person}", "age_at_imaging": age,
             "age_at_imaging_gt89": "No" if age is not None else None},
        ])  # fmt: skip
    last = len(AGES)
    put(hand, "midrc.imaging_study", [
        {"submitter_id": "r2", "study_uid": f"1.{last}", "case_key": f"c{last}", "cases": f"c{last}",
         "age_at_imaging": None,
         "age_at_imaging_gt89": "Yes"},
    ])  # fmt: skip
    found = hand.execute(
        "SELECT age_at_imaging, age_at_imaging_gt89 FROM linked.imaging_study_clinical ORDER BY person_id"
    ).fetchall()
    assert found == [*((years, "No" if years is not None else None) for _, years in AGES), (None, "Yes")]


def test_of_two_records_of_a_study_the_one_that_states_the_days_speaks(hand: DuckDBPyConnection) -> None:
    people(hand, [1])
    study(hand, 1)
    pos, neg = "days_from_study_to_pos_covid_test", "days_from_study_to_neg_covid_test"
    for key, days, computed in (("r1", [1], [pos, neg]), ("r2", [2], [neg]), ("r3", [3], [pos])):
        put(hand, "midrc.imaging_study", [
            {"submitter_id": key, "study_uid": "1.1", "case_key": "c1", "cases": "c1", pos: days, neg: days,
             "computed": computed,
             "loinc_code": {"r1": "9-9", "r2": "2-2", "r3": None}[key], "loinc_long_common_name": key}
        ])  # fmt: skip
    found = hand.execute(
        f"SELECT {pos}, {neg}, loinc_code, loinc_long_common_name FROM linked.imaging_study_clinical"
    ).fetchall()
    assert found == [([2], [3], "2-2", "r2")]


# ---- linked.longitudinal_series

PHASES = [
    (-1, "before"), (0, "acute"), (1, "acute"), (27, "acute"), (28, "post_acute"), (29, "post_acute"),
    (89, "post_acute"), (90, "post_covid"), (91, "post_covid"),
]  # fmt: skip


@pytest.mark.parametrize("offset", [0, 1])
def test_phases_of_the_disease(hand: DuckDBPyConnection, offset: int) -> None:
    people(hand, range(len(PHASES) + 1))
    for person, (days, _) in enumerate(PHASES):
        study(hand, person, days - offset, imaging_date_offset_days=offset)
    study(hand, len(PHASES))
    put(hand, "omop.measurement", [covid_test(person, person, 0) for person in range(len(PHASES))])
    found = hand.execute("SELECT days_from_covid, phase FROM linked.longitudinal_series ORDER BY person_id").fetchall()
    assert found == [*PHASES, (None, None)]


def test_covid_began_with_the_first_positive_test_else_the_first_diagnosis(hand: DuckDBPyConnection) -> None:
    told: list[tuple[list[tuple[str, int]], int | None]] = [
        ([("positive", 3), ("positive", 5)], 3),
        ([("diagnosis", 1), ("positive", 3)], 3),  # a test before a diagnosis, though it is later
        ([("diagnosis", 4), ("diagnosis", 2)], 2),
        ([("negative", 1), ("diagnosis", 6)], 6),
        ([("negative", 1), ("other", 1)], None),
    ]
    people(hand, range(len(told)))
    for person, (events, _) in enumerate(told):
        study(hand, person)
        for number, (kind, when) in enumerate(events):
            if kind in {"diagnosis", "other"}:
                put(hand, "omop.condition_occurrence", [
                    {"condition_occurrence_id": 10 * person + number, "person_id": person,
                     "condition_start_date": day(when),
                     "condition_concept_id": COVID if kind == "diagnosis" else 437663}])  # fmt: skip
            else:
                answer = POSITIVE if kind == "positive" else NEGATIVE
                put(hand, "omop.measurement", [covid_test(person, 10 * person + number, when, answer)])
    found = hand.execute("SELECT -days_from_covid FROM linked.longitudinal_series ORDER BY person_id").fetchall()
    assert found == [(begun,) for _, begun in told]


def test_a_series_of_studies_is_of_one_kind_and_region_and_in_order(hand: DuckDBPyConnection) -> None:
    """Films are one kind, whatever made them; a region that is not known is one region; of a day the UIDs."""
    people(hand, [1])
    studies = [
        # number, day, modality, region → place, of how many, days from the first, from the one before
        (1, 0, "CR", "Chest", (1, 3, 0, None)),
        (2, 4, "DX", "Chest", (2, 3, 4, 4)),
        (3, 9, "XR", "Chest", (3, 3, 9, 5)),
        (4, 2, "CT", "Chest", (2, 3, 0, 0)),
        (5, 2, "CT", "Chest", (3, 3, 0, 0)),
        (6, 1, "CT", "Head", (1, 1, 0, None)),
        (7, 7, "CT", None, (1, 2, 0, None)),
        (8, 8, "CT", None, (2, 2, 1, 1)),
        (9, 2, "CT", "Chest", (1, 3, 0, None)),
    ]
    for number, when, modality, region, _ in studies:
        project = "A" if number == 9 else "P"
        study(hand, number, when, person_id=1, modality=modality, region=region, project_id=project)
    found = hand.execute(
        "SELECT study_number, study_count, days_from_first, days_from_previous FROM linked.longitudinal_series "
        "ORDER BY study_uid"
    ).fetchall()
    assert found == [expected for *_, expected in studies]
