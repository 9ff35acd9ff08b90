"""No count of fewer than 11 leaves, nor what would tell it."""

from __future__ import annotations

import pytest

from harmonize.quality.small_cells import FEW, hidden, share, told


@pytest.mark.parametrize(
    ("persons", "secret"),
    [
        ({"a": 11, "b": 30}, set()),
        ({"a": 0, "b": 30}, set()),
        ({"a": 10, "b": 30, "c": 20}, {"a", "c"}),  # alone: the sum would tell it
        ({"a": 10, "b": 1, "c": 20}, {"a", "b"}),  # two, of 11 together
        ({"a": 5, "b": 5, "c": 20, "d": 30}, {"a", "b", "c"}),  # two, of 10 together
        ({"a": 3}, {"a"}),
        ({"a": 3, "b": 0}, {"a"}),
        ({}, set()),
    ],
)
def test_cells_that_are_not_told(persons: dict[str, int], secret: set[str]) -> None:
    assert hidden(persons) == secret


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, FEW), (10, FEW), (11, "11"), (1234, "1,234")])
def test_a_count(count: int, text: str) -> None:
    assert told(count) == text


@pytest.mark.parametrize(
    ("part", "whole", "found"),
    [
        (0, 0, None), (0, 5, None), (0, 20, 0.0), (5, 5, None), (20, 20, 1.0), (10, 100, None), (11, 100, 0.11),
        (90, 100, None), (89, 100, 0.89),
    ],
)  # fmt: skip
def test_a_share_is_told_where_neither_part_is_few(part: int, whole: int, found: float | None) -> None:
    assert share(part, whole) == found
