"""schemas/omop.yaml against the CDM's own field lists: no column missing, none extra, all keys the same."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.schema.model import Slot

pytestmark = pytest.mark.realdata

Row = dict[str, str]
RANGES = {"integer": "integer", "float": "float", "date": "date", "datetime": "datetime"}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{(k or "").strip(): (v or "").strip() for k, v in row.items()} for row in csv.DictReader(file)]


def listed(row: Row) -> tuple[object, ...]:
    """What a field list says of one column, its spellings made even ('int', 'Integer', 'NA', quotes)."""
    datatype = row["cdmDatatype"].lower()
    datatype = "integer" if datatype == "int" else datatype
    field = row.get("fkFieldName") or row.get("fkFrieldName", "")
    names = [row["fkTableName"].lower(), field.lower(), row["fkDomain"], row["fkClass"]]
    foreign = [None if name in ("", "NA", "na") else name for name in names]
    return (datatype, row["isRequired"] == "Yes", row["isPrimaryKey"] == "Yes", *foreign)


def described(slot: Slot) -> tuple[object, ...]:
    keys = [slot.annotations.get(key) for key in ("fk_table", "fk_field", "fk_domain", "fk_class")]
    return (slot.annotations["cdm_datatype"], slot.required, slot.identifier, *keys)


def test_every_column_as_listed(shared: Path) -> None:
    rows = read(shared / "omop" / "OMOP_CDMv5.4_Field_Level.csv")
    rows += read(shared / "omop_imaging" / "OMOP_CDM_Medical_Imaging_Ex_Field_Level.csv")
    expected = {(r["cdmTableName"].lower(), r["cdmFieldName"].strip('"').lower()): listed(r) for r in rows}
    omop = load_schema("omop")
    found = {(cls.name, slot.name): described(slot) for cls in omop.classes.values() for slot in cls.slots.values()}
    assert len(expected) == 432 + 23
    assert list(found) == list(expected), "columns are missing, extra or in another order"
    assert found == expected


def test_range_follows_the_datatype(shared: Path) -> None:
    for cls in load_schema("omop").classes.values():
        for slot in cls.slots.values():
            assert slot.range == RANGES.get(slot.annotations["cdm_datatype"], "string"), (cls.name, slot.name)


def test_every_table_with_its_schema(shared: Path) -> None:
    rows = read(shared / "omop" / "OMOP_CDMv5.4_Table_Level.csv")
    expected = {row["cdmTableName"].lower(): row["schema"] for row in rows}
    found = {name: cls.annotations for name, cls in load_schema("omop").classes.items()}
    core = {name: notes["schema"] for name, notes in found.items() if "extension" not in notes}
    assert core == expected
    assert len(core) == 39
    assert set(found) - set(core) == {"image_occurrence", "image_feature"}
