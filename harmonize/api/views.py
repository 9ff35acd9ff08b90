"""ViewDefinitions of SQL on FHIR: `harmonize mapping view` in Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from harmonize.api.shapes import AnyPath, Paths, Rows, as_paths, rows

__all__ = ["list", "run", "unread"]


def list() -> Rows:
    """The shipped views, which flatten FHIR for the mapping to the hub."""
    from harmonize.mapping.views.shipped import shipped_views

    return rows(
        {"view": view.name, "resource": resource, "columns": len(view.columns()), "description": view.description}
        for resource, views in sorted(shipped_views().items())
        for view in views
    )


def run(
    view: AnyPath,
    paths: Paths,
    *,
    format: Literal["csv", "json", "parquet"] = "json",
    output: AnyPath | None = None,
    memory: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Rows:
    """The rows of a view (its file, or a shipped view's name) on a FHIR delivery, in the order of the files.

    With `output` they are written to that file in `format`, and none are given.
    """
    import orjson

    from harmonize.engine.work_folder import work_folder
    from harmonize.export.view import run_view

    if output is not None:
        target = Path(output)
        run_view(Path(view), as_paths(paths), format=format, output=target, memory=memory, progress=progress)
        return Rows()
    with work_folder("view") as folder:
        target = Path(folder) / "rows.json"
        run_view(Path(view), as_paths(paths), format="json", output=target, memory=memory, progress=progress)
        return rows(orjson.loads(target.read_bytes() or b"[]"))


def unread(paths: Paths, *, memory: str | None = None, progress: Callable[[str], None] | None = None) -> Rows:
    """The elements of a delivery that no shipped view reads, and how many resources have each."""
    from harmonize.export.unread import unread as find

    return rows(find(as_paths(paths), memory=memory, progress=progress))
