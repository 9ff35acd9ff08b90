"""What a project asks before its submissions leave the store: the embargo, how many sign, who may waive."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from harmonize.audit.log import has_table, now, os_user, write_entry
from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root, sql
from harmonize.engine.yaml_text import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

MOST_DAYS = 36_525
"""An embargo of a century is a slip of the pen."""

COARSER = {
    "birth_year": ("decade", "twenty_years"),
    "zip": ("state", "withheld"),
    "sex": ("rare_withheld", "withheld"),
    "race": ("rare_withheld", "withheld"),
    "ethnicity": ("rare_withheld", "withheld"),
}
"""What of a person a release can tell in fewer words, and how (docs/de-identification.md)."""


@dataclass(frozen=True)
class ProjectRules:
    """The rules of a project, as a file of them has them; docs/life-cycle.md says what each means."""

    embargo_days: int
    sign_offs: int
    retained_phi: bool
    k: int
    may_waive: tuple[str, ...]
    sequestration_locked: bool
    retained_days: int
    coarsen: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """The rules as a file has them."""
        return {**vars(self), "may_waive": list(self.may_waive), "coarsen": dict(self.coarsen)}

    @property
    def hold_back(self) -> bool:
        """Whether a submission leaves only when it is released."""
        return self.embargo_days > 0 or self.sign_offs > 0


NAMES = tuple(field.name for field in fields(ProjectRules))


@cache
def default_rules() -> ProjectRules:
    """What holds for a project without a file of its own."""
    return ProjectRules(**_checked(root("sql") / "release" / "default_rules.yaml", {}))


def read_rules(path: Path) -> ProjectRules:
    """The rules of a file; what it does not name is as by default. Raises InputError for what is no rule."""
    return ProjectRules(**_checked(path, vars(default_rules())))


def _checked(path: Path, default: dict[str, Any]) -> dict[str, Any]:
    given = read_yaml(path)
    if not isinstance(given, dict):
        raise InputError(f"{path} holds no rules.", f"A line each of: {', '.join(NAMES)}.")
    for name in given:
        if name not in NAMES:
            raise InputError(f"{path}: there is no rule {name!r}.", did_you_mean(str(name), NAMES))
    found = {**default, **given}
    for name in ("embargo_days", "sign_offs", "k", "retained_days"):
        if isinstance(found[name], bool) or not isinstance(found[name], int) or not 0 <= found[name] <= MOST_DAYS:
            raise InputError(f"{path}: {name} is {found[name]!r}; expected: a whole number, 0 or more.")
    for name in ("retained_phi", "sequestration_locked"):
        if not isinstance(found[name], bool):
            raise InputError(f"{path}: {name} is {found[name]!r}; expected: true or false.")
    names = found["may_waive"]
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name.strip() for name in names):
        raise InputError(f"{path}: may_waive is {names!r}; expected: a list of names.")
    _check_coarsening(path, found["coarsen"])
    return {**found, "may_waive": tuple(names), "coarsen": dict(found["coarsen"])}


def _check_coarsening(path: Path, asked: Any) -> None:
    if not isinstance(asked, dict):
        raise InputError(f"{path}: coarsen is {asked!r}; expected: a line each of {', '.join(COARSER)}.")
    for name, how in asked.items():
        if name not in COARSER:
            raise InputError(f"{path}: nothing makes {name!r} coarser.", did_you_mean(str(name), COARSER))
        if how not in COARSER[name]:
            raise InputError(f"{path}: coarsen: {name} is {how!r}; expected: {' or '.join(COARSER[name])}.")


def rules_of(con: DuckDBPyConnection, project_id: str) -> ProjectRules:
    """The rules that hold for a project."""
    if not has_table(con, "project_rules"):
        return default_rules()
    row = con.execute(
        f"SELECT {', '.join(NAMES)} FROM harmonize.project_rules WHERE project_id = $project AND change_id = "
        "(SELECT max(change_id) FROM harmonize.project_rules WHERE project_id = $project)",
        {"project": project_id},
    ).fetchone()
    if row is None:
        return default_rules()
    told = dict(zip(NAMES, row, strict=True))
    coarsen = dict(one.split(" ", 1) for one in told["coarsen"])
    return ProjectRules(**{**told, "may_waive": tuple(told["may_waive"]), "coarsen": coarsen})


def save_rules(con: DuckDBPyConnection, project_id: str, rules: ProjectRules, who: str | None = None) -> None:
    """Note the rules from now on, and that they were changed; the caller commits."""
    con.execute(sql("store/tables/project_rules"))
    before, person, at = rules_of(con, project_id), who or os_user(), now()
    con.execute(
        "INSERT INTO harmonize.project_rules SELECT ?, coalesce(max(change_id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? "
        "FROM harmonize.project_rules",
        [project_id, at, person, *_stored(rules).values()],
    )
    details = {"before": before.to_json(), "after": rules.to_json()}
    write_entry(con, "project.rules", project_id, details, who=person, at=at)


def _stored(rules: ProjectRules) -> dict[str, Any]:
    return {**rules.to_json(), "coarsen": [f"{name} {how}" for name, how in rules.coarsen.items()]}
