"""An invented clean EHR extract: patients, stays and results of a ward, as its contributor's CSV files."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

WARD = Path(__file__).parent / "data" / "ward"
PATIENTS = 24
Rows = dict[str, list[dict[str, str]]]


def clean_ward(seed: int = 7) -> Rows:
    """Rows by file; the same for the same seed."""
    chance = random.Random(seed)
    rows: Rows = {"patient": [], "stay": [], "result": []}
    for number in range(1, PATIENTS + 1):
        patient, admitted = f"W{number:04d}", date(2020, 3, 1) + timedelta(days=chance.randint(0, 300))
        rows["patient"].append(
            {
                "patient_id": patient,
                "sex": chance.choice(["Female", "Male"]),
                "born": str(date(1950, 1, 1) + timedelta(days=400 * number)),
            }
        )
        rows["stay"].append(
            {
                "stay_id": f"S{number}",
                "patient_id": patient,
                "admitted": str(admitted),
                "discharged": str(admitted + timedelta(days=chance.randint(3, 20))),
                "temperature": f"{chance.choice([36.4, 37.1, 38.2])}",
                "outcome": "home",
            }
        )
        rows["result"].append(
            {
                "result_id": f"R{number}",
                "patient_id": patient,
                "stay_id": f"S{number}",
                "code": "1742-6",
                "test": "Alanine aminotransferase",
                "drawn": f"{admitted + timedelta(days=1)} 08:30",
                "value": f"{chance.randint(10, 90)}.5",
                "unit": "U/L",
            }
        )
    return rows


def write_ward(folder: Path, rows: Rows) -> Path:
    """One CSV a class."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(records[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(records)
    return folder
