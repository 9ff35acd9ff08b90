"""Expected rows and counts against those found: which differ, and how a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isclose
from typing import Any

Cells = dict[str, Any]  # column → value


@dataclass(frozen=True)
class ExpectedRow:
    """The columns of a row that are compared, by their values; and the line that asks for it."""

    cells: Cells
    line: int


def row_differences(table: str, expected: list[ExpectedRow], found: list[Cells], names: Mapping[int, str]) -> list[str]:
    """One text for each row that is missing, superfluous or different; empty where all rows match.

    Every expected row must match one row found of its own, in the columns that it gives; no row may be left. What is
    left on both sides is shown in pairs, the most alike first, with the columns that differ. `names` tells concepts.
    """
    partner = _match(expected, found)
    lacking = [row for number, row in enumerate(expected) if number not in partner]
    taken = set(partner.values())
    surplus = [row for number, row in enumerate(found) if number not in taken]
    texts = []
    for row, other in _pairs(lacking, surplus):
        lacking.remove(row)
        surplus.remove(other)
        cells = "; ".join(
            f"{column}: expected {show(column, value, names)}, got {show(column, other[column], names)}"
            for column, value in row.cells.items()
            if not _alike(other[column], value)
        )
        texts.append(f"{table}, line {row.line}: {cells}")
    texts += [f"{table}, line {row.line}: no such row: {_listed(row.cells, row.cells, names)}" for row in lacking]
    asked = list(dict.fromkeys(column for row in expected for column in row.cells))
    texts += [f"{table}: a row too many: {_listed(row, asked or _telling(row), names)}" for row in surplus]
    return texts


def count_differences(what: str, expected: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """One text for each name whose number differs; a name that is absent counts 0."""
    return [
        f"{what}, {name}: expected {expected.get(name, 0)}, got {found.get(name, 0)}"
        for name in dict.fromkeys((*expected, *found))
        if expected.get(name, 0) != found.get(name, 0)
    ]


def show(column: str, value: Any, names: Mapping[int, str]) -> str:
    """A value as a difference shows it: a concept with its code, a text in quotes."""
    if value is None:
        return "null"
    if column.endswith("concept_id") and value in names:
        return f"{value} ({names[value]})"
    return repr(value) if isinstance(value, str) else str(value)


def _alike(found: Any, expected: Any) -> bool:
    """Whether two values agree: numbers with decimals in 9 digits, since nobody knows the last bit of a conversion."""
    if isinstance(found, float) and isinstance(expected, float):
        return isclose(found, expected, rel_tol=1e-9)
    return bool(found == expected)


def _match(expected: list[ExpectedRow], found: list[Cells]) -> dict[int, int]:
    """The most pairs of an expected and a found row that agree, each row in one (augmenting paths)."""
    fits = [
        [j for j, other in enumerate(found) if all(_alike(other[column], value) for column, value in row.cells.items())]
        for row in expected
    ]
    owner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j in fits[i]:
            if j not in tried:
                tried.add(j)
                if j not in owner or place(owner[j], tried):
                    owner[j] = i
                    return True
        return False

    for i in range(len(expected)):
        place(i, set())
    return {i: j for j, i in owner.items()}


def _pairs(lacking: list[ExpectedRow], surplus: list[Cells]) -> list[tuple[ExpectedRow, Cells]]:
    """Pairs of rows with at least one column alike, the most alike first."""
    alike = sorted(
        (
            (sum(_alike(other[column], value) for column, value in row.cells.items()), -i, -j)
            for i, row in enumerate(lacking)
            for j, other in enumerate(surplus)
        ),
        reverse=True,
    )
    pairs, used_rows, used_others = [], set(), set()
    for score, i, j in alike:
        if score and i not in used_rows and j not in used_others:
            used_rows.add(i)
            used_others.add(j)
            pairs.append((lacking[-i], surplus[-j]))
    return pairs


def _listed(row: Mapping[str, Any], columns: Iterable[str], names: Mapping[int, str]) -> str:
    return ", ".join(f"{column} {show(column, row[column], names)}" for column in columns)


def _telling(row: Cells) -> list[str]:
    return [column for column, value in row.items() if value is not None]
