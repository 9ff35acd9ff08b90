"""Which cases of a project are one person by an accession number: how many days may lie between."""

from __future__ import annotations

from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from rows_by_hand import day, put

from harmonize.engine.paths import sql

# days of images, of the clinical record's procedure → whether they are a pair
DAYS = [(5, 5, True), (5, 4, True), (5, 6, True), (5, 3, False), (5, 7, False), (0, -1, True), (0, -2, False)]


def images(case: str, number: str, when: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_key": case,
        "submitter_id": case,
        "series_uid": case,
        "study_uid": case,
        "accession_hash": number,
        **when,
    }


def procedure(case: str, number: str, when: dict[str, Any]) -> dict[str, Any]:
    told = {
        "case_key": case,
        "cases": case,
        "submitter_id": case,
        "accession_hash": number,
        "type": "procedure",
        "project_id": "P",
    }
    return {**told, "record_id": 1, "mapping_id": 1, **when}


@pytest.mark.parametrize("counted", ["dates", "days"])
def test_a_day_may_lie_between(hand: DuckDBPyConnection, counted: str) -> None:
    hand.execute(
        "CREATE OR REPLACE TEMP TABLE study_pair (project_id VARCHAR, image_case VARCHAR, clinical_case VARCHAR, "
        "basis VARCHAR)"
    )
    by_date = counted == "dates"
    for number, (image, told, _) in enumerate(DAYS):
        put(hand, "midrc.imaging_series", [
            images(f"i{number}", f"n{number}", {"study_date": day(image)} if by_date else {"study_day": image})
        ])  # fmt: skip
        put(hand, "midrc.procedure", [
            procedure(f"c{number}", f"n{number}", {"start_date": day(told)} if by_date else {"start_day": told})
        ])  # fmt: skip
        put(hand, 'midrc."case"', [
            {"case_key": f"c{number}", "submitter_id": f"c{number}", "type": "case", "project_id": "P", "record_id": 1,
             "mapping_id": 1}
        ])  # fmt: skip
    hand.execute(sql("steps/cases/study_pair.accession"))
    found = hand.execute("SELECT image_case, clinical_case, basis FROM study_pair ORDER BY 1").fetchall()
    assert found == [(f"i{n}", f"c{n}", "accession") for n, (*_, is_pair) in enumerate(DAYS) if is_pair]
