"""Classes and discharges of Encounters whose concepts only a fuller vocabulary than the starter has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harmonize.engine.store import Store
from harmonize.pipeline.load import load

CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
R2 = "http://hl7.org/fhir/encounter-class"
HL7 = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
NUBC = "https://www.nubc.org/CodeSystem/PatDischargeStatus"
# Codes of an invented download: the ids are of no vocabulary.
DOWNLOAD = [
    (900_001, "Visit", "OMOP5556618"),
    (900_002, "Visit", "OMOP4822459"),
    (900_003, "CMS Place of Service", "31"),
    (900_004, "CMS Place of Service", "34"),
    (900_005, "CMS Place of Service", "20"),
    (900_101, "UB04 Pt dis status", "01"),
    (900_107, "UB04 Pt dis status", "07"),
    (900_120, "UB04 Pt dis status", "20"),
]


@pytest.fixture
def full(new_store: Store) -> Store:
    for vocabulary in sorted({vocabulary for _, vocabulary, _ in DOWNLOAD}):
        new_store.con.execute(
            "INSERT INTO omop.vocabulary BY NAME SELECT ? AS vocabulary_id, ? AS vocabulary_name, "
            "0 AS vocabulary_concept_id WHERE NOT EXISTS (FROM omop.vocabulary WHERE vocabulary_id = ?)",
            [vocabulary] * 3,
        )
    for concept_id, vocabulary, code in DOWNLOAD:
        new_store.con.execute(
            "INSERT INTO omop.concept BY NAME SELECT ? AS concept_id, ? AS concept_name, 'Visit' AS domain_id, "
            "? AS vocabulary_id, 'Visit' AS concept_class_id, 'S' AS standard_concept, ? AS concept_code, "
            "DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date",
            [concept_id, f"concept {code}", vocabulary, code],
        )
    return new_store


def visits(store: Store, path: Path, stays: list[dict[str, object]]) -> list[tuple[int, int | None]]:
    """The concepts of class and discharge of each stay."""
    patient = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1960-05-17"}
    encounters = [
        {
            "resourceType": "Encounter",
            "id": f"e{number:02}",
            "status": "finished",
            "subject": {"reference": "Patient/p1"},
            "period": {"start": "2020-03-01", "end": "2020-03-05"},
            **stay,
        }
        for number, stay in enumerate(stays)
    ]
    path.write_text("".join(json.dumps(resource) + "\n" for resource in [patient, *encounters]), encoding="utf-8")
    load(store, [path], source="fhir", project="Open-R1")
    return store.con.execute(
        "SELECT visit_concept_id, discharged_to_concept_id FROM omop.visit_occurrence ORDER BY visit_occurrence_id"
    ).fetchall()


def test_classes_that_a_fuller_vocabulary_knows(full: Store, tmp_path: Path) -> None:
    expected = {
        (CLASSES, "VR"): 900_001, (CLASSES, "virtual"): 900_001, (R2, "virtual"): 900_001,
        (CLASSES, "HH"): 900_002, (CLASSES, "home"): 900_002, (CLASSES, "home health"): 900_002, (R2, "home"): 900_002,
        (CLASSES, "snf"): 900_003, (CLASSES, "hospice"): 900_004, (CLASSES, "urgentcare"): 900_005,
        (CLASSES, "FLD"): 0, (CLASSES, "SS"): 0, ("urn:oid:1.2.3", "VR"): 0, ("urn:oid:1.2.3", "snf"): 0,
    }  # fmt: skip
    stays: list[dict[str, object]] = [{"class": {"system": system, "code": code}} for system, code in expected]
    found = [concept for concept, _ in visits(full, tmp_path / "r.ndjson", stays)]
    assert dict(zip(expected, found, strict=True)) == expected


def test_discharges_that_a_fuller_vocabulary_knows(full: Store, tmp_path: Path) -> None:
    expected = {
        (HL7, "exp"): 900_120, (NUBC, "20"): 900_120, ("http://www.nubc.org/patient-discharge", "20"): 900_120,
        (HL7, "aadvice"): 900_107, (NUBC, "07"): 900_107, (NUBC, "7"): 900_107,
        ("http://www.nubc.org/patient-discharge", "1"): 900_101,
        ("urn:oid:1.2.3", "20"): 0, ("urn:oid:1.2.3", "exp"): 0,
    }  # fmt: skip
    stays: list[dict[str, object]] = [
        {
            "class": {"system": CLASSES, "code": "IMP"},
            "hospitalization": {"dischargeDisposition": {"coding": [{"system": system, "code": code}]}},
        }
        for system, code in expected
    ]
    found = [concept for _, concept in visits(full, tmp_path / "r.ndjson", stays)]
    assert dict(zip(expected, found, strict=True)) == expected
