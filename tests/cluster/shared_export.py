"""An invented FHIR delivery that shards could get wrong: what several patients share, what is wrong in a file as a
whole, and names of one patient in the text of another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fhir_export import Resource, coded, patient

PROJECT = "Open-Invented"
DCM = "http://dicom.nema.org/resources/ontology/DCM"


def shared(changed: bool = False) -> list[Resource]:
    """An organization, two practitioners with a role, a place and a drug that resources name, and a group of all."""
    city = "Bend" if changed else "Stony Brook"
    return [
        {
            "resourceType": "Organization",
            "id": "o1",
            "name": "Invented Hospital",
            "address": [{"city": city, "state": "NY"}],
        },
        {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Inventor", "given": ["Ida"]}]},
        {"resourceType": "Practitioner", "id": "d2", "name": [{"family": "Unnamed"}]},
        {
            "resourceType": "PractitionerRole",
            "id": "r1",
            "practitioner": {"reference": "Practitioner/d1"},
            "specialty": [coded("http://snomed.info/sct", "408478003", "Critical care medicine")],
        },
        {
            "resourceType": "Medication",
            "id": "drug",
            "code": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "3264", "dexamethasone"),
        },
        {
            "resourceType": "Medication",
            "id": "odd",
            "code": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "0000", "none"),
        },
        {"resourceType": "Location", "id": "ward", "name": "Ward 1"},
        {
            "resourceType": "Group",
            "id": "all",
            "type": "person",
            "actual": True,
            "member": [{"entity": {"reference": f"Patient/p{n}"}} for n in range(6)],
        },
    ]


def more(number: int, others: int) -> list[Resource]:
    """What a patient of `fhir_export` has beside: rows that name the shared ones, a text, a picture."""
    subject, stay = {"reference": f"Patient/p{number}"}, {"reference": f"Encounter/e{number}"}
    other = (number + 1) % others
    return [
        {
            "resourceType": "MedicationAdministration",
            "id": f"given{number}",
            "status": "completed",
            "medicationReference": {"reference": "Medication/drug" if number % 2 else "Medication/odd"},
            "subject": subject,
            "context": stay,
            "effectiveDateTime": "2020-05-01T10:00:00Z",
            "performer": [{"actor": {"reference": "Practitioner/d1"}}],
        },
        {
            "resourceType": "Observation",
            "id": f"note{number}",
            "status": "final",
            "code": coded("http://loinc.org", "99999-9", "Unknown"),
            "subject": subject,
            "encounter": stay,
            "effectiveDateTime": "2020-05-02",
            "valueString": f"seen beside Invented{other}, alert",
            "performer": [{"reference": "Organization/o1"}],
            "specimen": {"reference": f"Specimen/lost{number}"},
        },
        {
            "resourceType": "ImagingStudy",
            "id": f"i{number}",
            "status": "available",
            "identifier": [{"system": "urn:dicom:uid", "value": f"urn:oid:1.2.840.99999.{number + 1}"}],
            "subject": subject,
            "encounter": stay,
            "started": "2020-05-03T09:00:00Z",
            "modality": [{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "DX"}],
            "series": [{"uid": f"1.2.840.99999.{number + 1}.1", "modality": {"system": DCM, "code": "DX"}}],
        },
        {"resourceType": "Provenance", "id": f"by{number}", "target": [{"reference": f"Observation/note{number}"}],
         "recorded": "2020-05-04T00:00:00Z", "agent": [{"who": {"reference": "Practitioner/d2"}}]},
    ]  # fmt: skip


def delivery(folder: Path, first: int = 0, last: int = 6, *, changed: bool = False) -> Path:
    """Files of NDJSON, a file a kind; with blank and broken lines, and a resource twice."""
    folder.mkdir(parents=True)
    found: dict[str, list[Resource]] = {"Shared": shared(changed)}
    for number in range(first, last):
        for resource in [*patient(number, seed=int(changed)), *more(number, last)]:
            found.setdefault(resource["resourceType"], []).append(resource)
    for name, resources in found.items():
        lines = [json.dumps(resource) for resource in resources]
        if name == "Condition":
            lines = ["", *lines, lines[0], '{"resourceType": "Condition", "id": ']
        (folder / f"{name}.ndjson").write_text("\n".join(lines) + "\n")
    return folder


def bundles(folder: Path, count: int = 4) -> Path:
    """The same patients as transaction Bundles, one a patient, whose references are urn:uuid; shared ones in each."""
    folder.mkdir(parents=True)
    for number in range(count):
        resources: list[dict[str, Any]] = [*patient(number), *more(number, count)]
        own = {
            f"{one['resourceType']}/{one['id']}": f"urn:uuid:00000000-0000-4000-8000-{number:04d}{place:08d}"
            for place, one in enumerate(resources)
        }
        text = json.dumps([*resources, *shared()[:6]])
        for name, address in own.items():
            text = text.replace(f'"{name}"', f'"{address}"')
        entries = [
            {
                "fullUrl": own.get(f"{one['resourceType']}/{one['id']}", f"urn:uuid:{one['resourceType']}-{one['id']}"),
                "resource": one,
            }
            for one in json.loads(text)
        ]
        (folder / f"b{number}.json").write_text(
            json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
        )
    return folder
