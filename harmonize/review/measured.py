"""What a test measures, in what and how: the parts by which concepts of one name differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.review.usage import LEAST_ROWS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.review.concepts import Concept

# What a vocabulary's relationship from a test to another concept tells of the test.
_RELATIONS = {
    "Has component": "component",
    "Has property": "property",
    "Has time aspect": "time",
    "Has system": "specimen",
    "Has specimen": "specimen",
    "Has scale type": "scale",
    "Has method": "method",
}
# LOINC long common names: Component [Property] in Specimen by Method.
_NAME = re.compile(
    r"(?P<component>.+?)"
    r"(?: \[(?P<property>[^\]]+)\](?: (?:in|of|from|on) (?P<specimen>.+?))?| (?:in|-) (?P<other>[^\[\]]+?))?"
    r"(?: by (?P<method>[^\[\]]+))?"
)


def measured(concept: Concept, con: DuckDBPyConnection | None = None) -> dict[str, str]:
    """Component, property, specimen, time, scale and method of a test, as far as vocabulary or name tell them.

    Empty for concepts that are no tests, and for names that say no more than the component.
    """
    if concept.domain != "Measurement":
        return {}
    parts = _of_name(concept.name)
    if con is not None:
        given = {"concept_id": concept.concept_id, "relations": list(_RELATIONS)}
        rows = con.execute(sql("review/concept_part"), given).fetchall()
        parts |= {_RELATIONS[relation]: name for relation, name in rows}
    return parts if parts.keys() - {"component"} else {}


def units(con: DuckDBPyConnection, subject: str) -> list[str]:
    """The units of a subject's loaded results, the most frequent first, with results and usual values."""
    vocabulary, _, code = subject.partition(":")
    rows = con.execute(
        sql("review/unit_of_subject"), {"vocabulary": vocabulary, "code": code, "least": LEAST_ROWS}
    ).fetchall()
    return [
        f"{unit}: {results:,} results" + (f", nine of ten from {low:g} to {high:g}" if low is not None else "")
        for unit, results, low, high in rows
    ]


def _of_name(name: str) -> dict[str, str]:
    found = _NAME.fullmatch(name)
    parts = {key: text for key, text in found.groupdict().items() if text} if found else {}
    if other := parts.pop("other", None):
        parts["specimen"] = other
    return parts
