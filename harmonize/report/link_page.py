"""The report of a link as one HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.imaging.coverage import REASONS
from harmonize.imaging.day_match import DOUBTFUL, REFUSED, TIERS
from harmonize.report.blocks import Bar, Table, made_now, table
from harmonize.report.page import render
from harmonize.report.store_facts import StoreFacts

if TYPE_CHECKING:
    from harmonize.imaging.coverage import LinkResult
    from harmonize.report.blocks import Made

MOST = 50
"""So many patients are shown."""
_TIERS = (
    ("person_tiers", "How studies were joined to persons"),
    ("procedure_tiers", "How studies were joined to procedures"),
    ("tiers", "How studies were joined to visits"),
    ("kept_apart", "Told, and kept apart"),
)


def link_page(result: LinkResult, store: StoreFacts | None = None, made: Made | None = None) -> str:
    """The whole document: totals, then a section a project, then the files that `store` knows."""
    total = result.to_json()
    projects = [_project(f"project-{number}", project) for number, project in enumerate(total["projects"], 1)]
    known = store or StoreFacts((), ())
    files = [("files", "Files")] if known.files else []
    return render(
        "link.html",
        title="Images and clinical records",
        made=made or made_now(),
        sections=[*((project["anchor"], project["name"]) for project in projects), *files],
        store=known,
        tiles=[
            ("studies", total["studies"]),
            ("linked to a clinical record", total["studies_linked"]),
            ("within a visit", total["studies_with_visit"]),
            ("persons", total["persons"]),
            ("persons without images", total["persons_without_images"]),
        ],
        projects=projects,
        notes=result.notes,
        seconds=result.seconds,
    )


def _project(anchor: str, project: dict[str, Any]) -> dict[str, Any]:
    """What the template tells of a project: its sums, then tables."""
    match = project.get("day_match")
    refused = match is not None and match["setting"] == REFUSED
    return {
        "anchor": anchor,
        "name": project["project_id"],
        "sums": project,
        "studies": project["studies"] + project["studies_without_series"],
        "unlinked": table(
            [{"reason": REASONS[name], "studies": count} for name, count in project["studies_unlinked"].items()],
            "Studies without clinical data",
        ),
        "days_refused": refused,
        "days": _day_match(match) if match and not refused else None,
        "tiers": [_tiers(project[entry], caption) for entry, caption in _TIERS],
        "shifts": _shifts(project["containment"]) if project["series"] else None,
    }


def _tiers(counts: dict[str, int], caption: str) -> Table:
    most = max(1, *counts.values()) if counts else 1
    return table([{"tier": name, "count": Bar(count / most, f"{count:,}")} for name, count in counts.items()], caption)


def _shifts(containment: dict[str, int]) -> Table:
    most = max(1, *containment.values())
    return table(
        [{"days": shift, "patients": Bar(count / most, f"{count:,}")} for shift, count in containment.items()],
        "Patients with a study inside a visit, if images were dated so many days later",
    )


def _day_match(match: dict[str, Any]) -> dict[str, Any]:
    """Patients by how the days of their exams fit the dates of their images, and those to look at."""
    doubtful = [case for case in match["cases"] if case["tier"] in DOUBTFUL]
    rows = [{"tier": tier, "meaning": TIERS[tier], "patients": count} for tier, count in match["tiers"].items()]
    return {
        "matched": match["matched"],
        "compared": sum(match["tiers"].values()),
        "tiers": table(rows, "Exams by day and images by date"),
        "doubtful": table(doubtful[:MOST], f"Patients to look at, {min(len(doubtful), MOST):,} of {len(doubtful):,}"),
    }
