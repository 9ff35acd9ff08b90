"""Shifted projects: the macro that moves a case's dates, and the key file that its days come from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.text_file import read_bytes
from harmonize.pipeline.project import key_fingerprint

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.pipeline.project import Project


def make_shift(con: DuckDBPyConnection, project: Project) -> None:
    """Make the macro by which a shifted project moves dates, with its key; nothing for other projects.

    Raises InputError when the key file cannot be read or holds another key.
    """
    if project.time_policy in ("shifted", "offset"):
        con.execute(sql("hub/shift_text"))
    if project.time_policy == "shifted":
        con.execute("SET VARIABLE shift_key = ?", [shift_key(project)])
        con.execute(sql("hub/shift_days"))
        set_shift_cases(con, project.project_id)


def set_shift_cases(con: DuckDBPyConnection, project_id: str) -> None:
    """Have the cases of harmonize.shift_case moved as those that stand for them."""
    rows = con.execute(
        "SELECT case_key, shift_case FROM harmonize.shift_case WHERE project_id = ? AND shift_case <> case_key",
        [project_id],
    ).fetchall()
    con.execute(
        "SET VARIABLE shift_cases = map($1::VARCHAR[], $2::VARCHAR[])",
        [[case for case, _ in rows], [shared for _, shared in rows]],
    )


def shift_key(project: Project) -> str:
    """The hex digest that seeds a shifted project's days, read from its key file.

    Raises InputError when the file cannot be read or holds another key than the one the project was set up with.
    """
    if not project.shift_key_file:
        raise InputError(f"The project {project.project_id} is shifted but names no key file.")
    digest = hashlib.sha256(read_bytes(Path(project.shift_key_file))).hexdigest()
    if key_fingerprint(digest) != project.shift_key_fingerprint:
        raise InputError(
            f"{project.shift_key_file} is not the key that the project {project.project_id} was set up with.",
            "With another key the same person would get other days.",
        )
    return digest
