"""What the invented rows of the hub are drawn from: projects, cases, keys, codes and the values of each slot."""

from __future__ import annotations

from datetime import date
from typing import Any

SEED = 20261129
PROJECTS = ("A", "B", "C")
CASES = ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8")
SETTINGS: dict[str, dict[str, str]] = {
    "A": {"time_policy": "as_is"},
    "B": {"time_policy": "offset", "anchor": "2021-03-01", "source_anchor": "2021-02-20"},
    "C": {
        "time_policy": "as_is",
        "unknown_age": "quarantine",
        "observation_period": "themis_60d",
        "imaging_date_offset_days": "1",
    },
}
"""What the projects differ in."""
COUNTS = {
    "organization": 3, "provider": 4, "drug": 3, "device_definition": 3, "case": 12, "visit": 14, "visit_detail": 12,
    "condition": 16, "medication": 16, "procedure": 27, "device": 12, "measurement": 26, "observation": 26, "note": 10,
    "specimen": 8, "fact_link": 24, "death": 6, "imaging_study": 10, "imaging_series": 20, "annotation": 60,
}  # fmt: skip
"""Rows of each table in each project."""
CROSSWALK = (
    ("A", "c1", "B", "c1", "3", None), ("A", "c2", "C", "c3", None, None), ("B", "c2", "B", "c3", "0", None),
    ("A", "c4", "A", "c5", None, None), ("A", "k2", "B", "k4", None, "true"), ("A", "c7", "B", "c7", None, "false"),
    ("B", "c5", "C", "c1", "1", None), ("B", "c6", "C", "c1", "2", None), ("B", "c5", "B", "c6", "0", None),
    ("A", "c8", "D", "c1", "0", None),
)  # fmt: skip
PAIR = ("project_id_1", "case_key_1", "project_id_2", "case_key_2", "day_difference", "same_time_base")
FIRST = date(2021, 3, 1)
EVENTS = ("condition", "medication", "procedure", "device", "measurement", "observation")
CODES = {
    "condition": ("condition", "condition-source", "two", "child", "parent", "measurement-source", "mixed"),
    "medication": ("drug", "drug-source", "device-source"),
    "procedure": ("procedure", "procedure-source", "observation"),
    "device": ("device", "device-source", "unrouted"),
    "measurement": ("measurement", "measurement-source", "observation-source", "with-value"),
    "observation": ("observation", "observation", "observation-source", "with-value", "condition", "measurement"),
    "visit": ("visit", "visit-source"),
    "visit_detail": ("part", "part-source"),
    "note": ("class",),
    "specimen": ("specimen",),
    "annotation": ("read-question", "read-question-source"),
    "imaging_study": ("procedure", "procedure-source"),
}
OTHER_CODES = {
    "gender": ("Gender:F", "Gender:M"),
    "race": (
        "Invented:two",
        "Invented:race",
    ),
    "ethnicity": (
        "Invented:two",
        "Invented:ethnicity",
    ),
    "value": ("Invented:two", "Invented:value", "Invented:value-source", "Invented:read-answer"),
    "route": (
        "Invented:two",
        "Invented:route",
    ),
    "modifier": (
        "Invented:two",
        "Invented:modifier",
    ),
    "qualifier": (
        "Invented:two",
        "Invented:qualifier",
    ),
    "question": (
        "Invented:two",
        "Invented:question",
    ),
    "admit_source": ("Invented:admitted",),
    "discharge": ("Invented:discharged",),
    "cause": ("Invented:cause-source",),
    "specialty": (
        "Invented:two",
        "Invented:specialty",
    ),
    "place_of_service": ("Invented:place",),
    "body_site": ("Invented:site",),
}
CONCEPTS = (
    "SNOMED:840539006",
    "LOINC:2951-2",
    "LOINC:94500-6",
    "Invented:condition",
    "Invented:child",
    "http://x.org:q",
)
LISTED: dict[str, tuple[Any, ...]] = {
    "modality": ("CT", "CR", "DX", "MG", "PT", "NM", "XA", "ct ", "SEG", "SR", None),
    "data_category": ("CT", "DX", None, None, None),
    "study_modality": (["CT"], ["CR", "CT"], ["DX"], None),
    "patient_age": ("040Y", "018M", "090Y", "091Y", "5"),
    "patient_sex": ("F", "M", "O", None),
    "age_at_imaging": (39.5, 89, 90, None),
    "series_number": (1, 1, 2, None),
    "body_part_examined": ("CHEST", "ABDOMEN", "chest", None),
    "study_description": ("CT CHEST W CONTRAST", "XR CHEST", None),
    "loinc_code": ("24627-2", "36643-5", None),
    "collection": ("one", "two", None),
    "label_group": ("North", "East", "South", "Adjudication"),
    "reader_key": ("p1", "p2", "p3", None),
    "question": ("appearance", "appearance", "grade", "study_quality", None),
    "answer": ("Typical", "Atypical", "Negative", None),
    "scope": ("study", "series", "instance"),
    "zip": ("021", "606", None),
    "residence_state": ("MA", "CA", None),
    "country_of_residence": ("US", None),
    "unit_code": ("mmol/L", "mg/dL", "{invented}", "none such", None),
    "unit_text": ("mmol/L", "in units", None),
    "value_operator": ("<", ">=", None),
    "value_number": (0, -1, 5.5, 140, 200, None),
    "quantity": (0, 1, 30, None),
    "days_supply": (0, 1, 7, None),
    "refills": (0, 2, None),
    "age_low": (40, None),
    "age_high": (49, None),
    "birth_year": (1950, 1931, 1932, None),
    "birth_month": (1, 12, None),
    "age_value": (0, 18, 89, 90, None),
    "age_at_index": (17.9, 50, 89.5, None),
    "sex_source": ("F", "a woman", "U", None),
    "length_of_stay": (0, 1, 5),
    "reference_low": (1.5, None),
    "reference_high": (9.5, None),
    "accession_hash": (None,),
    "icu": ("true", "false", None),
    "days_to_study": (-1, 0, 4, None),
    "study_day": (-1, 0, 4, None),
    "is_image": ("true", "true", "false"),
    "is_derived": ("true", "false"),
    "start_precision": ("year", "month", None, None, None),
    "title": ("About her", None),
    "note_text": ("Well.", "Ill.", None),
    "language": ("en", None),
    "content_type": ("text/plain", None),
    "target_part": (None,),
    "value_text": ("positive", "Not detected", "reactive", "unclear", "z" * 61, None),
    "imaging_studies": (None,),
    "file_name": ("a.zip", "b.zip", "c.zip", None),
    "md5sum": ("0" * 31 + "1", "0" * 31 + "2", None),
    "token_record_id": (None,),
    "repeats": (None,),
    "computed": (None,),
    "type_hint": ("Invented:type", "Invented:two", "Type Concept:OMOP4976901", None),
    "place_of_service": ("a hospital", None),
    "specialty": ("of the heart", None),
    "note": ("blurred", None),
    "breathing_support_type": ("Mechanical ventilation", None),
    "manufacturer": ("Maker", "Other", None),
    "uri": ("s3://x/1", "s3://x/2", None),
    "file_size": (100, 5_000_000, None),
    "series_size_mb": (0.5, 12, None),
    "number_of_instances": (1, 50),
    "laterality": ("L", "R", None),
}
KEYS = {
    "visit_key": ("v1", "v2", "v3", "v4", "v9", None), "visit_detail_key": ("d1", "d2", "d3", "d9", None, None),
    "provider_key": ("p1", "p2", "r3", "r4", "p9", None), "care_site_key": ("o1", "o2", "o9", None),
    "drug_key": ("g1", "g2", "g9", None, None), "device_key": ("e1", "e2", "e9", None, None), "label_id": ("l1", "l2"),
}  # fmt: skip
OWN_KEYS = {
    "organization": ("care_site_key", "o"),
    "provider": ("provider_key", "p"),
    "drug": ("drug_key", "g"),
    "device_definition": ("device_key", "e"),
}
UNKEYED = {
    "record_id",
    "row_key",
    "mapping_id",
    "project_id",
    "type",
    "submitter_id",
    "cases",
    "case_ids",
    "id",
    "state",
    "created_datetime",
    "updated_datetime",
    "loinc_source",
    "loinc_reason",
    "loinc_confidence",
}


AGES = (
    ("birth_date",),
    ("birth_year", "birth_month"),
    ("age_at_index",),
    ("age_value", "age_text"),
    ("age_at_index_gt89",),
    ("age_low", "age_high", "age_text"),
    (),
    ("age_low", "age_high", "age_at_index_gt89"),
)
"""What is known of a person's age; each case has one kind, another one in each project."""
