"""The statements that link images, each asked about many small cases: days, ties, tiers, studies told twice."""

from __future__ import annotations

from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from rows_by_hand import day, prepare, put

from harmonize.engine.paths import sql
from harmonize.imaging.procedure_kind import fill_procedure_kind, fill_study_kind

INPATIENT, EMERGENCY_AND_INPATIENT, OUTPATIENT = 9201, 262, 9202


@pytest.fixture
def linking(hand: DuckDBPyConnection) -> DuckDBPyConnection:
    """The temp tables that a derivation has made when it comes to images."""
    prepare(hand)
    hand.execute(
        "CREATE OR REPLACE TEMP TABLE affected_case (project_id VARCHAR, case_key VARCHAR, "
        "person_id BIGINT, day_shift INTEGER, time_policy VARCHAR, anchor DATE, image_anchor DATE, "
        "imaging_date_offset_days INTEGER);"
        "CREATE TEMP TABLE exam_pair (project_id TEXT, case_key TEXT, node TEXT, row_key UUID, study_uid TEXT);"
        "CREATE OR REPLACE TEMP TABLE coding_choice (node VARCHAR, codings VARCHAR, coding VARCHAR, text VARCHAR);"
        "CREATE OR REPLACE TEMP TABLE visit_row (project_id VARCHAR, case_key VARCHAR, visit_key VARCHAR, "
        "visit_occurrence_id BIGINT, visit_start DATE);"
        "CREATE OR REPLACE TEMP TABLE visit_part (project_id VARCHAR, case_key VARCHAR, part_key VARCHAR, "
        "visit_key VARCHAR);"
        "CREATE OR REPLACE TEMP TABLE coding_target (coding VARCHAR, code VARCHAR, target_rank INTEGER, "
        "source_concept_id INTEGER, target_concept_id INTEGER);"
        f"INSERT INTO coding_target VALUES ('Visit:IP', 'IP', 1, {INPATIENT}, {INPATIENT}), "
        f"('Visit:ERIP', 'ERIP', 1, {EMERGENCY_AND_INPATIENT}, {EMERGENCY_AND_INPATIENT})"
    )
    return hand


def cases(con: DuckDBPyConnection, keys: dict[str, int], offset: int = 0) -> None:
    """Cases of these keys, each of a person."""
    put(con, "affected_case", [
        {"project_id": "P", "case_key": key, "person_id": person, "day_shift": 0, "time_policy": "as_is",
         "imaging_date_offset_days": offset}
        for key, person in keys.items()
    ])  # fmt: skip


def series(case: str, study: str, uid: str, **told: Any) -> dict[str, Any]:
    made = {"case_key": case, "study_uid": study, "series_uid": uid, "submitter_id": uid, "modality": "CT"}
    return made | {"study_date": day(0), "series_date": day(0)} | told


def record(case: str, study: str, **told: Any) -> dict[str, Any]:
    return {"submitter_id": study, "case_key": case, "cases": case, **told}


def run(con: DuckDBPyConnection, *statements: str) -> None:
    for name in statements:
        con.execute(sql(f"steps/images/{name}"))


# ---- the visit of a study

Visit = tuple[int, int, int]
"""Concept, first and last day."""
# visits of a person whose study is on day 5 → visit (place in the list), tier, days from admission
VISITS: list[tuple[str, list[Visit], tuple[int | None, str, int | None]]] = [
    ("on the first day", [(INPATIENT, 5, 9)], (0, "contained", 0)),
    ("on the last day", [(INPATIENT, 1, 5)], (0, "contained", 4)),
    ("of one day", [(OUTPATIENT, 5, 5)], (0, "contained", 0)),
    ("a day before", [(INPATIENT, 6, 9)], (None, "no_visit_that_day", -1)),
    ("a day after", [(INPATIENT, 1, 4)], (None, "no_visit_that_day", 4)),
    ("from the first of two", [(INPATIENT, 7, 9), (INPATIENT, 1, 2)], (None, "no_visit_that_day", 4)),
    ("no visits", [], (None, "no_visit", None)),
    ("the inpatient one, though longer", [(OUTPATIENT, 5, 5), (INPATIENT, 1, 9)], (1, "ambiguous", 4)),
    ("by way of the emergency room", [(OUTPATIENT, 5, 5), (EMERGENCY_AND_INPATIENT, 1, 9)], (1, "ambiguous", 4)),
    ("of two inpatient ones the shorter", [(INPATIENT, 1, 9), (INPATIENT, 4, 6)], (1, "ambiguous", 1)),
    ("of two others the shorter", [(OUTPATIENT, 1, 9), (OUTPATIENT, 5, 6)], (1, "ambiguous", 0)),
    ("of equals the lower id", [(INPATIENT, 5, 6), (INPATIENT, 4, 5)], (0, "ambiguous", 0)),
]


@pytest.mark.parametrize("offset", [0, 1, -1])
def test_the_visit_that_contains_a_study(linking: DuckDBPyConnection, offset: int) -> None:
    """An offset moves the study's day for linking, says so in the tier, and leaves the date."""
    cases(linking, {f"c{n}": n for n in range(len(VISITS))}, offset)
    for number, (_, visits, _) in enumerate(VISITS):
        put(
            linking,
            "midrc.imaging_series",
            [series(f"c{number}", f"1.{number}", f"1.{number}.1", study_date=day(5 - offset))],
        )
        put(linking, "omop.visit_occurrence", [
            {"visit_occurrence_id": 10 * number + place, "person_id": number, "visit_concept_id": concept,
             "visit_start_date": day(first), "visit_end_date": day(last)}
            for place, (concept, first, last) in enumerate(visits)
        ])  # fmt: skip
    run(linking, "study_of_case")
    found = linking.execute(
        "SELECT visit_occurrence_id - 10 * person_id, tier, days_from_admission, study_date "
        "FROM study_of_case ORDER BY person_id"
    ).fetchall()
    told = {name: (visit, tier, days) for (name, *_), (visit, tier, days, _) in zip(VISITS, found, strict=True)}
    moved = {"contained": "contained_offset"} if offset else {}
    assert told == {name: (visit, moved.get(tier, tier), days) for name, _, (visit, tier, days) in VISITS}
    assert {date for *_, date in found} == {day(5 - offset)}


# ---- what a study is

STUDIES: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]] = [
    ("a mixed study is of the first of the list",
     [{"modality": m} for m in ("SR", "CR", "DX", "CT", "MR", "PT")], [], {"modality": "PT"}),
    ("films of two kinds", [{"modality": "CR"}, {"modality": "DX"}], [], {"modality": "DX"}),
    ("small letters", [{"modality": "sr"}, {"modality": "ct"}], [], {"modality": "ct"}),
    ("none of the list", [{"modality": "SEG", "record_id": 2}, {"modality": "SR", "record_id": 1}], [],
     {"modality": "SR"}),
    ("the category where there is no modality", [{"modality": None, "data_category": "MG"}], [], {"modality": "MG"}),
    ("a record's list", [], [{"study_modality": ["SR", "CR", "CT"], "study_date": day(0)}], {"modality": "CT"}),
    ("a record's only word", [], [{"study_modality": ["ECG"], "study_date": day(0)}], {"modality": "ECG"}),
    ("the earliest day", [{"study_date": day(3)}, {"study_date": day(2)}], [], {"study_date": day(2)}),
    ("a series' day where the study has none", [{"study_date": None, "series_date": day(4)}], [],
     {"study_date": day(4)}),
    ("the study's day before the series'", [{"study_date": day(1), "series_date": day(9)}], [], {"study_date": day(1)}),
    ("the part examined", [{"body_part_examined": " head ", "study_description": "CHEST"}], [], {"region": "Head"}),
    ("an unknown part", [{"body_part_examined": "ELBOW", "study_description": "XR_CHEST_AP"}], [], {"region": "Chest"}),
    ("a word within a word is none", [{"study_description": "HEADACHE"}], [], {"region": None}),
    ("the first pattern", [{"study_description": "CHEST ABD PELVIS"}], [], {"region": "Chest, Abdomen and Pelvis"}),
    ("a record's one part", [{}], [{"body_part_examined": ["NECK"]}], {"region": "Neck"}),
    ("a record's two parts", [{}], [{"body_part_examined": ["NECK", "HEAD"]}], {"region": None}),
    ("images go before records", [{"study_description": "HEAD"}], [{"study_description": "CHEST"}], {"region": "Head"}),
    ("a sure code", [{}], [{"loinc_code": "1-1", "loinc_confidence": 0.6}], {"loinc_code": "1-1"}),
    ("a code that is not sure", [{}], [{"loinc_code": "1-1", "loinc_confidence": 0.59}], {"loinc_code": None}),
    ("a code that was sent", [{}], [{"loinc_code": "1-1", "loinc_confidence": None}], {"loinc_code": "1-1"}),
    ("a record speaks, its series support", [{"record_id": 3}, {"record_id": 4}], [{"record_id": 9}],
     {"record_id": 9, "support": [3, 4, 9], "series_count": 2, "has_record": True}),
    ("what the engine made is no record", [{"record_id": 3}], [{"record_id": 3, "mapping_id": 0}],
     {"record_id": 3, "series_count": 1, "has_record": False}),
    ("a record alone", [], [{"record_id": 9, "study_date": day(0)}], {"record_id": 9, "series_count": 0,
     "has_record": True}),
    ("the series without a day supports nothing", [{"record_id": 3}, {"record_id": 4, "study_date": None,
     "series_date": None}],
     [], {"support": [3], "series_count": 2}),
]  # fmt: skip


def test_what_a_study_is(linking: DuckDBPyConnection) -> None:
    cases(linking, {f"c{n}": n for n in range(len(STUDIES))})
    for number, (_, told, records, _) in enumerate(STUDIES):
        if told:
            made = [series(f"c{number}", f"1.{number}", f"1.{number}.{n}") | one for n, one in enumerate(told)]
            put(linking, "midrc.imaging_series", made)
        if records:
            put(linking, "midrc.imaging_study", [record(f"c{number}", f"1.{number}") | one for one in records])
    run(linking, "study_of_case")
    rows = linking.execute("SELECT * FROM study_of_case ORDER BY person_id")
    names = [column[0] for column in rows.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    found = [one | {"support": sorted(one["support"] or [])} for one in found]
    wrong = {
        name: {key: one[key] for key in expected}
        for (name, _, _, expected), one in zip(STUDIES, found, strict=True)
        if {key: one[key] for key in expected} != expected
    }
    assert wrong == {}


def test_a_study_without_a_day_or_a_person_is_none(linking: DuckDBPyConnection) -> None:
    cases(linking, {"c1": 1})
    put(linking, "affected_case", [{"project_id": "P", "case_key": "c2", "time_policy": "as_is"}])
    put(linking, "midrc.imaging_series", [
        series("c1", "1", "1.1", study_date=None, series_date=None), series("c2", "2", "2.1"), series("c3", "3", "3.1")
    ])  # fmt: skip
    run(linking, "study_of_case")
    assert linking.execute("SELECT count(*) FROM study_of_case").fetchone() == (0,)


# ---- the same study in two cases of one person

# tellings (case, series, whether a record names it) → case, record, how many records support it
SHARED: list[tuple[str, list[tuple[str, int, bool]], tuple[str, int, int]]] = [
    ("the case with the most series", [("a", 1, False), ("b", 2, False)], ("b", 1, 3)),
    ("of equals the first key", [("b", 1, False), ("a", 1, False)], ("a", 1, 2)),
    ("of equals the one that its images tell", [("a", 1, True), ("b", 1, False)], ("b", 99, 3)),
    ("a record speaks for both", [("a", 2, False), ("b", 0, True)], ("a", 99, 3)),
    ("one alone", [("a", 2, False)], ("a", 1, 2)),
]


def test_a_study_that_two_cases_of_a_person_tell_is_one(linking: DuckDBPyConnection) -> None:
    for number, (_, tellings, _) in enumerate(SHARED):
        cases(linking, {f"{key}{number}": number for key, *_ in tellings})
        place = 0
        for key, count, named in tellings:
            for _ in range(count):
                place += 1
                put(linking, "midrc.imaging_series", [
                    series(f"{key}{number}", f"1.{number}", f"1.{number}.{key}.{place}", record_id=place)
                ])  # fmt: skip
            if named:
                put(
                    linking,
                    "midrc.imaging_study",
                    [record(f"{key}{number}", f"1.{number}", record_id=99, study_date=day(0))],
                )
    run(linking, "study_of_case", "study_row")
    found = linking.execute("SELECT case_key[1], record_id, len(support) FROM study_row ORDER BY person_id").fetchall()
    assert {name: row for (name, *_), row in zip(SHARED, found, strict=True)} == {n: e for n, _, e in SHARED}


# tellings of one series (case, uri, manufacturer, last of the row's key) → the last of the key that makes the row
TELLINGS: list[tuple[str, list[tuple[str, str | None, str | None, int]], int]] = [
    ("of the study's own case", [("b", "u", "M", 1), ("a", None, None, 2)], 2),
    ("where the files are", [("a", None, "M", 1), ("a", "u", None, 2)], 2),
    ("then the manufacturer", [("a", None, None, 1), ("a", None, "M", 2)], 2),
    ("then the lower key", [("a", "u", "M", 2), ("a", "v", "N", 1)], 1),
]


def test_which_telling_of_a_series_makes_the_row(linking: DuckDBPyConnection) -> None:
    for number, (_, tellings, _) in enumerate(TELLINGS):
        cases(linking, {f"{key}{number}": number for key in ("a", "b")})
        # more series of case a, so that the study is a's; and one that is told once
        put(
            linking,
            "midrc.imaging_series",
            [series(f"a{number}", f"1.{number}", f"once.{number}.{n}") for n in range(4)],
        )
        put(linking, "midrc.imaging_series", [
            series(f"{key}{number}", f"1.{number}", f"1.{number}.1", uri=uri, manufacturer=maker, record_id=last)
            for key, uri, maker, last in tellings
        ])  # fmt: skip
        linking.execute(
            "UPDATE midrc.imaging_series SET row_key = ('00000000-0000-0000-0000-00000000000' || record_id)::UUID "
            "WHERE series_uid = ?", [f"1.{number}.1"]
        )  # fmt: skip
    run(linking, "study_of_case", "study_row", "repeated_series")
    found = linking.execute(
        "SELECT right(row_key::VARCHAR, 1)::INTEGER, len(told), series_uid FROM repeated_series ORDER BY series_uid"
    ).fetchall()
    assert found == [(expected, 2, f"1.{number}.1") for number, (*_, expected) in enumerate(TELLINGS)]


# ---- the procedure of a study

Procedure = tuple[str, int]
"""What it is called, and its day."""
# procedures of a person with a CT of the chest on day 5 → the one that is meant (place), tier
BY_DAY: list[tuple[str, list[Procedure], tuple[int | None, str | None]]] = [
    ("the same day", [("CT CHEST", 5)], (0, "procedure_day")),
    ("a day before", [("CT CHEST", 4)], (0, "procedure_day")),
    ("a day after", [("CT CHEST", 6)], (0, "procedure_day")),
    ("two days before", [("CT CHEST", 3)], (None, None)),
    ("two days after", [("CT CHEST", 7)], (None, None)),
    ("another modality", [("MR CHEST", 5)], (None, None)),
    ("another region", [("CT HEAD", 5)], (None, None)),
    ("a region within it", [("CTA PULMONARY ARTERIES", 5)], (0, "procedure_day")),
    ("one of its regions", [("CT CHEST ABDOMEN", 5)], (0, "procedure_day")),
    ("two that would do", [("CT CHEST", 5), ("CT THORAX", 6)], (None, "ambiguous_procedure")),
    ("one of two that would do", [("CT CHEST", 5), ("CT HEAD", 5)], (0, "procedure_day")),
    ("no imaging at all", [("DIALYSIS", 5)], (None, None)),
]


@pytest.mark.parametrize("offset", [0, 1, -2])
def test_a_study_is_a_procedure_not_over_a_day_away(linking: DuckDBPyConnection, offset: int) -> None:
    cases(linking, {f"c{n}": n for n in range(len(BY_DAY))}, offset)
    for number, (_, procedures, _) in enumerate(BY_DAY):
        put(linking, "midrc.imaging_series", [
            series(f"c{number}", f"1.{number}", f"1.{number}.1", study_date=day(5 - offset),
            study_description="CT CHEST WO")
        ])  # fmt: skip
        put(linking, "omop.procedure_occurrence", [
            {"procedure_occurrence_id": 10 * number + n, "person_id": number, "procedure_date": day(when),
             "procedure_source_value": text}
            for n, (text, when) in enumerate(procedures)
        ])  # fmt: skip
    assert matched(linking, [name for name, *_ in BY_DAY]) == {name: expected for name, _, expected in BY_DAY}


def matched(con: DuckDBPyConnection, names: list[str]) -> dict[str, tuple[int | None, str | None]]:
    """By person: which of the procedures is the study, and the tier."""
    run(con, "study_of_case", "study_row")
    run(con, "described_procedure", "procedure_kind")
    fill_procedure_kind(con)
    run(con, "study_kind")
    fill_study_kind(con)
    run(con, "study_match")
    found = {
        person: (procedure, tier)
        for person, procedure, tier in con.execute(
            "SELECT person_id, procedure_occurrence_id - 10 * person_id, procedure_tier FROM study_match"
        ).fetchall()
    }
    return {name: found.get(number, (None, None)) for number, name in enumerate(names)}


# procedures (concept, source value, day, visit, accession) of a person with a study on day 5, visit 1, code 77 and
# accession A → the one that is meant, tier
Told = tuple[int, str, int, int | None, str | None]
BY_CODE: list[tuple[str, list[Told], tuple[int | None, str | None]]] = [
    ("the code in the same visit, whenever it was", [(77, "x", 1, 1, None)], (0, "procedure_code")),
    ("the code on the same day", [(77, "x", 5, None, None)], (0, "procedure_code")),
    ("the code a day away", [(77, "x", 6, None, None)], (None, None)),
    ("the visit before the day", [(77, "x", 5, 2, None), (77, "y", 1, 1, None)], (1, "procedure_code")),
    ("two in the visit, one on the day", [(77, "x", 1, 1, None), (77, "y", 2, 1, None), (77, "z", 5, None, None)],
     (2, "procedure_code")),
    ("two on the day", [(77, "x", 5, None, None), (77, "y", 5, None, None)], (None, "ambiguous_procedure")),
    ("another code", [(78, "x", 5, 1, None)], (None, None)),
    ("the accession number", [(78, "x", 1, None, "A")], (0, "accession")),
    ("the accession number before the code", [(77, "x", 5, 1, None), (78, "y", 1, None, "A")], (1, "accession")),
    ("the code before the day and region", [(0, "CT CHEST", 5, None, None), (77, "y", 5, None, None)],
     (1, "procedure_code")),
    ("of one accession number the one of the kind", [(0, "CT CHEST", 1, None, "A"), (0, "CT HEAD", 1, None, "A")],
     (0, "accession")),
    ("of one accession number none or two of the kind", [(0, "SCAN", 1, None, "A"), (0, "SCAN 2", 1, None, "A")],
     (None, "ambiguous_procedure")),
    ("another accession number", [(78, "x", 1, None, "B")], (None, None)),
]  # fmt: skip


def test_accession_number_before_code_before_day(linking: DuckDBPyConnection) -> None:
    linking.execute("INSERT INTO coding_choice VALUES ('imaging', 'codings', 'L:77', NULL)")
    linking.execute("INSERT INTO coding_target VALUES ('L:77', '77', 1, 77, 77)")
    cases(linking, {f"c{n}": n for n in range(len(BY_CODE))})
    for number, (_, procedures, _) in enumerate(BY_CODE):
        case, study = f"c{number}", f"1.{number}"
        put(linking, "midrc.imaging_series", [
            series(case, study, f"{study}.1", study_date=day(5), study_description="CT CHEST WO",
            accession_hash=f"A{number}")
        ])  # fmt: skip
        put(
            linking,
            "midrc.imaging_study",
            [record(case, study, codings="codings", visit_key="v1", record_id=1000 + number)],
        )
        put(
            linking,
            "visit_row",
            [{"project_id": "P", "case_key": case, "visit_key": "v1", "visit_occurrence_id": 10 * number + 1}],
        )
        for place, (concept, text, when, visit, accession) in enumerate(procedures):
            put(linking, "omop.procedure_occurrence", [
                {"procedure_occurrence_id": 10 * number + place, "person_id": number, "procedure_date": day(when),
                 "procedure_concept_id": concept, "procedure_source_value": text,
                 "visit_occurrence_id": None if visit is None else 10 * number + visit}
            ])  # fmt: skip
            if accession:
                put(linking, "midrc.procedure", [
                    {"submitter_id": f"{number}.{place}", "type": "procedure", "project_id": "P", "case_key": case,
                     "cases": case,
                     "accession_hash": f"{accession}{number}", "record_id": 100 * number + place, "mapping_id": 1}
                ])  # fmt: skip
                linking.execute(
                    "INSERT INTO harmonize.row_source VALUES ('procedure_occurrence', ?, ?, 1, 'primary')",
                    [10 * number + place, 100 * number + place],
                )
    found = matched(linking, [name for name, *_ in BY_CODE])
    assert found == {name: expected for name, _, expected in BY_CODE}


def test_two_studies_that_claim_one_procedure_are_ambiguous(linking: DuckDBPyConnection) -> None:
    cases(linking, {"c0": 0, "c1": 1})
    put(linking, "midrc.imaging_series", [
        series("c0", "1.0", "1", study_description="CT CHEST"), series("c0", "1.1", "2", study_description="CT THORAX"),
        series("c1", "1.2", "3", study_description="CT CHEST"),
    ])  # fmt: skip
    put(linking, "omop.procedure_occurrence", [
        {"procedure_occurrence_id": 10 * person, "person_id": person, "procedure_date": day(0),
         "procedure_source_value": "CT CHEST"}
        for person in (0, 1)
    ])  # fmt: skip
    matched(linking, [])
    found = linking.execute(
        "SELECT study_uid, procedure_occurrence_id, procedure_tier FROM study_match ORDER BY 1"
    ).fetchall()
    unclear = "ambiguous_procedure"
    assert found == [("1.0", None, unclear), ("1.1", None, unclear), ("1.2", 10, "procedure_day")]


# ---- days to tests

POSITIVE, NEGATIVE, INDETERMINATE, PCR = 45884084, 45878583, 45877990, 706170


def test_days_to_tests_are_distinct_and_the_largest_first(linking: DuckDBPyConnection) -> None:
    cases(linking, {"c1": 1, "c2": 2}, offset=3)
    for number in (1, 2):
        put(linking, "midrc.imaging_series", [series(f"c{number}", f"1.{number}", f"{number}", study_date=day(10))])
    tests = [(POSITIVE, 9), (POSITIVE, 12), (POSITIVE, 9), (NEGATIVE, 10), (INDETERMINATE, 10), (POSITIVE, 1)]
    put(linking, "omop.measurement", [
        {"measurement_id": n, "person_id": 1, "measurement_concept_id": PCR, "measurement_date": day(when),
         "value_as_concept_id": answer}
        for n, (answer, when) in enumerate(tests)
    ])  # fmt: skip
    # a day that was taken from something else tells no days
    linking.execute("INSERT INTO harmonize.imputation VALUES ('measurement', 5, 'measurement_date', 'visit_start')")
    linking.execute("INSERT INTO harmonize.imputation VALUES ('measurement', 3, 'other_column', 'x')")
    run(linking, "study_of_case", "study_row", "study_test_day")
    assert linking.execute("SELECT study_uid, pos, neg FROM study_test_day").fetchall() == [("1.1", [2, -1], [0])]
