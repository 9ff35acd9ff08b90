"""An invented Gen3 batch without a fault: two dozen cases, every clinical node, studies, series and manifests."""

from __future__ import annotations

import csv
import random
from hashlib import md5
from pathlib import Path

BATCH = "RSNA_20230303"
CASES = 24
Rows = dict[str, list[dict[str, str]]]
CONDITIONS = [
    ("I10", "Essential (primary) hypertension", "ICD-10-CM"),
    ("E66.9", "Obesity, unspecified", "ICD-10-CM"),
    ("38341003", "Hypertensive disorder", "SNOMED CT"),
]
FILES = ("image_manifest", "clinical_manifest")


def clean_batch(seed: int = 7) -> Rows:
    """Rows by file; the same for the same seed."""
    chance = random.Random(seed)
    rows: Rows = {node: [] for node in NODES}
    for number in range(1, CASES + 1):
        _case(rows, number, chance)
    for node, records in rows.items():
        if node not in FILES:
            for record in records:
                record["type"] = f"{node}_file" if node.endswith("_series") else node
    return rows


def _case(rows: Rows, number: int, chance: random.Random) -> None:
    case, age, day = f"419639-{number:06d}", chance.randint(20, 80), chance.randint(0, 9)
    link = {"cases.submitter_id": case, "case_ids": case}
    is_icu = number % 2 == 0
    rows["case"].append({
        "submitter_id": case, "case_ids": case, "project_id": "Open-R1", "age_at_index": str(age),
        "age_at_index_gt89": "No", "covid19_positive": "Yes", "ethnicity": "Not Reported",
        "index_event": "COVID-19 Test",
        "race": chance.choice(["Asian", "White"]), "sex": chance.choice(["Female", "Male"]),
        "icu_indicator": "True" if is_icu else "False", "zip": "941", "country_of_residence": "US",
        "datasets.submitter_id": "", "token_record_id": "",
    })  # fmt: skip
    rows["visit"].append({
        "submitter_id": f"V{number}", **link, "days_to_hospital_admission": str(day),
        "days_to_hospital_discharge": str(day + 12), "days_to_icu_admission": str(day + 2) if is_icu else "",
        "days_to_icu_discharge": str(day + 5) if is_icu else "", "discharge_type": "Home",
    })  # fmt: skip
    code, name, system = CONDITIONS[number % 3]
    rows["condition"].append({
        "submitter_id": f"C{number}", **link, "condition_code": code, "condition_name": name,
        "condition_code_system": system, "days_to_condition_start": str(-300 - number),
        "days_to_condition_end": str(day),
    })  # fmt: skip
    rows["medication"].append({
        "submitter_id": f"M{number}", **link, "medication_name": "Warfarin", "medication_code": "11289",
        "medication_code_system": "RxNorm", "dose_sequence_number": "1", "days_to_medication_start": "1",
        "days_to_medication_end": str(3 + day),
    })  # fmt: skip
    rows["procedure"].append({
        "submitter_id": f"P{number}", **link, "procedure_name": "Breathing Support",
        "breathing_support_type": "Nasal cannula", "days_to_procedure_start": "2",
        "days_to_procedure_end": str(2 + day),
        "conditions.submitter_id": f"C{number}",
    })  # fmt: skip
    rows["measurement"].append({
        "submitter_id": f"T{number}", **link, "test_name": "COVID-19", "test_method": "RT-PCR",
        "test_result_text": "Positive", "test_days_from_index": "0",
    })  # fmt: skip
    rows["observation"].append({
        "submitter_id": f"O{number}", **link, "observation_name": "Smoking status",
        "observation_answer": chance.choice(["Never", "Former"]), "days_to_observation": str(day),
    })  # fmt: skip
    study = f"1.2.840.99.{number}"
    rows["imaging_study"].append({
        "submitter_id": study, "study_uid": study, **link, "age_at_imaging": str(age), "age_at_imaging_gt89": "No",
        "days_to_study": str(day), "study_modality": "CT,DX", "study_description": "CT CHEST", "study_year": "2021",
        "body_part_examined": "CHEST", "loinc_code": "", "loinc_long_common_name": "",
    })  # fmt: skip
    for node, modality, arm in (("ct_series", "CT", 1), ("dx_series", "DX", 2)):
        series = f"{study}.{arm}"
        checksum = md5(series.encode(), usedforsecurity=False).hexdigest()
        rows[node].append({
            "submitter_id": series, "series_uid": series, "case_ids": case, "imaging_studies.submitter_id": study,
            "modality": modality, "data_category": modality, "data_format": "DCM", "data_type": "DICOM",
            "number_of_instances": str(chance.randint(1, 200)), "series_description": "Chest", "md5sum": checksum,
            "file_size": str(5_000_000 + number), "file_name": "", "pixel_spacing": "0.7,0.7",
        })  # fmt: skip
        rows["image_manifest"].append({
            "submitter_id": case, "series.submitter_id": series, "*md5sum": checksum,
            "*file_size": f"{5_000_000 + number:,}", "storage_urls": f"s3://invented/{series}.zip",
            "file_name": f"{series}.zip",
        })  # fmt: skip
    if number <= 10:
        rows["clinical_manifest"].append({
            "file_name": f"file_{number}.tsv", "md5sum": md5(bytes([number]), usedforsecurity=False).hexdigest(),
            "file_size": "1000",
        })  # fmt: skip


NODES = (
    "case", "visit", "condition", "medication", "procedure", "measurement", "observation", "imaging_study", "ct_series",
    "dx_series", "image_manifest", "clinical_manifest",
)  # fmt: skip


def file_name(node: str, batch: str = BATCH) -> str:
    """The name of a node's file, or of a manifest."""
    return f"{node}_{batch}.tsv"


def write(folder: Path, rows: Rows) -> Path:
    """One TSV a node, every column that a record has in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for node, records in rows.items():
        names = list(dict.fromkeys(name for record in records for name in record))
        with (folder / file_name(node)).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, names, delimiter="\t", lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows(records)
    return folder
