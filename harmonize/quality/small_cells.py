"""What leaves in a page counts no few persons: cells of less than 11 are not told, nor those that would tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    Key = TypeVar("Key")

LEAST = 11
FEW = "fewer than 11"


def hidden(persons: Mapping[Key, int]) -> set[Key]:
    """The cells of one sum that are not told.

    Where they are a single one, or hold fewer than 11 persons together, the sum and the others would tell it: then the
    smallest of the others are hidden as well.
    """
    small = {key for key, count in persons.items() if 0 < count < LEAST}
    others = sorted((key for key, count in persons.items() if count >= LEAST), key=lambda key: persons[key])
    while small and others and (len(small) < 2 or sum(persons[key] for key in small) < LEAST):
        small.add(others.pop(0))
    return small


def told(count: int) -> str:
    """A count as it may leave."""
    return FEW if 0 < count < LEAST else f"{count:,}"


def share(part: int, whole: int) -> float | None:
    """A share of a whole, where neither the part nor the rest is few; None where that would be told."""
    if not whole or 0 < part < LEAST or 0 < whole - part < LEAST:
        return None
    return part / whole
