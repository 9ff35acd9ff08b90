"""Exams told by day against images dated by a calendar: what came of matching them (sql/steps/days), in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REFUSED = "refused"
TAKEN = ("unique", "study_uid")
TIERS = {
    "study_uid": "an exam names the study",
    "unique": "one day 0 fits best",
    "single_pair": "a single day of exams or images proves nothing",
    "tie": "several days 0 fit as well",
    "near_tie": "another day 0 fits one day fewer, and not all days fit",
    "poor_fit": "too few days fit: this may be another patient",
    "contradiction": "exams name studies of different days 0",
    "no_pair": "no exam is of the kind of an image",
}
"""How a patient's days fit, in words."""
DOUBTFUL = ("contradiction", "poor_fit", "tie", "near_tie")
"""Tiers that a person should look at."""
_EXAMPLES = 5


@dataclass(frozen=True)
class DayMatch:
    """What came of matching days in one project: its setting, patients by tier, and each of them."""

    project_id: str
    setting: str
    tiers: dict[str, int]
    cases: list[dict[str, Any]]

    @property
    def is_refused(self) -> bool:
        """Whether no patient is matched, as the images were moved study by study."""
        return self.setting == REFUSED

    @property
    def matched(self) -> int:
        """The patients whose images stand on the days of their exams."""
        if self.is_refused:
            return 0
        taken = (*TAKEN, "single_pair") if self.setting == "single_pairs" else TAKEN
        return sum(count for tier, count in self.tiers.items() if tier in taken)

    def to_json(self) -> dict[str, Any]:
        """The entry of a project in `harmonize link --json`; it tells of no calendar."""
        return {"setting": self.setting, "matched": self.matched, "tiers": self.tiers, "cases": self.cases}

    def sentences(self) -> list[str]:
        """The result in sentences, with the first patients that a person should look at."""
        if self.is_refused:
            return [
                f"{self.project_id}: the dates of the images fit the days of the exams of hardly any patient, as where "
                "they were moved study by study; none is matched."
            ]
        told = f"{self.matched:,} of {sum(self.tiers.values()):,} patients with exams by day and images by date"
        lines = [f"{self.project_id}: {told} are matched."]
        lines += [f"  {tier} {count:,}: {TIERS[tier]}" for tier, count in self.tiers.items()]
        doubtful = [case for case in self.cases if case["tier"] in DOUBTFUL]
        lines += [f"  {_of_case(case)}" for case in doubtful[:_EXAMPLES]]
        close = [case for case in self.cases if case["tier"] == "unique" and case["runner_up_days"] > 1]
        if close:
            lines.append(f"  {len(close):,} of the unique ones have a runner-up, such as {_of_case(close[0])}")
        if len(doubtful) > _EXAMPLES or close:
            lines.append('  All: harmonize query "FROM harmonize.day_match"')
        return lines


def _of_case(case: dict[str, Any]) -> str:
    told = (
        f"{case['case_key']}: {case['fitting_days']} of {case['exam_days']} days of exams and "
        f"{case['study_days']} of images fit"
    )
    if case["near_days"]:
        told += f", {case['near_days']} more by a day"
    if case["runner_up_days"]:
        shift = case["runner_up_shift"]
        told += f"; {case['runner_up_days']} if the images were {abs(shift)} days {'later' if shift < 0 else 'earlier'}"
    return f"{told} ({case['tier']})"


def day_matches(con: DuckDBPyConnection) -> list[DayMatch]:
    """What came of matching days, of each project that asks for it."""
    rows = con.execute(
        "SELECT project_id, match_days FROM harmonize.project WHERE match_days IS NOT NULL ORDER BY ALL"
    ).fetchall()
    return [_day_match(con, project, setting) for project, setting in rows]


def _day_match(con: DuckDBPyConnection, project: str, setting: str) -> DayMatch:
    key = {"project": project}
    tiers = dict(con.execute(sql("imaging/day_tiers"), key).fetchall())
    relation = con.execute(sql("imaging/day_matches"), key)
    names = [column[0] for column in relation.description]
    return DayMatch(project, setting, tiers, [dict(zip(names, row, strict=True)) for row in relation.fetchall()])
