"""Each kind of structural check finds its planted fault, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from harmonize.schema import checks, ddl
from harmonize.schema.load import load_schema
from harmonize.schema.model import ClassDef, Schema, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator


def concept_key(name: str, *, required: bool = False) -> Slot:
    annotations = {"fk_table": "concept", "fk_field": "concept_id"}
    return Slot(name, "integer", required=required, annotations=annotations)


def small_schema() -> Schema:
    concept = [Slot("concept_id", "integer", required=True, identifier=True), Slot("domain_id")]
    person = [
        Slot("person_id", "integer", required=True, identifier=True),
        concept_key("gender_concept_id", required=True),
        concept_key("race_concept_id"),
        Slot("offset", annotations={"cdm_datatype": "varchar(3)"}),
        Slot("part_", required=True),
    ]
    visit = [
        Slot("visit_id", "integer", required=True, identifier=True),
        Slot("person_id", "integer", annotations={"fk_table": "person", "fk_field": "person_id"}),
        Slot("project", required=True),
        Slot("key"),
    ]
    tables = {"concept": concept, "person": person, "visit": visit}
    classes = {name: ClassDef(name, {slot.name: slot for slot in slots}) for name, slots in tables.items()}
    classes["visit"] = ClassDef("visit", classes["visit"].slots, unique_keys=(("project", "key"),))
    return Schema("small", classes)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Sound rows, in tables without NOT NULL, so that every fault can be planted."""
    with duckdb.connect() as connection:
        connection.execute(ddl.duckdb_ddl(small_schema(), "s").replace(" NOT NULL", ""))
        connection.execute("INSERT INTO s.concept VALUES (0, 'Metadata'), (8507, 'Gender')")
        connection.execute("INSERT INTO s.person VALUES (1, 8507, 0, 'abc'), (2, 0, NULL, NULL)")
        connection.execute("INSERT INTO s.visit VALUES (1, 1, 'p', 'a'), (2, NULL, 'p', NULL), (3, 2, 'p', NULL)")
        yield connection


def failures(con: duckdb.DuckDBPyConnection, tables: set[str] | None = None) -> dict[str, int]:
    found = checks.run(con, checks.structural_checks(small_schema(), "s"), tables)
    for failure in found:
        assert con.execute(failure.check.sql).fetchone() == (failure.rows,), "run and sql disagree"
    return {failure.check.id: failure.rows for failure in found}


def test_sound_rows_pass(con: duckdb.DuckDBPyConnection) -> None:
    assert failures(con) == {}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("UPDATE s.person SET gender_concept_id = NULL", {"required:person.gender_concept_id": 2}),
        ("UPDATE s.person SET \"offset\" = 'abcd' WHERE person_id = 2", {"length:person.offset": 1}),
        ("INSERT INTO s.concept SELECT 0, 'x' FROM range(3)", {"primary_key:concept.concept_id": 3}),
        ("UPDATE s.person SET race_concept_id = 7", {"reference:person.race_concept_id": 2}),
        (
            "UPDATE s.person SET gender_concept_id = 7 WHERE person_id = 1",
            {"reference:person.gender_concept_id": 1},
        ),
        ("DELETE FROM s.person WHERE person_id = 2", {"reference:visit.person_id": 1}),
        ("UPDATE s.visit SET key = 'a' WHERE visit_id = 2", {"unique_key:visit.project+key": 1}),
        (
            "UPDATE s.person SET person_id = NULL WHERE person_id = 1",
            {"required:person.person_id": 1, "reference:visit.person_id": 1},
        ),
    ],
)
def test_planted_fault(con: duckdb.DuckDBPyConnection, fault: str, expected: dict[str, int]) -> None:
    con.execute(fault)
    assert failures(con) == expected


def test_only_the_named_tables(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE s.person SET gender_concept_id = NULL")
    con.execute("UPDATE s.visit SET person_id = 9 WHERE visit_id = 1")
    assert failures(con, {"visit"}) == {"reference:visit.person_id": 1}
    assert failures(con, set()) == {}


def test_every_key_and_reference_of_omop_is_checked() -> None:
    omop = load_schema("omop")
    found = {check.id for check in checks.structural_checks(omop, "omop")}
    slots = [(cls.name, slot) for cls in omop.classes.values() for slot in cls.slots.values()]
    assert {f"reference:{name}.{slot.name}" for name, slot in slots if "fk_table" in slot.annotations} <= found
    assert {f"primary_key:{name}.{slot.name}" for name, slot in slots if slot.identifier} <= found
    with duckdb.connect() as con:
        con.execute(ddl.duckdb_ddl(omop, "omop"))
        assert checks.run(con, checks.structural_checks(omop, "omop")) == []
