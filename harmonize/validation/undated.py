"""What has no date and so stands in no OMOP table, by kind: one sum hides a death behind a thousand results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def undated_kinds(con: DuckDBPyConnection, submission: int) -> dict[str, int]:
    """Kind → lines that tell one without a date, deaths first (findings of the rule no_date)."""
    return dict(con.execute(sql("validation/undated_kind"), {"submission": submission}).fetchall())


def undated_sentence(kinds: dict[str, int]) -> list[str]:
    """The kinds in a sentence; nothing where there is none."""
    told = ", ".join(f"{kind} {lines:,}" for kind, lines in kinds.items())
    return [f"Nothing dates these (no_date), so they stand in no OMOP table of their kind: {told}."] if told else []
