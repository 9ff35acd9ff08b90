"""Invented rows of the hub, of a seed: three projects that have the same keys, with every slot filled and empty, ties,
keys that lead nowhere, and values on both sides of what the SQL of OMOP and of the views decides by."""

from __future__ import annotations

import json
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from hub_cases import SYSTEMS, HubCase, Rows

from harmonize.schema.load import load_schema
from harmonize.schema.model import Slot

SEED = 20261129
PROJECTS = ("A", "B", "C")
CASES = ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8")
SETTINGS: dict[str, dict[str, str]] = {
    "A": {"time_policy": "as_is"},
    "B": {"time_policy": "offset", "anchor": "2021-03-01", "source_anchor": "2021-02-20"},
    "C": {"time_policy": "as_is", "unknown_age": "quarantine", "observation_period": "visits"},
}
"""What the projects differ in."""
COUNTS = {
    "organization": 3, "provider": 4, "drug": 3, "device_definition": 3, "case": 12, "visit": 14, "visit_detail": 12,
    "condition": 16, "medication": 16, "procedure": 18, "device": 12, "measurement": 26, "observation": 26, "note": 10,
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
    "visit": ("visit", "visit-source"), "visit_detail": ("part", "part-source"), "note": ("class",),
    "specimen": ("specimen",), "annotation": ("read-question", "read-question-source"), "imaging_study": ("procedure",),
}  # fmt: skip
OTHER_CODES = {
    "gender": ("Gender:F", "Gender:M"), "race": ("Invented:race",), "ethnicity": ("Invented:ethnicity",),
    "value": ("Invented:value", "Invented:value-source", "Invented:read-answer"), "route": ("Invented:route",),
    "modifier": ("Invented:modifier",), "qualifier": ("Invented:qualifier",), "question": ("Invented:question",),
    "admit_source": ("Invented:admitted",), "discharge": ("Invented:discharged",), "cause": ("Invented:cause-source",),
    "specialty": ("Invented:specialty",), "place_of_service": ("Invented:place",), "body_site": ("Invented:site",),
}  # fmt: skip
CONCEPTS = (
    "SNOMED:840539006",
    "LOINC:2951-2",
    "LOINC:94500-6",
    "Invented:condition",
    "Invented:child",
    "http://x.org:q",
)
LISTED: dict[str, tuple[Any, ...]] = {
    "modality": ("CT", "CR", "DX", "ct ", "SEG", "SR", None),
    "data_category": ("CT", "DX", None),
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
    "type_hint": ("Invented:type", "Type Concept:OMOP4976901", None),
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


def hub() -> list[HubCase]:
    """A case of each project, and the pairs of their cases."""
    pairs = [{name: cell for name, cell in zip(PAIR, pair, strict=True) if cell} for pair in CROSSWALK]
    told = [HubCase(project, "", rows(project), projects={project: SETTINGS[project]}) for project in PROJECTS]
    told[-1] = HubCase("C", "", rows("C"), projects={"C": SETTINGS["C"]}, crosswalk=pairs)
    return told


def _whose_images(project: str) -> Rows:
    """Patients known by their images alone, and what may say who they are: an accession number, a study, a token.

    Each of `i1` ... is told in one way, on one side or the other of what decides.
    """
    shift = PROJECTS.index(project)
    images: list[tuple[str, str, str | None, int]] = [
        ("i1", "8.1", "n1", 0), ("i2", "8.2", "n2", 0), ("i3", "8.3", "n3", 0), ("i3", "8.4", "n4", 0),
        ("i4", "8.5", "n5", 0), ("i5", "8.6", "n5", 0), ("i6", "8.7", None, 0), ("i7", "8.8", "n7", 0),
    ]  # fmt: skip
    told = [("c6", "n1", 1), ("c7", "n2", 2), ("c6", "n3", 0), ("c7", "n4", -1), ("c8", "n5", 0), ("c6", "n7", 0),
            ("c7", "n7", 0)]  # fmt: skip
    day = FIRST + timedelta(days=30 + shift)
    series = [
        {"case_key": case, "study_uid": f"1.2.{study}", "series_uid": f"1.2.{study}.1", "modality": "CT", "is_image": "true",
         "study_date": str(day), **({"accession_hash": _hash(number)} if number else {})}
        for case, study, number, _ in images
    ]  # fmt: skip
    series.append({**series[6], "case_key": "c4", "part_": "another source"})  # a study of two, one of them clinical
    procedures = [
        {"case_key": case, "accession_hash": _hash(number), "coding": "Invented:procedure",
         "start_date": str(day + timedelta(days=days))}
        for case, number, days in told
    ]  # fmt: skip
    token = {"A": ("k1", "k2", "k3"), "B": ("k1", "k4", "k5"), "C": ("k6", "k7", "k3")}[project]
    cases = [
        {"case_key": case, "birth_year": 1960 + shift, "token_record_id": f"token {number}"}
        for number, case in enumerate(token)
    ]
    return {
        table: [
            {"project_id": project, "submitter_id": f"{table} {n}", **row} for n, row in enumerate(found, start=101)
        ]
        for table, found in (("imaging_series", series), ("procedure", procedures), ("case", cases))
    }


def _hash(number: str) -> str:
    return sha256(number.encode()).hexdigest()


def rows(project: str) -> Rows:
    """The rows of a project by table; the keys are those of the others."""
    schema = load_schema("midrc")
    found: Rows = {}
    for table, count in COUNTS.items():
        slots = {name: slot for name, slot in schema.classes[table].slots.items() if name not in UNKEYED}
        found[table] = [_row(project, table, number, slots) for number in range(count)]
        if table == "fact_link":
            dice = Random(f"{SEED}/{project}/links")
            for row in found[table]:
                row |= _link(dice, found)
    for table, more in _whose_images(project).items():
        found[table] += more
    return found


def _row(project: str, table: str, number: int, slots: dict[str, Slot]) -> dict[str, Any]:
    dice = Random(f"{SEED}/{project}/{table}/{number}")
    row: dict[str, Any] = {"project_id": project}
    if "case_key" in slots:
        row["submitter_id"] = f"{table} {number + 1}" if table != "case" else CASES[number % len(CASES)]
    for name, slot in slots.items():
        value = None if name.endswith("_series_files") else _value(dice, table, number, name, slot)
        if value is not None:
            row[name] = [value] if slot.multivalued and not isinstance(value, list) else value
    if table in OWN_KEYS:
        name, letter = OWN_KEYS[table]
        row[name] = f"{letter}{number + 1}"
    if table == "provider" and number > 1:
        row["role_key"] = f"r{number + 1}"
    if table.startswith("imaging") or table == "annotation":
        row |= _image(dice, table, number)
    if "study_date" in row and dice.random() < 0.2:
        del row["study_date"]
    if table == "procedure" and dice.random() < 0.4:
        row["accession_hash"] = sha256(f"{row['case_key']}{dice.randint(0, 1)}".encode()).hexdigest()
    if table in EVENTS and dice.random() < 0.15:
        row["part_"] = f"shared {table}"
    return row


def _value(dice: Random, table: str, number: int, name: str, slot: Slot) -> Any:
    """A value of the slot, or None."""
    if name == "case_key":
        return CASES[number % len(CASES)] if table == "case" else dice.choice((*CASES[:7], *CASES[:2], "c9"))
    if name == "visit_key" and table == "visit":
        return f"v{number % 4 + 1}"
    if name == "visit_detail_key" and table == "visit_detail":
        return f"d{number % 3 + 1}"
    if name in KEYS:
        return dice.choice(KEYS[name])
    if name.endswith("codings"):
        return _concept(dice) if dice.random() < 0.4 else None
    if name.endswith("coding"):
        return _coding(dice, table, name.removesuffix("_coding")) if dice.random() < 0.75 else None
    if name in LISTED:
        return dice.choice(LISTED[name])
    if slot.permissible_values:
        if name == "read_role":
            return dice.choice(("independent", "independent", "independent", "adjudication", "supplementary"))
        rare = name in ("kind", "assertion", "certainty", "subject_role", "start_imputation")
        if slot.required or dice.random() < (0.2 if rare else 0.6):
            return dice.choice(slot.permissible_values)
        return None
    return _plain(dice, name, slot)


def _plain(dice: Random, name: str, slot: Slot) -> Any:
    """A day, a number, a text."""
    if slot.range in ("date", "datetime"):
        day = FIRST + timedelta(days=dice.choice((0, 1, 1, 2, 5, 8, 9, 40)) + (3 if name.startswith("end") else 0))
        if name == "birth_date":
            return dice.choice(("1950-03-04", "1931-12-31", None, None))
        written = day.isoformat() if slot.range == "date" else f"{day} 08:{dice.choice(('00', '30'))}:00"
        return written if dice.random() < (0.7 if slot.range == "date" else 0.25) else None
    if dice.random() < 0.4:
        return None
    if slot.range in ("integer", "long"):
        return dice.choice((-1, 0, 1, 5))
    if slot.range in ("float", "double", "decimal"):
        return dice.choice((0, 0.5, 2, 90))
    if slot.range == "boolean":
        return dice.choice(("true", "false"))
    long = "x" * dice.choice((50, 51, 60, 61))
    return dice.choice((f"{name} one", f"{name} two", long, None))


def _coding(dice: Random, table: str, name: str) -> str:
    if table in ("measurement", "observation") and name == "coding" and dice.random() < 0.2:
        return dice.choice(("LOINC:94500-6", "LOINC:2951-2"))
    known = OTHER_CODES.get(name) or tuple(f"Invented:{code}" for code in CODES.get(table, ("value",)))
    return dice.choice((*known, *known, *known, *known, "Invented:nothing", "Other%3Asystem:" + "y" * 46))


def _concept(dice: Random) -> str:
    """A CodeableConcept: of several codings, of one, or of words alone."""
    codings = []
    for curie in dice.sample(CONCEPTS, dice.choice((0, 1, 1, 2, 3))):
        vocabulary, code = curie.rsplit(":", 1)
        one: dict[str, Any] = {"system": SYSTEMS.get(vocabulary, vocabulary), "code": code}
        if dice.random() < 0.3:
            one["userSelected"] = True
        if dice.random() < 0.4:
            one["display"] = f"called {code}"
        codings.append(one)
    concept: dict[str, Any] = {"coding": codings} if codings else {}
    if dice.random() < 0.4 or not codings:
        concept["text"] = "in words"
    return json.dumps(concept)


def _link(dice: Random, found: Rows) -> dict[str, Any]:
    """A link from the record of an event to that of another one, mostly of the same case, and to nobody."""
    keyed = [
        (f"{table} {number}", row["case_key"])
        for table in (*EVENTS, "note", "specimen")
        for number, row in enumerate(found[table], start=1)
    ]
    record, case = dice.choice(keyed)
    others = [name for name, of in keyed if of == case or dice.random() < 0.02]
    targets = [name.replace(" ", "/") for name in dice.sample(others, min(len(others), 2))]
    return {"record_": record, "targets": [*targets, "nobody/1"], "case_key": case}


def _image(dice: Random, table: str, number: int) -> dict[str, Any]:
    study = (
        (number % 3 if table == "annotation" and number > 12 else number % 7)
        if table != "imaging_study"
        else number % 9
    )
    row: dict[str, Any] = {
        "study_uid": f"1.2.{study}",
        "case_key": CASES[study % 5 if study != 6 else dice.randint(0, 4)],
    }
    if table != "imaging_study" and dice.random() < 0.2:
        row["imaging_studies"] = f"imaging_study {dice.randint(1, 11)}"
    if dice.random() < 0.4:
        row["accession_hash"] = sha256(f"{row['case_key']}{dice.randint(0, 1)}".encode()).hexdigest()
    if table == "imaging_series":
        row |= {"series_uid": f"1.2.{study}.{number % 5}", "study_date": str(FIRST + timedelta(days=study))}
    elif table == "imaging_study":
        row["study_date"] = str(FIRST + timedelta(days=study + dice.choice((0, 0, 1))))
    else:
        row.pop("accession_hash", None)
        if dice.random() < 0.2:
            row[dice.choice(("ct_series_files", "dx_series_files"))] = f"imaging_series {dice.randint(1, 21)}"
        row["series_uid"] = dice.choice((f"1.2.{study}.{dice.randint(0, 4)}", None, None))
    return row
