"""Invented rows of the hub, of a seed: three projects that have the same keys, with every slot filled and empty, ties,
keys that lead nowhere, and values on both sides of what the SQL of OMOP and of the views decides by."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Any

from hub_cases import SYSTEMS, HubCase, Rows
from hub_values import (
    AGES,
    CASES,
    CODES,
    CONCEPTS,
    COUNTS,
    CROSSWALK,
    EVENTS,
    FIRST,
    KEYS,
    LISTED,
    OTHER_CODES,
    OWN_KEYS,
    PAIR,
    PROJECTS,
    SEED,
    SETTINGS,
    UNKEYED,
)

from harmonize.schema.load import load_schema
from harmonize.schema.model import Slot


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
    images = (
        ("i1", "8.1", "n1"), ("i2", "8.2", "n2"), ("i3", "8.3", "n3"), ("i3", "8.4", "n4"), ("i4", "8.5", "n5"),
        ("i5", "8.6", "n5"), ("i6", "8.7", None), ("i7", "8.8", "n7"), ("i8", "8.9", None),
    )  # fmt: skip
    told = [("c6", "n1", 1), ("c7", "n2", 2), ("c6", "n3", 0), ("c7", "n4", -1), ("c8", "n5", 0), ("c6", "n7", 0),
            ("c7", "n7", 0)]  # fmt: skip
    day = FIRST + timedelta(days=30 + shift)
    series = [
        {
            "case_key": case,
            "study_uid": f"1.2.{study}",
            "series_uid": f"1.2.{study}.{3 - number}",
            "modality": ("CT", "DX", None)[(place + number) % 3],
            "is_image": "true",
            "study_date": str(day + timedelta(days=number * (place % 2))),
            "patient_age": ("089Y", "090Y", "040Y", None, "088Y")[(place * 2 + number + shift) % 5],
            "patient_sex": ("F", "M", None, "O")[(place + number) % 4],
            "body_part_examined": ("CHEST", None, "ABDOMEN")[(place + 2 * number) % 3],
            "study_description": ("CT CHEST", "XR CHEST", "CT ABDOMEN")[(place + number) % 3],
            "instance_count": 1 + number + place,
            "series_description": f"series {number}",
            "collection": ("one", "two")[number % 2],
            **({"study_day": place + number} if place % 3 else {}),
            **({"accession_hash": _hash(named)} if named else {}),
        }
        for place, (case, study, named) in enumerate(images)
        for number in range(1 + place % 3)
    ]
    # studies of two cases: one of them clinical, both of images, two of them clinical
    again = [("1.2.8.7", "c4"), ("1.2.8.9", "i9"), ("1.2.8.8", "c5"), ("1.2.8.8", "c6")]
    series += [
        {**next(row for row in series if row["study_uid"] == study), "case_key": case, "part_": "another source"}
        for study, case in again
    ]
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
    if table == "case":
        row = _of_one_kind(project, row)
    if table == "procedure" and number % 3 == 0:
        # what may be the study of an image: of its case, a day or two away, by its code or its words
        study = number // 3 % 7
        day = FIRST + timedelta(days=study + dice.choice((-1, 0, 0, 1, 2)))
        row |= {"case_key": CASES[study % 5], "start_date": str(day)}
        row.pop("start_day", None), row.pop("codings", None)
        if dice.random() < 0.6:
            row |= {
                "text": dice.choice(("CT CHEST W CONTRAST", "XR CHEST", "CT ABDOMEN")),
                "coding": "Invented:nothing",
            }
        else:
            row |= {"coding": "Invented:procedure-source"}
    if "study_date" in row and dice.random() < 0.2:
        del row["study_date"]
    if table == "procedure" and dice.random() < 0.4:
        row["accession_hash"] = sha256(f"{row['case_key']}{dice.randint(0, 1)}".encode()).hexdigest()
    if table in EVENTS and dice.random() < 0.15:
        row["part_"] = f"shared {table}"
    return row


def _of_one_kind(project: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row of a case without the other kinds of ages."""
    kind = AGES[(CASES.index(row["case_key"]) + 3 * PROJECTS.index(project)) % len(AGES)]
    others = {name for names in AGES for name in names} - set(kind)
    filled = {"age_low": 40, "age_high": 49, "age_at_index_gt89": "Yes"}
    return {name: cell for name, cell in row.items() if name not in others} | {
        name: cell for name, cell in filled.items() if name in kind
    }


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
        return _concept(dice, table) if dice.random() < 0.4 else None
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


def _concept(dice: Random, table: str) -> str:
    """A CodeableConcept: of several codings, of one, or of words alone."""
    codings = []
    several = dice.sample(CONCEPTS, dice.choice((0, 1, 1, 2, 3)))
    if dice.random() < 0.4:
        several = dice.sample(
            ("Invented:parent", "Invented:child", "Invented:drug", "Invented:two"), dice.choice((2, 3))
        )
    elif table in ("procedure", "imaging_study") or dice.random() < 0.2:
        own = [f"Invented:{code}" for code in CODES.get(table, ("value",))]
        several = dice.sample(own, min(len(own), dice.choice((1, 2))))
    for curie in several:
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
