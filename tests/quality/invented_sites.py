"""An invented study of two hospitals, a year long and without a fault: what quality checks are tried on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from harmonize.engine.store import Store
from harmonize.pipeline.acts.link import link
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project

SITES = ("North", "South")
PATIENTS = 24
MONTHS = 8
TESTS = {"2951-2": (138.0, "mmol/L"), "2160-0": (1.0, "mg/dL")}
"""LOINC code → value, unit."""
SYSTEMS = {
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
    "ucum": "http://unitsofmeasure.org",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
}


def build(store: Store, folder: Path) -> None:
    """Load both hospitals, link their images, and load a second delivery of the first one's."""
    for site in SITES:
        set_project(store, site, time="as_is")
        first = _write(folder / f"{site}-1.ndjson", resources(site, range(1, MONTHS + 1)))
        load(store, [first], source="fhir", project=site)
    later = _write(folder / "North-2.ndjson", resources("North", range(MONTHS + 1, MONTHS + 3)))
    load(store, [later], source="fhir", project="North")
    link(store)


def resources(site: str, months: range) -> Iterator[dict[str, Any]]:
    """A hospital's patients with a visit a month in these months of 2020."""
    for number in range(1, PATIENTS + 1):
        key = f"{site[0]}{number:03}"
        sex = "female" if number % 2 else "male"
        yield {"resourceType": "Patient", "id": key, "gender": sex, "birthDate": f"{1940 + number}-05-17"}
        for month in months:
            yield from _month(key, number, date(2020, month, 1 + number % 20))


def _month(key: str, number: int, day: date) -> Iterator[dict[str, Any]]:
    """A visit of two days with results, a condition, a drug and a chest X-ray."""
    subject = {"subject": {"reference": f"Patient/{key}"}}
    mark = f"{key}-{day.month}"
    stay = {"encounter": {"reference": f"Encounter/V-{mark}"}}
    second = (day + timedelta(days=1)).isoformat()
    yield {"resourceType": "Encounter", "id": f"V-{mark}", "status": "finished", "class": {"code": "IMP"}, **subject,
           "period": {"start": day.isoformat(), "end": second}}  # fmt: skip
    yield {"resourceType": "Condition", "id": f"C-{mark}", **subject, **stay, "onsetDateTime": day.isoformat(),
           "code": _code("sct", "840539006" if number % 3 else "38341003")}  # fmt: skip
    for code, (value, unit) in TESTS.items():
        quantity = {"value": round(value * (1 + (number % 7) / 50 + day.month / 200), 2), "unit": unit, "code": unit,
                    "system": SYSTEMS["ucum"]}  # fmt: skip
        yield {"resourceType": "Observation", "id": f"O-{mark}-{code}", "status": "final", **subject, **stay,
               "code": _code("loinc", code), "effectiveDateTime": second, "valueQuantity": quantity}  # fmt: skip
    yield {"resourceType": "MedicationStatement", "id": f"M-{mark}", "status": "completed", **subject,
           "medicationCodeableConcept": _code("rxnorm", "11289"),
           "effectivePeriod": {"start": day.isoformat(), "end": second}}  # fmt: skip
    yield {"resourceType": "Observation", "id": f"S-{mark}", "status": "final", **subject, **stay,
           "code": _code("loinc", "72166-2"), "effectiveDateTime": second,
           "valueCodeableConcept": _code("sct", "77176002")}  # fmt: skip
    yield {"resourceType": "Procedure", "id": f"P-{mark}", "status": "completed", **subject, **stay,
           "performedDateTime": second, "code": _code("sct", "399208008")}  # fmt: skip
    root = f"1.2.3.{ord(key[0])}.{number}.{day.month}"
    yield {"resourceType": "ImagingStudy", "id": f"I-{mark}", "status": "available", **subject, **stay,
           "started": second, "description": "XR CHEST AP PORTABLE",
           "identifier": [{"system": "urn:dicom:uid", "value": f"urn:oid:{root}"}],
           "series": [{"uid": f"{root}.1", "modality": {"code": "CR"}}]}  # fmt: skip


def _code(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": SYSTEMS[system], "code": code}]}


def _write(path: Path, found: Iterator[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in found), encoding="utf-8")
    return path
