"""Elements of FHIR resources that tell who somebody is: they are taken out of the resource before it is mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_PAGE = 1_000  # resources at a time


def hide_private(con: DuckDBPyConnection, submission: int) -> bool:
    """Make the temp table fhir_hidden(resource, json) of the resources with an error of privacy, without the elements
    that have it; whether there are any."""
    con.execute("CREATE OR REPLACE TEMP TABLE fhir_hidden (resource BIGINT, json VARCHAR)")
    con.execute(sql("fhir/private_cell"), [submission])
    row = con.execute("SELECT count(*) FROM fhir_private").fetchone()
    count = row[0] if row else 0
    for first in range(0, count, _PAGE):
        found = con.execute(sql("fhir/private_resource"), {"page": _PAGE, "first": first}).fetchall()
        con.execute(
            "INSERT INTO fhir_hidden SELECT unnest($1), unnest($2)",
            [[resource for resource, _, _ in found], [without(text, elements) for _, text, elements in found]],
        )
    return count > 0


def without(text: str, elements: Sequence[str]) -> str:
    """A resource's JSON without elements such as Observation.component.valueString, in every item of a list."""
    resource = orjson.loads(text)
    for element in elements:
        _remove(resource, element.split(".")[1:])
    return orjson.dumps(resource).decode()


def _remove(value: Any, path: Sequence[str]) -> None:
    if isinstance(value, list):
        for item in value:
            _remove(item, path)
    elif isinstance(value, dict) and len(path) == 1:
        value.pop(path[0], None)
    elif isinstance(value, dict) and path:
        _remove(value.get(path[0]), path[1:])
