"""What might lead from a published file (p) back to its store (s): texts, keys, ids, orders."""

from __future__ import annotations

import duckdb

from harmonize.export.allow_list import published
from harmonize.schema.ddl import tables
from harmonize.schema.load import load_schema

VOCABULARY = ("concept", "vocabulary", "domain", "relationship", "source_to_concept_map", "drug_strength")


def columns_of(con: duckdb.DuckDBPyConnection, database: str = "p") -> list[tuple[str, str, str, str]]:
    rows = con.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ? "
        "AND NOT internal ORDER BY ALL",
        [database],
    ).fetchall()
    return [row for row in rows if not (row[0] == "omop" and row[1].startswith(VOCABULARY))]


def texts_of(con: duckdb.DuckDBPyConnection, *types: str) -> dict[str, str]:
    """Every text of the file, or cells of other types as text → the column that has it; views show no others."""
    found: dict[str, str] = {}
    for schema, table, column, type_ in columns_of(con):
        if schema != "linked" and type_ in (types or ("VARCHAR", "VARCHAR[]")):
            cell = f'unnest("{column}")' if type_.endswith("[]") else f'"{column}"::VARCHAR'
            rows = con.execute(f'SELECT DISTINCT {cell} AS c FROM p.{schema}."{table}"').fetchall()
            found |= {text: f"{schema}.{table}.{column}" for (text,) in rows if text is not None}
    return found


def keys_of(con: duckdb.DuckDBPyConnection) -> set[str]:
    """What the store and the original files name anybody or anything by."""
    keys: set[str] = set()
    queries = [
        "SELECT record_key FROM s.harmonize.record",
        "SELECT case_key FROM s.harmonize.person_case",
        "SELECT name FROM s.harmonize.source_file",
        "SELECT sha256 FROM s.harmonize.source_file",
        "SELECT DISTINCT unnest([row_key::VARCHAR, replace(row_key::VARCHAR, '-', '')]) FROM s.harmonize.row_id",
        "SELECT unnest([key_hash::VARCHAR, content_hash::VARCHAR]) FROM s.harmonize.record",
        "SELECT fingerprint FROM s.harmonize.publish_key",
        "SELECT shift_key_fingerprint FROM s.harmonize.project",
    ]
    for (schema, table), lines in published().items():
        for column, line in lines.items():
            # labels of readers and names of data sets are no keys of anybody
            if schema == "midrc" and line.becomes in ("pseudonym", "uid") and line.argument not in ("label", "dataset"):
                queries.append(f"SELECT DISTINCT {column}::VARCHAR FROM s.midrc.\"{table}\" WHERE project_id <> 'R'")
    for query in queries:
        keys |= {row[0] for row in con.execute(query).fetchall() if row[0] is not None}
    return keys


def ids_of(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[int]]:
    """Table → its ids in the order of its rows."""
    own = [name for name in tables(load_schema("omop")) if f"{name}_id" in published()["omop", name]]
    return {
        name: [row[0] for row in con.execute(f"SELECT {name}_id FROM {database}.omop.{name}").fetchall()]
        for name in own
        if published()["omop", name][f"{name}_id"].becomes == "id"
    }


def rank_correlation(pairs: list[tuple[int, int]]) -> float:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE t AS SELECT unnest($1) AS a, unnest($2) AS b", [[a for a, _ in pairs], [b for _, b in pairs]]
        )
        row = con.execute(
            "SELECT corr(x, y) FROM (SELECT rank() OVER (ORDER BY a) x, rank() OVER (ORDER BY b) y FROM t)"
        )
        return float((row.fetchone() or (0,))[0])
