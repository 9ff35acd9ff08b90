"""A publication in PostgreSQL: the CDM with keys and indexes, the hub, the linked views as tables; all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, InternalError, StoreError
from harmonize.engine.sql_text import literal, quote
from harmonize.export.forms.checksum import LIST, duckdb_checksum, is_object, postgres_checksum
from harmonize.schema.ddl import max_length, sqlalchemy_metadata
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa

    from harmonize.export.forms.source import Publication, Relation

MARK = "Published by midrc-harmonize"
"""Begins the comment of a schema that a publication made, and that the next one may replace."""
_CHUNK = 1 << 20
_NEW = "harmonize_new_"


@dataclass
class _Target:
    """The database that is written to, in one transaction; `made` are the tables by (schema, name)."""

    connection: sa.Connection
    publication: Publication
    work: Path
    warnings: list[str] = field(default_factory=list)
    made: dict[tuple[str, str], sa.Table] = field(default_factory=dict)


def write_postgres(publication: Publication, url: str, work: Path) -> tuple[int, list[str]]:
    """Write the publication to the database of an SQLAlchemy URL: (rows, what is to be said).

    CDM tables have the types, primary keys, indexes and foreign keys of the CDM's DDL; a key that a row breaks is left
    out and named. Lists are arrays, objects JSON. Tables are filled by COPY under other schema names, compared by count
    and checksum, and then take the place of the last publication's; who reads sees the old ones until then. `work` is a
    folder for one table's CSV at a time.
    Raises InputError where psycopg is missing and for a schema that holds something else, StoreError where
    the database refuses, InternalError where a table is not equal.
    """
    import sqlalchemy as sa

    engine = _engine(url)
    try:
        with engine.begin() as connection:
            _require_utf8(connection)
            target = _Target(connection, publication, work)
            schemas = dict.fromkeys(relation.schema for relation in publication.relations)
            for schema in schemas:
                _refuse_foreign(connection, schema)
                connection.execute(sa.schema.CreateSchema(_NEW + schema))
            _create_tables(target)
            rows = sum(_fill(target, relation) for relation in publication.relations)
            _add_indexes(target)
            _add_keys(target)
            for relation in publication.relations:
                _compare(target, relation)
            for schema in schemas:
                _put_in_place(connection, schema, publication.facts)
            return rows, target.warnings
    except sa.exc.DBAPIError as problem:
        first = str(problem.orig).strip().splitlines()[0] if problem.orig else "no reason given"
        raise StoreError(
            f"PostgreSQL refused: {first}", f"Nothing was changed in {engine.url.render_as_string(hide_password=True)}."
        ) from problem
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    try:
        import psycopg  # noqa: F401
        import sqlalchemy as sa
    except ImportError as problem:
        raise InputError(
            "--for postgres needs psycopg, which is not installed.",
            "Install it with: pip install 'midrc-harmonize[postgres]'",
        ) from problem
    return sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))


def _require_utf8(connection: sa.Connection) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise InputError(
            f"The database has the encoding {encoding}, and texts of a publication are UTF-8.",
            "Make one with: createdb --encoding UTF8 --template template0 NAME",
        )


def _refuse_foreign(connection: sa.Connection, schema: str) -> None:
    """Only a schema that a publication made is replaced."""
    found = connection.exec_driver_sql(
        "SELECT coalesce(obj_description(n.oid, 'pg_namespace'), ''), "
        "EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid) FROM pg_namespace n WHERE n.nspname = %s",
        (schema,),
    ).one_or_none()
    if found is not None and found[1] and not found[0].startswith(MARK):
        raise InputError(
            f"The database has a schema {schema} with tables that no publication made.",
            "Give another database, or remove the schema if it is not needed.",
        )


def _create_tables(target: _Target) -> None:
    import sqlalchemy as sa
    from sqlalchemy.schema import CreateTable, SetColumnComment, SetTableComment

    publication = target.publication
    schema = load_schema("omop")
    metadata = sqlalchemy_metadata(schema, _NEW + publication.cdm_schema)
    cdm = {table.name: table for table in metadata.tables.values()}
    others = sa.MetaData()
    for relation in publication.relations:
        if relation.schema == publication.cdm_schema and relation.name in cdm:
            table = cdm[relation.name]
            _widen(
                target, relation, table, {s.name: max_length(s) for s in schema.classes[relation.name].slots.values()}
            )
        else:
            table = _table(relation, others)
        target.made[relation.schema, relation.name] = table
        target.connection.execute(CreateTable(table, include_foreign_key_constraints=[]))
        if table.comment:
            target.connection.execute(SetTableComment(table))
        for column in table.columns:
            if column.comment:
                target.connection.execute(SetColumnComment(column))


def _widen(target: _Target, relation: Relation, table: sa.Table, lengths: dict[str, int | None]) -> None:
    """Columns that hold longer texts than the CDM's DDL gives them become text, and are named."""
    import sqlalchemy as sa

    limited = [name for name in relation.columns if lengths.get(name)]
    if not limited:
        return
    longest = ", ".join(f"max(length({quote(name)}))" for name in limited)
    found = target.publication.con.execute(f"SELECT {longest} FROM {relation.source}").fetchone() or ()
    for name, length in zip(limited, found, strict=True):
        allowed = lengths[name]
        if length is not None and allowed is not None and length > allowed:
            table.columns[name].type = sa.Text()
            target.warnings.append(
                f"{relation.schema}.{relation.name}.{name} holds texts of up to {length} characters, and the CDM gives "
                f"it {allowed}: it is text in PostgreSQL."
            )


def _table(relation: Relation, metadata: sa.MetaData) -> sa.Table:
    import sqlalchemy as sa

    columns = (
        sa.Column(name, _type(kind), quote=True, comment=relation.comments.get(name))
        for name, kind in relation.columns.items()
    )
    schema = sa.sql.quoted_name(_NEW + relation.schema, quote=True)
    return sa.Table(relation.name, metadata, *columns, schema=schema, quote=True, comment=relation.comment or None)


def _type(kind: str) -> sa.types.TypeEngine[Any]:
    """The type of a column that is not the CDM's."""
    import sqlalchemy as sa

    if listed := LIST.match(kind):
        return sa.ARRAY(_type(listed[1]))
    if is_object(kind):
        return sa.JSON()
    types: dict[str, sa.types.TypeEngine[Any]] = {
        "BIGINT": sa.BigInteger(),
        "HUGEINT": sa.Numeric(),
        "UBIGINT": sa.Numeric(),
        "INTEGER": sa.Integer(),
        "SMALLINT": sa.Integer(),
        "USMALLINT": sa.Integer(),
        "UTINYINT": sa.Integer(),
        "DOUBLE": sa.Double(),
        "BOOLEAN": sa.Boolean(),
        "DATE": sa.Date(),
        "TIMESTAMP": sa.DateTime(),
        "UUID": sa.Uuid(),
    }
    return types.get(kind, sa.Text())


def _name(target: _Target, relation: Relation) -> str:
    return f"{quote(_NEW + relation.schema)}.{quote(relation.name)}"


def _fill(target: _Target, relation: Relation) -> int:
    """COPY one table by way of a CSV file, in pieces."""
    file = target.work / "copied.csv"
    cells = ", ".join(_cell(name, kind) for name, kind in relation.columns.items())
    target.publication.con.execute(
        f"COPY (SELECT {cells} FROM {relation.source}) TO {literal(str(file))} (FORMAT csv, HEADER false)"
    )
    names = ", ".join(map(quote, relation.columns))
    cursor = target.connection.connection.cursor()
    try:
        with (
            cursor.copy(f"COPY {_name(target, relation)} ({names}) FROM STDIN (FORMAT csv)") as copy,
            file.open("rb") as text,
        ):
            while piece := text.read(_CHUNK):
                copy.write(piece)
        return int(cursor.rowcount)
    finally:
        cursor.close()
        file.unlink(missing_ok=True)


def _cell(name: str, kind: str) -> str:
    """A cell as COPY of PostgreSQL reads it: arrays in braces, each text in quotes."""
    column = quote(name)
    if listed := LIST.match(kind):
        item = "x::VARCHAR"
        if listed[1] == "VARCHAR":
            item = "'\"' || replace(replace(x, '\\', '\\\\'), '\"', '\\\"') || '\"'"
        items = f"list_transform({column}, lambda x: coalesce({item}, 'NULL'))"
        return f"CASE WHEN {column} IS NOT NULL THEN '{{' || array_to_string({items}, ',') || '}}' END AS {column}"
    if is_object(kind):
        return f"to_json({column})::VARCHAR AS {column}"
    return column


def _add_indexes(target: _Target) -> None:
    from sqlalchemy.schema import CreateIndex

    for table in target.made.values():
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            target.connection.execute(CreateIndex(index))


def _add_keys(target: _Target) -> None:
    """The foreign keys, each by itself: one that a row breaks is left out."""
    import sqlalchemy as sa
    from sqlalchemy.schema import AddConstraint

    for (schema, name), table in target.made.items():
        for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            try:
                with target.connection.begin_nested():
                    target.connection.execute(AddConstraint(key))
            except sa.exc.IntegrityError:
                column = key.column_keys[0]
                target.warnings.append(
                    f"{schema}.{name}.{column} has no foreign key in PostgreSQL: some of its values are not in "
                    f"{key.elements[0].target_fullname.removeprefix(_NEW)}."
                )


def _compare(target: _Target, relation: Relation) -> None:
    """Raises InternalError where count or checksum of the table are others than in the publication."""
    asked = duckdb_checksum(relation.columns, relation.source)
    ours = target.publication.con.execute(asked).fetchone() or ()
    theirs = target.connection.exec_driver_sql(postgres_checksum(relation.columns, _name(target, relation))).one()
    if [int(value or 0) for value in ours] != [int(value or 0) for value in theirs]:
        raise InternalError(
            f"{relation.schema}.{relation.name} in PostgreSQL is not what was published: {theirs[0]:,} rows of "
            f"{ours[0]:,}{', with other values' if theirs[0] == ours[0] else ''}."
        )


def _put_in_place(connection: sa.Connection, schema: str, facts: dict[str, Any]) -> None:
    """The new schema under its name; that of the last publication goes."""
    connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {quote(schema)} CASCADE")
    connection.exec_driver_sql(f"ALTER SCHEMA {quote(_NEW + schema)} RENAME TO {quote(schema)}")
    said = f"{MARK}: {facts['kind']}. {facts['note']} Key mark {facts['key_mark']}."
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {quote(schema)} IS {literal(said)}")
