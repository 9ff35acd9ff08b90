"""An invented registry's workbook, always the same for one seed, and what each of its cells means.

Sheet `Patient Data`: two header rows; a line a patient; comorbidities, a COVID-19 test, intensive care, transplant,
dialysis, pregnancy and death as Y or N; heights such as 5' 4", weights in pounds, three digits of a zip code, NULL as a
text. Sheet `Imaging Studies`: exams by days from the diagnosis, several on a day, a setting of the ventilator, the
findings in words. A few cells hold what cannot be: an age of -5, 2070 pounds, a height in another unit.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import openpyxl

GROUPS = {
    "PATIENT_ID": "", "AGE": "Demographics", "SEX": "Demographics", "RACE": "Demographics", "ZIP": "Demographics",
    "LATEST BMI": "Vitals", "LATEST WEIGHT": "Vitals", "LATEST HEIGHT": "Vitals",
}  # fmt: skip
CONDITIONS = {
    "TUBERCULOSIS": 0.0, "RHEUMATOID ARTHRITIS": 0.1, "ASPLENIA": 0.0, "CHICKEN POX": 0.2, "MALNUTRITION": 0.1,
    "CHRONIC KIDNEY DISEASE": 0.2, "DIABETES TYPE II": 0.4, "LEUKEMIA": 0.1, "CANCER": 0.2,
}  # fmt: skip
"""Comorbidities and how many have them."""
ACTS = {"HEMODIALYSIS PRE DIAGNOSIS": 0.1, "HEMODIALYSIS POST DIAGNOSIS": 0.1, "TRANSPLANT": 0.1}
OTHERS = {"CURRENT PREGNANT": 0.1, "ICU ADMIT": 0.3}
FLAGS = {**CONDITIONS, **ACTS, **OTHERS}
COLUMNS = [*GROUPS, *FLAGS, "COVID TEST POSITIVE", "TEST NAME", "# ICU ADMITS", "MORTALITY"]
EXAMS = [
    "patient id", "Diag to img study (days)", "Diagnosis to imaging time (hrs)", "Image study description", "Modality",
    "FIO2 @ time of img study", "Radiologist KEY FINDINGS",
]  # fmt: skip
RACES = {
    "WHITE": "Race:5", "BLACK OR AFRICAN AMERICAN": "Race:3", "ASIAN": "Race:2", "OTHER": None,
}  # fmt: skip
TESTS = ["SARS-CoV-2 (COVID-19)", "external", "NULL"]
DESCRIPTIONS = {"CR": "XR CHEST AP PORTABLE", "CT": "CT PE CHEST", "DX": "XR CHEST PA AND LATERAL"}
FINDINGS = [
    "No acute cardiopulmonary abnormality.", "Patchy bibasilar opacities, worse than before.",
    "Small left pleural effusion.", "Ground glass opacities in both lungs.", "Unchanged.",
]  # fmt: skip
PATIENTS = 80
EXAM_LINES = 120


def header(name: str) -> str:
    """The header as two rows give it."""
    group = GROUPS.get(name, "Comorbidities" if name in FLAGS else "COVID and outcome")
    return f"{group} {name}".strip()


@dataclass
class Registry:
    """The lines of both sheets; `wrong` are cells that cannot be: (patient, column) → text."""

    patients: list[dict[str, object]] = field(default_factory=list)
    exams: list[dict[str, object]] = field(default_factory=list)
    wrong: dict[tuple[str, str], object] = field(default_factory=dict)


def registry(seed: int = 11) -> Registry:
    """The registry."""
    chance = random.Random(seed)
    found = Registry()
    for number in range(1, PATIENTS + 1):
        person: dict[str, object] = {
            "PATIENT_ID": f"HB-{number:04d}",
            "AGE": chance.choice([chance.randint(19, 88), chance.randint(19, 88), chance.randint(19, 88), "90+"]),
            "SEX": chance.choice("FM"),
            "RACE": chance.choice(sorted(RACES)),
            "ZIP": chance.choice(["021", "606", "722", "NULL"]),
            "LATEST BMI": chance.choice([round(chance.uniform(17, 48), 1), "NULL"]),
            "LATEST WEIGHT": chance.randint(105, 330),
            "LATEST HEIGHT": f"{chance.randint(4, 6)}' {chance.randint(0, 11)}\"",
        }
        person |= {name: "Y" if chance.random() < share else "N" for name, share in FLAGS.items()}
        if number % 9 == 0:
            person["CHICKEN POX"] = "Unknown"
        person["COVID TEST POSITIVE"] = chance.choice("YYYN")
        person["TEST NAME"] = chance.choice(TESTS)
        person["# ICU ADMITS"] = chance.randint(1, 3) if person["ICU ADMIT"] == "Y" else 0
        person["MORTALITY"] = "Y" if chance.random() < 0.2 else "N"
        found.patients.append(person)
    found.wrong = {("HB-0003", "AGE"): -5, ("HB-0005", "LATEST WEIGHT"): 2070, ("HB-0007", "LATEST HEIGHT"): "64 cm"}
    for person in found.patients:
        for (key, name), cell in found.wrong.items():
            if person["PATIENT_ID"] == key:
                person[name] = cell
    for number in range(EXAM_LINES):
        patient = number % 60 + 1
        day = chance.randint(-2, 40) if number < 110 else 5  # several have two exams on one day
        modality = chance.choice(sorted(DESCRIPTIONS))
        found.exams.append(
            {
                "patient id": f"HB-{patient:04d}",
                "Diag to img study (days)": day,
                "Diagnosis to imaging time (hrs)": round(24 * day + chance.uniform(0, 23), 1),
                "Image study description": DESCRIPTIONS[modality],
                "Modality": modality,
                "FIO2 @ time of img study": chance.choice(["NULL", "NULL", 21, 40, 60]),
                "Radiologist KEY FINDINGS": chance.choice([*FINDINGS, "NULL"]),
            }
        )
    return found


def write_registry(path: Path, seed: int = 11) -> Path:
    """Write the workbook."""
    found = registry(seed)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Patient Data"
    groups = [header(name).removesuffix(name).strip() or None for name in COLUMNS]
    sheet.append(groups)
    sheet.append(COLUMNS)
    for person in found.patients:
        sheet.append([person[name] for name in COLUMNS])
    other = book.create_sheet("Imaging Studies")
    other.append(EXAMS)
    for exam in found.exams:
        other.append([exam[name] for name in EXAMS])
    book.save(path)
    return path


def write_index(path: Path, found: Registry) -> dict[str, tuple[str, int]]:
    """Write the public index of the exams' images, a series a study, its dates moved patient by patient; returns the
    patient and day of each study."""
    told: dict[str, tuple[str, int]] = {}
    lines = [
        "collection_id,PatientID,SeriesInstanceUID,StudyInstanceUID,StudyDate,SeriesDate,Modality,StudyDescription"
    ]
    for number, exam in enumerate(found.exams):
        patient, day = str(exam["patient id"]), int(str(exam["Diag to img study (days)"]))
        uid = f"1.2.826.0.1.3680043.8.498.7.{number + 1}"
        on = date(2021, 3, 1) + timedelta(days=17 * int(patient[-4:]) + day)
        lines.append(f"harbor,{patient},{uid}.1,{uid},{on},{on},{exam['Modality']},{exam['Image study description']}")
        told[uid] = (patient, day)
    path.with_suffix(".csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with duckdb.connect() as con:
        con.execute(
            f"COPY (FROM read_csv('{path.with_suffix('.csv')}', all_varchar = true)) TO '{path}' (FORMAT parquet)"
        )
    return told
