"""Concepts by code and by id, from a store's vocabulary or else from the shipped starter."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.vocabulary.load import starter_file
from harmonize.vocabulary.resolve import find_sources
from harmonize.vocabulary.sssom import NO_TERM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

# The prefix of concepts that are named by their OMOP id.
BY_ID = "OMOP"


@dataclass(frozen=True)
class Concept:
    """A concept of OMOP; `curie` is vocabulary:code with _ for blanks in the vocabulary's name."""

    concept_id: int
    curie: str
    name: str
    domain: str
    vocabulary: str
    standard: bool
    valid: bool


def by_code(codes: Iterable[str], con: DuckDBPyConnection | None = None) -> dict[str, Concept]:
    """The concept of each CURIE that the vocabulary has; OMOP:8532 is the concept of that id."""
    wanted = [code for code in dict.fromkeys(codes) if code and code != NO_TERM]
    by_number = {code: int(code.removeprefix(f"{BY_ID}:")) for code in wanted if is_id(code)}
    named = by_id(by_number.values(), con)
    found = {code: named[number] for code, number in by_number.items() if number in named}
    rest = [code for code in wanted if code not in by_number]
    if con is None:
        return found | {code: _starter()[key] for code in rest if (key := _key(code)) in _starter()}
    con.execute(sql("review/wanted_code"))
    if rest:
        con.executemany("INSERT INTO wanted_code VALUES (?)", [[code] for code in rest])
    find_sources(con, "wanted_code")
    rows = con.execute(
        "SELECT coding, concept_id, curie, concept_name, domain_id, standard_concept, invalid_reason "
        "FROM coding_source WHERE concept_id <> 0"
    ).fetchall()
    return found | {
        coding: Concept(number, _key(curie), name, domain, curie.partition(":")[0], standard == "S", invalid is None)
        for coding, number, curie, name, domain, standard, invalid in rows
    }


def by_id(ids: Iterable[int], con: DuckDBPyConnection | None = None) -> dict[int, Concept]:
    """The concept of each id that the vocabulary has."""
    wanted = list(dict.fromkeys(ids))
    if con is None:
        known = {one.concept_id: one for one in _starter().values()}
        return {number: known[number] for number in wanted if number in known}
    rows = con.execute(
        "SELECT concept_id, vocabulary_id || ':' || concept_code, concept_name, domain_id, vocabulary_id, "
        "coalesce(standard_concept = 'S', false), invalid_reason IS NULL "
        "FROM omop.concept WHERE list_contains($1, concept_id)",
        [wanted],
    ).fetchall()
    return {row[0]: Concept(row[0], _key(row[1]), *row[2:]) for row in rows}


def is_id(code: str) -> bool:
    """Whether a code names a concept by its OMOP id."""
    prefix, _, number = code.partition(":")
    return prefix == BY_ID and number.isdigit()


def _key(curie: str) -> str:
    prefix, _, code = curie.partition(":")
    return f"{prefix.replace(' ', '_')}:{code}"


@cache
def _starter() -> dict[str, Concept]:
    with starter_file("concept").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = (
            Concept(
                int(row["concept_id"]),
                _key(f"{row['vocabulary_id']}:{row['concept_code']}"),
                row["concept_name"],
                row["domain_id"],
                row["vocabulary_id"],
                row["standard_concept"] == "S",
                not row["invalid_reason"],
            )
            for row in rows
        )
        return {one.curie: one for one in found}
