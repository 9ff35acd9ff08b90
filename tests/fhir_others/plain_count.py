"""An independent reading of FHIR files: json and nothing of harmonize. It says what OMOP must hold of whom, from when,
with which code, number and unit, by the rules that docs/fhir.md states.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
Number = tuple[float, frozenset[str]]
"""A value and the spellings of its unit."""

# Which statuses pass; a type without one has none.
PASSES = {
    "Encounter": {"arrived", "triaged", "in-progress", "finished"},
    "Observation": {"final", "amended", "corrected"},
    "Procedure": {"completed", "not-done"},
    "Immunization": {"completed", "not-done"},
    "MedicationAdministration": {"completed", "not-done"},
    "MedicationRequest": {"active", "completed", "stopped"},
}
# The elements that date a record, the first that is there; of a Period its start.
DATES = {
    "Encounter": ("period",),
    "Condition": ("onsetDateTime", "onsetPeriod", "recordedDate"),
    "Observation": ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"),
    "Procedure": ("performedDateTime", "performedPeriod"),
    "Immunization": ("occurrenceDateTime", "recorded"),
    "MedicationAdministration": ("effectiveDateTime", "effectivePeriod"),
    "MedicationRequest": ("authoredOn",),
}
CODES = {
    "Condition": "code", "Observation": "code", "Procedure": "code", "Immunization": "vaccineCode",
    "MedicationAdministration": "medicationCodeableConcept", "MedicationRequest": "medicationCodeableConcept",
}  # fmt: skip
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
# Answers to questions for what identifies a person are quarantined (docs/privacy.md): LOINC's address.
_PRIVATE = {"56799-0"}


@dataclass(frozen=True)
class Fact:
    """What OMOP must hold of one record."""

    type: str
    key: str
    person: str
    date: str
    codes: frozenset[str]
    numbers: tuple[Number, ...]
    denied: bool
    """It says that something was not: an observation, and no event."""


@dataclass
class Delivery:
    """The resources of a set by key, each once."""

    resources: dict[str, Resource] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """Address (fullUrl, Type/id) → key."""
    conflicts: set[str] = field(default_factory=set)
    owners: dict[int, dict[str, str]] = field(default_factory=dict)
    """Python's id of a resource → the addresses within its Bundle."""

    def add(self, resource: Resource, full_url: str | None, bundle: dict[str, str]) -> None:
        """Take up one resource: of two with one key and other content, none is known to be right."""
        name = resource.get("id") or (full_url or "").rpartition(":")[2].rpartition("/")[2]
        if not name:
            return
        key = f"{resource['resourceType']}/{name}"
        before = self.resources.get(key)
        if before is not None and _content(before) != _content(resource):
            versions = {_version(before), _version(resource)}
            if len(versions) == 1 or ("", "") in versions:
                self.conflicts.add(key)
            resource = max((before, resource), key=_version)
        self.resources[key] = resource
        self.owners[id(resource)] = bundle
        self.places[key] = key
        if full_url:
            self.places.setdefault(full_url, key)
            bundle[full_url] = key

    def target(self, resource: Resource, reference: str | None) -> str | None:
        """The key of what a reference names, if it is there."""
        if not reference:
            return None
        plain = re.sub(r"/_history/.*$", "", reference)
        return self.owners[id(resource)].get(plain) or self.places.get(plain)


def read(paths: list[Path]) -> Delivery:
    """The resources of all files: NDJSON, Bundles, single resources."""
    delivery = Delivery()
    for path in paths:
        text = path.read_text(encoding="utf-8-sig")
        documents = text.splitlines() if path.suffix == ".ndjson" else [text]
        for document in filter(str.strip, documents):
            _take(json.loads(document, parse_float=str), delivery)
    return delivery


def _take(document: Any, delivery: Delivery) -> None:
    if not isinstance(document, dict) or "resourceType" not in document:
        return
    bundle: dict[str, str] = {}
    if document["resourceType"] != "Bundle":
        delivery.add(document, None, bundle)
        return
    for entry in document.get("entry", ()):
        if "resource" in entry:
            delivery.add(entry["resource"], entry.get("fullUrl"), bundle)


def _content(resource: Resource) -> str:
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in ("lastUpdated", "versionId")}
    rest = {name: value for name, value in resource.items() if name not in ("meta", "text")}
    return json.dumps([rest, meta], sort_keys=True)


def _version(resource: Resource) -> tuple[str, str]:
    meta = resource.get("meta", {})
    return (meta.get("lastUpdated", ""), meta.get("versionId", ""))


def persons(delivery: Delivery) -> set[str]:
    """The Patients: OMOP has a person for each."""
    found = (key for key in delivery.resources if key.startswith("Patient/"))
    return {key.partition("/")[2] for key in found if key not in delivery.conflicts}


def facts(delivery: Delivery) -> Iterator[Fact]:
    """What OMOP must hold of the records of the types in DATES."""
    born = {key: delivery.resources[key].get("birthDate", "") for key in delivery.resources if key[:8] == "Patient/"}
    for key, resource in delivery.resources.items():
        kind = resource["resourceType"]
        if kind not in DATES or key in delivery.conflicts or not _passes(resource):
            continue
        person = delivery.target(resource, (resource.get("subject") or resource.get("patient") or {}).get("reference"))
        date = _date(resource, DATES[kind])
        if person not in born or person in delivery.conflicts or not date or date < born[person][: len(date)]:
            continue
        codes = _codes(delivery, resource, CODES.get(kind))
        for part in resource.get("component", ()):
            codes |= _codes(delivery, part, "code")
        if not codes & _PRIVATE:
            numbers = tuple(_numbers(resource))
            yield Fact(kind, key, person.partition("/")[2], _full(date), codes, numbers, _is_denied(resource))


def _passes(resource: Resource) -> bool:
    """Whether a record says that something was, by its status and the elements that turn its meaning."""
    kind = resource["resourceType"]
    if kind in PASSES and resource.get("status") not in PASSES[kind]:
        return False
    if kind == "Observation":
        has_value = any(name.startswith("value") for name in resource) or "component" in resource
        return "dataAbsentReason" not in resource and (has_value or "hasMember" not in resource)
    if kind == "MedicationRequest":
        return str(resource.get("intent", "")).endswith("order")
    return _verified(resource) in ("confirmed", "provisional", "differential", "refuted")


def _verified(resource: Resource) -> str:
    told = resource.get("verificationStatus", {}).get("coding", ())
    own = [str(coding.get("code")) for coding in told if coding.get("system") == _VERIFICATION]
    return own[0] if own else "confirmed"


def _is_denied(resource: Resource) -> bool:
    if resource.get("status") == "not-done" or resource.get("doNotPerform"):
        return True
    return resource["resourceType"] == "Condition" and _verified(resource) != "confirmed"


def _date(resource: Resource, elements: tuple[str, ...]) -> str:
    for element in elements:
        value = resource.get(element)
        value = value.get("start") if isinstance(value, dict) else value
        if value:
            return str(value)[:10]
    return ""


def _full(date: str) -> str:
    """A partial date as its first day."""
    return (date + "-01-01")[:10] if len(date) == 4 else (date + "-01")[:10]


def _codes(delivery: Delivery, resource: Resource, element: str | None) -> frozenset[str]:
    """All spellings of what a record is of: codes, displays, text."""
    if element is None:
        return frozenset()
    told = resource.get(element)
    if told is None and "medicationReference" in resource:
        reference = resource["medicationReference"].get("reference", "")
        inner = [one for one in resource.get("contained", ()) if f"#{one.get('id')}" == reference]
        key = delivery.target(resource, reference)
        drug = inner[0] if inner else delivery.resources.get(key or "", {})
        told = drug.get("code")
    told = told or {}
    codings = told.get("coding", ())
    return frozenset(
        value
        for value in (*(c.get("code") for c in codings), *(c.get("display") for c in codings), told.get("text"))
        if value
    )


def _numbers(resource: Resource) -> Iterator[Number]:
    """The quantities of an Observation and of its components."""
    for part in (resource, *resource.get("component", ())):
        if resource["resourceType"] != "Observation" or "dataAbsentReason" in part:
            continue
        quantity = part.get("valueQuantity", {"value": part.get("valueInteger")})
        if quantity.get("value") is not None:
            units = frozenset(str(quantity[name]) for name in ("unit", "code") if quantity.get(name))
            yield float(quantity["value"]), units


def by_type(found: list[Fact]) -> dict[str, list[Fact]]:
    """The facts of each type."""
    grouped: dict[str, list[Fact]] = defaultdict(list)
    for fact in found:
        grouped[fact.type].append(fact)
    return grouped
