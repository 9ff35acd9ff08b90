"""Concepts of the vocabulary for reviewers: search, relatives, suggestions for a value; the matrix of consortia."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql
from harmonize.service.problems import not_found
from harmonize.service.reviewing import folder_of, vocabulary

if TYPE_CHECKING:
    from harmonize.review.matrix import Line
    from harmonize.service.settings import Settings

MOST = 50
_CONCEPT = (
    "SELECT concept_id, concept_name, domain_id, vocabulary_id, concept_class_id, standard_concept, concept_code, "
    "invalid_reason FROM omop.concept WHERE concept_id = ?"
)


def search(settings: Settings, term: str, *, domain: str | None, standard: bool) -> list[dict[str, Any]]:
    """Concepts by code, name or synonym, best first; each with the CURIE that a mapping names it by."""
    from harmonize.vocabulary.search import search as found

    with vocabulary(settings) as con:
        rows = found(con, term, MOST, domain=domain, standard_only=standard)
    return [{key: value for key, value in row.items() if key != "layer"} | {"curie": _curie(row)} for row in rows]


def concept(settings: Settings, concept_id: int) -> dict[str, Any]:
    """One concept with its parents, its children, and what it maps to. Raises Problem 404."""
    with vocabulary(settings) as con:
        found = con.execute(_CONCEPT, [concept_id])
        names = [column[0] for column in found.description]
        row = found.fetchone()
        if row is None:
            raise not_found()
        shown = dict(zip(names, row, strict=True))
        kinds: dict[str, list[dict[str, Any]]] = {"maps_to": [], "parents": [], "children": []}
        for kind, number, code, name in con.execute(sql("review/neighbour"), {"concept_id": concept_id}).fetchall():
            kinds[kind].append({"concept_id": number, "curie": code.replace(" ", "_"), "name": name})
    return {**shown, "curie": _curie(shown), **kinds}


def suggest(settings: Settings, text: str, mapping: str | None) -> list[dict[str, Any]]:
    """Concepts that may be meant by a value; what the mapping itself says of it is not asked."""
    from harmonize.vocabulary.suggest import Term
    from harmonize.vocabulary.suggest import suggest as found

    with vocabulary(settings) as con:
        (suggestions,) = found(con, [Term(text, site=mapping)])
    return [one.to_json() for one in suggestions]


def matrix(settings: Settings) -> list[Line]:
    """Every property and value by consortium, with what was decided here."""
    from harmonize.review.crosswalk import consortia, crosswalk
    from harmonize.review.mappings import CROSSWALKS
    from harmonize.review.matrix import matrix as lines

    with ExitStack() as stack:
        walks = [
            crosswalk(name, stack.enter_context(folder_of(settings, CROSSWALKS + name)).parent) for name in consortia()
        ]
        return lines(walks)


def _curie(row: dict[str, Any]) -> str:
    return f"{row['vocabulary_id'].replace(' ', '_')}:{row['concept_code']}"
