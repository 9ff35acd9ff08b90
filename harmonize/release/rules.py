"""The rules of a project as a command sets and shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.audit.rules import read_rules, rules_of, save_rules
from harmonize.pipeline.project import show_project
from harmonize.release.step import lives
from harmonize.release.words import name_of

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


def shown_rules(con: DuckDBPyConnection, project_id: str) -> dict[str, Any]:
    """The rules of a project. Raises InputError where there is no such project."""
    show_project(con, project_id)
    return rules_of(con, project_id).to_json()


def told_rules(con: DuckDBPyConnection, project_id: str) -> dict[str, Any]:
    """The same in cells of a table."""
    found = shown_rules(con, project_id)
    coarsen = ", ".join(f"{name}: {how}" for name, how in found["coarsen"].items())
    return {**found, "may_waive": ", ".join(found["may_waive"]) or "anybody", "coarsen": coarsen or "nothing"}


def set_rules(store: Store, project_id: str, file: Path, *, who: str | None = None) -> tuple[dict[str, Any], list[str]]:
    """Store the rules of a file for a project; them, and what they hold back from now on.

    Raises InputError for a file that is none, and where there is no such project.
    """
    rules, person = read_rules(file), name_of(who)
    with store.transaction() as con:
        show_project(con, project_id)
        before = _held(con, project_id)
        if rules != rules_of(con, project_id):
            save_rules(con, project_id, rules, person)
        after = _held(con, project_id)
    told = []
    if held := sorted(after - before):
        told.append(f"Embargoed from now on, until they are released: submissions {', '.join(map(str, held))}.")
    if free := sorted(before - after):
        told.append(f"No longer held back: submissions {', '.join(map(str, free))}.")
    return rules.to_json(), told


def _held(con: DuckDBPyConnection, project_id: str) -> set[int]:
    return {life.submission for life in lives(con) if life.project == project_id and life.is_held}
