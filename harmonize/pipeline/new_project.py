"""What is told of a project that is new to a store: it may be another spelling of one that is there."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def told_of_name(con: DuckDBPyConnection, project: str) -> list[str]:
    """A sentence for each other project whose name differs in case, blanks or signs alone."""
    known = con.execute(
        "SELECT project_id FROM harmonize.project UNION SELECT project_id FROM harmonize.submission ORDER BY 1"
    ).fetchall()
    return [
        f"The project {project} is new, and its name differs from that of {other} in case, blanks or signs alone. "
        f"If {other} is meant, withdraw what is loaded as {project}, and name {other!r} instead."
        for (other,) in known
        if other != project and _letters(other) == _letters(project)
    ]


def _letters(name: str) -> str:
    """A name as its letters and digits; one without any as it stands."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(filter(str.isalnum, folded)) or folded


def told_of_cases(con: DuckDBPyConnection, project: str) -> list[str]:
    """A sentence for each other project that has cases with the keys of those of the load's project (affected_case)."""
    rows = con.execute(sql("ledger/shared_case"), {"project": project}).fetchall()
    return [
        f"The project {project} is new, and {shared:,} of its {cases:,} cases have the key of a case of {other}. They "
        f"are other persons as long as no crosswalk joins them. If {other} is meant, withdraw this submission and load "
        f"it with --project {other!r}."
        for other, shared, cases in rows
    ]


def is_new(con: DuckDBPyConnection, project: str, submission: int) -> bool:
    """Whether the submission is the project's first."""
    row = con.execute(
        "SELECT 1 FROM harmonize.submission WHERE project_id = ? AND submission_id <> ? LIMIT 1", [project, submission]
    ).fetchone()
    return row is None
