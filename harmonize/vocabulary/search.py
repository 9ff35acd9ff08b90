"""Find concepts by code, name or synonym."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def search(
    con: DuckDBPyConnection,
    term: str,
    limit: int = 20,
    domain: str | None = None,
    vocabulary: str | None = None,
    standard_only: bool = False,
) -> list[dict[str, Any]]:
    """Concepts that fit a term, best first: exact code (or CURIE), name, start of name, all words,
    synonyms.

    Each has concept_id, concept_name, domain_id, vocabulary_id, concept_class_id, standard_concept,
    concept_code, invalid_reason and layer. Raises InputError for an empty term and for a domain or
    vocabulary that is unknown.
    """
    words = term.lower().split()
    if not words:
        raise InputError("There is nothing to search for.", "Give a code, a CURIE or words of a concept's name.")
    for table, value in (("domain", domain), ("vocabulary", vocabulary)):
        known = [row[0] for row in con.execute(f"SELECT {table}_id FROM omop.{table}").fetchall()]
        if value is not None and value.lower() not in map(str.lower, known):
            raise InputError(f"The vocabulary knows no {table} {value!r}.", did_you_mean(value, known))
    found = con.execute(
        sql("vocabulary/search"),
        {
            "term": " ".join(term.split()),
            "words": words,
            "limit": limit,
            "domain": domain,
            "vocabulary": vocabulary,
            "standard_only": standard_only,
        },
    )
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
