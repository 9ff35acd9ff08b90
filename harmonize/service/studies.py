"""Imaging studies of the published file, and the course of a patient: pseudonyms and published ids alone."""

from __future__ import annotations

from typing import Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.export.frames import Values
from harmonize.service.asking import Asked, Grid, grid
from harmonize.service.problems import not_found
from harmonize.service.state import State

FIELDS = ("project", "modality", "region", "description", "case", "tier")


def search(state: State, wanted: dict[str, str], limit: int = 200) -> Grid:
    """Studies that fit all that is given, in the order of projects, cases and days."""
    values: Values = {name: wanted.get(name) or None for name in FIELDS}
    return grid(state, Asked(sql("service/study"), values), limit)


def choices(state: State) -> dict[str, list[str]]:
    """The projects, modalities and regions that there are."""
    found = grid(state, Asked(sql("service/study_choice")), 1000).rows
    return {kind: [row["value"] for row in found if row["kind"] == kind] for kind in ("project", "modality", "region")}


def course(state: State, person: str) -> tuple[dict[str, Any], Grid]:
    """A patient, and every visit, test, value and image in the order of days."""
    if not person.isascii() or not person.isdigit() or len(person) > 18:
        raise InputError("A patient is named by its published id, a number.")
    known = grid(state, Asked(sql("service/patient"), {"person": int(person)}), 1).rows
    if not known:
        raise not_found()
    return known[0], grid(state, Asked(sql("service/course"), {"person": int(person)}), 2000)
