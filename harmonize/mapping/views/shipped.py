"""The shipped views, mappings/fhir/views: the source classes of the mapping from FHIR to the hub.

Each view is a class of schemas/sources/fhir.yaml, which this module writes:

    python -m harmonize.mapping.views.shipped

A mapping reads a class as the relation that `compile_shipped` gives: the record's keys and the view's columns,
all text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import require_checkout, root
from harmonize.mapping.views.compile import Source, compile_views
from harmonize.mapping.views.view import View, read_view

if TYPE_CHECKING:
    from harmonize.mapping.views.compile import CompiledViews

_RANGES = {"BIGINT": "integer", "DOUBLE": "double", "BOOLEAN": "boolean"}
_TITLE = "FHIR R4, as the shipped views flatten it"
_DESCRIPTION = (
    "One class a view of mappings/fhir/views; made from them by harmonize.mapping.views.shipped, not to be edited."
)


def view_file(name_or_path: Path) -> Path:
    """The file of a view: a path, or the name of a shipped view. Raises InputError where there is neither."""
    if name_or_path.is_file():
        return name_or_path
    shipped = {file.stem: file for file in _folder().glob("*.json")}
    if str(name_or_path) in shipped:
        return shipped[str(name_or_path)]
    raise InputError(f"{name_or_path} is no file and no shipped view.", did_you_mean(str(name_or_path), shipped))


def _folder() -> Path:
    return root("mappings") / "fhir" / "views"


@cache
def shipped_views() -> dict[str, tuple[View, ...]]:
    """The shipped views by resource type."""
    found: dict[str, list[View]] = {}
    for file in sorted(_folder().glob("*.json")):
        view = read_view(file)
        found.setdefault(view.resource, []).append(view)
    return {resource: tuple(views) for resource, views in found.items()}


def compile_shipped(resource: str, source: Source) -> CompiledViews:
    """The shipped views of one resource type, with the source's keys in front and every column as text."""
    return compile_views(shipped_views()[resource], source, keys=True, text=True)


def source_schema() -> dict[str, Any]:
    """The LinkML schema of which each shipped view is a class."""
    classes: dict[str, Any] = {}
    for resource in sorted(shipped_views()):
        views = shipped_views()[resource]
        typed = compile_views(views, Source("resource"))
        for view, compiled in zip(views, typed.views, strict=True):
            attributes: dict[str, Any] = {}
            for column, (_, kind) in zip(view.columns(), compiled.columns, strict=True):
                attribute: dict[str, Any] = {"description": f"{resource}: {column.path.text}"}
                if kind in _RANGES:
                    attribute["range"] = _RANGES[kind]
                if column.name == "id":
                    attribute["identifier"] = True
                if column.tags:
                    attribute["annotations"] = dict(column.tags)
                attributes[column.name] = attribute
            classes[view.name] = {"description": view.description, "attributes": attributes}
    base = "https://w3id.org/midrc-harmonize/sources/fhir"
    return {
        "id": base,
        "name": "fhir",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "license": "Apache-2.0",
        "prefixes": {"linkml": "https://w3id.org/linkml/", "fhir": f"{base}/"},
        "default_prefix": "fhir",
        "default_range": "string",
        "imports": ["linkml:types"],
        "classes": classes,
    }


def main() -> None:
    """Write schemas/sources/fhir.yaml."""
    import yaml

    text = yaml.safe_dump(source_schema(), sort_keys=False, width=120, allow_unicode=True)
    (root("schemas") / "sources" / "fhir.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    require_checkout()
    main()
