"""Records that a snapshot lacks: a part of an export that was sent as the whole must not delete the rest unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

DELETION_SHARE = 0.2
"""Of a project's current records of a type, the share that a snapshot may delete unasked; a project may set its own."""
DELETION_FLOOR = 5
"""So few records are never asked about but by their number: fewer may always vanish."""


def refuse_vanishing(con: DuckDBPyConnection, project: str, types: Sequence[str], share: float | None) -> None:
    """Raise InputError, with the counts, where a snapshot of these record types would delete more than the share.

    Read from the temp tables `incoming` and `ended`; the load's transaction takes all back.
    """
    limit = DELETION_SHARE if share is None else share
    rows = con.execute(sql("ledger/vanished"), {"project": project, "types": list(types)}).fetchall()
    over = [row for row in rows if row[1] >= DELETION_FLOOR and row[1] > limit * row[2]]
    if not over:
        return
    told = ", ".join(f"{vanished:,} of {held:,} records of {name}" for name, vanished, held in rows if vanished)
    raise InputError(
        f"This snapshot lacks {told}, and would delete them: more than {100 * limit:g} % of a type in {project}.",
        "See that the delivery is whole and its keys are those of before. If these records are to go, add "
        "--allow-deletions.",
    )
