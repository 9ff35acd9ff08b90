"""What the sources' schemas say of their columns, said once more: a change of either is seen in the other.

A line is a class and a column, with its range, what it must be and its bounds; the columns without any of these are not
listed. Where a change is meant, the line is changed by hand (not by a program that would repeat a slip of the pen).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harmonize.schema.load import load_schema
from harmonize.schema.model import Slot

SAID = Path(__file__).parent / "data" / "columns.txt"
TAKEN_OVER = ("gen3",)
"""Of these, which are made of somebody else's dictionary, what is required."""
SOURCES = ("cirr", "covid_19_ny_sbu", "dicom", "idc", "ricord", "site_302028", "site_419639", "site_514382")


def told(slot: Slot) -> Iterator[str]:
    if slot.range != "string":
        yield str(slot.range)
    for name in ("identifier", "required", "multivalued"):
        if getattr(slot, name):
            yield name
    for name, sign in (("minimum", ">="), ("maximum", "<=")):
        if (bound := getattr(slot, name)) is not None:
            yield f"{sign}{bound:g}"


@pytest.mark.parametrize("source", [*SOURCES, *TAKEN_OVER])
def test_columns(source: str) -> None:
    found = [
        f"{source} {cls.name} {slot.name} {' '.join(said)}"
        for cls in load_schema(f"sources/{source}").classes.values()
        for slot in cls.slots.values()
        if (said := ["required"] if source in TAKEN_OVER and slot.required else list(told(slot)))
        and (source not in TAKEN_OVER or slot.required)
    ]
    lines = SAID.read_text(encoding="utf-8").splitlines()
    assert sorted(found) == sorted(line for line in lines if line.split()[0] == source)


def test_what_is_no_table_of_the_hub() -> None:
    """Parts of tables are mixins: two releases are compared by the tables alone (schema.diff)."""
    mixins = {name for name, cls in load_schema("midrc").classes.items() if cls.mixin}
    assert mixins == {
        "Event", "Gen3Row", "HubRow", "ImagingHub", "MappingControl", "SeriesFile", "ValueSlots",
        "gen3_data_file_properties", "gen3_ubiquitous_properties",
    }  # fmt: skip
