"""The tables of a shard as Parquet files: numbers that each store gives by itself become those of the catalog, and
UUIDs and enumerations texts, which every reader of Parquet knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.cluster.fhir import FIRST
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, literals, quote

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

Columns = dict[str, str]

SHARED = ("location", "care_site", "provider")
"""OMOP tables whose rows several patients share."""
VOCABULARY = (
    "concept", "vocabulary", "domain", "concept_class", "concept_relationship", "relationship", "concept_synonym",
    "concept_ancestor", "drug_strength", "source_to_concept_map",
)  # fmt: skip
OF_CATALOG = (
    "custom_concept", "value_set", "mapping_identity", "concept_layer", "vocabulary_load", "submission",
    "submission_step", "ledger_column",
)  # fmt: skip
"""Tables of schema harmonize that are the same in every shard, or are kept by the catalog alone."""
DESCRIBED = ("cdm_source", "metadata")
OF_SHARDS = (
    "record", "row_id", "row_id_retired", "row_source", "finding", "imputation", "image_link", "person_case",
    "person_age", "person_same_as", "source_file", "project",
)  # fmt: skip
"""Tables of schema harmonize that readers of a dataset have; keys, hashes of names and days that are hidden stay in the
stores."""
_WHOLE = ("harmonize.source_file", "harmonize.project")
"""Tables that are put together from all shards."""
_NUMBERS = {
    ("harmonize.record", "record_type"): "record_type",
    ("harmonize.record", "reason_id"): "reason",
    ("harmonize.finding", "rule_id"): "rule",
    ("harmonize.finding", "column_id"): "column",
}


def columns_of(con: DuckDBPyConnection) -> dict[str, Columns]:
    """schema.table → column → type, of the tables of this database."""
    found: dict[str, Columns] = {}
    for table, column, kind in con.execute(
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name IN ('omop', 'midrc', 'harmonize') AND "
        "(schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables() "
        "WHERE database_name = current_database()) ORDER BY column_index"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def told(column: str, kind: str, table: str = "t") -> str:
    """The cell of a column as a file has it."""
    own = f"{table}.{quote(column)}"
    return f"{own}::VARCHAR AS {quote(column)}" if kind == "UUID" or kind.startswith("ENUM") else own


def qualified(table: str) -> str:
    """schema."table"."""
    schema, _, name = table.partition(".")
    return f"{schema}.{quote(name)}"


def write(con: DuckDBPyConnection, statement: str, folder: Path, kind: str, table: str, name: str) -> str | None:
    """Write the rows of a statement into <kind>/<table>/<name>.parquet; the file, or None where there are none."""
    if con.execute(f"SELECT 1 FROM ({statement}) LIMIT 1").fetchone() is None:
        return None
    file = f"{kind}/{table}/{name}.parquet"
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    con.execute(f"COPY ({statement}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)")
    return file


def export_tables(con: DuckDBPyConnection, folder: Path, shard: int, mark: str) -> dict[str, dict[str, str]]:
    """Write the tables of the shard that this store is; the catalog is attached as `catalog`.

    `tables` are rows that are the shard's alone, `shares` those that other shards may have, too (see
    harmonize.cluster.reduce).
    """
    con.execute(sql("cluster/numbers").format(keys=sql("cluster/keys")))
    made: dict[str, dict[str, str]] = {"tables": {}, "shares": {}}
    for table, columns in columns_of(con).items():
        if not _is_exported(table):
            continue
        rows = _statement(table, columns, shard)
        shared = _is_shared(table, columns)
        for kind, condition in (("tables", f"NOT ({shared})"), ("shares", shared)):
            statement = f"{rows} AND {condition}"
            file = write(con, statement, folder, kind, table, f"shard-{shard:07d}-{mark}")
            if file is not None:
                made[kind][table] = file
    return made


def _is_exported(table: str) -> bool:
    schema, _, name = table.partition(".")
    if schema == "omop":
        return name not in (*VOCABULARY, *DESCRIBED)
    return schema == "midrc" or name in OF_SHARDS


def _is_shared(table: str, columns: Columns) -> str:
    """Whether other shards may have a row of the table, too."""
    schema, _, name = table.partition(".")
    if table in _WHOLE or (schema == "omop" and name in SHARED):
        return "true"
    if schema == "harmonize" and "omop_table" in columns:
        return f"t.omop_table::VARCHAR IN ({literals(SHARED)})"
    if table == "harmonize.record" or (schema == "midrc" and "record_id" in columns):
        return "t.record_id IN (SELECT record_id FROM catalog.cluster.shared_record)"
    if table == "harmonize.finding":
        return "t.line IS NULL"  # of a file as a whole, which several shards may say
    return "false"


def _statement(table: str, columns: Columns, shard: int) -> str:
    """SELECT of a table's rows with the catalog's numbers; ends in a WHERE to which more may be added."""
    schema = table.partition(".")[0]
    cells: list[str] = []
    joins = ""
    for column, kind in columns.items():
        numbers = _NUMBERS.get((table, column)) or ("mapping" if column == "mapping_id" else None)
        if schema == "omop" and column.removesuffix("_id") in SHARED and column.endswith("_id"):
            numbers = column.removesuffix("_id")
        alias = f"n_{len(cells)}"
        if numbers is not None:
            local = f"t.{quote(column)}" if numbers != "column" else "(t.file_id::BIGINT << 32) + t.column_id"
            joins += (
                f" LEFT JOIN cluster_number {alias} ON {alias}.kind = {literal(numbers)} AND {alias}.local = {local}"
            )
            number = (
                f"coalesce({alias}.number, 0)" if numbers == "mapping" else f"{alias}.number"
            )  # 0 is the engine itself
            cells.append(f"{number}::{kind} AS {quote(column)}")
        elif schema == "harmonize" and column == "omop_id" and "omop_table" in columns:
            joins += (
                f" LEFT JOIN cluster_number {alias} ON {alias}.kind = t.omop_table::VARCHAR"
                f" AND {alias}.local = t.omop_id"
            )
            cells.append(f"coalesce({alias}.number, t.omop_id) AS omop_id")
        else:
            cells.append(told(column, kind))
    where = "true"
    if table == "harmonize.row_id_retired":
        where = "t.row_key <> md5('shard|' || t.omop_table)::UUID"
    elif table == "harmonize.finding" and shard != FIRST:
        where = (
            "(t.line IS NULL OR (t.file_id, t.line) NOT IN (SELECT (file_id, line) FROM catalog.cluster.shared_record))"
        )
    return f"SELECT {', '.join(cells)} FROM {qualified(table)} t{joins} WHERE {where}"
