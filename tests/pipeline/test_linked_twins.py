"""The linked views ask for project and case, and not for the key alone."""

from __future__ import annotations

from duckdb import DuckDBPyConnection
from rows_by_hand import NEGATIVE, POSITIVE, covid_test, day, people, put, study

OF_PERSONS = "schema_name = 'linked' AND column_name = 'person_id'"
VIEWS = f"SELECT DISTINCT table_name FROM duckdb_columns() WHERE {OF_PERSONS} ORDER BY 1"


def tell(con: DuckDBPyConnection, person: int, project: str, case: str) -> None:
    """A person with a stay, two tests and two studies, each of one series and read by two; keys are always the same."""
    people(con, [person])
    put(con, "harmonize.person_case", [{
        "project_id": project, "case_key": case, "person_id": person, "basis": "clinical", "chosen_project_id": project,
        "chosen_case_key": case,
    }])  # fmt: skip
    put(con, "omop.visit_occurrence", [
        {"visit_occurrence_id": person, "person_id": person, "visit_start_date": day(0), "visit_end_date": day(9)}
    ])  # fmt: skip
    put(con, "omop.visit_detail", [
        {"visit_detail_id": person, "person_id": person, "visit_occurrence_id": person,
         "visit_detail_start_date": day(1), "visit_detail_end_date": day(3)}
    ])  # fmt: skip
    put(con, "omop.measurement", [
        covid_test(person, 10 * person, 0, POSITIVE), covid_test(person, 10 * person + 1, 20, NEGATIVE)
    ])  # fmt: skip
    told = {"project_id": project, "case_key": case}
    for number, when in ((1, 2), (2, 8)):
        uid = f"1.{number}"
        study(con, 10 * person + number, when, **told, person_id=person, study_uid=uid, visit_occurrence_id=person)
        told_study = {**told, "study_uid": uid, "record_id": 100 * person + number}
        put(
            con,
            "midrc.imaging_study",
            [{**told_study, "submitter_id": uid, "cases": case, "study_description": f"of {person}"}],
        )
        put(con, "midrc.imaging_series", [
            {**told_study, "series_uid": f"{uid}.1", "submitter_id": f"{uid}.1", "modality": "CT",
             "study_date": day(when), "series_date": day(when), "series_description": f"of {person}",
             "uri": f"s3://{person}"}
        ])  # fmt: skip
        put(con, "omop.image_occurrence", [
            {"image_occurrence_id": 10 * person + number, "person_id": person, "visit_occurrence_id": person,
             "procedure_occurrence_id": 10 * person + number, "image_occurrence_date": day(when),
             "image_study_uid": uid, "image_series_uid": f"{uid}.1", "modality_concept_id": 0,
             "anatomic_site_concept_id": 0}
        ])  # fmt: skip
        put(con, "midrc.annotation", [
            {**told_study, "submitter_id": f"{uid}.{reader}", "reader_key": reader, "label_group": reader,
             "question": "q", "answer": "x" if person == 1 else "y", "collection": "D"}
            for reader in "AB"
        ])  # fmt: skip


def rows(con: DuckDBPyConnection) -> dict[str, list[str]]:
    return {
        view: sorted(map(repr, con.execute(f"FROM linked.{view} WHERE person_id = 1").fetchall()))
        for (view,) in con.execute(VIEWS).fetchall()
    }


def test_others_with_the_same_keys_change_nothing(hand: DuckDBPyConnection) -> None:
    tell(hand, 1, "P", "c")
    alone = rows(hand)
    assert [view for view, found in alone.items() if not found] == []
    tell(hand, 2, "Q", "c")
    tell(hand, 3, "P", "d")
    together = rows(hand)
    for view, found in alone.items():
        assert together[view] == found, view
