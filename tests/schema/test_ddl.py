"""The DDL: types by rule, generated files in step, and statements that the databases take."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.schema import ddl
from harmonize.schema.load import load_schema
from harmonize.schema.model import Slot


@pytest.mark.parametrize("file", ddl.GENERATED)
def test_committed_file_is_in_step(file: str) -> None:
    committed = (root("sql") / "ddl" / file).read_text(encoding="utf-8")
    assert committed == ddl.generate(file), "run `python -m harmonize.schema.ddl`"


@pytest.mark.parametrize(
    ("slot", "type_"),
    [
        (Slot("person_id", "integer", identifier=True), "BIGINT"),
        (Slot("measurement_event_id", "integer"), "BIGINT"),
        (Slot("fact_id_1", "integer"), "BIGINT"),
        (Slot("concept_id", "integer", identifier=True), "INTEGER"),
        (Slot("concept_id_2", "integer"), "INTEGER"),
        (Slot("domain_concept_id_1", "integer"), "INTEGER"),
        (Slot("year_of_birth", "integer"), "INTEGER"),
        (Slot("value_as_number", "float"), "DOUBLE"),
        (Slot("value_number", "double"), "DOUBLE"),
        (Slot("icu", "boolean"), "BOOLEAN"),
        (Slot("start_date", "date"), "DATE"),
        (Slot("start_datetime", "datetime"), "TIMESTAMP"),
        (Slot("sex", "case_sex", permissible_values=("Female",)), "VARCHAR"),
        (Slot("domain_id", identifier=True), "VARCHAR"),
        (Slot("coding", "uriorcurie"), "VARCHAR"),
        (Slot("days", "integer", multivalued=True), "INTEGER[]"),
        (Slot("row_key", annotations={"duckdb_type": "UUID"}), "UUID"),
    ],
)
def test_duckdb_type(slot: Slot, type_: str) -> None:
    assert ddl.duckdb_type(slot) == type_


OBJECTS = """
id: https://example.org/objects
name: objects
prefixes: {linkml: https://w3id.org/linkml/}
imports: [linkml:types]
default_range: string
classes:
  dose: {attributes: {value: {range: double}, unit: {}}}
  part: {attributes: {name: {}, strength: {range: dose}, parts: {range: dose, multivalued: true}}}
  drug: {attributes: {id: {identifier: true}, parts: {range: part, multivalued: true}}}
  order: {attributes: {drug: {range: drug}, drugs: {range: drug, multivalued: true, inlined: true}}}
"""


def test_slots_with_objects(tmp_path: Path) -> None:
    """A slot holds objects where it is inlined, or where its class has no key; another class is named by its key."""
    (tmp_path / "objects.yaml").write_text(OBJECTS)
    schema = load_schema(tmp_path / "objects.yaml")
    dose = 'STRUCT("value" DOUBLE, unit VARCHAR)'
    part = f'STRUCT("name" VARCHAR, strength {dose}, parts {dose}[])'
    with duckdb.connect() as con:
        con.execute(ddl.duckdb_ddl(schema, "o"))
        assert columns(con, "o", "drug")["parts"] == (f"{part}[]", "YES")
        found = columns(con, "o", "order")
        assert found["drug"][0] == "VARCHAR"
        assert found["drugs"][0] == f"STRUCT(id VARCHAR, parts {part}[])[]"
    assert repr(ddl.sqlalchemy_metadata(schema, "o").tables["o.drug"].c["parts"].type) == "JSON()"


def test_a_class_that_holds_itself(tmp_path: Path) -> None:
    loop = OBJECTS.replace("{value: {range: double}, unit: {}}", "{value: {range: double}, of: {range: part}}")
    (tmp_path / "objects.yaml").write_text(loop)
    with pytest.raises(InputError, match="Objects of the class part hold objects of part"):
        ddl.duckdb_ddl(load_schema(tmp_path / "objects.yaml"), "o")


def columns(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, tuple[str, str]]:
    rows = con.execute(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
        [schema, table],
    ).fetchall()
    return {name: (type_, nullable) for name, type_, nullable in rows}


def test_omop_in_duckdb() -> None:
    with duckdb.connect() as con:
        con.execute(ddl.duckdb_ddl(load_schema("omop"), "omop"))
        names = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert len(names) == 41
        assert names >= {"person", "concept", "cohort_definition", "image_occurrence", "image_feature"}
        assert columns(con, "omop", "note_nlp")["offset"] == ("VARCHAR", "YES")
        assert columns(con, "omop", "image_occurrence") == {
            "image_occurrence_id": ("BIGINT", "NO"),
            "person_id": ("BIGINT", "NO"),
            "visit_occurrence_id": ("BIGINT", "YES"),
            "procedure_occurrence_id": ("BIGINT", "NO"),
            "wadors_uri": ("VARCHAR", "YES"),
            "local_path": ("VARCHAR", "YES"),
            "image_occurrence_date": ("DATE", "NO"),
            "image_study_uid": ("VARCHAR", "NO"),
            "image_series_uid": ("VARCHAR", "NO"),
            "modality_concept_id": ("INTEGER", "NO"),
            "anatomic_site_concept_id": ("INTEGER", "YES"),
        }
        constraints = con.execute("SELECT DISTINCT constraint_type FROM duckdb_constraints()").fetchall()
        assert constraints == [("NOT NULL",)]
        comments = con.execute("SELECT count(*) FROM duckdb_tables() WHERE comment IS NULL").fetchone()
        assert comments == (0,)


def test_hub_in_duckdb() -> None:
    with duckdb.connect() as con:
        con.execute(ddl.duckdb_ddl(load_schema("midrc"), "midrc"))
        names = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert {"case", "visit", "condition", "measurement", "imaging_study", "imaging_series"} <= names
        assert not {name for name in names if name.startswith("gen3_")}
        assert not names & {"Event", "HubRow", "ValueSlots", "MappingControl"}
        case = columns(con, "midrc", "case")
        assert case["age_at_index"] == ("DOUBLE", "YES")
        assert case["row_key"] == ("UUID", "NO")
        for name in names:
            assert not ddl.RESERVED & set(columns(con, "midrc", name))


def test_postgresql_parses_and_references_resolve() -> None:
    statements = sqlglot.parse(ddl.generate("omop.postgresql.sql"), read="postgres")
    keys: dict[str, list[str]] = {}
    references = []
    for statement in statements:
        assert not isinstance(statement, exp.Command), f"not understood: {statement}"
        if isinstance(statement, exp.Create) and statement.kind == "TABLE":
            table = statement.find(exp.Table)
            key = statement.find(exp.PrimaryKey)
            assert table is not None
            keys[table.name] = [column.name for column in key.expressions] if key else []
        elif isinstance(statement, exp.Alter):
            reference = statement.find(exp.Reference)
            assert reference is not None
            references.append((reference.find_ancestor(exp.Alter), reference.this))
    assert len(keys) == 41
    omop = load_schema("omop")
    expected = sum("fk_table" in slot.annotations for cls in omop.classes.values() for slot in cls.slots.values())
    assert len(references) == expected
    for alter, target in references:
        assert keys[target.this.name] == [column.name for column in target.expressions], alter


def test_metadata_creates_the_tables_in_another_dialect() -> None:
    import sqlalchemy as sa

    metadata = ddl.sqlalchemy_metadata(load_schema("omop"), "omop")
    engine = sa.create_engine("sqlite://")
    with engine.connect() as con:
        con.execute(sa.text("ATTACH ':memory:' AS omop"))
        for table in metadata.tables.values():
            con.execute(sa.schema.CreateTable(table, include_foreign_key_constraints=[]))
        assert sa.inspect(con).get_pk_constraint("person", schema="omop")["constrained_columns"] == ["person_id"]
    assert len(metadata.tables) == 41
    measurement = metadata.tables["omop.measurement"]
    assert {key.target_fullname for key in measurement.c.unit_concept_id.foreign_keys} == {"omop.concept.concept_id"}
    assert isinstance(measurement.c.measurement_source_value.type, sa.String)
    assert measurement.c.measurement_source_value.type.length == 50
