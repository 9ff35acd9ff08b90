"""Recognise resources of another version of FHIR than R4 or R4B by elements that only that version has.

A resource does not say its version. schemas/fhir/versions.json lists, by version and type, the elements that R4B lacks;
`harmonize.schema.fhir` writes it from the models of fhir.resources.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root, sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection


@cache
def foreign_elements() -> dict[str, dict[str, list[str]]]:
    """Version → resource type → elements that R4B does not have."""
    loaded: dict[str, dict[str, list[str]]] = orjson.loads((root("schemas") / "fhir" / "versions.json").read_bytes())
    return loaded


def mark_foreign(con: DuckDBPyConnection, names: Mapping[int, str]) -> None:
    """Give the resources of another version the problem fhir_version; fhir_foreign_resource says what tells it,
    fhir_key(resource_type, element) which elements the resources of each type have.

    Raises InputError where the delivery holds no other resource; `names` are the files' names by id.
    """
    rows = [
        (version, resource_type, element)
        for version, types in foreign_elements().items()
        for resource_type, elements in types.items()
        for element in elements
    ]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE fhir_foreign AS SELECT unnest($1) AS version, unnest($2) AS resource_type,"
        " unnest($3) AS element",
        [list(column) for column in zip(*rows, strict=True)],
    )
    con.execute(sql("fhir/key"))
    con.execute(sql("fhir/foreign"))
    con.execute("DROP TABLE fhir_foreign; DROP TABLE fhir_foreign_type")
    found = con.execute(
        "SELECT file_id, resource_type, said FROM fhir_foreign_resource WHERE NOT EXISTS ("
        " FROM fhir_resource WHERE problem IS NULL AND json IS NOT NULL AND position IS DISTINCT FROM 0)"
        " ORDER BY resource LIMIT 1"
    ).fetchone()
    if found is not None:
        file_id, resource_type, said = found
        raise InputError(
            f"{names[file_id]}: its {resource_type} resources are FHIR {said}; R4 and R4B are read, and the delivery"
            " holds nothing else.",
            "Export the data as FHIR R4 (4.0.1).",
        )
