"""An invented contributor's workbook that no shipped mapping knows, always the same for one seed.

Sheet `Clinical`: a header on two rows, one line a laboratory test with the patient repeated; heights such as 5' 4",
weights in pounds, names of tests as somebody typed them. Sheet `Imaging exams`: a title above the header, exams by days
from the diagnosis.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import openpyxl

GROUPS = ["Patient", "", "", "", "Diagnosis", "Vital signs", "", "Laboratory", "", "", ""]
NAMES = [
    "Study ID",
    "Sex",
    "Age at diagnosis",
    "Race",
    "Date",
    "Height",
    "Weight",
    "Test",
    "Result",
    "Units",
    "Collected",
]
EXAMS = ["Study ID", "Exam No.", "Days from diagnosis", "Modality", "Exam description"]
TESTS = [
    ("Hemoglobin", "g/dL", 9.0, 16.0),
    ("WBC count", "10*3/uL", 3.0, 14.0),
    ("Creatinine, serum", "mg/dL", 0.5, 3.0),
    ("CRP", "mg/L", 1.0, 90.0),
]
COVID = "SARS-CoV-2 PCR, NP swab"
DESCRIPTIONS = {"CR": "XR CHEST 1 VIEW PORTABLE", "CT": "CT CHEST W/O CONTRAST", "DX": "XR CHEST 2 VIEWS"}
PATIENTS = 40


def clinical(patients: int = PATIENTS, seed: int = 7) -> list[list[object]]:
    """The lines of the sheet Clinical."""
    chance = random.Random(seed)
    lines: list[list[object]] = []
    for number in range(1, patients + 1):
        diagnosed = dt.date(2020, 3, 1) + dt.timedelta(days=chance.randrange(200))
        person: list[object] = [
            f"LK-{number:04d}",
            chance.choice(["F", "M"]),
            chance.randint(19, 88),
            chance.choice(["White", "Black or African American", "Asian", "Declined"]),
            diagnosed,
            f"{chance.randint(4, 6)}' {chance.randint(0, 11)}\"",
            chance.randint(100, 290),
        ]
        for name, unit, low, high in chance.sample(TESTS, chance.randint(2, 4)):
            day = diagnosed + dt.timedelta(days=chance.randint(0, 20))
            lines.append([*person, name, round(chance.uniform(low, high), 1), unit, day])
        lines.append([*person, COVID, chance.choice(["Detected", "Not detected"]), "", diagnosed])
    return lines


def exams(patients: int = PATIENTS, seed: int = 7) -> list[list[object]]:
    """The lines of the sheet Imaging exams."""
    chance = random.Random(seed + 1)
    lines: list[list[object]] = []
    for number in range(1, patients + 1):
        for _ in range(chance.randint(0, 3)):
            modality = chance.choice(sorted(DESCRIPTIONS))
            exam = f"E{len(lines) + 1:05d}"
            lines.append([f"LK-{number:04d}", exam, chance.randint(-3, 60), modality, DESCRIPTIONS[modality]])
    return lines


def write_workbook(path: Path, patients: int = PATIENTS, seed: int = 7) -> Path:
    """Write the workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Clinical"
    for row in (GROUPS, NAMES, *clinical(patients, seed)):
        sheet.append([cell if cell != "" else None for cell in row])
    for merged in ("A1:D1", "F1:G1", "H1:K1"):
        sheet.merge_cells(merged)
    other = book.create_sheet("Imaging exams")
    other.append(["Lakeside registry: imaging of the cohort"])
    other.append([])
    for row in (EXAMS, *exams(patients, seed)):
        other.append(row)
    book.save(path)
    return path
