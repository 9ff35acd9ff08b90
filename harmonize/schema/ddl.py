"""DDL and SQLAlchemy metadata from a schema. `python -m harmonize.schema.ddl` rewrites sql/ddl."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import require_checkout, root
from harmonize.engine.sql_text import literal, quote
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import sqlalchemy as sa

    from harmonize.schema.model import ClassDef, Schema, Slot

RESERVED = frozenset({"when_", "part_", "reason_"})
"""Control slots of a mapping (schemas/control.yaml): evaluated, never stored."""

DUCKDB_TYPES = {
    "float": "DOUBLE",
    "double": "DOUBLE",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}
CONCEPT_ID = re.compile(r"(^|_)concept_id(_\d)?$")
ROW_ID = re.compile(r"(^|_)(id|id_\d)$")


def tables(schema: Schema) -> dict[str, ClassDef]:
    """The classes that become tables: not abstract, no mixin, not the bare node of the Gen3 dictionary."""
    return {
        name: cls
        for name, cls in schema.classes.items()
        if not (cls.abstract or cls.mixin or "gen3_node" in cls.annotations)
    }


def columns(cls: ClassDef) -> dict[str, Slot]:
    """The slots that become columns, in order."""
    return {name: slot for name, slot in cls.slots.items() if name not in RESERVED}


def references_concept(slot: Slot) -> bool:
    """Whether the column holds a concept id, the key of concept itself included."""
    return slot.annotations.get("fk_table") == "concept" or bool(CONCEPT_ID.search(slot.name))


def is_row_key(slot: Slot) -> bool:
    """Whether an integer column holds ids of rows, which may outgrow 32 bits; concept ids do not."""
    return not references_concept(slot) and (slot.identifier or bool(ROW_ID.search(slot.name)))


def max_length(slot: Slot) -> int | None:
    """n of the CDM type varchar(n); None for varchar(max) and all other types."""
    found = re.fullmatch(r"varchar\((\d+)\)", slot.annotations.get("cdm_datatype", ""))
    return int(found[1]) if found else None


def duckdb_type(slot: Slot, classes: Mapping[str, ClassDef] | None = None) -> str:
    """The DuckDB type of a column: the annotation duckdb_type, else by range; enums and texts are VARCHAR.

    A slot that holds objects of one of `classes` is a STRUCT. Raises InputError for a class that holds itself.
    """
    if "duckdb_type" in slot.annotations:
        return slot.annotations["duckdb_type"]
    if slot.inlined:
        type_ = _struct(slot.range, classes or {})
    elif slot.range == "integer":
        type_ = "BIGINT" if is_row_key(slot) else "INTEGER"
    else:
        type_ = DUCKDB_TYPES.get(slot.range, "VARCHAR")
    return type_ + ("[]" if slot.multivalued else "")


def _struct(name: str, classes: Mapping[str, ClassDef]) -> str:
    if name not in classes:
        raise InputError(f"Objects of the class {name} hold objects of {name}, so no column can hold them.")
    inner = {other: cls for other, cls in classes.items() if other != name}
    fields = (f"{quote(slot.name)} {duckdb_type(slot, inner)}" for slot in columns(classes[name]).values())
    return f"STRUCT({', '.join(fields)})"


def duckdb_ddl(schema: Schema, db_schema: str) -> str:
    """CREATE statements for DuckDB: types, NOT NULL and comments.

    Keys and references are checked before a load commits (harmonize.schema.checks): under foreign keys DuckDB
    cannot delete child and parent in one transaction.
    """
    made = duckdb_table_ddl(schema, db_schema).values()
    return "\n\n".join([f"CREATE SCHEMA IF NOT EXISTS {quote(db_schema)};", *made]) + "\n"


def duckdb_table_ddl(schema: Schema, db_schema: str, *, bare: bool = False) -> dict[str, str]:
    """Table → the statements that make it in DuckDB; `bare` ones have neither requirements nor comments."""
    named = {name: f"{quote(db_schema)}.{quote(name)}" for name in tables(schema)}
    return {name: _duckdb_table(schema, cls, named[name], bare) for name, cls in tables(schema).items()}


def _duckdb_table(schema: Schema, cls: ClassDef, table: str, bare: bool) -> str:
    lines = [
        f"  {quote(slot.name)} {duckdb_type(slot, schema.classes)}{' NOT NULL' if slot.required and not bare else ''}"
        for slot in columns(cls).values()
    ]
    statements = [f"CREATE TABLE IF NOT EXISTS {table} (\n" + ",\n".join(lines) + "\n);"]
    if cls.description and not bare:
        statements.append(f"COMMENT ON TABLE {table} IS {literal(cls.description)};")
    statements += [
        f"COMMENT ON COLUMN {table}.{quote(slot.name)} IS {literal(slot.description)};"
        for slot in columns(cls).values()
        if slot.description and not bare
    ]
    return "\n".join(statements)


def sqlalchemy_metadata(schema: Schema, db_schema: str) -> sa.MetaData:
    """Tables with types, keys, references and indexes, for any dialect of SQLAlchemy."""
    import sqlalchemy as sa

    metadata = sa.MetaData()
    for name, cls in tables(schema).items():
        slots = columns(cls).values()
        sa.Table(
            name,
            metadata,
            *(_column(slot) for slot in slots),
            *(_foreign_key(name, slot, db_schema) for slot in slots if "fk_table" in slot.annotations),
            *(sa.Index(f"idx_{name}_{slot.name}", slot.name) for slot in slots if _is_indexed(slot)),
            schema=sa.sql.quoted_name(db_schema, quote=True),
            quote=True,
            comment=cls.description or None,
        )
    return metadata


def _column(slot: Slot) -> sa.Column[Any]:
    import sqlalchemy as sa

    return sa.Column(
        slot.name,
        _sqlalchemy_type(slot),
        primary_key=slot.identifier,
        nullable=not slot.required,
        autoincrement=False,
        quote=True,
        comment=slot.description or None,
    )


def _sqlalchemy_type(slot: Slot) -> sa.types.TypeEngine[Any]:
    import sqlalchemy as sa

    types: dict[str, sa.types.TypeEngine[Any]] = {
        "BIGINT": sa.BigInteger(),
        "INTEGER": sa.Integer(),
        "USMALLINT": sa.Integer(),
        "DOUBLE": sa.Numeric(),
        "BOOLEAN": sa.Boolean(),
        "DATE": sa.Date(),
        "TIMESTAMP": sa.DateTime(),
        "UUID": sa.Uuid(),
    }
    if slot.inlined:
        return sa.JSON()
    length = max_length(slot)
    text = sa.String(length) if length else sa.Text()
    found = types.get(duckdb_type(slot).removesuffix("[]"), text)
    return sa.ARRAY(found) if slot.multivalued else found


def _foreign_key(table: str, slot: Slot, db_schema: str) -> sa.ForeignKeyConstraint:
    """Added after all tables (use_alter), since the vocabulary tables refer to each other in circles."""
    import sqlalchemy as sa

    target = f"{db_schema}.{slot.annotations['fk_table']}.{slot.annotations['fk_field']}"
    return sa.ForeignKeyConstraint([slot.name], [target], name=f"fk_{table}_{slot.name}", use_alter=True)


def _is_indexed(slot: Slot) -> bool:
    """The columns by which the CDM's own DDL indexes its tables: person, visit, what an event is about."""
    if slot.name in ("person_id", "visit_occurrence_id"):
        return not slot.identifier
    about = references_concept(slot) and slot.required and not slot.identifier
    return about and not slot.name.endswith("_type_concept_id")


def postgres_ddl(schema: Schema, db_schema: str) -> str:
    """CREATE statements for PostgreSQL: tables with primary keys, then indexes, then foreign keys."""
    from sqlalchemy import Dialect
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable, DDLElement, SetColumnComment, SetTableComment

    postgres: type[Dialect] = postgresql.dialect
    dialect = postgres()

    def statement(element: DDLElement) -> str:
        lines = str(element.compile(dialect=dialect)).strip().replace("\t", "  ").splitlines()
        return "\n".join(line.rstrip() for line in lines if line.strip()) + ";"

    created = list(sqlalchemy_metadata(schema, db_schema).tables.values())
    parts = [f"CREATE SCHEMA IF NOT EXISTS {quote(db_schema)};"]
    for table in created:
        said = [statement(SetTableComment(table))] if table.comment else []
        said += [statement(SetColumnComment(column)) for column in table.columns if column.comment]
        parts.append("\n".join([statement(CreateTable(table, include_foreign_key_constraints=[])), *said]))
    for table in created:
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        if indexes:
            parts.append("\n".join(statement(CreateIndex(index)) for index in indexes))
    for table in created:
        keys = sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
        if keys:
            parts.append("\n".join(statement(AddConstraint(key)) for key in keys))
    return "\n\n".join(parts) + "\n"


GENERATED: dict[str, tuple[str, Callable[[Schema, str], str]]] = {
    "omop.duckdb.sql": ("omop", duckdb_ddl),
    "omop.postgresql.sql": ("omop", postgres_ddl),
    "midrc.duckdb.sql": ("midrc", duckdb_ddl),
}


def generate(file: str) -> str:
    """The text of one generated file of sql/ddl, such as `omop.duckdb.sql`."""
    name, ddl = GENERATED[file]
    head = f"-- Generated from schemas/{name}.yaml by `python -m harmonize.schema.ddl`; do not edit.\n\n"
    return head + ddl(load_schema(name), name)


if __name__ == "__main__":
    require_checkout()
    for generated in GENERATED:
        (root("sql") / "ddl" / generated).write_text(generate(generated), encoding="utf-8")
