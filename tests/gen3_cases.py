"""An invented Gen3 batch of any size that fills every property of every node that the hub holds, canonical in spelling.

What the dictionary says of a property makes its values; what a batch must say consistently (ages, days, modalities,
links) is by rule below.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import md5

from gen3_batch import Rows

from harmonize.schema.load import load_schema
from harmonize.schema.model import ClassDef, Slot

BATCH = "RSNA_20230303"
MODALITIES = ("CR", "CT", "DX", "MG", "MR", "NM", "PT", "RF", "US", "XA")
GIVEN = frozenset({"type", "state", "file_state", "error_type", "id", "created_datetime", "updated_datetime"})
WORDS = ("plain", "with space", 'a "quoted" word', "été", "50% of it", "l'eau", "x;y", "-3 dB")
CODES = (
    ("I10", "Essential (primary) hypertension", "ICD-10-CM"), ("E66.9", "Obesity, unspecified", "ICD-10-CM"),
    ("38341003", "Hypertensive disorder", "SNOMED CT"),
)  # fmt: skip
EVENTS = ("COVID-19 Test", "Study Enrollment", "First Imaging Study", "Long COVID Diagnosis")
STATUS = {"Positive": "Yes", "Negative": "No", "Indeterminate": "Indeterminate", "Not Reported": "Not Reported"}
DAYS = 40
"""Days around the index event in which everything happens."""


def cases_batch(cases: int, seed: int = 11) -> Rows:
    """Rows by node; the same for the same number and seed."""
    chance = random.Random(seed)
    nodes = {cls.annotations["gen3_node"]: cls for cls in load_schema("gen3").classes.values() if not cls.mixin}
    rows: Rows = {}
    for number in range(1, cases + 1):
        for node, record in _of_a_case(number, chance):
            made = {"type": node} | _filled(nodes[node], record, chance) | record
            rows.setdefault(node, []).append({name: cell for name, cell in made.items() if cell != ""})
    return rows


def _of_a_case(number: int, chance: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """What is said of one case, node by node: keys, links, and what must fit together."""
    case, day = f"419639-{number:06d}", chance.randint(-DAYS, DAYS)
    is_old, result, event = number % 10 == 0, chance.choice([*STATUS]), chance.choice(EVENTS)
    age = {"": "" if is_old else f"{chance.randint(0, 88)}.0", "_gt89": "Yes" if is_old else "No"}
    link = {"cases.submitter_id": case, "case_ids": case}
    yield "case", {
        "submitter_id": case, "case_ids": case, **_of("age_at_index", age), "zip": "606", "country_of_residence": "US",
        "datasets.submitter_id": BATCH, "token_record_id": "", "icu_indicator": "True", "index_event": event,
        "covid19_positive": STATUS[result],
    }  # fmt: skip
    yield "visit", {
        "submitter_id": f"V{number}", **link, "days_to_hospital_admission": str(day),
        "days_to_hospital_discharge": str(day + 9), "days_to_icu_admission": str(day + 1),
        "days_to_icu_discharge": str(day + 4),
    }  # fmt: skip
    condition = dict(zip(("_code", "_name", "_code_system"), chance.choice(CODES), strict=True))
    yield (
        "condition",
        {"submitter_id": f"C{number}", **link, **_span("condition", day, chance), **_of("condition", condition)},
    )
    yield "medication", {
        "submitter_id": f"M{number}", **link, **_span("medication", day, chance), "medication_name": "Warfarin",
        "medication_code": "11289", "medication_code_system": "RxNorm",
        "dose_sequence_number": str(chance.randint(1, 4)),
    }  # fmt: skip
    yield "procedure", {
        "submitter_id": f"P{number}", **link, **_span("procedure", day, chance),
        "conditions.submitter_id": f"C{number}",
    }  # fmt: skip
    yield "measurement", {
        "submitter_id": f"T{number}", **link, "conditions.submitter_id": f"C{number}",
        "procedures.submitter_id": f"P{number}", "test_days_from_index": "0", "test_result_text": result,
    }  # fmt: skip
    yield "observation", {"submitter_id": f"O{number}", **link, "days_to_observation": str(day)}
    yield from _images(number, link, _of("age_at_imaging", age), chance, event=event, result=result)


def _of(name: str, parts: dict[str, str]) -> dict[str, str]:
    """Properties whose names begin alike."""
    return {name + part: cell for part, cell in parts.items()}


def _span(node: str, day: int, chance: random.Random) -> dict[str, str]:
    return {f"days_to_{node}_start": str(day), f"days_to_{node}_end": str(day + chance.randint(0, 9))}


def _images(
    number: int, link: dict[str, str], age: dict[str, str], chance: random.Random, *, event: str, result: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """A study with one series, each case of another modality in turn, and an annotation of it. What the study says of
    the days to tests is left blank by every other case, and is so filled by the engine."""
    study, modality = f"1.2.840.99.{number}", MODALITIES[number % len(MODALITIES)]
    series, node = f"{study}.1", f"{modality.lower()}_series_file"
    day = 0 if event == "First Imaging Study" else chance.randint(-DAYS, DAYS)
    days = {
        "_pos_covid_test": str(-day) if result == "Positive" and number % 2 else "",
        "_neg_covid_test": str(-day) if result == "Negative" and number % 2 else "",
    }
    yield "imaging_study", {
        "submitter_id": study, "study_uid": study, **link, **age, **_of("days_from_study_to", days),
        "datasets.submitter_id": BATCH, "study_modality": modality, "days_to_study": f"{day}.0",
        "study_year": str(chance.randint(2000, 2023)), "loinc_code": chance.choice(("24627-2", "36643-5", "")),
    }  # fmt: skip
    yield node, {
        "submitter_id": series, "case_ids": link["case_ids"], "series_uid": series, "modality": modality,
        "imaging_studies.submitter_id": study, "data_category": modality, "data_format": "DCM", "data_type": "DICOM",
        "file_name": f"{series}.zip", "md5sum": md5(series.encode(), usedforsecurity=False).hexdigest(),
    }  # fmt: skip
    yield "annotation", {
        "submitter_id": f"A{number}", **link, "imaging_studies.submitter_id": study, f"{node}s.submitter_id": series,
    }  # fmt: skip


def _filled(cls: ClassDef, record: dict[str, str], chance: random.Random) -> dict[str, str]:
    """A value of every other property that a submitter writes; one in five is left blank."""
    written = (
        slot
        for slot in cls.slots.values()
        if slot.name not in GIVEN and slot.name not in record and "link" not in slot.annotations
        and slot.name not in cls.annotations["system_properties"].split("|")
    )  # fmt: skip
    return {slot.name: _value(slot, chance) for slot in written if slot.required or chance.random() < 0.8}


def _value(slot: Slot, chance: random.Random) -> str:
    """One value of what the dictionary declares, or several with commas between them."""
    if not slot.multivalued:
        return _single(slot, chance)
    found = [_single(slot, chance) for _ in range(chance.randint(1, 3))]
    return ",".join(dict.fromkeys(found) if slot.permissible_values else found)


def _single(slot: Slot, chance: random.Random) -> str:
    if slot.permissible_values:
        return chance.choice(slot.permissible_values)
    if slot.range == "boolean":
        return chance.choice(("True", "False"))
    low, high = slot.minimum or 0, slot.maximum if slot.maximum is not None else 500
    if slot.range == "integer":
        return str(chance.randint(int(low), int(high)))
    if slot.range in ("double", "float"):
        return f"{chance.randint(int(low) * 4, int(high) * 4) / 4}"
    return f"{chance.choice(WORDS)} {chance.randint(1, 99)}"
