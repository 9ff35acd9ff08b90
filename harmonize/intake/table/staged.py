"""A staged file: its table, columns and headers, and what is wrong with its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.intake.table.dialect import safe_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.header import HeaderRows


MAX_COLUMNS = 16_384
"""As many as a worksheet of Excel has."""


@dataclass(frozen=True)
class StructureFinding:
    """Something wrong with a file's structure. `rule` is an id of sql/validation/rules/; `line` is
    physical,
    None for the file as a whole; `column` is the header concerned, if one is."""

    rule: str
    line: int | None = None
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Staged:
    """A staged file.

    `table` is the qualified name `stage.f<file_id>`; `headers` as sent and `names` (safe identifiers, the
    table's columns) go in step; `records` counts all records, those in stage.bad_line included; `bad_lines`
    these alone.
    """

    file_id: int
    table: str
    headers: tuple[str, ...]
    names: tuple[str, ...]
    records: int
    bad_lines: int
    findings: tuple[StructureFinding, ...]
    controls: bool = True


@dataclass
class Target:
    """The staging table to be filled: which of a file's columns it takes, and what was found on the way."""

    con: DuckDBPyConnection
    file: SourceFile
    file_id: int
    work: Path
    wanted: frozenset[str] | None = None
    header_rows: HeaderRows | None = None
    headers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    findings: list[StructureFinding] = field(default_factory=list)
    controls: bool = True

    @property
    def table(self) -> str:
        """The qualified name of the staging table."""
        return f"stage.f{self.file_id}"

    def set_headers(self, headers: Sequence[str], line: int) -> None:
        """Take the headers, name them safely and note blank and repeated ones.

        Raises InputError for more columns than a worksheet can have: such a file is no table, or lies on its side.
        """
        if len(headers) > MAX_COLUMNS:
            raise InputError(
                f"{self.file.name}, line {line}: {len(headers):,} columns; at most {MAX_COLUMNS:,} can be read.",
                "The first line must hold the names of the columns; records stand one below the other.",
            )
        self.headers = list(headers)
        self.names = safe_names(headers)
        seen: set[str] = set()
        for position, header in enumerate(headers, start=1):
            if not header.strip():
                self.findings.append(StructureFinding("blank_header", line, None, str(position)))
            elif header in seen:
                self.findings.append(StructureFinding("duplicate_header", line, header, str(position)))
            seen.add(header)

    @property
    def kept(self) -> list[int]:
        """Positions (from 0) of the columns to load: all, or those wanted by header or by safe name."""
        if self.wanted is None:
            return list(range(len(self.names)))
        return [
            i
            for i, (header, name) in enumerate(zip(self.headers, self.names, strict=True))
            if header in self.wanted or name in self.wanted
        ]

    def count(self) -> int:
        """Rows in the staging table."""
        row = self.con.execute(f"SELECT count(*) FROM {self.table}").fetchone()
        return int(row[0]) if row else 0
