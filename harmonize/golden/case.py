"""A golden case as its file writes it: texts with their lines; nothing is looked up yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from harmonize.engine.errors import InputError


@dataclass(frozen=True)
class Text:
    """One value of a case file: a text, None for null, several texts for a list; and its line (first = 1)."""

    value: str | tuple[str, ...] | None
    line: int


@dataclass(frozen=True)
class Row:
    """One row, of a file to be loaded (by header) or of a table to be compared (by column)."""

    cells: dict[str, Text]
    line: int


@dataclass(frozen=True)
class Table:
    """The rows of a class of the source schema, to be written as a file."""

    class_name: Text
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class CaseDelivery:
    """Files that are loaded together; `files` holds a file's text, or the rows that it is made of.

    FHIR resources that a case writes as YAML are text already. `without` names what is left out on purpose.
    """

    source: str
    mapping: str | None
    mode: str
    files: dict[str, str | Table]
    line: int
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expected:
    """All rows of one table; `line` is the one that names the table."""

    rows: tuple[Row, ...]
    line: int


@dataclass(frozen=True)
class Count:
    """A number of records or findings."""

    number: int
    line: int


@dataclass(frozen=True)
class Case:
    """One golden case. `refused` is a part of the sentence with which the last load must fail."""

    name: str
    why: str
    file: Path
    line: int
    deliveries: tuple[CaseDelivery, ...]
    time: dict[str, Text] = field(default_factory=dict)
    settings: dict[str, Text] = field(default_factory=dict)
    rows: dict[str, Expected] = field(default_factory=dict)
    ledger: dict[str, Count] = field(default_factory=dict)
    reasons: dict[str, Count] | None = None
    findings: dict[str, Count] | None = None
    refused: str | None = None

    def fault(self, line: int, message: str, hint: str | None = None) -> InputError:
        """An error of this case's file."""
        return InputError(f"{self.file}:{line}: case {self.name}: {message}", hint)
