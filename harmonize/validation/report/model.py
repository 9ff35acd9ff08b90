"""A report as every format writes it: files, groups of findings with examples, sums, what a baseline muted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.validation.table.profile import ColumnProfile


@dataclass(frozen=True)
class Muted:
    """How many findings a baseline muted, and how many that it knows were not found again."""

    errors: int
    warnings: int
    gone: int

    def sentence(self) -> str:
        """The numbers for people."""
        told = f"Known by the baseline and left out: errors {self.errors:,}, warnings {self.warnings:,}"
        return f"{told}; not found again: {self.gone:,} (write it anew)." if self.gone else f"{told}."


_FIELDS = (
    "rule",
    "severity",
    "file",
    "line",
    "position",
    "column",
    "path",
    "record",
    "value",
    "message",
    "hint",
)
_OF_A_LOAD = (
    "refused", "quarantined", "load_errors", "leaves_out", "withdrawn", "knows_persons", "excluded", "unread", "states",
    "cells",
)  # fmt: skip


@dataclass(frozen=True)
class ReportFile:
    """A file of the delivery: its name for people, the class that it holds (or its format), its records.

    `file_id` is None for a file that was not read; `note` says why. `content` is the class, where a schema says one;
    `profile` what the columns hold, where that was asked for. `size` in bytes and `sha256` are of the file as sent, of
    the workbook where it is a sheet of one; None where nobody knows them. `path` is where a delimited text can be read.
    """

    file_id: int | None
    name: str
    kind: str
    records: int
    note: str = ""
    content: str | None = None
    profile: tuple[ColumnProfile, ...] = ()
    size: int | None = None
    sha256: str | None = None
    path: Path | None = None


@dataclass(frozen=True)
class About:
    """What a report is of: the delivery, by what it was checked, and when.

    `source` is the kind of source, `rules` what is asked of such a delivery, `site` whose mapping it is (where the user
    named one), `size` the bytes of the files as sent, `vocabulary` the version of the store that was named; `date` is
    the time in UTC (ISO 8601), the only thing that differs between two reports of the same input.
    """

    source: str
    date: str
    version: str
    rules: frozenset[str] = frozenset()
    size: int = 0
    site: str | None = None
    project: str | None = None
    mapping: str | None = None
    mapping_version: str | None = None
    vocabulary: str | None = None

    def to_json(self, verdict: str) -> dict[str, Any]:
        """The object `about` of the JSON formats."""
        mapping = None if self.mapping is None else {"name": self.mapping, "version": self.mapping_version}
        return {
            "tool": "harmonize",
            "version": self.version,
            "date": self.date,
            "site": self.site,
            "project": self.project,
            "source": self.source,
            "mapping": mapping,
            "vocabulary": self.vocabulary,
            "size": self.size,
            "verdict": verdict,
        }


@dataclass(frozen=True)
class Example:
    """One finding of a group; `value` is cut, and hidden where the slot is marked phi. `place` is of a resource:
    its line or its entry in a Bundle, and its id.
    """

    line: int | None
    value: str | None
    nearest: str | None
    place: str = ""

    @property
    def where(self) -> str:
        """The place in words, empty for a file as a whole."""
        return self.place or ("" if self.line is None else f"line {self.line:,}")


@dataclass(frozen=True)
class Group:
    """The findings of one rule in one column of one file."""

    file_id: int
    rule: str
    severity: str
    scope: str
    message: str
    hint: str
    column: str | None
    expected: str | None
    count: int
    examples: tuple[Example, ...]

    @property
    def value_tells(self) -> bool:
        """Whether a cell's value says enough, as rule and column are told; else the message is needed."""
        return self.scope == "cell" and (
            "{value}" not in self.message or self.message.startswith("{column} is {value}")
        )

    def say(self, template: str, value: str | None = None) -> str:
        """A message or hint of the rule with its names filled in, once: a header may look like a name."""
        known = {"column": self.column, "value": value, "expected": self.expected}
        return re.sub(r"\{(column|value|expected)\}", lambda name: known[name[1]] or "", template)


@dataclass
class Summary:
    """The sums of a report; `truncated` counts the findings that the format left out for --max.

    `refused` says why a load would refuse the delivery, `quarantined` how many records it would quarantine and
    `load_errors` how many errors it would find (None where that was not asked), `withdrawn` how many records are of
    persons who were withdrawn, `knows_persons` whether it can be told who is known, `excluded` how many records the
    mapping leaves out by rule (None: not told), `unread` how many files were not read. Of a delivery that was loaded
    `states` says how many of its records are in which state, and `cells` how many cells were left out.
    """

    records: int = 0
    errors: int = 0
    warnings: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    truncated: int = 0
    refused: list[str] = field(default_factory=list)
    quarantined: int | None = None
    load_errors: int | None = None
    leaves_out: bool = False
    withdrawn: int = 0
    knows_persons: bool = True
    excluded: int | None = None
    unread: int = 0
    states: dict[str, int] | None = None
    cells: int = 0

    def to_json(self) -> dict[str, Any]:
        """The object `summary` of the JSON formats; `load` is what a load would make of it, where that was asked."""
        said = {name: value for name, value in self.__dict__.items() if name not in _OF_A_LOAD}
        if self.quarantined is not None:
            said["load"] = {"refused": self.refused, "quarantined": self.quarantined, "errors": self.load_errors}
            if self.excluded:
                said["load"]["excluded"] = self.excluded
            if self.withdrawn:
                said["load"]["withdrawn"] = self.withdrawn
        if self.states is not None:
            said["loaded"] = {"states": self.states, "cells_quarantined": self.cells}
        return said


@dataclass
class Report:
    """All that a format needs: sums, files, and the findings in the database."""

    con: DuckDBPyConnection
    files: Sequence[ReportFile]
    summary: Summary
    limit: int
    notes: Sequence[str]
    muted: Muted | None = None
    about: About | None = None

    def groups(self, examples: int) -> list[Group]:
        """Findings by file, rule and column, with the first lines of each."""
        rows = self.con.execute(sql("validation/finding_group"), {"examples": examples}).fetchall()
        return [Group(*(*row[:-1], tuple(Example(**example) for example in row[-1]))) for row in rows]

    def findings(self) -> list[dict[str, Any]]:
        """The first findings, up to the limit; notes how many that leaves out."""
        rows = self.con.execute(f"{sql('validation/finding_output')} LIMIT {self.limit}").fetchall()
        self.summary.truncated = self.summary.errors + self.summary.warnings - len(rows)
        return [dict(zip(_FIELDS, row, strict=True)) for row in rows]
