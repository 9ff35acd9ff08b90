"""The report of a link as one HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.imaging.coverage import REASONS
from harmonize.imaging.day_match import DOUBTFUL, REFUSED, TIERS
from harmonize.report.page import Html, bar, page, paragraph, table, tiles

if TYPE_CHECKING:
    from harmonize.imaging.coverage import LinkResult

MOST = 50
"""So many patients are shown."""
_TIERS = (
    ("person_tiers", "How studies were joined to persons"),
    ("procedure_tiers", "How studies were joined to procedures"),
    ("tiers", "How studies were joined to visits"),
    ("kept_apart", "Told, and kept apart"),
)


def link_page(result: LinkResult) -> str:
    """The whole document: totals, then a section a project."""
    total = result.to_json()
    opening = [
        paragraph("Imaging studies beside clinical records: what was linked, how, and what was not, with the reason."),
        tiles(
            {
                "studies": total["studies"],
                "linked to a clinical record": total["studies_linked"],
                "within a visit": total["studies_with_visit"],
                "persons": total["persons"],
                "persons without images": total["persons_without_images"],
            }
        ),
    ]
    sections = {
        (f"project-{number}", project["project_id"]): _project(project)
        for number, project in enumerate(total["projects"], 1)
    }
    return page("Images and clinical records", opening, sections, f"Linked in {result.seconds:.1f} seconds.")


def _project(project: dict[str, Any]) -> list[Html]:
    parts = [
        paragraph(
            f"{project['studies_linked']:,} of {project['studies'] + project['studies_without_series']:,} studies are "
            f"linked to a clinical record; {project['persons_without_images']:,} of {project['persons']:,} persons "
            "have no images."
        ),
        table(
            [{"reason": REASONS[name], "studies": count} for name, count in project["studies_unlinked"].items()],
            "Studies without clinical data",
        ),
    ]
    if match := project.get("day_match"):
        parts += _day_match(match)
    for entry, caption in _TIERS:
        parts.append(table([{"tier": name, "count": count} for name, count in project[entry].items()], caption))
    if project["series"]:
        most = max(1, *project["containment"].values())
        parts.append(
            table(
                [
                    {"days": shift, "patients": count, "": bar(count / most)}
                    for shift, count in project["containment"].items()
                ],
                "Patients with a study inside a visit, if images were dated so many days later",
            )
        )
    return parts


def _day_match(match: dict[str, Any]) -> list[Html]:
    """Patients by how the days of their exams fit the dates of their images, and those to look at."""
    if match["setting"] == REFUSED:
        return [paragraph("Exams by day are matched with no images: their dates were moved study by study.")]
    doubtful = [case for case in match["cases"] if case["tier"] in DOUBTFUL]
    rows = [{"tier": tier, "meaning": TIERS[tier], "patients": count} for tier, count in match["tiers"].items()]
    compared = sum(match["tiers"].values())
    told = f"{match['matched']:,} of {compared:,} patients with exams by day and images by date are matched."
    return [
        paragraph(told),
        table(rows, "Exams by day and images by date"),
        table(doubtful[:MOST], f"Patients to look at, {min(len(doubtful), MOST):,} of {len(doubtful):,}"),
    ]
