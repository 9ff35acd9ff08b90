"""Writes schemas/fhir/elements.json, the R4 elements that views are checked against, from fhir.resources' models.

    python -m harmonize.mapping.views.definitions_build

Needs the extra [fhir], which has the models of R4B (R4 with the fixes of 2022; it has none of plain R4).
"""

from __future__ import annotations

import pkgutil
import types
import typing
from importlib import import_module
from importlib.metadata import version
from typing import Any

import orjson

from harmonize.engine.paths import root
from harmonize.mapping.views.definitions import FILE, json_name

_PACKAGE = "fhir.resources.R4B"
# Fields of the models that are no elements of FHIR (nor are those without an alias).
_LEFT_OUT = ("fhir_comments", "resource_type")
_ABSTRACT = ("Resource", "DomainResource")


def build() -> dict[str, Any]:
    """The content of elements.json: each type's elements as `Type`, `Type*` (a list) or `name[x]: Type Type ...`."""
    found: dict[str, dict[str, str]] = {}
    resources: list[str] = []
    base = import_module(f"{_PACKAGE}.resource").Resource
    for module in pkgutil.iter_modules(import_module(_PACKAGE).__path__):
        for model in vars(import_module(f"{_PACKAGE}.{module.name}")).values():
            if not (isinstance(model, type) and model.__module__ == f"{_PACKAGE}.{module.name}"):
                continue
            if not hasattr(model, "get_resource_type"):
                continue
            name = model.get_resource_type()
            if name.startswith("FHIR"):
                continue
            found[name] = _elements(name, model)
            if issubclass(model, base) and name not in _ABSTRACT:
                resources.append(name)
    return {
        "source": f"fhir.resources {version('fhir.resources')}, R4B",
        "resources": sorted(resources),
        "types": {name: found[name] for name in sorted(found)},
    }


def _elements(owner: str, model: Any) -> dict[str, str]:
    elements: dict[str, str] = {}
    for field in model.model_fields.values():
        name = field.alias
        if name is None or name in _LEFT_OUT or name.startswith("_"):
            continue
        kind, many = _type_of(field.annotation)
        choice = (field.json_schema_extra or {}).get("one_of_many")
        if choice is None:
            elements[name] = kind + "*" * many
            continue
        if many or json_name(choice, kind) != name:
            raise ValueError(f"{owner}.{name} is no choice of {choice}[x] as FHIR writes them")
        elements[f"{choice}[x]"] = " ".join(filter(None, [elements.get(f"{choice}[x]"), kind]))
    return elements


def _type_of(annotation: Any) -> tuple[str, bool]:
    """(FHIR type, whether it repeats) of a model's field."""
    inner = annotation
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        (inner,) = (part for part in typing.get_args(annotation) if part is not type(None))
    if typing.get_origin(inner) is list:
        return _type_of(typing.get_args(inner)[0])[0], True
    if inner is bool:
        return "boolean", False
    if typing.get_origin(inner) is typing.Annotated:
        primitive = type(inner.__metadata__[-1]).__name__.removesuffix("Version")  # UuidVersion
        return primitive[0].lower() + primitive[1:], False
    return str(inner.__name__).removesuffix("Type"), False


def main() -> None:
    """Write the file, a type a line."""
    content = build()
    lines = [
        f"{orjson.dumps(name).decode()}: {orjson.dumps(value).decode()}" for name, value in content["types"].items()
    ]
    head = {key: content[key] for key in ("source", "resources")}
    text = orjson.dumps(head).decode()[:-1] + ',\n"types": {\n' + ",\n".join(lines) + "\n}}\n"
    (root("schemas") / FILE).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
