import pytest

from harmonize.schema.model import Slot
from harmonize.validation.table.units import fitting_unit, may_be_judged


@pytest.mark.parametrize(
    ("quantity", "unit", "median", "fits"),
    [
        ("body_temperature", "Cel", 37.0, None),
        ("body_temperature", "Cel", 98.6, "[degF]"),
        ("body_temperature", "[degF]", 37.0, "Cel"),
        ("body_temperature", "[degF]", 98.6, None),
        ("body_height", "cm", 66.0, "[in_i]"),
        ("body_height", "cm", 1.7, "m"),
        ("body_weight", "kg", 180.0, "[lb_av]"),
        ("body_weight", "kg", 2800.0, "[oz_av]"),
        ("body_weight", "kg", 80.0, None),
        ("oxygen_saturation", "%", 0.97, "1"),
        ("glucose", "mg/dL", 5.6, "mmol/L"),
        ("creatinine", "mg/dL", 80.0, "umol/L"),
        ("hemoglobin", "g/dL", 135.0, "g/L"),
        ("body_height", "cm", -5.0, None),  # fits nowhere
    ],
)
def test_the_unit_in_which_a_median_is_likely(quantity: str, unit: str, median: float, fits: str | None) -> None:
    slot = Slot("x", unit=unit, annotations={"quantity": quantity})
    assert may_be_judged(slot)
    assert fitting_unit(slot, median) == fits


def test_only_a_known_quantity_in_a_known_unit_is_judged() -> None:
    assert not may_be_judged(Slot("x", unit="cm"))
    assert not may_be_judged(Slot("x", unit="furlong", annotations={"quantity": "body_height"}))
    assert not may_be_judged(Slot("x", unit="cm", annotations={"quantity": "length of a rope"}))
