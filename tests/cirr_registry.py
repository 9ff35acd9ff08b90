"""An invented delivery of the assumed CIRR profile, of a seed; and the same under a site's own headers."""

from __future__ import annotations

import csv
import random
from pathlib import Path

HEADERS = {
    "patient": {"subjid": "Study ID", "age_estimateyears": "AGE", "sex": "SEX", "hostdat": "Admit Date",
                "dsstdtc": "Disch Date", "dsterm": "Outcome", "fever_ceoccur_v2": "Fever?",
                "hypertension_mhyn": "HTN", "invasive_proccur": "Vent", "icu_hoterm": "ICU",
                "corticost_cmyn": "Steroids"},
    "laboratory": {"subjid": "Study ID", "lbdtc": "Draw Date", "lbloinc": "LOINC", "lborres": "Value",
                   "lborresu": "Units"},
    "imaging": {"subjid": "Study ID", "study_uid": "StudyUID", "study_date": "Exam Date", "study_modality": "Modality"},
}  # fmt: skip
Rows = dict[str, list[dict[str, str]]]


def registry(seed: int, patients: int) -> Rows:
    """Patients with a stay each, some results and a study."""
    draw = random.Random(seed)
    rows: Rows = {name: [] for name in HEADERS}
    answer = ["1", "2", "99", "Yes", "No", ""]
    for number in range(patients):
        subject, day = f"CIRR-{number:04}", draw.randint(1, 20)
        row = {column: draw.choice(answer) for column in HEADERS["patient"]}
        row |= {"subjid": subject, "age_estimateyears": str(draw.randint(18, 88)), "sex": draw.choice("12")}
        row |= {"hostdat": f"2020-04-{day:02}", "dsstdtc": f"2020-05-{day:02}", "dsterm": draw.choice("134")}
        rows["patient"].append(row)
        for code, unit in (("1988-5", "mg/L"), ("6301-6", ""), ("94500-6", "")):
            value = draw.choice(["Positive", "Not detected"]) if code == "94500-6" else f"{draw.uniform(1, 90):.1f}"
            rows["laboratory"].append({"subjid": subject, "lbdtc": f"2020-04-{day:02}", "lbloinc": code,
                                       "lborres": value, "lborresu": unit})  # fmt: skip
        rows["imaging"].append({"subjid": subject, "study_uid": f"1.2.{number + 1}", "study_date": f"2020-04-{day:02}",
                                "study_modality": draw.choice(["CR", "CT"])})  # fmt: skip
    return rows


def write(folder: Path, rows: Rows, *, own_headers: bool = False) -> list[Path]:
    """One CSV a table."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, records in rows.items():
        paths.append(folder / f"{name}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as out:
            table = csv.DictWriter(out, list(HEADERS[name]))
            if own_headers:
                out.write(",".join(HEADERS[name].values()) + "\r\n")
            else:
                table.writeheader()
            table.writerows(records)
    return paths


def write_columns(folder: Path) -> Path:
    """The file that names the site's own headers."""
    lines = [f"{name}\t{column}\t{header}" for name, columns in HEADERS.items() for column, header in columns.items()]
    path = folder / "columns.tsv"
    path.write_text("# headers of site X\nclass\tcolumn\theader\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path
