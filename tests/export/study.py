"""An invented store with all kinds of keys, days and UIDs: resources of an offset project, tables of a shifted one, and
readings of images that are public."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import mdai_export

from harmonize.engine.store import Store
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project

HOSPITAL = Path(__file__).parent.parent / "pipeline" / "data" / "hospital"
PATIENTS = 12
RESULTS = 10
ROOT = "1.2.840.113619.2.55.1"
PUBLIC_ROOT = "1.3.6.1.4.1.14519.5.2.1"
DAYS = ("2020-03-02", "2020-03-03", "1950-05-06")
"""Days as the resources have them; OMOP counts others."""


def build(store: Store, folder: Path) -> None:
    """Load all of it into a new store."""
    (folder / "shift.key").write_bytes(b"0123456789abcdef0123")
    set_project(store, "O", time="offset", source_anchor=date(2020, 3, 1), anchor=date(2000, 1, 1))
    set_project(store, "S", time="shifted", key_file=folder / "shift.key")
    delivery = folder / "Patients of Ward 7.ndjson"
    delivery.write_text("".join(json.dumps(one) + "\n" for one in resources()), encoding="utf-8")
    load(store, [delivery], source="fhir", project="O")
    load(store, _tables(folder), source="ehr", mapping=str(HOSPITAL), project="S")
    index, export = _readings(folder)
    load(store, [index], source="idc", project="R")
    load(store, [export], source="ricord", project="R")


def case(number: int) -> str:
    """A patient's key in the order of the file."""
    return f"MRN-0048{number:04}"


def resources() -> list[dict[str, Any]]:
    """What a hospital's server would send of some patients and a ward's staff."""
    found: list[dict[str, Any]] = [
        {"resourceType": "Organization", "id": "ORG-900017", "name": "Saint Nowhere Hospital"},
        {"resourceType": "Practitioner", "id": "DOC-33007", "active": True},
        {"resourceType": "DeviceUseStatement", "id": "USE-20077", "status": "active", "timingDateTime": "2020-03-03",
         "subject": {"reference": f"Patient/{case(1)}"}, "device": {"reference": "Device/DEV-10077"}},
        {"resourceType": "Device", "id": "DEV-10077", "status": "active",
         "udiCarrier": [{"carrierHRF": "(01)00844588003288(21)SN98765432", "deviceIdentifier": "00844588003288"}],
         "serialNumber": "SN98765432"},
    ]  # fmt: skip
    for number in range(1, PATIENTS + 1):
        subject = {"reference": f"Patient/{case(number)}"}
        encounter = {"reference": f"Encounter/ENC-{7000 + number}"}
        common = {"subject": subject, "encounter": encounter}
        found += [
            {"resourceType": "Patient", "id": case(number), "gender": "female", "birthDate": "1950-05-06",
             "managingOrganization": {"reference": "Organization/ORG-900017"}},
            {"resourceType": "Encounter", "id": f"ENC-{7000 + number}", "status": "finished", "class": {"code": "IMP"},
             "subject": subject, "period": {"start": "2020-03-02", "end": "2020-03-09"},
             "participant": [{"individual": {"reference": "Practitioner/DOC-33007"}}]},
            {"resourceType": "DocumentReference", "id": f"NOTE-{5500 + number}", "status": "current",
             "subject": subject, "date": "2020-03-03T00:00:00Z", "description": "seen 2020-03-03",
             "content": [{"attachment": {"contentType": "text/plain", "title": "visit of 3 March 2020",
                                         "data": base64.b64encode(b"Seen on 2020-03-03.").decode()}}]},
            {"resourceType": "ImagingStudy", "id": f"IMG-{6600 + number}", "status": "available", "subject": subject,
             "started": "2020-03-03",
             "identifier": [{"system": "urn:dicom:uid", "value": f"urn:oid:{ROOT}.20200303.{number}"}],
             "series": [{"uid": f"{ROOT}.20200303.{number}.1", "modality": {"code": "CT"}}]},
            {"resourceType": "Specimen", "id": f"SPEC-{4400 + number}", "subject": subject,
             "type": {"coding": [{"system": "http://snomed.info/sct", "code": "119297000"}]},
             "collection": {"collectedDateTime": "2020-03-02"}},
            {"resourceType": "Condition", "id": f"COND-{3300 + number}", **common, "onsetDateTime": "2020-03-02",
             "code": {"coding": [{"system": "http://snomed.info/sct", "code": "840539006"}]}},
            *(
                {"resourceType": "Observation", "id": f"OBS-{number:03}{result:03}", "status": "final", **common,
                 "code": {"coding": [{"system": "http://loinc.org", "code": "2951-2"}]},
                 "effectiveDateTime": "2020-03-03",
                 **({"valueString": "as on 2020-03-02"} if result == 0 else
                    {"valueQuantity": {"value": 130 + result, "unit": "mmol/L", "code": "mmol/L"}})}
                for result in range(RESULTS)
            ),
        ]  # fmt: skip
    found.append(
        {"resourceType": "Procedure", "id": "PROC-77001", "status": "completed", "performedDateTime": "2020-03-03",
         "subject": {"reference": f"Patient/{case(1)}"},
         "code": {"coding": [{"system": "http://snomed.info/sct", "code": "169069000"}]}}
    )  # fmt: skip
    return found


def _tables(folder: Path) -> list[Path]:
    patients = "".join(f"AB{number:05},{1930 + number},,F,021\n" for number in range(4)) + "AB00009,1917,,M,\n"
    stays = "".join(f"ST{number:05},AB{number:05},inpatient,2021-03-01,2021-03-09,home\n" for number in range(4))
    results = "".join(
        f"RES{number:05},AB{number:05},ST{number:05},2951-2,2021-03-02,140,mmol/L,\n" for number in range(4)
    )
    texts = {
        "patient": "patient_id,birth_year,age,sex,zip3\n" + patients,
        "stay": "stay_id,patient_id,kind,admitted,discharged,outcome\n" + stays,
        "result": "result_id,patient_id,stay_id,code,day,value,unit,action\n" + results,
    }
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def _readings(folder: Path) -> tuple[Path, Path]:
    """The index and the export of mdai_export, with UIDs as collections have them."""
    annotations = [
        mdai_export.read(10 * study + place, study, group, place % 2)
        for study in range(1, 5)
        for place, group in enumerate(("North", "East", "South"))
    ]
    index = mdai_export.write_index(folder, 4)
    export = mdai_export.write(folder, mdai_export.export(annotations, 4))
    for path in (index, export):
        path.write_text(path.read_text().replace("1.2.", f"{PUBLIC_ROOT}."))
    return index, export
