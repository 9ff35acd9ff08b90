"""What no shipped view reads: the elements of a FHIR delivery that the mapping to the hub passes over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import sql
from harmonize.export.view import staged
from harmonize.mapping.views.compile import Source
from harmonize.mapping.views.shipped import compile_shipped, shipped_views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import duckdb

_PATH = re.compile(r"\$([.]\w+(\[\*\])?)*")


def unread(
    paths: Sequence[Path], *, memory: str | None = None, progress: Callable[[str], None] | None = None
) -> list[dict[str, Any]]:
    """The elements that no shipped view reads: resource, path (None: no view reads the type), resources that have it.

    Of an element without any part that is read, its parts are not listed.
    """
    rows: list[dict[str, Any]] = []
    with staged(paths, memory=memory, progress=progress) as (con, _):
        con.execute(f"CREATE TEMP VIEW staged_resource AS {sql('views/resource')}")
        types = con.execute("SELECT resource_type, count(*) FROM staged_resource GROUP BY ALL ORDER BY ALL").fetchall()
        for resource, count in types:
            if resource in shipped_views():
                rows += _of_type(con, resource)
            else:
                rows.append({"resource": resource, "path": None, "resources": count})
    return rows


def _of_type(con: duckdb.DuckDBPyConnection, resource: str) -> list[dict[str, Any]]:
    found = con.execute(
        "SELECT json_group_structure(json::JSON) FROM staged_resource WHERE resource_type = ?", [resource]
    ).fetchone()
    present = orjson.loads(found[0]) if found else {}
    read = compile_shipped(resource, Source("staged_resource")).structure
    missing = list(_missing(present, {**read, "resourceType": "VARCHAR"}, "$"))
    if not missing:
        return []
    exists = [_exists(path) for path in missing]
    counts = con.execute(
        f"SELECT {', '.join(exists)} FROM staged_resource WHERE resource_type = ?", [resource]
    ).fetchone()
    return [
        {"resource": resource, "path": path.removeprefix("$.").replace("[*]", ""), "resources": count}
        for path, count in zip(missing, counts or (), strict=True)
    ]


def _exists(path: str) -> str:
    """SQL that counts the resources that have a path; NULL for a name that no element of FHIR can have."""
    if not _PATH.fullmatch(path):
        return "NULL"
    # A path through a list gives a list, which is empty where nothing has the element.
    test = f"len(json_extract(json, '{path}')) > 0" if "[*]" in path else f"json_exists(json, '{path}')"
    return f"count(*) FILTER ({test})"


def _missing(present: Any, read: Any, path: str) -> Iterator[str]:
    """JSON paths of what is in the one structure and not in the other, lists as [*]."""
    if isinstance(present, list) and isinstance(read, list):
        yield from _missing(present[0], read[0], f"{path}[*]")
    elif isinstance(present, dict) and isinstance(read, dict):
        for name, part in present.items():
            place = f"{path}.{name}"
            if name not in read:
                yield place
            else:
                yield from _missing(part, read[name], place)
