"""Load a file into DuckDB as it is: all text, each record with its true line, nothing lost or padded."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.work_folder import work_folder
from harmonize.intake.dialect import safe_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.discover import SourceFile
    from harmonize.intake.header import HeaderRows

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


def stage_file(
    con: DuckDBPyConnection,
    file: SourceFile,
    file_id: int,
    columns: Iterable[str] | None = None,
    header_rows: HeaderRows | None = None,
) -> Staged:
    """Load one file into `stage.f<file_id>`: line_ BIGINT, then every column as VARCHAR as sent, blank =
    NULL.

    `line_` is the physical line on which the record begins (the header of a text is line 1), the row of a
    worksheet, or the number of a Parquet row from 1. Lines that are no record of the table (ragged, wrongly
    quoted, with NUL bytes) go to stage.bad_line. `columns` (headers or safe names) limits what is loaded.
    `header_rows` are the physical rows of the header (see intake.header); None: the first that is not blank.

    Call it outside a transaction, or commit before the load's transaction begins: rowids of uncommitted
    rows are not dense. Raises InputError for an empty file, a line over 20 MB, a format that cannot be
    read.
    """
    if not file.is_table:
        raise InputError(f"{file.name}: cannot be read as a table. {file.why}")
    if file.size == 0:
        raise InputError(f"{file.name}: the file is empty (0 bytes).", "Send the file again, or leave it out.")
    prepare_stage(con)
    con.execute("DELETE FROM stage.bad_line WHERE file_id = ?", [file_id])
    with work_folder("stage") as work, in_order(con):
        target = Target(con, file, file_id, work, None if columns is None else frozenset(columns), header_rows)
        if file.format == "parquet":
            from harmonize.intake.parquet import stage_parquet as stage
        elif file.format == "xlsx":
            from harmonize.intake.workbook import stage_sheet as stage
        elif file.format == "mdai":
            from harmonize.intake.mdai import stage_mdai as stage
        else:
            from harmonize.intake.delimited import stage_text as stage
        stage(target)
    good = target.count()
    row = con.execute("SELECT count(*) FROM stage.bad_line WHERE file_id = ?", [file_id]).fetchone()
    bad = int(row[0]) if row else 0
    if good + bad == 0:
        target.findings.append(StructureFinding("no_records"))
    kept = target.kept
    return Staged(
        file_id,
        target.table,
        tuple(target.headers[i] for i in kept),
        tuple(target.names[i] for i in kept),
        good + bad,
        bad,
        tuple(target.findings),
        target.controls,
    )


def prepare_stage(con: DuckDBPyConnection) -> None:
    """Make the database stage and its table of bad lines where they are not; before files are staged side by side.

    It is one in memory that spills to the connection's folder for that: raw cells, which nobody has screened yet, are
    never written into a store, its WAL included, and nobody else can read them.
    """
    con.execute("ATTACH IF NOT EXISTS ':memory:' AS stage")
    con.execute(
        "CREATE TABLE IF NOT EXISTS stage.bad_line"
        " (file_id INTEGER, line BIGINT, rule VARCHAR, cells INTEGER, text VARCHAR)"
    )


def drop_staged(con: DuckDBPyConnection) -> None:
    """Remove everything that was staged."""
    con.execute("DETACH DATABASE IF EXISTS stage")


@contextmanager
def in_order(con: DuckDBPyConnection) -> Iterator[None]:
    """Line numbers come from the order of rows, which a connection may have given up for speed."""
    row = con.execute("SELECT current_setting('preserve_insertion_order')").fetchone()
    before = bool(row and row[0])
    con.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        con.execute(f"SET preserve_insertion_order = {before}")
