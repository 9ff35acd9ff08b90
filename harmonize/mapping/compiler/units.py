"""Conversion between UCUM units: a factor, computed once when a mapping is compiled and written into its plan."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.mapping.compiler.value import Sql, constant

if TYPE_CHECKING:
    from harmonize.mapping.compiler.spec import UnitConversion
    from harmonize.schema.model import Slot

# What stands in for the units whose zeros differ, which linkml-map cannot convert.
OFFSET = {
    ("[degF]", "Cel"): "fahrenheit_to_celsius(number(x))",
    ("Cel", "[degF]"): "number(x) * 1.8 + 32",
    ("K", "Cel"): "number(x) - 273.15",
    ("Cel", "K"): "number(x) + 273.15",
}


def converted_unit(value: Sql, units: UnitConversion, source: Slot) -> Sql:
    """The number in another unit. Raises InputError for units that differ, are unknown or have an offset."""
    if units.source and source.unit and units.source != source.unit:
        raise InputError(f"source_unit {units.source!r} is not the schema's unit {source.unit!r} of {source.header!r}.")
    unit = units.source or source.unit
    if unit is None:
        raise InputError(f"{source.header!r} has no unit in its schema.", "Write source_unit.")
    factor = _factor(unit, units.target)
    text = f"number({value.text})"
    return Sql(text if factor == 1 else f"({text} * {constant(factor).text})", "number", unbounded=factor != 1)


def _factor(source: str, target: str) -> float:
    """What turns a number in one UCUM unit into another, as pint says, which linkml-map asks, too."""
    if source == target:
        return 1.0
    if (source, target) in OFFSET:
        fault = f"{source!r} to {target!r} is not proportional, and linkml-map cannot convert units with an offset"
        raise InputError(f"{fault}.", f"Write expr: {OFFSET[source, target]}.")
    from pint import OffsetUnitCalculusError

    with_offset = InputError(f"{source!r} to {target!r} is not proportional.", "Write it as an expr.")
    try:
        zero, one, two = (_converted(n, source, target) for n in (0.0, 1.0, 2.0))
    except OffsetUnitCalculusError as error:
        raise with_offset from error
    except Exception as error:
        problem = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise InputError(f"{source!r} cannot be converted to {target!r}: {problem}.", "Use UCUM codes.") from error
    if zero != 0 or abs(two - 2 * one) > 1e-12 * abs(two):
        raise with_offset
    return float(one)


def _converted(number: float, source: str, target: str) -> float:
    """The number in another unit, by way of pint's own names as linkml-map goes: equal to the last digit."""
    known = _registry()
    names = [str(known.from_ucum(unit)) for unit in (source, target)]
    return float((number * known.parse_units(names[0])).to(names[1]).magnitude)


@cache
def _registry() -> Any:
    """pint's units by their UCUM codes; to make it takes a second."""
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()
