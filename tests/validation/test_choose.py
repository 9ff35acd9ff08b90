"""A file is taken for the class whose columns it has; where none fits, the nearest is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lab_table import LAB

from harmonize.engine.errors import InputError
from harmonize.schema.model import ClassDef, Schema, Slot
from harmonize.validation.choose import choose_class

VISIT = ClassDef("visit", {name: Slot(name, required=name == "visit_id") for name in ("visit_id", "sex", "start")})
SCHEMA = Schema("sources/x", {"lab": LAB, "visit": VISIT, "root": ClassDef("root", {}, abstract=True)})


def test_most_shared_columns_win():
    assert choose_class(SCHEMA, ["visit_id", "start"], "x.csv")[0].name == "visit"
    cls, why = choose_class(SCHEMA, ["record.id", "name", "sex", "other"], "x.csv")
    assert (cls.name, why) == ("lab", "3 of its 4 columns are those of class lab.")


def test_the_name_of_the_file_decides_between_equals():
    schema = Schema("s", {"lab": LAB, "lab2": replace(LAB, name="lab2", annotations={"file_pattern": "CHEM*"})})
    assert choose_class(schema, ["record.id", "name"], "in/Chem_1.csv")[0].name == "lab2"
    cls, why = choose_class(schema, ["record.id", "name"], "a.zip!lab_1.csv")
    assert cls.name == "lab"
    assert why.endswith("so is its name.")
    with pytest.raises(InputError, match="class lab and class lab2 alike"):
        choose_class(schema, ["record.id", "name"], "x.csv")


def test_the_nearest_class_is_named_with_what_is_missing():
    with pytest.raises(InputError) as error:
        choose_class(SCHEMA, ["record id", "nam", "sex", "age"], "x.csv")
    assert "nearest is lab" in error.value.message
    assert "'name' (like 'nam')" in error.value.message


def test_an_incomplete_file_is_taken_where_gaps_are_to_be_reported():
    headers = ["record.id", "nam", "sex", "age"]
    with pytest.raises(InputError):
        choose_class(SCHEMA, headers, "x.csv")
    assert choose_class(SCHEMA, headers, "x.csv", complete=False)[0].name == "lab"


def test_a_foreign_file_fits_nothing():
    with pytest.raises(InputError, match="fit no class"):
        choose_class(SCHEMA, ["alpha", "beta"], "x.csv", complete=False)
