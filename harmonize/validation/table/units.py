"""Whether a whole column is in another unit than its schema says, told from its median."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.paths import root

if TYPE_CHECKING:
    from harmonize.schema.model import Slot

FEWEST = 20
"""Of fewer numbers a median says little."""


@dataclass(frozen=True)
class _Unit:
    """A unit of a quantity: value * factor + offset is the value in the quantity's first unit."""

    name: str
    factor: float
    offset: float


@dataclass(frozen=True)
class _Quantity:
    """A quantity with its units and, in the first of them, the least and the greatest likely median."""

    units: tuple[_Unit, ...]
    low: float
    high: float


@cache
def _quantities() -> dict[str, _Quantity]:
    with (root("sql") / "validation" / "lists" / "quantity_unit.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    found: dict[str, _Quantity] = {}
    for row in rows:
        unit = _Unit(row["unit"], float(row["factor"]), float(row["offset"]))
        known = found.get(row["quantity"])
        found[row["quantity"]] = (
            _Quantity((*known.units, unit), known.low, known.high)
            if known
            else _Quantity((unit,), float(row["low"]), float(row["high"]))
        )
    return found


def may_be_judged(slot: Slot) -> bool:
    """Whether a column's quantity (annotation `quantity`) and unit are known."""
    quantity = _quantities().get(slot.annotations.get("quantity", ""))
    return quantity is not None and any(unit.name == slot.unit for unit in quantity.units)


def fitting_unit(slot: Slot, median: float) -> str | None:
    """The unit in which the median of a column would be likely; None where it is in the column's own, or in none."""
    quantity = _quantities()[slot.annotations["quantity"]]
    own = next(unit for unit in quantity.units if unit.name == slot.unit)
    for unit in (own, *quantity.units):
        if quantity.low <= median * unit.factor + unit.offset <= quantity.high:
            return None if unit == own else unit.name
    return None
