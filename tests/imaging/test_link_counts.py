"""What the link report counts: how persons were found, why studies are not linked, shifted days, coverage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from rows_by_hand import day, put, study

from harmonize.engine.paths import sql

# a study's case (basis of its person_case, else None; withdrawn), its date, its link's tier → why it is not linked
STATUSES: list[tuple[str, str | None, str | None, bool, str | None]] = [
    ("linked", "clinical", "patient_id", False, None),
    ("joined by a crosswalk", "images", "crosswalk", False, None),
    ("a person of images alone", "images", "images_only", False, "no_clinical_record"),
    ("without a date", "clinical", None, False, "no_date"),
    ("of a patient who was withdrawn", None, None, True, "withdrawn"),
]


def series(case: str | None, uid: str, project: str = "P") -> dict[str, Any]:
    return {
        "case_key": case,
        "study_uid": uid,
        "series_uid": f"{uid}.1",
        "submitter_id": f"{uid}.1",
        "project_id": project,
    }


def alone(project: str, case: str, person: int, basis: str) -> dict[str, Any]:
    """A row of person_case whose case was chosen for its person."""
    return {
        "project_id": project, "case_key": case, "person_id": person, "basis": basis,
        "chosen_project_id": project, "chosen_case_key": case,
    }  # fmt: skip


def test_why_a_study_is_not_linked(hand: DuckDBPyConnection) -> None:
    for number, (_, basis, tier, withdrawn, _) in enumerate(STATUSES):
        put(hand, "midrc.imaging_series", [series(f"c{number}", f"1.{number}")])
        if basis:
            put(hand, "harmonize.person_case", [
                alone("P", f"c{number}", number, basis)
            ])  # fmt: skip
        if tier:
            study(hand, number, person_tier=tier)
        if withdrawn:
            put(hand, "harmonize.withdrawn_case", [
                {"project_id": "P", "case_key": f"c{number}", "withdrawn_at": datetime(2026, 1, 5)}
            ])  # fmt: skip
    # a series whose study is not loaded has no case; one UID in two projects, one of two patients
    put(hand, "midrc.imaging_series", [series(None, "9"), series("x", "1.0", "Q")])
    put(hand, "midrc.imaging_study", [{"submitter_id": "1.1", "case_key": "other", "cases": "other"}])
    hand.execute(sql("imaging/study_status"))
    rows = hand.execute(
        "SELECT study_uid, coalesce(case_key, ''), reason, project_count, patient_count FROM study_status "
        "WHERE project_id = 'P' ORDER BY 1, 2"
    ).fetchall()
    assert rows == [
        ("1.0", "c0", None, 2, 1), ("1.1", "c1", None, 1, 2), ("1.1", "other", "no_date", 1, 2),
        ("1.2", "c2", "no_clinical_record", 1, 1), ("1.3", "c3", "no_date", 1, 1), ("1.4", "c4", "withdrawn", 1, 1),
        ("9", "", "no_case", 1, 1),
    ]  # fmt: skip
    assert {reason for *_, reason in STATUSES} | {"no_case"} == {reason for _, _, reason, _, _ in rows}
    found = {
        (kind, name): count
        for kind, name, count in hand.execute(sql("imaging/link_counts"), {"project": "P"}).fetchall()
    }
    assert found["linked", "studies"] == 2
    assert {name: count for (kind, name), count in found.items() if kind == "study"} == {
        "no_case": 1, "no_clinical_record": 1, "no_date": 2, "withdrawn": 1,
    }  # fmt: skip
    assert found["told", "study_uids_of_several_projects"] == found["told", "study_uids_of_several_patients"] == 1
    assert (found["case", "clinical"], found["case", "without_images"]) == (2, 1)


PERSONS = [
    # basis of the case, of another case of the same person, what joined them → tier
    ("clinical", None, None, "patient_id"),
    ("images", None, None, "images_only"),
    ("images", "clinical", None, "crosswalk"),
    ("images", "clinical", "study_uid", "study_uid"),
    ("images", "clinical", "accession", "accession"),
    ("clinical", "clinical", "study_uid", "patient_id"),
]


def test_how_a_person_was_found(hand: DuckDBPyConnection) -> None:
    hand.execute(
        "CREATE OR REPLACE TEMP TABLE study_row (project_id VARCHAR, case_key VARCHAR, person_id BIGINT, "
        "study_uid VARCHAR, visit_occurrence_id BIGINT, modality VARCHAR, region VARCHAR, tier VARCHAR, "
        "imaging_date_offset_days INTEGER, days_from_admission INTEGER);"
        "CREATE OR REPLACE TEMP TABLE imaging_procedure_row (procedure_occurrence_id BIGINT, project_id VARCHAR, "
        "study_uid VARCHAR, person_id BIGINT);"
        "CREATE OR REPLACE TEMP TABLE study_pair (project_id VARCHAR, image_case VARCHAR, basis VARCHAR);"
        "CREATE OR REPLACE TEMP TABLE study_match (project_id VARCHAR, study_uid VARCHAR, person_id BIGINT, "
        "procedure_tier VARCHAR)"
    )
    for number, (basis, other, joined, _) in enumerate(PERSONS):
        named = {"project_id": "P", "person_id": number}
        put(hand, "study_row", [named | {"case_key": f"c{number}", "study_uid": f"1.{number}", "tier": "no_visit",
                                         "imaging_date_offset_days": 0}])  # fmt: skip
        put(hand, "imaging_procedure_row", [named | {"study_uid": f"1.{number}", "procedure_occurrence_id": number}])
        put(hand, "harmonize.person_case", [alone("P", f"c{number}", number, basis)])
        if other:
            put(hand, "harmonize.person_case", [alone("P", f"other{number}", number, other)])
        if joined:
            put(hand, "study_pair", [{"project_id": "P", "image_case": f"c{number}", "basis": joined}])
    put(hand, "study_match", [{"project_id": "P", "study_uid": "1.0", "person_id": 0, "procedure_tier": "accession"}])
    hand.execute(sql("steps/images/image_link.studies"))
    found = hand.execute("SELECT person_tier, procedure_tier FROM harmonize.image_link ORDER BY person_id").fetchall()
    assert found == [
        (tier, "accession" if number == 0 else "new_procedure") for number, (*_, tier) in enumerate(PERSONS)
    ]


@pytest.mark.parametrize("shift", range(-3, 4))
def test_patients_with_a_study_in_a_visit_on_shifted_days(hand: DuckDBPyConnection, shift: int) -> None:
    """Each patient has a visit of day 0 alone, and studies on these days."""
    studies = [(-1, 0, 1), (-2, 0), (-3, -1)]
    for person, days in enumerate(studies):
        put(hand, "omop.visit_occurrence", [{"visit_occurrence_id": person, "person_id": person,
                                             "visit_start_date": day(0), "visit_end_date": day(0)}])  # fmt: skip
        for place, when in enumerate(days):
            study(hand, 10 * person + place, when, person_id=person, case_key=f"c{person}")
    expected = sum(any(when + shift == 0 for when in days) for days in studies)
    (found,) = hand.execute(sql("imaging/containment"), {"project": "P", "shift": shift}).fetchone() or (None,)
    assert found == expected
    (none,) = hand.execute(sql("imaging/containment"), {"project": "Q", "shift": shift}).fetchone() or (None,)
    assert none == 0


def test_coverage_counts_each_thing_once(hand: DuckDBPyConnection) -> None:
    """Series told twice, a study that only a record names, visits, and a project that has patients alone."""
    for project in ("P", "Q"):
        hand.execute(
            "INSERT INTO harmonize.project BY NAME SELECT ? AS project_id, 2 AS imaging_date_offset_days", [project]
        )
    put(hand, "midrc.imaging_series", [
        series("a", "1"), series("a", "1") | {"submitter_id": "again"}, series("a", "2"), series("b", "3"),
    ])  # fmt: skip
    put(hand, "midrc.imaging_study", [
        {"submitter_id": key, "study_uid": uid, "case_key": "a", "cases": "a"} for key, uid in (("s1", "1"), ("4",
         None), ("s5", "5"))
    ])  # fmt: skip
    for number, (case, uid, visit) in enumerate([("a", "1", 7), ("a", "2", None), ("b", "3", None)]):
        study(hand, number, case_key=case, study_uid=uid, person_id={"a": 1, "b": 2}[case], visit_occurrence_id=visit)
        put(hand, "omop.image_occurrence", [
            {"image_occurrence_id": number, "person_id": 1, "procedure_occurrence_id": number, "modality_concept_id": 0,
             "image_occurrence_date": day(0), "image_study_uid": uid, "image_series_uid": uid}
        ])  # fmt: skip
    put(hand, "harmonize.person_case", [alone("Q", "z", 9, "clinical")])
    rows = hand.execute(sql("imaging/coverage"))
    names = [column[0] for column in rows.description or ()]
    p, q = (dict(zip(names, row, strict=True)) for row in rows.fetchall())
    assert p == {
        "project_id": "P", "image_occurrences": 3, "series": 3, "studies": 3, "patients": 2,
        "patients_linked_to_person": 2,
        "studies_with_visit": 1, "patients_with_visit": 1, "studies_without_series": 2, "imaging_date_offset_days": 2,
    }  # fmt: skip
    assert q == dict.fromkeys(names, 0) | {"project_id": "Q", "imaging_date_offset_days": 2}
