"""Which parts of a resource its views read: a tree, and the structure that DuckDB's from_json() takes."""

from __future__ import annotations

from typing import Any

import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import literal


class Shape:
    """A node of the tree: an element that is read.

    `many`: JSON has a list of it. `text`: it is a primitive. `raw`: its JSON text is needed (of an element that
    is descended into to any depth), so that what is read below it is parsed when it is read.
    """

    def __init__(self, many: bool = False) -> None:
        self.many = many
        self.text = False
        self.raw = False
        self.fields: dict[str, Shape] = {}

    def child(self, name: str, many: bool, text: bool) -> Shape:
        """The node of an element below this one, made where it is new."""
        node = self.fields.setdefault(name, Shape(many))
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
