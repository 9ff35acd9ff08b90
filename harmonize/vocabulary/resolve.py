"""From codes to concepts: what each CURIE of a load stands for in the vocabulary that is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHOWN = 5
"""How many replaced codes a sentence names."""


def resolve(con: DuckDBPyConnection) -> None:
    """Make the temp table coding_target from the temp table coding_used(coding VARCHAR) of distinct CURIEs.

    Columns: coding, vocabulary_id, code (both as text; vocabulary_id NULL for a text without a colon),
    source_concept_id (0: unknown code), source_name, target_concept_id (0: no standard concept), target_rank
    (1..), target_count, domain_id (of the target, NULL where it is 0), target_code (the target as a CURIE),
    value_concept_id (of Maps to value), is_successor (the target replaces a retired concept), is_retired (the source is
    one). Every coding has at least one row.
    """
    find_sources(con, "coding_used")
    con.execute(sql("vocabulary/coding_target"))


def replaced_codes(con: DuckDBPyConnection) -> list[str]:
    """A sentence on the codes of the last `resolve` whose concepts the vocabulary retired and replaced, if any."""
    rows = con.execute(sql("vocabulary/replaced_code")).fetchall()
    if not rows:
        return []
    named = "; ".join(f"{coding} ({name}) by {target}" for coding, name, target in rows[:SHOWN])
    more = f" and {len(rows) - SHOWN:,} more" if len(rows) > SHOWN else ""
    told = f"The loaded vocabulary replaces concepts that these records name: {named}{more}."
    return [f"{told} Their rows have the newer one."]


def find_sources(con: DuckDBPyConnection, codings: str) -> None:
    """Make the temp table coding_source: the concept that each CURIE of the table `codings` names, nothing
    followed; and what it maps to (coding_mapped), and what replaces what is retired of either (coding_successor).
    """
    con.execute(sql("vocabulary/is_target"))
    con.execute(
        sql("vocabulary/code_alias"),
        {"file": str(root("mappings") / "vocabulary" / "aliases.tsv")},
    )
    con.execute(sql("vocabulary/spelling"))
    con.execute(sql("vocabulary/coding_source").format(codings=codings))
    for statement in ("coding_mapped", "coding_retired", "coding_successor"):
        con.execute(sql(f"vocabulary/{statement}"))
