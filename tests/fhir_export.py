"""Invented FHIR R4 resources for tests: patients with encounters, conditions, results, drugs.

Nobody's data: every value follows from a seed.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
_CODES = [("44054006", "Diabetes mellitus type 2"), ("38341003", "Hypertensive disorder"), ("840539006", "COVID-19")]
_LABS = [("1742-6", "Alanine aminotransferase", "U/L"), ("14804-9", "Lactate dehydrogenase", "U/L")]


def coded(system: str, code: str, display: str) -> Resource:
    """A CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def patient(number: int, seed: int = 0) -> list[Resource]:
    """One patient with a stay: nine resources that refer to each other as Type/id."""
    dice = random.Random(f"{seed}/{number}")
    key, stay = f"p{number}", f"e{number}"
    subject, encounter = {"reference": f"Patient/{key}"}, {"reference": f"Encounter/{stay}"}
    day = f"20{dice.randint(19, 21)}-0{dice.randint(1, 9)}-{dice.randint(10, 28)}"
    category = "http://terminology.hl7.org/CodeSystem/observation-category"
    event = {"subject": subject, "encounter": encounter}
    results = [
        {
            "resourceType": "Observation",
            "id": f"lab{number}-{index}",
            "status": "final",
            "category": [coded(category, "laboratory", "Laboratory")],
            "code": coded("http://loinc.org", code, display),
            **event,
            "effectiveDateTime": f"{day}T07:{dice.randint(10, 59)}:00+01:00",
            "valueQuantity": {
                "value": dice.randint(50, 990) / 10,
                "unit": unit,
                "system": "http://unitsofmeasure.org",
                "code": unit,
            },
        }
        for index, (code, display, unit) in enumerate(_LABS)
    ]
    parts = [("8480-6", "Systolic blood pressure", 128), ("8462-4", "Diastolic blood pressure", 81)]
    pressure = {
        "resourceType": "Observation",
        "id": f"bp{number}",
        "status": "final",
        "category": [coded(category, "vital-signs", "Vital signs")],
        "code": coded("http://loinc.org", "85354-9", "Blood pressure panel"),
        **event,
        "effectiveDateTime": day,
        "component": [
            {
                "code": coded("http://loinc.org", code, display),
                "valueQuantity": {
                    "value": value + dice.randint(-9, 9),
                    "unit": "mmHg",
                    "system": "http://unitsofmeasure.org",
                    "code": "mm[Hg]",
                },
            }
            for code, display, value in parts
        ],
    }
    snomed, status = "http://snomed.info/sct", "http://terminology.hl7.org/CodeSystem/condition-"
    problem = coded(snomed, *dice.choice(_CODES))
    return [
        {
            "resourceType": "Patient",
            "id": key,
            "identifier": [{"system": "http://example.org/study", "value": f"S-{number:04d}"}],
            "name": [{"family": f"Invented{number}", "given": ["Ada"]}],
            "gender": dice.choice(["female", "male"]),
            "birthDate": f"19{dice.randint(30, 99)}-0{dice.randint(1, 9)}-{dice.randint(10, 28)}",
        },
        {
            "resourceType": "Encounter",
            "id": stay,
            "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
            "type": [coded(snomed, "32485007", "Hospital admission")],
            "subject": subject,
            "period": {"start": f"{day}T06:00:00Z", "end": f"{day}T22:00:00Z"},
        },
        {
            "resourceType": "Condition",
            "id": f"c{number}",
            "clinicalStatus": coded(f"{status}clinical", "active", "Active"),
            "verificationStatus": coded(f"{status}ver-status", "confirmed", "Confirmed"),
            "category": [coded(f"{status.removesuffix('-')}-category", "encounter-diagnosis", "Encounter diagnosis")],
            "code": problem,
            **event,
            "onsetDateTime": day,
        },
        *results,
        pressure,
        {
            "resourceType": "Procedure",
            "id": f"x{number}",
            "status": "completed",
            "code": coded(snomed, "399208008", "Plain chest X-ray"),
            **event,
            "performedPeriod": {"start": f"{day}T08:00:00Z", "end": f"{day}T08:05:00Z"},
        },
        {
            "resourceType": "MedicationRequest",
            "id": f"m{number}",
            "status": "active",
            "intent": "order",
            "contained": [
                {
                    "resourceType": "Medication",
                    "id": "drug",
                    "code": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "3264", "dexamethasone"),
                }
            ],
            "medicationReference": {"reference": "#drug"},
            "subject": subject,
            "authoredOn": f"{day}T09:00:00Z",
            "requester": {"display": "Doctor Invented"},
        },
        {
            "resourceType": "Immunization",
            "id": f"i{number}",
            "status": "completed",
            "vaccineCode": coded("http://hl7.org/fhir/sid/cvx", "207", "COVID-19 mRNA vaccine"),
            "patient": subject,
            "occurrenceDateTime": day,
        },
    ]


def patients(count: int, seed: int = 0) -> list[Resource]:
    """The resources of some patients."""
    return [resource for number in range(count) for resource in patient(number, seed)]


def write_ndjson(path: Path, resources: list[Resource]) -> Path:
    """One resource a line."""
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
    return path


def bundle(resources: list[Resource], kind: str = "transaction") -> Resource:
    """A Bundle whose entries have urn:uuid addresses, which the references use."""
    urls = {f"{r['resourceType']}/{r['id']}": f"urn:uuid:{r['resourceType'].lower()}-{r['id']}" for r in resources}
    text = json.dumps(resources)
    for name, url in urls.items():
        text = text.replace(f'"reference": "{name}"', f'"reference": "{url}"')
    entries = [
        {
            "fullUrl": urls[f"{r['resourceType']}/{r['id']}"],
            "resource": r,
            **({"request": {"method": "POST", "url": r["resourceType"]}} if kind in ("transaction", "batch") else {}),
        }
        for r in json.loads(text)
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}
