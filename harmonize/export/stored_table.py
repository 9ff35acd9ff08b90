"""A table of the store that the list of what is published names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import quote
from harmonize.export.allow_list import published

if TYPE_CHECKING:
    from harmonize.export.allow_list import Published


@dataclass(frozen=True)
class StoredTable:
    """A table of the store that the list names: its columns with their types, and those that hold any value."""

    schema: str
    name: str
    types: dict[str, str]
    not_null: frozenset[str]
    comment: str | None
    comments: dict[str, str]
    rows: int = 0
    filled: frozenset[str] = frozenset()

    @property
    def relation(self) -> str:
        """The table in SQL."""
        return f"{quote(self.schema)}.{quote(self.name)}"

    @property
    def lines(self) -> dict[str, Published]:
        """The lines of the list of the columns that are there, in the order of the table."""
        listed = published()[self.schema, self.name]
        return {column: listed[column] for column in self.types if column in listed}

    @property
    def columns(self) -> dict[str, Published]:
        """The columns that the published table has. The CDM's tables keep all of theirs: its tools ask for them."""
        return {name: line for name, line in self.lines.items() if line.becomes != "drop" or self.schema == "omop"}

    @property
    def own_id(self) -> str | None:
        """The column of a CDM table's own ids."""
        line = self.lines.get(f"{self.name}_id")
        return line.column if line and (line.becomes, line.argument) == ("id", self.name) else None
