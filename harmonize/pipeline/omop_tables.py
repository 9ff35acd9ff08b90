"""The tables of OMOP that are derived, by what their rows hang on."""

from __future__ import annotations

SHARED = ("location", "care_site", "provider")
"""Tables without a person: small, and made anew as a whole."""
EVENTS = (
    "condition_occurrence",
    "drug_exposure",
    "procedure_occurrence",
    "device_exposure",
    "measurement",
    "observation",
)
PERSON_TABLES = (
    "image_feature",
    "image_occurrence",
    "visit_detail",
    *EVENTS,
    "death",
    "note",
    "specimen",
    "observation_period",
    "visit_occurrence",
    "person",
)
