"""Resolve the references between staged resources: urn:uuid, relative, absolute, versioned, contained, conditional and
logical ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.store_key import use_store_key

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

INDEX = "resource_identifier"
"""The table of a store that knows resources by their identifiers, in hashes by the store's key."""


def resolve_references(
    con: DuckDBPyConnection, project: str | None = None, store: str | None = None
) -> dict[str, tuple[int, int]]:
    """Make the temporary view fhir_reference(resource, target, kind, target_resource, known_key) of what `stage_fhir`
    staged, and the table fhir_logical(resource, target, key) of references that have an identifier alone.

    resource and target_resource are rowids of fhir_resource, target the reference as sent; target_resource is NULL
    where the delivery does not hold the target, which is no failure. Of several versions of a target the last is meant.
    What has an identifier, or is a UUID that the delivery does not explain, is looked for in the store of this prefix,
    too (empty for this database, None for none), among the resources of the `project` (None: of all); once: later calls
    know what the first one found.
    Returns (references, unresolved ones) by kind: urn, relative, absolute, contained, conditional, other.
    """
    con.execute(sql("fhir/asked_identifier"))
    con.execute(sql("fhir/link"))
    if store is not None:
        _look_up(con, project, store)
        _look_up_uuids(con, project, store)
    con.execute(sql("fhir/reference"))
    con.execute(sql("fhir/logical"))
    rows = con.execute(
        "SELECT kind, count(*), count(*) - count(coalesce(target_resource::VARCHAR, known_key))"
        " FROM fhir_reference GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {kind: (count, unresolved) for kind, count, unresolved in rows}


def _look_up(con: DuckDBPyConnection, project: str | None, store: str) -> None:
    if con.execute("SELECT 1 FROM fhir_asked_identifier LIMIT 1").fetchone() is None:
        return
    database = f"'{store.rstrip('.')}'" if store else "current_database()"
    made = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'harmonize' AND table_name = ? "
        f"AND database_name = {database}",
        [INDEX],
    ).fetchone()
    if made and con.execute(f"SELECT 1 FROM {store}harmonize.{INDEX} LIMIT 1").fetchone():
        use_store_key(con, store or None)
        con.execute(sql("fhir/known_identifier").format(store=store), {"project": project})


def _look_up_uuids(con: DuckDBPyConnection, project: str | None, store: str) -> None:
    """Find what the store has by UUIDs that a Bundle gave, where a later delivery refers to it so."""
    asked = "SELECT 1 FROM fhir_link WHERE starts_with(target, 'urn:uuid:') LIMIT 1"
    if con.execute(asked).fetchone() and not con.execute("SELECT 1 FROM fhir_known_uuid LIMIT 1").fetchone():
        con.execute(sql("fhir/known_uuid").format(store=store), {"project": project})


def note_identifiers(con: DuckDBPyConnection, base: int) -> None:
    """Add the identifiers of the resources that were loaded to the index of the store; the record of a resource is
    `base` + its rowid."""
    con.execute(sql("fhir/new_identifier"), {"base": base})
    if con.execute("SELECT 1 FROM fhir_new_identifier LIMIT 1").fetchone():
        use_store_key(con)
        con.execute(sql("fhir/resource_identifier"))


def drop_references(con: DuckDBPyConnection) -> None:
    """Remove what `resolve_references` made."""
    con.execute("DROP VIEW IF EXISTS temp.fhir_reference")
    for table in ("fhir_link", "fhir_target", "fhir_logical_link", "fhir_logical", "fhir_asked_identifier"):
        con.execute(f"DROP TABLE IF EXISTS temp.{table}")
