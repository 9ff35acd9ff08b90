"""An object that a view reads whole, cut down to what FHIR says that it has: nothing else comes with it."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from harmonize.engine.sql_text import literal
from harmonize.mapping.views.definitions import PRIMITIVES, properties

_DEEP = 4
"""A Reference has an Identifier, and that a Reference."""
_LEFT_OUT = frozenset({"id", "extension", "modifierExtension", "contained"})


def as_known(sql: str, kind: str) -> str:
    """SQL of the JSON text `sql` of an object of this type, with the elements alone that FHIR gives to the type:
    no extension, and none of an unknown name."""
    if kind == "CodeableConcept":
        return f"fhir_concept({sql})"  # sql/views/functions.sql: most are as they should be, and stay as they are
    structure = orjson.dumps(_structure(kind, _DEEP)).decode()
    return f"CAST(to_json(from_json({sql}, {literal(structure)})) AS VARCHAR)"


@cache
def _structure(kind: str, deep: int) -> Any:
    if kind in PRIMITIVES:
        return "VARCHAR"
    found = {}
    for name, told in properties(kind).items():
        if name.startswith("_") or name in _LEFT_OUT or (deep == 0 and told.type not in PRIMITIVES):
            continue
        inner = _structure(told.type, deep - 1)
        if inner:
            found[name] = [inner] if told.many else inner
    return found
