"""Values of FHIR resources that identify a person: another one, or none, is loaded in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import sql
from harmonize.engine.store_key import use_store_key
from harmonize.intake.fhir.content import note_other_contents
from harmonize.intake.fhir.reference import resolve_references

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_PAGE = 1_000  # resources at a time
_STEP = re.compile(r'\.("(?:[^"\\]|\\.)*"|[^.\[]+)|\[(\d+)\]')


def hide_cells(con: DuckDBPyConnection, project: str) -> None:
    """Make fhir_resource give every resource without the values of fhir_cell, which validation has filled, and with a
    keyed hash in the place of ids that identify a person (fhir_private_id)."""
    ids = con.execute("SELECT 1 FROM fhir_private_id LIMIT 1").fetchone() is not None
    if ids:
        use_store_key(con)
        con.execute(sql("fhir/masked_id"), {"project": project})
        con.execute(sql("fhir/masked_id_cell"))
    row = con.execute("SELECT count(DISTINCT resource) FROM fhir_cell").fetchone()
    count = row[0] if row else 0
    if not count and not ids:
        return
    con.execute(sql("fhir/changed_table"))
    for first in range(0, count, _PAGE):
        found = con.execute(sql("fhir/changed_resource"), {"page": _PAGE, "first": first}).fetchall()
        con.execute(
            "INSERT INTO fhir_changed SELECT unnest($1), unnest($2)",
            [
                [resource for resource, *_ in found],
                [changed(text, list(zip(paths, shown, strict=True))) for _, text, paths, shown in found],
            ],
        )
    con.execute(sql("fhir/changed_with_ids" if ids else "fhir/changed"))
    con.execute("DELETE FROM fhir_content_hash WHERE resource IN (SELECT resource FROM fhir_changed)")
    note_other_contents(con)
    con.execute(sql("fhir/contained").format(among="rowid IN (SELECT resource FROM fhir_contained)"))
    if ids:  # references name the hashes now
        resolve_references(con)


def changed(text: str, cells: Sequence[tuple[str, str | None]]) -> str:
    """A resource's JSON with another value, or none, at each of these paths ($.component[1].valueString)."""
    resource = orjson.loads(text)
    for path, shown in sorted(cells, key=lambda cell: -len(cell[0])):  # what is in an element before the element
        steps = [int(index) if index else _name(name) for name, index in _STEP.findall(path)]
        _put(resource, steps, shown)
    return orjson.dumps(resource).decode()


def _name(step: str) -> str:
    name: str = orjson.loads(step) if step.startswith('"') else step
    return name


def _put(value: Any, steps: Sequence[str | int], shown: str | None) -> None:
    for step in steps[:-1]:
        value = value[step]
    last = steps[-1]
    if shown is None and isinstance(value, dict):
        value.pop(last, None)  # a value may be refused for several reasons
    else:
        value[last] = shown  # null keeps the place of an item of a list
