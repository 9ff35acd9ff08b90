"""Studies, a patient's course, and where a row comes from."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from harmonize.engine.errors import InputError
from harmonize.report.blocks import table
from harmonize.service import studies as found_studies
from harmonize.service.access import Analyst, Steward, audit
from harmonize.service.pages.frame import page
from harmonize.service.routes.lineage import LARGEST_ID, lineage_of
from harmonize.service.state import state_of

router = APIRouter(include_in_schema=False)
Short = Annotated[str, Query(max_length=200)]
KINDS = {
    "imaging": "image",
    "visit_occurrence": "visit",
    "visit_detail": "visit",
    "measurement": "value",
    "observation": "observation",
    "condition_occurrence": "condition",
    "drug_exposure": "drug",
    "procedure_occurrence": "procedure",
    "device_exposure": "device",
    "specimen": "specimen",
    "note": "note",
    "death": "death",
}
TABLES = [name for name in KINDS if name != "imaging"]


@router.get("/studies", response_class=HTMLResponse)
def studies(
    request: Request,
    who: Analyst,
    project: Short = "",
    modality: Short = "",
    region: Short = "",
    description: Short = "",
    case: Short = "",
) -> HTMLResponse:
    """Search imaging studies."""
    state = state_of(request)
    wanted = {"project": project, "modality": modality, "region": region, "description": description, "case": case}
    audit(request, who, "studies", "", **wanted)
    found = found_studies.search(state, wanted)
    return page(
        request, "studies.html", title="Studies", wanted=wanted, found=found, choices=found_studies.choices(state)
    )


@router.get("/patients/{person}", response_class=HTMLResponse)
def patient(request: Request, person: str, who: Analyst) -> HTMLResponse:
    """The course of a patient, day by day."""
    audit(request, who, "patient", person)
    known, events = found_studies.course(state_of(request), person)
    return page(
        request,
        "patient.html",
        title=known["case_key"],
        known=known,
        days=_days(events.rows),
        truncated=events.truncated,
        kinds=KINDS,
        steward=who.may("lineage"),
    )


def _days(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(day or "without a day", list(events)) for day, events in groupby(rows, key=lambda row: row["day"])]


@router.get("/lineage", response_class=HTMLResponse)
def lineage(request: Request, who: Steward, row: Short = "", of: Short = "measurement") -> HTMLResponse:
    """Which file and line a published row comes from."""
    found, wrong = None, None
    if row:
        audit(request, who, "lineage", f"{of} {row}", published=True)
        try:
            found = table(_rows(request, of, row), f"Records behind {of} {row}")
        except InputError as problem:
            wrong = problem
    return page(
        request,
        "lineage.html",
        title="Lineage",
        status=422 if wrong else 200,
        found=found,
        wrong=wrong,
        row=row,
        of=of,
        tables=TABLES,
    )


def _rows(request: Request, of: str, row: str) -> list[dict[str, Any]]:
    if not row.isascii() or not row.isdigit() or int(row[:20]) > LARGEST_ID:
        raise InputError("A row has a number.", "It is in the first column of the published table.")
    return [
        {name: value if name != "mapping_version" else str(value)[:12] for name, value in one.items()}
        for one in lineage_of(state_of(request), of, int(row), True)
    ]
