"""What a COVID-19 test is, which series stands for a study, and what is known of a person: case by case."""

from __future__ import annotations

import re
from typing import Any

from duckdb import DuckDBPyConnection
from rows_by_hand import NEGATIVE, PCR, POSITIVE, day, people, put, study

# ---- linked.covid_test

NAMES = {
    "SARS-CoV-2 (COVID-19) RNA [Presence] in Nose by NAA": True,
    "SARS CoV 2 RNA": True,
    "sarscov2 pcr": True,
    "Measurement of Severe acute respiratory syndrome coronavirus 2": True,
    "covid rapid antigen (ag)": True,
    "Influenza virus A RNA": False,
    "SARS-CoV RNA": False,
    "SARS-CoV-2 (COVID-19) Ab [Presence] in Serum": False,
    "SARS-CoV-2 neutralizing antibody": False,
    "COVID antibodies": False,
    "SARS-CoV-2 IgA Ab": False,
    "SARS-CoV-2 IgG": False,
    "SARS-CoV-2 IgM": False,
    "SARS-CoV-2 immunoglobulin panel": False,
    "SARS-CoV-2 specific TCRB gene rearrangements": False,
    "SARS-CoV-2 stimulated gamma interferon": False,
    "SARS coronavirus 2 N gene": True,
    "SARS-like coronavirus N gene": False,
    "COVID-19 test at lab Abbott": True,  # Ab is a word of its own
}
RESULTS = {
    "positive": "Positive", "Positive": "Positive", "DETECTED": "Positive", "reactive": "Positive",
    "negative": "Negative", "Not Detected": "Negative", "UNDETECTED": "Negative", "non-reactive": "Negative",
    "nonreactive": "Negative", "not reactive": "Negative", "inconclusive": "Indeterminate",
    "presumptive positive": "Indeterminate", "detected by another lab": "Indeterminate", "": "Indeterminate",
}  # fmt: skip


def test_what_is_a_test_of_the_virus(hand: DuckDBPyConnection) -> None:
    """By the name of the standard concept or of the source's; antibodies are none, in whichever name they stand."""
    put(hand, "omop.concept", [
        {"concept_id": 2_100_000_000 + n, "concept_name": name, "concept_code": f"x{n}"} for n, name in enumerate(NAMES)
    ])  # fmt: skip
    rows = []
    for number in range(len(NAMES)):
        concept = 2_100_000_000 + number
        for place, (standard, source) in enumerate([(concept, 0), (0, concept), (concept, None)]):
            rows.append({
                "measurement_id": 10 * number + place, "person_id": 1, "measurement_date": day(0),
                "measurement_concept_id": standard,
                "measurement_source_concept_id": source, "value_source_value": "positive",
            })  # fmt: skip
    # the standard concept says nothing of antibodies, the source's does
    rows.append({"measurement_id": 900, "person_id": 1, "measurement_date": day(0), "measurement_concept_id": PCR,
                 "measurement_source_concept_id": 2_100_000_007, "value_source_value": "positive"})  # fmt: skip
    put(hand, "omop.measurement", rows)
    found = hand.execute("SELECT measurement_id, test_name FROM linked.covid_test").fetchall()
    assert {number for number, _ in found} == {
        10 * number + place for number, is_test in enumerate(NAMES.values()) if is_test for place in range(3)
    }
    assert {name for _, name in found} == {name for name, is_test in NAMES.items() if is_test}


def test_each_covid_concept_of_the_starter(hand: DuckDBPyConnection) -> None:
    """LOINC has two names for the virus, SARS-CoV-2 and SARS coronavirus 2; nucleic acid, antigen, culture find it."""
    concepts = hand.execute(
        "SELECT concept_id, concept_name FROM omop.concept WHERE domain_id = 'Measurement' AND concept_id < 2000000000 "
        "AND regexp_matches(concept_name, 'SARS|COVID')"
    ).fetchall()
    put(hand, "omop.measurement", [
        {"measurement_id": concept, "person_id": 1, "measurement_date": day(0), "measurement_concept_id": concept,
         "value_as_concept_id": POSITIVE}
        for concept, _ in concepts
    ])  # fmt: skip
    found = {number for (number,) in hand.execute("SELECT measurement_id FROM linked.covid_test").fetchall()}
    virus = re.compile(r"RNA|(?<!TCRB )gene |ORF1ab|\bAg\b|culture|Measurement of")
    assert len(concepts) > 50
    assert {name for concept, name in concepts if (concept in found) is not bool(virus.search(name))} == set()


def test_what_a_result_is(hand: DuckDBPyConnection) -> None:
    """Texts of a site in any spelling; a concept's name goes before the text; without either there is no test."""
    rows = [
        {"measurement_id": n, "person_id": 1, "measurement_date": day(0), "measurement_concept_id": PCR,
         "value_source_value": text}
        for n, text in enumerate(RESULTS)
    ]  # fmt: skip
    extra = [
        (POSITIVE, "negative", "Positive"), (45877985, "x", "Positive"), (45880296, "x", "Negative"),
        (0, "Not Detected", "Negative"), (None, None, None),
    ]  # fmt: skip
    rows += [
        {"measurement_id": 100 + n, "person_id": 1, "measurement_date": day(0), "measurement_concept_id": PCR,
         "value_as_concept_id": concept, "value_source_value": text}
        for n, (concept, text, _) in enumerate(extra)
    ]  # fmt: skip
    put(hand, "omop.measurement", rows)
    names = hand.execute(
        "SELECT concept_id, concept_name FROM omop.concept WHERE concept_id IN (45877985, 45880296) ORDER BY 1"
    ).fetchall()
    assert names == [(45877985, "Detected"), (45880296, "Not detected")]
    found = dict(hand.execute("SELECT measurement_id, result FROM linked.covid_test").fetchall())
    assert [found.get(n) for n in range(len(RESULTS))] == list(RESULTS.values())
    assert [found.get(100 + n) for n in range(len(extra))] == [expected for *_, expected in extra]


# ---- linked.imaging_timeline and imaging_series

SERIES = [
    # study, uid, number, is_image, of the study: first series
    (1, "1.9", 1, False), (1, "1.8", 7, True), (1, "1.7", 9, True),  # images before reports, then by number
    (2, "2.2", 3, True), (2, "2.1", 3, True),  # of equal numbers the lower uid
    (3, "3.1", None, True), (3, "3.2", 99, True),  # without a number last
    (4, "4.2", 2, False), (4, "4.1", 5, False),  # no images at all
    (5, "5.1", 1, None), (5, "5.2", 2, True),  # not known to be an image
]  # fmt: skip


def test_the_first_series_of_a_study(hand: DuckDBPyConnection) -> None:
    for number in range(1, 7):
        study(hand, number)
    put(hand, "midrc.imaging_series", [
        {"case_key": f"c{number}", "study_uid": f"1.{number}", "series_uid": uid, "submitter_id": uid,
         "series_number": place,
         "is_image": image, "modality": "CT", "instance_count": 2, "series_description": f"series {uid}",
         "study_description": f"text of {uid}" if uid != "2.1" else None}
        for number, uid, place, image in SERIES
    ])  # fmt: skip
    put(hand, "midrc.imaging_study", [
        {"submitter_id": f"1.{number}", "case_key": f"c{number}", "cases": f"c{number}",
         "study_description": "of the record"}
        for number in (1, 6)
    ])  # fmt: skip
    found = hand.execute(
        "SELECT first_series_uid, first_series_description, study_description, series_count, "
        "image_series_count, instance_count "
        "FROM linked.imaging_timeline ORDER BY study_uid"
    ).fetchall()
    assert found == [
        ("1.8", "series 1.8", "text of 1.8", 3, 2, 6),
        ("2.1", "series 2.1", "text of 2.2", 2, 2, 4),
        ("3.2", "series 3.2", "text of 3.2", 2, 2, 4),
        ("4.2", "series 4.2", "text of 4.2", 2, 0, 4),
        ("5.2", "series 5.2", "text of 5.2", 2, 1, 4),
        (None, None, "of the record", None, None, None),
    ]


# tellings of one series (submitter_id, case, uri, manufacturer) → the submitter_id of the one that speaks
TOLD: list[tuple[list[tuple[str, str, str | None, str | None]], str, str]] = [
    ([("b", "c", None, "M"), ("a", "c", "s3://x", None)], "a", "a"),  # where the files are
    ([("b", "c", None, "M"), ("a", "c", None, None)], "b", "b"),  # then the manufacturer
    ([("b", "c", "u", "M"), ("a", "c", "v", "N")], "a", "a"),  # then the name
    ([("a", "other", "u", "M"), ("b", "c", None, None)], "b", "b"),  # the link's own case before all
]


def test_a_series_that_is_told_twice_is_one(hand: DuckDBPyConnection) -> None:
    for number, (tellings, _, _) in enumerate(TOLD, start=1):
        study(hand, number)
        put(hand, "omop.image_occurrence", [
            {"image_occurrence_id": number, "person_id": number, "procedure_occurrence_id": number,
             "image_occurrence_date": day(0), "image_study_uid": f"1.{number}", "image_series_uid": f"9.{number}",
             "modality_concept_id": 0}])  # fmt: skip
        put(hand, "midrc.imaging_series", [
            {"submitter_id": key, "case_key": f"c{number}" if case == "c" else f"other{number}",
             "study_uid": f"1.{number}", "series_uid": f"9.{number}", "uri": uri, "manufacturer": maker,
             "modality": "CT", "instance_count": 3, "series_description": key}
            for key, case, uri, maker in tellings
        ])  # fmt: skip
    series = hand.execute(
        "SELECT series_description FROM linked.imaging_series ORDER BY image_occurrence_id"
    ).fetchall()
    assert series == [(expected,) for _, _, expected in TOLD]
    timeline = hand.execute(
        "SELECT first_series_description, series_count, instance_count FROM linked.imaging_timeline ORDER BY study_uid"
    ).fetchall()
    assert timeline == [(expected, 1, 3) for _, expected, _ in TOLD]


# ---- linked.person_summary

AGES_KNOWN = [
    ("age", 0, 0, ("0", 0, 0)), ("age", 89, 89, ("89", 89, 89)), ("band", 18, 59, ("18-59", 18, 59)),
    ("band", 75, 90, ("75-90", 75, 90)), ("gt89", 90, None, ("90+", None, None)), ("band", 75, None, ("75+", None,
     None)),
    ("unknown", None, None, (None, None, None)),
]  # fmt: skip


def test_what_is_known_of_a_person(hand: DuckDBPyConnection) -> None:
    people(hand, range(len(AGES_KNOWN) + 1))
    put(hand, "harmonize.person_age", [
        {"person_id": n, "precision": precision, "low": low, "high": high, "reference_date": day(0)}
        for n, (precision, low, high, _) in enumerate(AGES_KNOWN)
    ])  # fmt: skip
    for number, visit in ((1, None), (2, 7), (3, None)):
        study(hand, number, person_id=0, visit_occurrence_id=visit)
    put(hand, "omop.visit_occurrence", [
        {"visit_occurrence_id": n, "person_id": 0, "visit_start_date": day(start), "visit_end_date": day(end)}
        for n, (start, end) in enumerate([(3, 4), (1, 9), (2, 5)])
    ])  # fmt: skip
    put(hand, "omop.death", [{"person_id": 1, "death_date": day(8)}])
    found = hand.execute("SELECT age_text, age_low, age_high FROM linked.person_summary ORDER BY person_id").fetchall()
    assert found == [*(expected for *_, expected in AGES_KNOWN), (None, None, None)]
    counts = hand.execute(
        "SELECT visits, first_visit_date, last_visit_date, studies, studies_in_a_visit, death_date "
        "FROM linked.person_summary WHERE person_id < 2 ORDER BY person_id"
    ).fetchall()
    assert counts == [(3, day(1), day(9), 3, 1, None), (0, None, None, 0, 0, day(8))]


def test_a_person_of_no_known_sex_or_race_has_none(hand: DuckDBPyConnection) -> None:
    put(hand, "omop.person", [
        {"person_id": 1, "gender_concept_id": 8532, "race_concept_id": 8515, "ethnicity_concept_id": 38003564},
        {"person_id": 2},
    ])  # fmt: skip
    found = hand.execute("SELECT sex, race, ethnicity FROM linked.person_summary ORDER BY person_id").fetchall()
    assert found == [("FEMALE", "Asian", "Not Hispanic or Latino"), (None, None, None)]


# ---- linked.event

EVENTS: list[tuple[str, dict[str, Any], tuple[Any, ...]]] = [
    # table, its row → id, days of start and end, concept, source value, number, text, answer, unit, visit
    ("visit_occurrence", {"visit_occurrence_id": 1, "visit_start_date": day(1), "visit_end_date": day(2),
                          "visit_concept_id": 9201, "visit_source_value": "v"},
     (1, 1, 2, "Inpatient Visit", "v", None, None, None, None, 1)),
    ("visit_detail", {"visit_detail_id": 2, "visit_detail_start_date": day(3), "visit_detail_end_date": day(4),
                      "visit_detail_concept_id": 32037, "visit_detail_source_value": "d", "visit_occurrence_id": 7},
     (2, 3, 4, "Intensive Care", "d", None, None, None, None, 7)),
    ("condition_occurrence", {"condition_occurrence_id": 3, "condition_start_date": day(5),
     "condition_end_date": day(6),
                              "condition_concept_id": 37311061, "condition_source_value": "c",
                              "visit_occurrence_id": 7},
     (3, 5, 6, "COVID-19", "c", None, None, None, None, 7)),
    ("drug_exposure", {"drug_exposure_id": 4, "drug_exposure_start_date": day(7), "drug_exposure_end_date": day(8),
                       "drug_concept_id": 1310149, "drug_type_concept_id": 0, "drug_source_value": "x", "quantity": 2.0,
                       "visit_occurrence_id": 7},
     (4, 7, 8, "Warfarin", "x", 2.0, None, None, None, 7)),
    ("procedure_occurrence", {"procedure_occurrence_id": 5, "procedure_date": day(9), "procedure_end_date": day(10),
                              "procedure_concept_id": 4300757, "procedure_source_value": "p", "visit_occurrence_id": 7},
     (5, 9, 10, "Computed tomography", "p", None, None, None, None, 7)),
    ("device_exposure", {"device_exposure_id": 6, "device_exposure_start_date": day(11),
                         "device_exposure_end_date": day(12), "device_concept_id": 0, "device_type_concept_id": 0,
                         "device_source_value": "e", "visit_occurrence_id": 7},
     (6, 11, 12, "e", "e", None, None, None, None, 7)),
    ("measurement", {"measurement_id": 7, "measurement_date": day(13), "measurement_concept_id": 3004249,
                     "measurement_source_value": "m", "value_as_number": 120.0, "value_source_value": "120",
                     "value_as_concept_id": POSITIVE, "unit_concept_id": 8554, "unit_source_value": "pct",
                     "visit_occurrence_id": 7},
     (7, 13, None, "Systolic blood pressure", "m", 120.0, "120", "Positive", "percent", 7)),
    ("observation", {"observation_id": 8, "observation_date": day(14), "observation_concept_id": 0,
                     "observation_type_concept_id": 0, "observation_source_value": "o", "value_as_number": 3.0,
                     "value_as_string": "three", "value_as_concept_id": NEGATIVE, "unit_concept_id": 0,
                     "unit_source_value": "packs", "visit_occurrence_id": 7},
     (8, 14, None, "o", "o", 3.0, "three", "Negative", "packs", 7)),
    ("specimen", {"specimen_id": 9, "specimen_date": day(15), "specimen_concept_id": 0, "specimen_type_concept_id": 0,
                  "specimen_source_value": "s", "quantity": 5.0, "unit_source_value": "mL"},
     (9, 15, None, "s", "s", 5.0, None, None, "mL", None)),
    ("note", {"note_id": 10, "note_date": day(16), "note_type_concept_id": 0, "note_class_concept_id": 0,
              "note_title": "Report", "note_text": "t", "encoding_concept_id": 0, "language_concept_id": 0,
              "note_source_value": "n", "visit_occurrence_id": 7},
     (10, 16, None, "n", "n", None, "Report", None, None, 7)),
    ("death", {"death_date": day(17), "cause_concept_id": 37311061, "cause_source_value": "z"},
     (1, 17, None, "COVID-19", "z", None, None, None, None, None)),
]  # fmt: skip


def test_every_table_of_events_in_one_shape(hand: DuckDBPyConnection) -> None:
    for table, row, _ in EVENTS:
        put(hand, f"omop.{table}", [{"person_id": 1, **row}])
    found = hand.execute(
        "SELECT omop_table, omop_id, start_date - DATE '2021-03-01', end_date - DATE '2021-03-01', concept_name, "
        "source_value, value_as_number, value_as_string, value_concept_name, unit_name, visit_occurrence_id "
        "FROM linked.event ORDER BY start_date"
    ).fetchall()
    assert found == [(table, *expected) for table, _, expected in EVENTS]
