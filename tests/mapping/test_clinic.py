"""The invented clinic, from its folder to rows: by our SQL, and by linkml-map itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from linkml_map.transformer.errors import TransformationError
from linkml_map.transformer.object_transformer import ObjectTransformer
from linkml_runtime import SchemaView

from harmonize.mapping.compiler import bodies
from harmonize.mapping.compiler.compile import load_mapping
from harmonize.mapping.compiler.functions import install, python_functions
from harmonize.mapping.plan import MappingPlan
from harmonize.mapping.select import ambiguous_lookups, entry_select, error_selects, reason_select, union

CLINIC = Path(__file__).parent / "data" / "clinic"
VIEWS = {"stay": "stay", "ward": "ward"}
STAY = ["stay_id", "patient", "sex", "age", "cough", "last_status", "c_8310_5_temperature", "weight"]
STAY += ["admitted", "nights", "ward_code", "cough_twice"]
STAYS = [
    ["S1", "P1", "F", "34", "Yes", "home", "98.6", "320", "1/2/2020", "3", "W1", "x"],
    ["S2", "P2", "U", None, "No", "?", "hot", "2.5", "12/31/9999", "3", "W2", None],
    ["S3", None, None, "2.5", None, None, None, "heavy", "2020-01-02", None, None, None],
]
WARDS = [["W1", "ICU", "3"], ["W1", "Old ICU", "2"], ["W3", "Nursery", None]]


@pytest.fixture(scope="module")
def plan() -> MappingPlan:
    return load_mapping(CLINIC)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    install(connection)
    for name, columns, rows in (("stay", STAY, STAYS), ("ward", ["code", "name", "beds"], WARDS)):
        listed = ", ".join(f"{column} VARCHAR" for column in columns)
        connection.execute(f"CREATE TABLE {name} (record_id_ BIGINT, record_key_ VARCHAR, {listed})")
        marks = ", ".join("?" * (len(columns) + 2))
        connection.executemany(
            f"INSERT INTO {name} VALUES ({marks})", [[i, f"{name}{i}", *row] for i, row in enumerate(rows, 1)]
        )
    return connection


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = con.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_rows(con: duckdb.DuckDBPyConnection, plan: MappingPlan) -> None:
    case, visit, cough, temperature, weight = (
        rows_of(con, entry_select(entry, VIEWS, 7) + " ORDER BY record_id") for entry in plan.entries
    )
    first = {"record_id": 1, "record_key": "stay1", "part": "case", "mapping_id": 7, "case_key": "P1"}
    assert case[0] == first | {
        "age_value": 34.0,
        "age_text": "34",
        "sex_source": "F",
        "gender_coding": "Gender:F",
    }
    assert [row["gender_coding"] for row in case] == ["Gender:F", None]  # U is mapped to null
    assert [row["start_date"] for row in visit] == [date(2020, 1, 2), date(9999, 12, 31), None]
    assert [row["end_date"] for row in visit] == [date(2020, 1, 5), None, None]
    assert [row["admit_source"] for row in visit] == ["ICU", None, None]  # of two W1 the first record
    assert [row["discharge_disposition"] for row in visit] == ["home", None, None]
    assert [row["assertion"] for row in cough] == ["present", "absent"]
    assert [row["value_number"] for row in temperature] == [37.0]
    assert [row["value_number"] for row in weight] == [
        pytest.approx(9.0718474),
        pytest.approx(0.0708738),
        None,
    ]


def test_errors_and_reasons(con: duckdb.DuckDBPyConnection, plan: MappingPlan) -> None:
    """The second stay would end after the year 9999: NULL in the row, and a finding."""
    found = [row for entry in plan.entries for query in error_selects(entry, VIEWS) for row in rows_of(con, query)]
    assert found == [{"record_id": 2, "slot": "end_date", "value": "admitted=12/31/9999 nights=3"}]
    reasons = rows_of(con, reason_select(plan.entries[0], VIEWS, 7))
    assert reasons == [{"record_id": 3, "mapping_id": 7, "reason": "no_patient"}]
    with pytest.raises(ValueError, match="when_ and reason_"):
        reason_select(plan.entries[1], VIEWS, 7)


def test_ambiguous_lookup(con: duckdb.DuckDBPyConnection, plan: MappingPlan) -> None:
    assert rows_of(con, ambiguous_lookups(plan.entries[1].joins[0], VIEWS)) == [{"key": "W1", "rows": 2}]


def test_union(con: duckdb.DuckDBPyConnection, plan: MappingPlan) -> None:
    """Entries of one hub class in one relation; a slot that only one of them has is NULL in the other."""
    rows = rows_of(con, f"FROM ({union([(3, plan.entries[3]), (4, plan.entries[4])], VIEWS)}) ORDER BY ALL")
    assert [(row["record_id"], row["mapping_id"], row["value_text"]) for row in rows] == [
        (1, 3, "98.6"),
        (1, 4, None),
        (2, 4, None),
        (3, 4, None),
    ]


def test_plan(plan: MappingPlan) -> None:
    assert MappingPlan.from_json(plan.to_json()) == plan
    assert plan.excluded == {
        "stay": {"cough_twice": "restates cough"},
        "ward": {"beds": "not about a patient"},
    }
    assert plan.project == {"project_id": "Open-Clinic", "time": {"policy": "as_is", "anchors": ["2020-01-01"]}}
    assert [entry.part for entry in plan.entries] == ["case", "visit", "cough", "temperature", "weight"]
    assert plan.entries[1].columns["end_date"].sources == ("admitted", "nights")
    lines = (CLINIC / "clinic.map.yaml").read_text().splitlines()
    for entry in plan.entries:
        for slot, column in entry.columns.items():
            assert lines[column.line - 1].strip().startswith(f"{slot}:")


class Lookup:
    """Stands for linkml-map's LookupIndex, which reads files."""

    def lookup_row(self, alias: str, key: str, value: str) -> dict[str, str | None] | None:
        found = [ward for ward in WARDS if ward[0] == value]
        return dict(zip(("code", "name", "beds"), found[0], strict=True)) if found else None


def test_linkml_map_agrees(con: duckdb.DuckDBPyConnection, plan: MappingPlan) -> None:
    """linkml-map takes the file as it is, and makes of each record what our SQL makes of it."""
    engine = ObjectTransformer(extension_functions=python_functions(), lookup_index=Lookup())
    engine.source_schemaview = SchemaView(str(CLINIC / "clinic.yaml"))
    engine.load_transformer_specification(CLINIC / "clinic.map.yaml")
    derivations = engine.derived_specification.class_derivations
    errors = []
    for entry, derivation in zip(plan.entries, derivations, strict=True):
        ours = {row["record_id"]: row for row in rows_of(con, entry_select(entry, VIEWS, 0))}
        for record_id, cells in enumerate(STAYS, 1):
            record = dict(zip(STAY, cells, strict=True))
            try:
                theirs = engine.map_object(record, source_type="stay", class_derivation=derivation)
            except TransformationError as error:
                errors.append((error.slot_derivation_name, record_id))
                continue
            assert theirs.pop("part_") == entry.part
            theirs.pop("reason_", None)
            assert bool(theirs.pop("when_", True)) == (record_id in ours)
            for slot, value in theirs.items() if record_id in ours else ():
                read = {"age_value": bodies.number, "length_of_stay": bodies.whole}.get(slot)
                assert ours[record_id][slot] == (read(value) if read and value is not None else value)
    assert errors == [("end_date", 2)]
