"""Which elements resources have: the paths of the leaves of their JSON, without indices (code.coding.code)."""

from __future__ import annotations

import re
from typing import Any

import orjson

_PLAIN = re.compile(r"\w+(\[x\])?", re.ASCII)


def step(name: str) -> str:
    """An element's name as a step of a path: in quotes, as json_tree() writes it, where it is no plain word."""
    return name if _PLAIN.fullmatch(name) else orjson.dumps(name).decode()


class Shapes:
    """The resources of some type by what elements they have: `resources` is paths → rowids.

    `several` are the paths of the lists of objects of which some resource has more than one.
    """

    def __init__(self) -> None:
        self.resources: dict[tuple[str, ...], list[int]] = {}
        self.several: set[str] = set()
        self._known: dict[str, list[int]] = {}

    def add(self, key: int, resource: dict[str, Any]) -> list[int]:
        """Note a resource; returns the rowids of those like it. One that is nested too deeply for a path counts as one
        element."""
        try:
            shape = _fingerprint(resource)
            found = self._known.get(shape)
            if found is None:
                found = self.resources.setdefault(tuple(sorted(_leaves(resource, self.several))), [])
                self._known[shape] = found
        except RecursionError:
            found = self.resources.setdefault(("",), [])
        found.append(key)
        return found


def _fingerprint(element: dict[str, Any]) -> str:
    """A text that resources with the same elements share; written for speed, as every resource passes here."""
    text = ""
    for name, value in element.items():
        kind = type(value)
        if kind is dict:
            text += f"{name}\1{_fingerprint(value)}\2"
        elif kind is list:
            text += f"{name}\3"
            for item in value:
                text += f"{_fingerprint(item)}\4" if type(item) is dict else "\6"
            text += "\2"
        else:
            text += f"{name}\5"
    return text


def _leaves(element: dict[str, Any], several: set[str], prefix: str = "") -> set[str]:
    """The paths of all leaves; an empty object or list is one. Adds to `several`."""
    found = set()
    for name, value in element.items():
        inner = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else [value]
        objects = [item for item in inner if isinstance(item, dict) and item]
        if isinstance(value, list) and len(value) > 1 and inner:
            several.add(prefix + step(name))
        for item in objects:
            found |= _leaves(item, several, f"{prefix}{step(name)}.")
        if not objects:
            found.add(prefix + step(name))
    return found
