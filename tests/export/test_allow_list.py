"""The list of what is published: every column has a line, and no line lets a key or a day through."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from harmonize.export.allow_list import WHOLE, id_numbers, is_listed, published
from harmonize.schema.ddl import columns, duckdb_type, references_concept, tables
from harmonize.schema.load import load_schema

CALENDAR = ("DATE", "TIMESTAMP")
KEYS = ("pseudonym", "uid", "drop")


def _columns_of(path: Path) -> list[tuple[str, str, str]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() c JOIN duckdb_tables() t "
            "USING (schema_name, table_name) WHERE schema_name IN ('omop', 'midrc', 'harmonize')"
        ).fetchall()


@pytest.mark.parametrize("name", ["omop", "midrc"])
def test_every_column_of_a_schema_has_a_line(name: str) -> None:
    of_schema = {(table, column) for table, cls in tables(load_schema(name)).items() for column in columns(cls)}
    of_list = {(table, column) for (schema, table), lines in published().items() if schema == name for column in lines}
    assert of_list == of_schema


def test_every_column_of_a_new_store_has_a_line(empty_store: Path) -> None:
    assert [column for column in _columns_of(empty_store) if not is_listed(*column)] == []


def test_every_line_of_the_bookkeeping_is_of_a_column(empty_store: Path) -> None:
    there = {(table, column) for schema, table, column in _columns_of(empty_store) if schema == "harmonize"}
    listed = {
        (table, column)
        for (schema, table), lines in published().items()
        if schema == "harmonize"
        for column in lines
        if column != WHOLE
    }
    assert listed <= there


def test_ids_of_the_cdm_are_new_ids_of_the_table_that_they_are_of() -> None:
    for table, cls in tables(load_schema("omop")).items():
        for name, slot in columns(cls).items():
            line = published()["omop", table][name]
            if references_concept(slot) or duckdb_type(slot) != "BIGINT":
                assert line.becomes != "id", (table, name)
                continue
            assert line.becomes == "id", (table, name)
            target = slot.annotations.get("fk_table") or (table if slot.identifier else None)
            if target is not None and target in id_numbers():
                assert line.argument == target, (table, name)


def test_every_kind_of_id_has_a_number_of_six_bits() -> None:
    targets = {
        line.argument.partition("/")[2] if line.argument.startswith("@") else line.argument
        for lines in published().values()
        for line in lines.values()
        if line.becomes == "id"
    }
    assert targets - {""} <= id_numbers().keys()
    assert len(set(id_numbers().values())) == len(id_numbers())
    assert all(0 < number < 64 for number in id_numbers().values())


def test_no_key_of_the_source_stays_as_it_is() -> None:
    named = re.compile(r"(_key|_uid|_uids|submitter_id|_hash|^id|case_ids|^cases|_files|source_id|^udi|_guid|md5sum)$")
    links = {"conditions", "procedures", "imaging_studies", "targets", "repeats", "datasets", "site_id", "annotator_id"}
    for (schema, table), lines in published().items():
        for name, line in lines.items():
            if (named.search(name) or name in links) and name != "sop_class_uid" and schema != "omop":
                assert line.becomes in (*KEYS, "public"), (schema, table, name)


def test_days_of_the_hub_go_where_a_project_moves_them() -> None:
    for table, cls in tables(load_schema("midrc")).items():
        for name, slot in columns(cls).items():
            if duckdb_type(slot) in CALENDAR:
                assert published()["midrc", table][name].becomes in ("date", "drop"), (table, name)


def test_no_anchor_and_no_way_to_the_files_goes_along() -> None:
    project, file = published()["harmonize", "project"], published()["harmonize", "source_file"]
    for name in ("source_anchor", "anchor", "shift_key_file", "shift_key_fingerprint"):
        assert project[name].becomes == "drop"
    assert {name: file[name].becomes for name in ("name", "size", "sha256")} == {
        "name": "numbered",
        "size": "drop",
        "sha256": "drop",
    }
    for table in ("record", "row_id", "row_id_retired", "row_source", "finding", "crosswalk"):
        assert WHOLE in published()["harmonize", table]
    # which person a case is, under the pseudonyms that the hub has as well; not how cases became one
    case = {name: (line.becomes, line.argument) for name, line in published()["harmonize", "person_case"].items()}
    assert case == {
        "project_id": ("as_is", ""), "case_key": ("pseudonym", "case"), "person_id": ("id", "person"),
        "basis": ("as_is", ""), "chosen_project_id": ("drop", ""), "chosen_case_key": ("drop", ""),
    }  # fmt: skip
