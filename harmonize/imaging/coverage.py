"""Coverage of the link between images and persons, visits and procedures: numbers that can be checked, both ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.imaging.day_match import DayMatch

SHIFTS = range(-2, 3)
TOTALS = (
    "image_occurrences",
    "studies",
    "studies_linked",
    "patients",
    "patients_linked_to_person",
    "persons",
    "persons_without_images",
    "studies_with_visit",
    "patients_with_visit",
    "studies_without_series",
)
COUNTS = {
    "person": "person_tiers",
    "procedure": "procedure_tiers",
    "visit": "tiers",
    "study": "studies_unlinked",
    "told": "kept_apart",
}
"""Kind of a count in sql/imaging/link_counts.sql → its entry in a project of the report."""

REASONS = {
    "no_case": "the study that its series name is not loaded",
    "no_clinical_record": "there is no clinical record of the patient",
    "withdrawn": "the patient was withdrawn",
    "no_date": "neither the study nor a series has a date",
    "unmatched": "the days of the patient's exams could not be matched with the dates of the images",
    "other_calendar": (
        "their images have dates, and the project counts days; match them by harmonize link --match-days, or name the "
        "day 0 of the images' dates by harmonize project set --time offset --source-anchor"
    ),
}
"""Why a study is not linked to a clinical record."""


@dataclass(repr=False)
class LinkResult(Shown):
    """Coverage of the link: totals, tiers by project, what is not linked and why, containment for other day offsets."""

    projects: list[dict[str, Any]]
    seconds: float
    day_matches: list[DayMatch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize link --json` prints: totals, and one entry a project."""
        total = {name: sum(project[name] for project in self.projects) for name in TOTALS}
        matches = {match.project_id: {"day_match": match.to_json()} for match in self.day_matches}
        projects = [{**project, **matches.get(project["project_id"], {})} for project in self.projects]
        return {**total, "projects": projects, "seconds": round(self.seconds, 3)}

    def rows(self) -> list[dict[str, Any]]:
        """The report as a table: project, what is counted, its name, the number."""
        rows = []
        for project in self.projects:
            name = project["project_id"]
            rows += [{"project_id": name, "what": "total", "name": key, "count": project[key]} for key in TOTALS]
            for entry in (*COUNTS.values(), "containment"):
                rows += [
                    {"project_id": name, "what": entry, "name": key, "count": count}
                    for key, count in project[entry].items()
                ]
        for match in self.day_matches:
            rows += [
                {"project_id": match.project_id, "what": "day_match", "name": tier, "count": count}
                for tier, count in match.tiers.items()
            ]
        return rows

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        lines = [line for project in self.projects for line in _sentences(project)]
        lines += [*self.notes, *(line for match in self.day_matches for line in match.sentences())]
        if not any(project["series"] or project["studies_without_series"] for project in self.projects):
            lines += ["There are no images in this store.", "Load some with: harmonize load FILE --source idc ..."]
        return lines


def _sentences(project: dict[str, Any]) -> list[str]:
    name, lines = project["project_id"], []
    if project["studies_without_series"]:
        lines.append(
            f"{name}: {project['studies_without_series']:,} studies are named in records and no series of them is "
            "loaded. Each is a row of omop.procedure_occurrence and, with no series, of linked.imaging_timeline; it is "
            "one of omop.image_occurrence once its series come."
        )
    if project["persons_without_images"]:
        lines.append(f"{name}: {project['persons_without_images']:,} of {project['persons']:,} persons have no images.")
    for reason, count in project["studies_unlinked"].items():
        lines.append(f"{name}: {count:,} studies without clinical data: {REASONS[reason]}.")
    for what, count in project["kept_apart"].items():
        lines.append(f"{name}: {count:,} {what.replace('_', ' ').replace('uids', 'UIDs')}; they are kept apart.")
    if project["series"]:
        lines += _series_sentences(project)
    return lines


def _series_sentences(project: dict[str, Any]) -> list[str]:
    offset = project["imaging_date_offset_days"]
    lines = [
        f"{project['project_id']}: {project['image_occurrences']:,} series in {project['studies']:,} studies; "
        f"{project['patients_linked_to_person']:,} of {project['patients']:,} patients are persons.",
        f"  visit that contains the study (imaging date {offset:+d} days): {project['patients_with_visit']:,} "
        f"patients, {project['studies_with_visit']:,} studies.",
        *(f"  {title}: {_counts(project[entry])}" for title, entry in
          (("persons", "person_tiers"), ("procedures", "procedure_tiers"), ("tiers", "tiers"))),
        "  patients with a study inside a visit, by day offset: " + _counts(project["containment"]),
    ]  # fmt: skip
    best = max(project["containment"], key=lambda shift: project["containment"][shift])
    if project["containment"][best] > project["containment"][f"{offset:+d}"]:
        lines.append(
            f"  More patients fit at {best}; if that is how the site dates its images: harmonize project set "
            f"{project['project_id']} --imaging-date-offset-days {int(best)} --db FILE"
        )
    return lines


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def coverage(con: DuckDBPyConnection) -> list[dict[str, Any]]:
    """One dict a project: counts, tiers, reasons, and containment by day offset from -2 to +2."""
    con.execute(sql("imaging/study_status"))
    relation = con.execute(sql("imaging/coverage"))
    names = [column[0] for column in relation.description]
    projects = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    for project in projects:
        key = {"project": project["project_id"]}
        counts = con.execute(sql("imaging/link_counts"), key).fetchall()
        for kind, entry in COUNTS.items():
            project[entry] = {name: count for found, name, count in counts if found == kind and count}
        of_cases = {name: count for kind, name, count in counts if kind in {"case", "linked"}}
        project["studies_linked"] = of_cases["studies"]
        project["persons"] = of_cases["clinical"]
        project["persons_without_images"] = of_cases["without_images"]
        project["containment"] = {}
        for shift in SHIFTS:
            row = con.execute(sql("imaging/containment"), {**key, "shift": shift}).fetchone()
            project["containment"][f"{shift:+d}"] = int(row[0]) if row else 0
    return projects
