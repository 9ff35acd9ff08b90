"""From codes to concepts: what each CURIE of a load stands for in the vocabulary that is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def resolve(con: DuckDBPyConnection) -> None:
    """Make the temp table coding_target from the temp table coding_used(coding VARCHAR) of distinct CURIEs.

    Columns: coding, vocabulary_id, code (both as text; vocabulary_id NULL for a text without a colon),
    source_concept_id (0: unknown code), source_name, target_concept_id (0: no standard concept), target_rank
    (1..), target_count, domain_id (of the target, NULL where it is 0), target_code (the target as a CURIE),
    value_concept_id (of Maps to value). Every coding has at least one row.
    """
    find_sources(con, "coding_used")
    con.execute(sql("vocabulary/coding_target"))


def find_sources(con: DuckDBPyConnection, codings: str) -> None:
    """Make the temp table coding_source: the concept that each CURIE of the table `codings` names, nothing
    followed.
    """
    con.execute(
        sql("vocabulary/code_alias"),
        {"file": str(root("mappings") / "vocabulary" / "aliases.tsv")},
    )
    con.execute(sql("vocabulary/spelling"))
    con.execute(sql("vocabulary/coding_source").format(codings=codings))
