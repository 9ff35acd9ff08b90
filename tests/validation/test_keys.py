"""Which columns hold keys, by the schema and by the mapping; what a bad key becomes in a load."""

from __future__ import annotations

from pathlib import Path

import pytest
from clean_ward import WARD, clean_ward, write_ward
from test_planted import found_in

from harmonize.engine.store import Store
from harmonize.mapping.plan import DerivedColumn, Entry, Join, MappingPlan
from harmonize.pipeline.load import load
from harmonize.schema.model import ClassDef, Schema, Slot
from harmonize.validation.keys import key_names, with_keys


def test_keys_of_the_schema_and_of_the_mapping():
    lab = ClassDef(
        "lab",
        {
            slot.name: slot
            for slot in (Slot("id", identifier=True), *map(Slot, ("who", "sample", "stay", "code", "year")))
        },
        unique_keys=(("who", "sample"),),
    )
    visit = ClassDef("visit", {"stay": Slot("stay"), "patient": Slot("patient", annotations={"link": "person"})})
    columns = {
        "case_key": DerivedColumn('s."who"', ("who",)),
        "text": DerivedColumn('s."code"', ("code",)),
        "visit_key": DerivedColumn('upper(s."year")', ("year",)),
    }
    entry = Entry("measurement", "lab", "test", columns, joins=(Join("v", "visit", "stay", "stay"),))
    plan = MappingPlan("x", "1", "s", "midrc", (entry,))
    classes = with_keys(Schema("s", {"lab": lab, "visit": visit}), plan).classes
    assert key_names(lab) == {"id", "who", "sample"}
    assert key_names(classes["lab"]) == {"id", "who", "sample", "stay"}
    assert key_names(classes["visit"]) == {"stay", "patient"}


@pytest.mark.parametrize(
    ("key", "rule"),
    [("W0001\u200b", "key_characters"), ("Ｗ0001", "key_characters"), ("W0001\t", "key_characters"),
     ("1.23457E+12", "spreadsheet_key"), ("Mar-05", "spreadsheet_key")],
)  # fmt: skip
def test_a_bad_key_is_told_and_its_record_is_not_loaded(tmp_path: Path, new_store: Store, key: str, rule: str):
    rows = clean_ward()
    rows["result"][0]["patient_id"] = key
    folder = write_ward(tmp_path / "ward", rows)
    found = {(f["rule"], f["file"], f["line"]) for f in found_in(folder, source="ehr", mapping=str(WARD))}
    assert (rule, "result.csv", 2) in found
    result = load(new_store, [folder], source="ehr", mapping=str(WARD), project="P")
    assert result.states["quarantined"] == 1
    told = new_store.con.execute("SELECT file, line FROM harmonize.ledger WHERE state = 'quarantined'").fetchall()
    assert told == [("result.csv", 2)]


def test_blanks_around_a_key_make_no_other_patient(tmp_path: Path, new_store: Store):
    rows = clean_ward()
    rows["result"][0]["patient_id"] = " W0001\u00a0"
    load(new_store, [write_ward(tmp_path / "ward", rows)], source="ehr", mapping=str(WARD), project="P")
    assert new_store.con.execute("SELECT DISTINCT state FROM harmonize.ledger").fetchall() == [("loaded",)]
