"""Which parts of a resource its views read: a tree, and the structure that DuckDB's from_json() takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import literal

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Present:
    """What the resources of a type hold, so that their views need not look for the rest.

    `paths` are their elements, without indices (code.coding.code), with all that these lie in; `several` the lists of
    objects of which some resource has more than one.
    """

    paths: frozenset[str]
    several: frozenset[str]

    def lacks(self, *names: str) -> bool:
        """Whether no resource has some of these elements, nor anything that is told beside it (_birthDate)."""
        return any(name not in self.paths and f"_{name}" not in self.paths for name in names)

    @classmethod
    def of(cls, leaves: Iterable[str], several: Iterable[str]) -> Present:
        """From the paths of leaves alone."""
        paths = {".".join(steps[:n]) for path in leaves if (steps := path.split(".")) for n in range(1, len(steps) + 1)}
        return cls(frozenset(paths), frozenset(several))


class Shape:
    """A node of the tree: an element that is read.

    `many`: JSON has a list of it. `text`: it is a primitive. `raw`: its JSON text is needed (of an element that
    is descended into to any depth), so that what is read below it is parsed when it is read. `path` is where it lies
    in its resource, of which `present` says what occurs; None where that is not known.
    """

    def __init__(self, many: bool = False, path: str = "", present: Present | None = None) -> None:
        self.many = many
        self.path = path
        self.present = present
        self.text = False
        self.raw = False
        self.fields: dict[str, Shape] = {}

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def lacks(self, name: str) -> bool:
        """Whether no resource has this element here, nor anything that is told beside it (_birthDate)."""
        present = self.present
        return present is not None and not {self._below(name), self._below(f"_{name}")} & present.paths

    def has_one(self, name: str) -> bool:
        """Whether no resource has more than one in this list of objects."""
        return self.present is not None and self._below(name) not in self.present.several

    def child(self, name: str, many: bool, text: bool) -> Shape:
        """The node of an element below this one, made where it is new."""
        node = self.fields.setdefault(name, Shape(many, self._below(name), self.present))
        if node.many != many:  # only below contained, whose types differ
            raise InputError(f"{name} is a list in one of the resource types that the views read, and none in another.")
        node.text = node.text or text
        return node

    def content(self) -> Any:
        """The structure of one such element, its own JSON text aside."""
        if self.fields:
            return {name: node.structure() for name, node in self.fields.items()}
        return "VARCHAR" if self.text else "JSON"

    def structure(self) -> Any:
        """The structure of this element in its parent's."""
        inner = "JSON" if self.raw else self.content()
        return [inner] if self.many else inner

    def parsed(self, sql: str) -> str:
        """The SQL that parses the JSON text `sql` of one such element."""
        structure = literal(orjson.dumps(self.content()).decode())
        return f"from_json({sql}, {structure})"
