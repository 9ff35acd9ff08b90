"""Invented deliveries of the three sites in the shapes of their files: every column, every raw value, no real row.

`files(site, seed)` gives file name → CSV text; the same seed gives the same texts.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas" / "sources"
Row = dict[str, object]

STUDIES_302028 = [
    "XR CHEST PORTABLE 1 VIEW", "XR CHEST 2 VIEWS", "CT CHEST WO CONTRAST", "XR CHEST MORNING ROUTINE PORTABLE",
    "CT CHEST W CONTRAST", "XR CHEST LINE PLACEMENT PORTABLE", "XR CHEST PORTABLE 2 VIEWS - PEDS ONLY",
    "XR CHEST 1 VIEW", "XR CHEST PORTABLE 1 VIEW - PEDS ONLY", "XR CHEST PICC 1 VIEW", "",
    "XR CHEST MORNING ROUTINE PORTABLE PUMP", "XR CHEST PA AND LATERAL", "XR CHEST LINE PLACEMENT PORTABLE PED",
    "CT CHEST LOW DOSE SCREENING", "XR CHEST 3 VIEWS", "CT CHEST FOR NODULE",
]  # fmt: skip
BODY_PARTS = ["CHEST", "", "ABDOMEN", "LSPINE"]
RACES_514382 = ["asian", "black or african american", "white or caucasian", "hispanic", ""]
ETHNICITIES_514382 = ["Not Hispanic, Latino/a, or Spanish origin", "Puerto Rican", ""]
DISPOSITIONS = [
    "DISCHARGED TO HOME OR SELF CARE (ROUTINE DISCHARGE)",
    "DISCHARGED/TRANSFERRED TO HOME UNDER CARE OF ORGANIZED HOME HEALTH SERVICE ORGANIZATION",
    "DISCHARGED/TRANSFERRED TO SKILLED NURSING FACILITY (SNF)",
    "",
]
RACES_419639 = ["White or Caucasian", "Asian", "Black or African American", ""]
EXAMS_419639 = [
    "XR CHEST 1 VIEW AP", "CT CHEST WITHOUT CONTRAST", "CT CHEST WITH CONTRAST",
    "CT CHEST PULMONARY EMBOLISM (CTPE)", "CTA CORONARY", "CT ESOPHAGRAM",
]  # fmt: skip


def values(site: str, enum: str) -> list[str]:
    """The values of an enum of the site's schema."""
    schema = yaml.safe_load((SCHEMAS / f"{site}.yaml").read_text(encoding="utf-8"))
    return list(schema["enums"][enum]["permissible_values"])


def headers(site: str, name: str) -> list[str]:
    """The columns of a class as sent."""
    schema = yaml.safe_load((SCHEMAS / f"{site}.yaml").read_text(encoding="utf-8"))
    slots = schema["classes"][name]["attributes"]
    return [((slot or {}).get("aliases") or [column])[0] for column, slot in slots.items()]


def table(columns: list[str], rows: list[Row]) -> str:
    """Rows as CSV text; a cell that is not named is blank, an unknown column is an error."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def slashed(day: date) -> str:
    """M/D/YYYY without leading zeros."""
    return f"{day.month}/{day.day}/{day.year}"


def site_302028(rng: random.Random) -> dict[str, str]:
    site = "site_302028"
    races, discharges = values(site, "race"), values(site, "discharge_type")
    patients: list[Row] = []
    tests: list[Row] = []
    stays: list[Row] = []
    studies: list[Row] = []
    for number, race in enumerate(races):
        mrn = f"302028-{number:06d}"
        patients.append({
            "anon_mrn": mrn, "ethnicity": values(site, "ethnicity")[number % 3], "race": race,
            "sex": ["Female", "Male"][number % 2], "zip": ["481", "21", "5", "104.0"][number % 4],
        })  # fmt: skip
        tests += [
            {"anon_mrn": mrn, "anon_test_date": day, "test_method": "RT-PCR",
             "test_result": rng.choice(["Negative", "Positive"])}
            for day in sorted({0, rng.randint(1, 300)})
        ]  # fmt: skip
        age = [rng.randint(1, 88), 0, 90][number % 3]
        for study in range(2):
            studies.append({
                "anon_mrn": mrn, "age": age, "anon_study_uid": f"1.2.826.0.1.302028.{number}.{study}",
                "anon_study_date": rng.randint(-20, 60), "study_year": rng.choice([2020, 2021, 2022]),
                "study_modality": ["XR", ""][study], "study_description": STUDIES_302028[(2 * number + study) % 17],
                "body_part_examined": BODY_PARTS[number % 4], "series_count": study + 1,
            })  # fmt: skip
    for number, discharge in enumerate(discharges):
        admitted = rng.randint(-3, 40)
        stay: Row = {
            "anon_mrn": f"302028-{number:06d}", "covid19_hospital_admission": "Yes",
            "anon_date_covid19_hospital_admission": admitted, "anon_date_covid19_hospital_discharge": admitted + 9,
            "covid19_discharge_type": discharge, "covid19_icu_admission": ["Yes", "No"][number % 2],
        }  # fmt: skip
        if number % 2 == 0:
            stay |= {"anon_date_covid19_icu_admission": admitted + 1, "anon_date_covid19_icu_discharge": admitted + 4}
        for day in (admitted, admitted + 1):
            stays.append(stay | {
                "anon_date_vitals": day, "weight": f"{rng.uniform(1600, 4800):.2f}",
                "height": f"{rng.uniform(58, 78):.3f}",
                "blood_pressure": f"{rng.randint(95, 170)}/{rng.randint(50, 99)}",
                "temperature": f"{rng.uniform(96, 104):.1f}", "pulse": rng.randint(55, 130),
                "respiratory_rate": rng.randint(12, 30), "spO2": rng.randint(85, 100),
                "covid19_treatment_received": "remdesivir", "anon_date_covid19_treatment_assessed": admitted,
            })  # fmt: skip
    stays.append({"anon_mrn": "302028-000030", "covid19_hospital_admission": "No", "covid19_icu_admission": "No"})
    return {
        "all_patients.csv": table(headers(site, "patients"), patients),
        "measurements_all_patients.csv": table(headers(site, "measurements"), tests),
        "all_covid_details.csv": table(headers(site, "admissions"), stays),
        "all_imaging_studies.csv": table(headers(site, "imaging_studies"), studies),
    }


def site_514382(rng: random.Random) -> dict[str, str]:
    site = "site_514382"
    orders, results = values(site, "order_name"), values(site, "result_value")
    negatives: list[Row] = []
    for number in range(30):
        start = date(2012, 1, 1) + timedelta(days=rng.randint(0, 2000))
        hospital, icu = number % 3 != 0, number % 6 == 1
        encounter: Row = {
            "ANON-PatientID": f"514382-{number:06d}", "Age": rng.randint(18, 95),
            "Gender Desc": ["Male", "Female"][number % 2], "ZIP": ["191", "191.0", "80", "19107", "8540.0"][number % 5],
            "Race Desc": RACES_514382[number % 5], "Ethnicity Desc": ETHNICITIES_514382[number % 3],
            "ANON_ENC_TIMESTAMP": slashed(start), "HOSP_ENCTR_IND": "Y" if hospital else "N",
            "ICU_ENCTR_IND": "Y" if icu else "N", "VENT_YN": "Y" if icu else "N",
            "DISCHARGE_DISPOSITION": DISPOSITIONS[number % 4] if hospital else "",
            "MORTALITY_FLAG": ["No", "", "Yes"][number % 3],
        }  # fmt: skip
        if hospital:
            encounter |= {"ANON_ADMISSION_TIMESTAMP": slashed(start), "HOSP_LOS": f"{rng.uniform(1, 20):.2f}"}
        if icu:
            encounter |= {"ICU_DAYS_TOTAL": "3.16", "VENT_DAYS_TOTAL": "1.5"}
        for order in range(rng.randint(1, 4)):
            ordered = start + timedelta(days=order)
            negatives.append(encounter | {
                "ORDER_NAME": orders[(number + order) % len(orders)], "ANON_ORDER_TIMESTAMP": slashed(ordered),
                "RESULT_VALUE": results[(number + order) % len(results)],
                "ANON_COVID_REPORTED_DATE": slashed(ordered + timedelta(days=1)),
            })  # fmt: skip
    positives: list[Row] = [
        {"ANON-PatientID": f"514382-{1000 + number:06d}", "COVID_ORDER_NAME": order, "COVID_STATUS": "POSITIVE",
         "ANON-COVID_REPORTED_DATE": slashed(date(2013, 5, 1) + timedelta(days=number))}
        for number, order in enumerate([*orders, ""])
    ]  # fmt: skip
    return {
        "Covid_Negative_Population.csv": table(headers(site, "negatives"), negatives),
        "Covid_Positive_Population.csv": table(headers(site, "positives"), positives),
    }


def site_419639(rng: random.Random) -> dict[str, str]:
    site = "site_419639"
    specimens, answers = ["", *values(site, "specimen")], ["", *values(site, "symptomatic")]
    exams: list[Row] = []
    results: list[Row] = []
    for number in range(24):
        mrn = f"419639-{number:06d}"
        tested = date(2019, 1, 1) + timedelta(days=rng.randint(0, 300))
        age = 30 + 3 * number + rng.random()
        result: Row = {
            "Anon MRN": mrn, "Anon Result Date": slashed(tested), "RESULT": ["DETECTED", "NOT DETECTED"][number % 2],
            "PATIENT_SYMPTOMATIC": answers[number % 4], "SPECIMEN_SOURCE": specimens[number % 9],
            "MIDRC Test Method": ["RT-PCR", "Rapid COVID19 test", "RT-PCR", ""][number % 4],
        }  # fmt: skip
        later: Row = {"Anon Result Date": slashed(tested + timedelta(days=30)), "RESULT": "NOT DETECTED"}
        results += [result, result | later]
        for exam in range(1 + number % 2):
            at = datetime(2019, 1, 24, 0, 49, 18) + timedelta(days=number + exam, minutes=rng.randint(0, 1200))
            exams.append({
                "Anon Acc #": 7000 + 2 * number + exam, "Anon Age": f"{age:.2f}",
                "Anon Exam Date/Time": f"{at:%B} {at.day} {at:%Y %I:%M:%S %p}",
                "Anon Exam Description": EXAMS_419639[number % 6], "Anon MRN": mrn, "Anon Sex": "FM"[number % 2],
                "Anon Study UID": f"1.2.826.0.1.419639.{number}.{exam}", "Anon Image Count": 1 + exam,
                "Ethnicity": ["Not Hispanic or Latino", "Hispanic or Latino", ""][number % 3],
                "Race": RACES_419639[number % 4], "Modality": ["CR", "DX", "CT"][number % 3],
                "Zip Code": ["94110.0", "8540.0", "90210"][number % 3],
                "Symptomatic": ["YES", "SUSPECTED", ""][number % 3], "Result": result["RESULT"],
                "Anon First Eligible Result Date": result["Anon Result Date"],
                "Specimen Source": result["SPECIMEN_SOURCE"], "Upload Date": slashed(date(2021, 3, 1)),
            })  # fmt: skip
    return {
        "transferred exams - batch 26.csv": table(headers(site, "exams"), exams),
        "all covid test results - batch 26.csv": table(headers(site, "results"), results),
    }


SITES: dict[str, Callable[[random.Random], dict[str, str]]] = {
    "site_302028": site_302028,
    "site_514382": site_514382,
    "site_419639": site_419639,
}


def files(site: str, seed: int = 7) -> dict[str, str]:
    """File name → CSV text of one delivery of the site."""
    return SITES[site](random.Random(seed))
