"""Reference data of the standardize step as temp tables: macros, type of a source, modalities, regions, domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = {
    "source_type_code": ("source_types", "source, type_concept"),
    "modality_coding": ("modality", "modality, concept AS coding"),
    "code_system": ("code_systems", "system, vocabulary_id"),
    "fact_relation": ("fact_relation", "relation, relationship_id"),
    "code_priority": ("code_priority", "node, vocabulary_id, rank::INTEGER AS rank"),
    "body_part_coding": ("body_part", "kind, text, region, concept AS coding, row_number() OVER () AS line"),
}


def prepare(con: DuckDBPyConnection) -> None:
    """Make the macros and the temp tables that sql/standardize, sql/imaging and sql/omop read."""
    for statement in sql("standardize/macros").split(";\n"):
        if statement.strip():
            con.execute(statement)
    for table, (file, columns) in TABLES.items():
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM read_csv(?, delim = '\t', quote = '', "
            "escape = '', header = true, all_varchar = true, nullstr = '', parallel = false)",
            [str(root("mappings") / "vocabulary" / f"{file}.tsv")],
        )
    con.execute(sql("standardize/domain_route"))
