"""Resources within resources: the entries of Bundles in Bundles, and the resources that Parameters hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.intake.fhir.bundle import expand_bundles
from harmonize.intake.table.stage import in_order

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def expand_nested(con: DuckDBPyConnection) -> None:
    """Stage what staged resources hold, level by level, each as an entry of the outermost; what held it is its wrapper.

    Answers to batches are Bundles of Bundles (https://hl7.org/fhir/R4/http.html#transaction-response), answers of
    operations Parameters with resources (https://hl7.org/fhir/R4/parameters.html).
    """
    holders = "FROM fhir_resource WHERE resource_type = 'Bundle' AND position > 0 OR resource_type = 'Parameters'"
    if con.execute(f"SELECT 1 {holders} LIMIT 1").fetchone() is None:
        return
    with in_order(con):
        while _find(con):
            con.execute(sql("fhir/nested_bundle"))
            expand_bundles(con)
    con.execute(sql("fhir/nested_broken"))
    con.execute("DROP TABLE fhir_nested")


def _find(con: DuckDBPyConnection) -> bool:
    """Make the temp table fhir_nested; whether it has rows."""
    row = con.execute(sql("fhir/nested")).fetchone()
    return bool(row and row[0])
