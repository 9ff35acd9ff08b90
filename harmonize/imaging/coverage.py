"""Coverage of the link between images and persons, visits and procedures: numbers that can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


SHIFTS = range(-2, 3)


@dataclass
class LinkResult:
    """Coverage of the link: totals, tiers by project, and containment for other day offsets."""

    projects: list[dict[str, Any]]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize link --json` prints: totals, and one entry a project."""
        total = {
            name: sum(project[name] for project in self.projects)
            for name in ("image_occurrences", "studies", "patients", "patients_linked_to_person", "studies_with_visit",
                         "patients_with_visit", "studies_without_series")
        }  # fmt: skip
        return {**total, "projects": self.projects, "seconds": round(self.seconds, 3)}

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        if not self.projects:
            return [
                "There are no images in this store.",
                "Load some with: harmonize load FILE --source idc ...",
            ]
        lines = []
        for project in self.projects:
            if project["studies_without_series"]:
                lines.append(
                    f"{project['project_id']}: {project['studies_without_series']:,} studies are named in records and "
                    "have no series, so no image_occurrence."
                )
            if not project["series"]:
                continue
            offset = project["imaging_date_offset_days"]
            lines += [
                f"{project['project_id']}: {project['image_occurrences']:,} series in {project['studies']:,} studies; "
                f"{project['patients_linked_to_person']:,} of {project['patients']:,} patients are persons.",
                f"  visit that contains the study (imaging date {offset:+d} days): {project['patients_with_visit']:,} "
                f"patients, {project['studies_with_visit']:,} studies.",
                "  tiers: " + ", ".join(f"{tier} {count:,}" for tier, count in project["tiers"].items()),
                "  patients with a study inside a visit, by day offset: "
                + ", ".join(f"{shift} {count:,}" for shift, count in project["containment"].items()),
            ]
            best = max(project["containment"], key=lambda shift: project["containment"][shift])
            if project["containment"][best] > project["containment"][f"{offset:+d}"]:
                lines.append(
                    f"  More patients fit at {best}; if that is how the site dates its images: harmonize project set "
                    f"{project['project_id']} --imaging-date-offset-days {int(best)} --db FILE"
                )
        return lines


def coverage(con: DuckDBPyConnection) -> list[dict[str, Any]]:
    """One dict a project with images: counts, tiers, and containment by day offset from -2 to +2."""
    relation = con.execute(sql("imaging/coverage"))
    names = [column[0] for column in relation.description]
    projects = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    for project in projects:
        project["tiers"] = dict(
            con.execute(
                "SELECT tier, count(*) FROM harmonize.image_link WHERE project_id = ? GROUP BY tier ORDER BY 2 DESC, 1",
                [project["project_id"]],
            ).fetchall()
        )
        project["containment"] = {}
        for shift in SHIFTS:
            row = con.execute(sql("imaging/containment"), {"project": project["project_id"], "shift": shift}).fetchone()
            project["containment"][f"{shift:+d}"] = int(row[0]) if row else 0
    return projects
