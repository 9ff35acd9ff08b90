"""Seeded damage to FHIR resources: one change somewhere in a copy."""

from __future__ import annotations

import copy
import random
from typing import Any

_TEXTS = ["", " ", "x y", " x", "x", "2021-02-30", "2021-13", "2021-02-28T25:00:00Z", "2021-02-28T10:00:00", "3.5",
          "true", "http://a b", "final", "urn:uuid:c757873d-ec9a-1326-a141-556f43239520", "x" * 70, "#1",
          "é"]  # fmt: skip
_VALUES: list[Any] = [None, 0, -1, 3, 2.5, 2**31, 1e300, True, False, [], {}, [None], [[]], {"x": 1}, *_TEXTS]


def mutate(resource: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """A copy with one element changed, dropped, renamed, added, or put into or out of a list."""
    changed = copy.deepcopy(resource)
    holder, key = dice.choice([place for place in _places(changed) if place[1] != "resourceType"])
    kind = dice.choice(["value", "value", "drop", "rename", "list", "add", "choice"])
    value = holder[key]
    if kind == "value":
        holder[key] = copy.deepcopy(dice.choice(_VALUES))
    elif kind == "list":
        holder[key] = value[0] if isinstance(value, list) and value else [value]
    elif kind == "drop" or isinstance(holder, list):
        del holder[key]
    elif kind == "rename":
        holder[dice.choice([key.lower(), key + "s", key[:-1] or "x", "_" + key])] = holder.pop(key)
    elif kind == "add":
        holder[dice.choice(["x", "id", "text", "extension", "value", "status", "code", "_" + key])] = value
    else:
        holder[dice.choice(["valueString", "valueBoolean", "onsetString", "effectiveInstant", "deceasedBoolean"])] = "x"
    return changed


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key or index) below a value."""
    found: list[tuple[Any, Any]] = []
    pairs = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, inner in pairs:
        found.append((value, key))
        found += _places(inner)
    return found
