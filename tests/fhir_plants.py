"""A text in every element that a FHIR load reads: resources made from the paths of the mapping's views."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from typing import Any

from harmonize.mapping.compiler.compile import load_mapping, mapping_folder
from harmonize.mapping.views.definitions import elements, json_name
from harmonize.mapping.views.leaves import Leaf
from harmonize.validation.fhir.reads import Reads, mapping_views, reads_of

Resource = dict[str, Any]
SUBJECT = {"reference": "Patient/p1"}
DAY = "2021-03-05"
LOINC = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}
LABORATORY = "http://terminology.hl7.org/CodeSystem/observation-category"
# What each resource type needs to be loaded.
BASES: dict[str, Resource] = {
    "Patient": {"gender": "female"},
    "AllergyIntolerance": {"patient": SUBJECT, "recordedDate": DAY, "code": {"text": "nuts"}},
    "Condition": {"subject": SUBJECT, "onsetDateTime": DAY, "code": {"text": "cough"}},
    "Device": {"status": "active", "type": {"text": "pump"}},
    "DeviceUseStatement": {
        "status": "active",
        "subject": SUBJECT,
        "timingDateTime": DAY,
        "device": {"reference": "Device/device0"},
    },
    "DiagnosticReport": {
        "status": "final",
        "subject": SUBJECT,
        "effectiveDateTime": DAY,
        "code": LOINC,
        "conclusion": "well",
    },
    "DocumentReference": {
        "status": "current",
        "subject": SUBJECT,
        "date": f"{DAY}T10:00:00Z",
        "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(b"well").decode()}}],
    },
    "Encounter": {
        "status": "finished",
        "class": {"code": "IMP"},
        "subject": SUBJECT,
        "period": {"start": DAY, "end": DAY},
    },
    "ImagingStudy": {
        "status": "available",
        "subject": SUBJECT,
        "started": DAY,
        "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:2.25.1"}],
        "series": [{"uid": "2.25.2", "modality": {"code": "CT"}}],
    },
    "Immunization": {
        "status": "completed",
        "patient": SUBJECT,
        "occurrenceDateTime": DAY,
        "vaccineCode": {"text": "shot"},
    },
    "Location": {"status": "active", "name": "ward"},
    "Medication": {"code": {"text": "pills"}},
    "MedicationAdministration": {
        "status": "completed",
        "subject": SUBJECT,
        "effectiveDateTime": DAY,
        "medicationCodeableConcept": {"text": "pills"},
    },
    "MedicationDispense": {
        "status": "completed",
        "subject": SUBJECT,
        "whenHandedOver": DAY,
        "medicationCodeableConcept": {"text": "pills"},
    },
    "MedicationRequest": {
        "status": "active",
        "intent": "order",
        "subject": SUBJECT,
        "authoredOn": DAY,
        "medicationCodeableConcept": {"text": "pills"},
    },
    "MedicationStatement": {
        "status": "active",
        "subject": SUBJECT,
        "effectiveDateTime": DAY,
        "medicationCodeableConcept": {"text": "pills"},
    },
    "Observation": {
        "status": "final",
        "subject": SUBJECT,
        "effectiveDateTime": DAY,
        "code": LOINC,
        "valueString": "well",
        "category": [{"coding": [{"system": LABORATORY, "code": "laboratory"}]}],
    },
    "Organization": {"name": "clinic"},
    "Practitioner": {},
    "PractitionerRole": {"practitioner": {"reference": "Practitioner/practitioner0"}},
    "Procedure": {"status": "completed", "subject": SUBJECT, "performedDateTime": DAY, "code": {"text": "biopsy"}},
    "QuestionnaireResponse": {
        "status": "completed",
        "subject": SUBJECT,
        "authored": DAY,
        "item": [
            {"linkId": "1", "text": "smokes?", "answer": [{"valueCoding": {"system": "http://x.org", "code": "a"}}]}
        ],
    },
    "Specimen": {
        "status": "available",
        "subject": SUBJECT,
        "collection": {"collectedDateTime": DAY},
        "type": {"text": "blood"},
    },
}


def all_reads() -> dict[str, Reads]:
    """What the shipped mapping reads, by resource type."""
    folder, plan = mapping_folder("fhir"), load_mapping("fhir")
    return reads_of(folder, plan, mapping_views(folder, plan))


def planted(text: str) -> Iterator[tuple[str, Resource]]:
    """(element, resource) of every element that a load reads, the formed ones and references included, with the text
    in that element; what a resource needs to be loaded stands beside it."""
    for name, reads in all_reads().items():
        number = 0
        for leaf in (*reads.texts, *reads.formed):
            for part in _parts(leaf):
                resource = {"resourceType": name, "id": f"{name.lower()}{number}", **copy.deepcopy(BASES[name])}
                number += 1
                _put(resource, name, leaf, part, text)
                yield ".".join([name, leaf.path, *part]), resource


def _parts(leaf: Leaf) -> list[tuple[str, ...]]:
    """Of a CodeableConcept that is read whole its texts."""
    if not leaf.whole:
        return [()]
    return [("text",), ("coding", "display"), ("coding", "code"), ("coding", "system"), ("coding", "version")]


def _put(resource: Resource, kind: str, leaf: Leaf, part: tuple[str, ...], text: str) -> None:
    node: Any = resource
    for depth, (name, many) in enumerate(leaf.steps):
        if depth == 0:
            _clear(resource, kind, name)
        if depth < len(leaf.steps) - 1:
            node = node.setdefault(name, [{}] if many else {})
            node = node[0] if many else node
            if name == "extension":
                node["url"] = max(leaf.urls, key=len) if depth == 0 else "text"
            if name == "identifier" and leaf.asked:  # one that the views read
                system = "urn:dicom:uid" if "urn:dicom:uid" in leaf.asked else "urn:x"
                node.update(system=system, type={"coding": [{"code": "ACSN"}, {"code": "ACSN"}]})
        else:
            value: Any = base64.b64encode(text.encode()).decode() if leaf.type == "base64Binary" else text
            if part == ("text",):
                value = {"text": text}
            elif part:
                value = {"coding": [{"system": "http://loinc.org", "code": "8867-4", part[1]: text}]}
            node[name] = [value] if many else value


def _clear(resource: Resource, kind: str, name: str) -> None:
    """Take the other forms of a choice out."""
    for element in elements(kind).values():
        forms = [json_name(element.name, form) for form in element.types] if element.choice else []
        if name in forms:
            for form in forms:
                resource.pop(form, None)
