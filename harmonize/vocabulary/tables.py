"""The vocabulary's own tables in schema harmonize; those of the CDM come with schema omop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = ("concept_layer", "custom_concept", "value_set", "vocabulary_load")


def create_tables(con: DuckDBPyConnection) -> None:
    """Create what is missing: harmonize.concept_layer, custom_concept, value_set and vocabulary_load."""
    con.execute("CREATE SCHEMA IF NOT EXISTS harmonize")
    for table in TABLES:
        con.execute(sql(f"store/tables/{table}"))
