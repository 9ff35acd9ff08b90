"""What is held back, and how well the two sides are alike: as text, JSON or a page with pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown
from harmonize.quality.small_cells import FEW, LEAST, hidden
from harmonize.release.sequester.lock import locks
from harmonize.report.blocks import Badge, Bar, made_now, share_text, table
from harmonize.report.page import render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.release.sequester.lock import Lock
    from harmonize.report.blocks import Made


@dataclass(frozen=True)
class Across:
    """A case of a person who has cases on both sides; `number` tells which cases are of one person."""

    number: int
    project_id: str
    case_key: str
    side: str


@dataclass(frozen=True)
class Balance:
    """Persons of one value of a stratum on either side, before the last assignment and now."""

    project_id: str
    variable: str
    value: str
    open_before: int
    sequestered_before: int
    open: int
    sequestered: int


@dataclass(repr=False)
class Sequestered(Shown):
    """The state of sequestration: sums by project, balance by stratum, locks, and persons on both sides."""

    projects: list[dict[str, Any]]
    balance: list[Balance] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)
    across: list[Across] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nobody is on both sides and every lock holds."""
        return not self.across and all(lock.is_sound for lock in self.locks)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize sequester show --format json` prints."""
        return {
            "ok": self.ok,
            "projects": self.projects,
            "balance": [vars(one) for one in self.balance],
            "locks": [vars(one) for one in self.locks],
            "across": [vars(one) for one in self.across],
        }

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        lines = [
            f"{one['project_id']}: {one['open']:,} cases open, {one['sequestered']:,} sequestered, "
            f"{one['unassigned']:,} without a side."
            for one in self.projects
        ]
        lines += [
            f"{one.project_id}: locked by {one.locked_by} at {one.locked_at}, {one.cases:,} cases"
            + ("." if one.is_sound else ": CHANGED SINCE.")
            for one in self.locks
        ]
        for group in _persons(self.across):
            cases = ", ".join(f"{one.case_key} of {one.project_id} ({one.side})" for one in group)
            lines.append(f"Finding: one person is on both sides: {cases}.")
        return lines or ["No case has a side."]


def show(store: Store, project: str | None = None) -> Sequestered:
    """What is held back in a project, or in all. Raises InputError for an unknown project."""
    store.require_records()
    con = store.con
    con.execute(sql("release/sequester/person"))
    found = con.execute(sql("release/sequester/sums"), {"project": project})
    names = [column[0] for column in found.description]
    sums = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if project is not None and not sums:
        known = [row[0] for row in con.execute("SELECT project_id FROM harmonize.project").fetchall()]
        raise InputError(f"There is no case of a project {project}.", did_you_mean(project, known))
    balance = [
        Balance(one["project_id"], *row)
        for one in sums
        for row in con.execute(sql("release/sequester/balance"), {"project": one["project_id"]}).fetchall()
    ]
    return Sequestered(sums, balance, locks(con, project), _across(con, project))


def _across(con: DuckDBPyConnection, project: str | None) -> list[Across]:
    rows = con.execute(sql("release/sequester/across"), {"project": project}).fetchall()
    return sorted(
        (Across(number, name, case, side) for name, case, side, _, number in rows),
        key=lambda one: (one.number, one.case_key),
    )


def _persons(across: list[Across]) -> list[list[Across]]:
    return [list(group) for _, group in groupby(across, key=lambda one: one.number)]


def document(found: Sequestered, form: str) -> str:
    """The state as `text`, `json` or `html`."""
    if form == "html":
        return page(found)
    if form == "text":
        return "".join(f"{line}\n" for line in found.summary_lines())
    import orjson

    return orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2).decode() + "\n"


def page(found: Sequestered, made: Made | None = None) -> str:
    """The page: sums, locks, and pictures of the balance. Of fewer than 11 persons no number is told, and no case."""
    projects = [
        {
            "name": one["project_id"],
            "anchor": f"project-{number}",
            "tables": [
                _table(list(group)) for _, group in groupby(_of(found, one["project_id"]), lambda b: b.variable)
            ],
        }
        for number, one in enumerate(found.projects)
    ]
    sums = [
        {
            "project": one["project_id"],
            **{name: FEW if 0 < one[name] < LEAST else one[name] for name in ("open", "sequestered", "unassigned")},
        }
        for one in found.projects
    ]
    locked = [
        {
            "project": one.project_id,
            "locked by": one.locked_by,
            "at": f"{one.locked_at:%Y-%m-%d %H:%M} UTC",
            "state": Badge("holds", "good") if one.is_sound else Badge("changed since", "error"),
        }
        for one in found.locks
    ]
    return render(
        "sequestration.html",
        title="What is held back",
        made=made or made_now(),
        sections=[("sums", "Sums"), *((one["anchor"], one["name"]) for one in projects if one["tables"])],
        sums=table(sums, "Cases by side"),
        locks=table(locked, "Locks"),
        persons=len(_persons(found.across)),
        ok=found.ok,
        projects=[one for one in projects if one["tables"]],
        least=LEAST,
    )


def _of(found: Sequestered, project: str) -> list[Balance]:
    return [one for one in found.balance if one.project_id == project]


def _table(group: list[Balance]) -> Any:
    """One variable: of all persons on a side, the share that has each value, before the last assignment and now."""
    rows = []
    bars = {name: _bars(group, name) for name in ("open_before", "sequestered_before", "open", "sequestered")}
    for one in group:
        rows.append(
            {
                "value": one.value,
                "open before": bars["open_before"][one.value],
                "sequestered before": bars["sequestered_before"][one.value],
                "open now": bars["open"][one.value],
                "sequestered now": bars["sequestered"][one.value],
            }
        )
    return table(rows, group[0].variable.replace("_", " "))


def _bars(group: list[Balance], side: str) -> dict[str, Bar]:
    counts = {one.value: getattr(one, side) for one in group}
    untold, whole = hidden(counts), sum(counts.values())
    return {
        value: Bar(0.0, FEW if count else "0")
        if value in untold or not whole
        else Bar(count / whole, share_text(count / whole))
        for value, count in counts.items()
    }
