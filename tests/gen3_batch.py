"""An invented Gen3 batch: node TSVs as a submitter writes them, canonical in spelling (79.0, True)."""

from __future__ import annotations

import csv
from pathlib import Path

PROJECT = "Open-R1"
BATCH = "RSNA_20230303"
Rows = dict[str, list[dict[str, str]]]

CASES = [
    {"type": "case", "submitter_id": "419639-000001", "age_at_index": "61.0", "age_at_index_gt89": "No",
     "covid19_positive": "Yes", "ethnicity": "Not Hispanic or Latino", "race": "White", "sex": "Female",
     "index_event": "COVID-19 Test", "icu_indicator": "True", "ventilator_indicator": "False", "site_id": "419639",
     "zip": "021", "country_of_residence": "US", "long_covid_diagnosis": "Not Reported",
     "datasets.submitter_id": "RSNA_20230303,RSNA_20240101"},
    {"type": "case", "submitter_id": "419639-000002", "age_at_index_gt89": "Yes", "covid19_positive": "No",
     "ethnicity": "Hispanic or Latino", "race": "Other", "sex": "Male", "race_ethnicity": "Asian,White",
     "site_id": "419639", "datasets.submitter_id": BATCH},
    {"type": "case", "submitter_id": "419639-000003", "age_at_index": "0.0", "covid19_positive": "Not Reported",
     "sex": "Not Reported", "race": "Not Reported", "linked_external_data": "https://a.example,https://b.example",
     "datasets.submitter_id": BATCH},
]  # fmt: skip
BATCH_ROWS: Rows = {
    "dataset": [{"type": "dataset", "submitter_id": BATCH, "data_description": "invented", "projects.code": "R1"}],
    "case": CASES,
    "visit": [
        {"type": "visit", "submitter_id": "V1", "cases.submitter_id": "419639-000001", "discharge_type": "Home",
         "days_to_hospital_admission": "-1", "days_to_hospital_discharge": "9", "days_to_icu_admission": "2",
         "days_to_icu_discharge": "4"},
        {"type": "visit", "submitter_id": "V2", "cases.submitter_id": "419639-000002", "days_to_icu_admission": "3",
         "days_to_icu_discharge": "5"},
    ],
    "condition": [
        {"type": "condition", "submitter_id": "C1", "cases.submitter_id": "419639-000001",
         "condition_name": "Hypertension", "condition_code": "38341003", "condition_code_system": "SNOMED CT",
         "days_to_condition_start": "-400"},
        {"type": "condition", "submitter_id": "C2", "cases.submitter_id": "419639-000002",
         "condition_name": "Something rare", "days_to_condition_start": "2", "days_to_condition_end": "8"},
    ],
    "medication": [
        {"type": "medication", "submitter_id": "M1", "cases.submitter_id": "419639-000001",
         "medication_name": "Warfarin", "medication_code": "11289", "medication_code_system": "RxNorm",
         "days_to_medication_start": "1", "days_to_medication_end": "3"},
        {"type": "medication", "submitter_id": "M2", "cases.submitter_id": "419639-000002",
         "medication_type": "Vaccine", "dose_sequence_number": "2", "days_to_medication_start": "-60"},
    ],
    "procedure": [
        {"type": "procedure", "submitter_id": "P1", "cases.submitter_id": "419639-000001",
         "procedure_name": "Breathing Support", "breathing_support_type": "Mechanical ventilation",
         "days_to_procedure_start": "2", "days_to_procedure_end": "4", "conditions.submitter_id": "C1"},
    ],
    "measurement": [
        {"type": "measurement", "submitter_id": "T1", "cases.submitter_id": "419639-000001", "test_name": "COVID-19",
         "test_method": "RT-PCR", "test_result_text": "Positive", "test_days_from_index": "0"},
        {"type": "measurement", "submitter_id": "T2", "cases.submitter_id": "419639-000002", "test_name": "COVID-19",
         "test_method": "Rapid antigen test", "test_result_text": "Negative", "test_days_from_index": "1",
         "conditions.submitter_id": "C2"},
        {"type": "measurement", "submitter_id": "T3", "cases.submitter_id": "419639-000003", "test_name": "COVID-19",
         "test_method": "Not Reported", "test_result_text": "Not Reported", "test_days_from_index": "2"},
    ],
    "observation": [
        {"type": "observation", "submitter_id": "O1", "cases.submitter_id": "419639-000001",
         "observation_name": "Smoking status", "observation_answer": "Former smoker", "days_to_observation": "0"},
    ],
    "imaging_study": [
        {"type": "imaging_study", "submitter_id": "1.2.1", "cases.submitter_id": "419639-000001",
         "datasets.submitter_id": BATCH, "study_uid": "1.2.1", "days_to_study": "3.0", "age_at_imaging": "61.0",
         "age_at_imaging_gt89": "No", "study_modality": "CR,CT", "study_description": "CT CHEST W",
         "body_part_examined": "CHEST", "loinc_code": "24627-2", "study_year_shifted": "True",
         "days_from_study_to_pos_covid_test": "-3"},
        {"type": "imaging_study", "submitter_id": "1.2.2", "cases.submitter_id": "419639-000002",
         "datasets.submitter_id": BATCH, "study_uid": "1.2.2", "days_to_study": "-2.0", "study_modality": "DX",
         "body_part_examined": "CHEST"},
    ],
    "ct_series": [
        {"type": "ct_series_file", "submitter_id": "1.2.1.1", "series_uid": "1.2.1.1", "file_name": "a.zip",
         "file_size": "5000000000", "md5sum": "0123456789abcdef0123456789abcdef", "modality": "CT",
         "data_category": "CT", "data_format": "DCM", "data_type": "DICOM", "imaging_studies.submitter_id": "1.2.1",
         "slice_thickness": "1.25,5.0", "convolution_kernel": "B30f,B70f", "number_of_instances": "120",
         "image_data_modified": "False", "lossy_image_compression": "00", "series_description": "Chest 5.0"},
    ],
    "dx_series": [
        {"type": "dx_series_file", "submitter_id": "1.2.2.1", "series_uid": "1.2.2.1", "file_name": "b.zip",
         "file_size": "20000", "md5sum": "fedcba9876543210fedcba9876543210", "data_category": "DX",
         "data_format": "DCM", "data_type": "DICOM", "imaging_studies.submitter_id": "1.2.2",
         "pixel_spacing": "0.14,0.14", "view_position": "PA"},
    ],
}  # fmt: skip


def write_batch(folder: Path, rows: Rows = BATCH_ROWS, batch: str = BATCH) -> Path:
    """Write the TSVs `<node>_<batch>.tsv` into the folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for node, records in rows.items():
        write_node(folder / f"{node}_{batch}.tsv", records)
    return folder


def write_node(path: Path, records: list[dict[str, str]]) -> None:
    """One TSV with all columns that a record has."""
    names = list(dict.fromkeys(name for record in records for name in record))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, delimiter="\t", lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(records)


def read_node(path: Path) -> list[dict[str, str]]:
    """The records of a TSV without their blank cells, in order of submitter_id."""
    with path.open(encoding="utf-8", newline="") as file:
        records = [{k: v for k, v in record.items() if v} for record in csv.DictReader(file, delimiter="\t")]
    return sorted(records, key=lambda record: record["submitter_id"])
