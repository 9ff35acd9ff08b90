"""Resolve the references between staged resources: urn:uuid, relative, absolute, versioned, contained, conditional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def resolve_references(con: DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Make the temporary view fhir_reference(resource, target, kind, target_resource) of what `stage_fhir` staged.

    resource and target_resource are rowids of fhir_resource, target the reference as sent; target_resource is NULL
    where the delivery does not hold the target, which is no failure. Of several versions of a target the last is meant.
    Returns (references, unresolved ones) by kind: urn, relative, absolute, contained, conditional, other.
    """
    con.execute(sql("fhir/reference"))
    rows = con.execute(
        "SELECT kind, count(*), count(*) - count(target_resource) FROM fhir_reference GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {kind: (count, unresolved) for kind, count, unresolved in rows}


def drop_references(con: DuckDBPyConnection) -> None:
    """Remove what `resolve_references` made."""
    con.execute("DROP VIEW IF EXISTS temp.fhir_reference")
    for table in ("fhir_link", "fhir_target"):
        con.execute(f"DROP TABLE IF EXISTS temp.{table}")
