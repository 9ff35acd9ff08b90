"""What is said of a concept is the same by code and by id, of the vocabulary and of the starter."""

from __future__ import annotations

from itertools import product

import pytest
from duckdb import DuckDBPyConnection
from rows_by_hand import put

from harmonize.engine.paths import sql
from harmonize.review.concepts import Concept, by_code, by_id


def test_standard_and_valid_are_two_things(hand: DuckDBPyConnection) -> None:
    told = {
        f"{standard}{invalid}": (standard, invalid) for standard, invalid in product(("S", "C", ""), ("", "D", "U"))
    }
    put(hand, "omop.concept", [
        {"concept_id": 2_100_000_000 + n, "concept_name": f"name {n}", "concept_code": f"c{code}", "domain_id": "Drug",
         "vocabulary_id": "My Own", "standard_concept": standard or None, "invalid_reason": invalid or None}
        for n, (code, (standard, invalid)) in enumerate(told.items())
    ])  # fmt: skip
    expected = [
        Concept(2_100_000_000 + n, f"My_Own:c{code}", f"name {n}", "Drug", "My Own", standard == "S", not invalid)
        for n, (code, (standard, invalid)) in enumerate(told.items())
    ]
    assert list(by_id([one.concept_id for one in expected], hand).values()) == expected
    ids = [f"OMOP:{one.concept_id}" for one in expected]
    assert list(by_code(ids, hand).values()) == expected


@pytest.mark.parametrize("code", ["SNOMED:38341003", "LOINC:8480-6", "Gender:F"])
def test_the_starter_says_what_a_store_says(hand: DuckDBPyConnection, code: str) -> None:
    of_starter, of_store = by_code([code])[code], by_code([code], hand)[code]
    assert of_starter == of_store
    assert by_id([of_store.concept_id])[of_store.concept_id] == by_id([of_store.concept_id], hand)[of_store.concept_id]


def test_parents_and_children_are_a_step_away(hand: DuckDBPyConnection) -> None:
    """Of a chain of concepts each is shown its neighbours, the parent first; not what is further off."""
    first = 2_100_000_000
    put(hand, "omop.concept", [{"concept_id": first + n, "concept_name": f"name {n}", "concept_code": f"c{n}"}
                               for n in range(4)])  # fmt: skip
    put(hand, "omop.concept_ancestor", [
        {"ancestor_concept_id": first + one, "descendant_concept_id": first + other,
         "min_levels_of_separation": other - one, "max_levels_of_separation": other - one}
        for one in range(4) for other in range(one, 4)
    ])  # fmt: skip
    for n in range(4):
        found = hand.execute(sql("review/relative"), {"concept_id": first + n}).fetchall()
        near = [("parent", n - 1), ("child", n + 1)]
        assert found == [(kind, f"Local:c{other}", f"name {other}") for kind, other in near if 0 <= other < 4]


def test_twenty_relatives_are_shown(hand: DuckDBPyConnection) -> None:
    """The parents first, each by name; a grandchild and other concepts' children are none."""
    first = 2_100_000_000
    put(hand, "omop.concept", [{"concept_id": first + n, "concept_name": f"name {50 - n}", "concept_code": f"c{n}"}
                               for n in range(30)])  # fmt: skip
    put(hand, "omop.concept_ancestor", [
        {"ancestor_concept_id": first + (n if n in (1, 2) else 0),
         "descendant_concept_id": first + (0 if n in (1, 2) else n),
         "min_levels_of_separation": 2 if n == 3 else 1, "max_levels_of_separation": 2}
        for n in range(1, 30)
    ])  # fmt: skip
    found = hand.execute(sql("review/relative"), {"concept_id": first}).fetchall()
    assert [(kind, name) for kind, _, name in found] == [
        ("parent", "name 48"), ("parent", "name 49"), *(("child", f"name {n}") for n in range(21, 39))
    ]  # fmt: skip
