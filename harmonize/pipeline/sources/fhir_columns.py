"""The second law for FHIR: what became of every element that the resources of a delivery have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from harmonize.pipeline.sources.delivery import Delivery

ALWAYS_READ = ("resourceType", "id", "meta.lastUpdated", "meta.versionId")
"""What a load reads of every resource itself: its key, and which of its versions is the newest."""
CONTAINED = "Medication"
"""The type of which contained resources are read."""


def write_elements(con: DuckDBPyConnection, delivery: Delivery, base: int) -> None:
    """harmonize.ledger_column of a submission of FHIR: one row a resource type, one for each of its elements.

    An element is known by its path without indices (Observation.code.coding.code); records counts the resources of
    the type, empty those without it. What a view of the mapping reads ends as its record does; the rest is excluded,
    by the name that the mapping's excluded_elements.tsv gives it, else as `unread`. `base` + rowid of fhir_resource is
    a record.
    """
    types = {name for (name,) in con.execute("SELECT DISTINCT resource_type FROM fhir_type").fetchall()}
    read = [(name, *path) for name, paths in _read_paths(delivery, types).items() for path in paths]
    con.execute(
        sql("fhir/read"),
        [[name for name, _, _ in read], [path for _, path, _ in read], [whole for _, _, whole in read]],
    )
    con.execute(
        sql("fhir/excluded_element"),
        {"file": str(delivery.folder / "excluded_elements.tsv")},
    )
    con.execute(sql("fhir/element_count"), {"base": base})
    con.execute(sql("fhir/ledger_column"), {"submission": delivery.submission})


def _read_paths(delivery: Delivery, types: set[str]) -> dict[str, list[tuple[str, bool]]]:
    """Resource type → (path, whether all below it is read) of what the views of the mapping read of these types."""
    from harmonize.mapping.views.compile import Source, compile_views
    from harmonize.mapping.views.view import View, read_view

    views: dict[str, list[View]] = {}
    for name in dict.fromkeys(entry.source for entry in delivery.plan.entries):
        view = read_view(delivery.folder / "load" / f"{name}.json")
        if view.resource in types | {CONTAINED}:
            views.setdefault(view.resource, []).append(view)
    structures = {
        name: compile_views(some, Source("resource"), keys=True, text=True).structure for name, some in views.items()
    }
    inner = [(f"contained.{path}", whole) for path, whole in _leaves(structures.get(CONTAINED, {}))]
    always = [(path, False) for path in ALWAYS_READ]
    return {name: [*always, *inner, *_leaves(structure)] for name, structure in structures.items()}


def _leaves(structure: Any, path: str = "") -> Iterator[tuple[str, bool]]:
    """The ends of a structure of from_json(); one of type JSON is read with all below it."""
    if isinstance(structure, list):
        yield from _leaves(structure[0], path)
    elif isinstance(structure, dict):
        for name, part in structure.items():
            yield from _leaves(part, f"{path}.{name}" if path else name)
    elif path:
        yield path, structure == "JSON"
