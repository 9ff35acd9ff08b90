"""The file check: what a consortium refuses of a file when it arrives, found before it leaves.

The rules are those of All of Us' check of EHR submissions, which N3C's files have to keep as well: header, order and
number of columns, types, days, times, required columns, line breaks, blank lines, UTF-8 without a mark.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.export.consortia.form import Column, Form

NO_TABLE = "File is not a OMOP CDM table"
NOT_DEFINED = "Column not in table definition"
MISSING = "Column missing in file"
ORDER = "Column not in expected order"
TYPE = "Type mismatch"
NULL = "NULL values are not allowed for column"
DATE = "Invalid date format"
TIMESTAMP = "Invalid timestamp format"
SCIENTIFIC = "Scientific notation is not allowed for integer fields"
LENGTH = "Text is longer than the column"
NEWLINE = "Newline character"
QUOTE = "Stray double quote"
WIDTH = "Incorrect number of columns"
BLANK = "File contains blank lines"
MARK = "File begins with a byte order mark"
NOT_UTF8 = "File is not UTF-8"

_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_NUMBER = r"[-+]?(\d+\.?\d*|\.\d+)"
_FORMS = {
    "integer": (TYPE, r"[-+]?\d+(\.0*)?"),
    "float": (TYPE, _NUMBER + r"([eE][-+]?\d+)?"),
    "date": (DATE, _DAY),
    "timestamp": (TIMESTAMP, _DAY + r" ([01]\d|2[0-3]):[0-5]\d:[0-5]\d"),
}
"""Type → what is said of a text that has not its form, and the form."""
_EMPTY = ("", " ", ".")
"""What the check reads as no value."""


@dataclass(frozen=True)
class Problem:
    """What a file is refused for. `line` counts records from 1; None where it is of the whole file."""

    file: str
    message: str
    column: str = ""
    line: int | None = None
    actual: str = ""
    expected: str = ""

    def __str__(self) -> str:
        where = f", record {self.line:,}" if self.line else ""
        return f"{self.file}{where}: {self.message}{f' ({self.column})' if self.column else ''}"


def check_file(con: DuckDBPyConnection, form: Form, path: Path) -> list[Problem]:
    """The problems of a file, by the table that its name stands for; of a cell's faults the first of each column."""
    table = next((one for one in form.tables if one.name == path.stem.lower()), None)
    if table is None:
        return [Problem(path.name, f"{NO_TABLE}: {path.stem}")]
    with path.open("rb") as stream:
        has_mark = stream.read(3) == b"\xef\xbb\xbf"
    problems = [Problem(path.name, MARK)] if has_mark else []
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            header = next(csv.reader(text, delimiter=form.delimiter, strict=True), [])
    except UnicodeDecodeError:
        return [*problems, Problem(path.name, NOT_UTF8)]
    problems += _header(path.name, [name.lower() for name in header], [column.name.lower() for column in table.columns])
    found = {name.lower() for name in header}
    known = [column for column in table.columns if column.name.lower() in found]
    return problems + list(_cells(con, form, path, header, known))


def _header(file: str, header: list[str], expected: list[str]) -> Iterator[Problem]:
    """Columns that nothing defines or that are missing; the first one that is not in its place."""
    for name in header:
        if name not in expected:
            yield Problem(file, NOT_DEFINED, name, actual=name)
    for name in expected:
        if name not in header:
            yield Problem(file, MISSING, name, expected=name)
    for name, wanted in zip(header, expected, strict=False):
        if name != wanted:
            yield Problem(file, ORDER, name, actual=name, expected=wanted)
            return


def _cells(
    con: DuckDBPyConnection, form: Form, path: Path, header: list[str], known: list[Column]
) -> Iterator[Problem]:
    """What the records are refused for."""
    names = [name.lower() for name in header]
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    rows = (
        f"(SELECT row_number() OVER () AS form_line, * FROM read_csv({literal(str(path))}, columns = {{{columns}}}, "
        f"auto_detect = false, header = true, delim = {literal(form.delimiter)}, quote = '\"', escape = '\"', "
        "nullstr = '', store_rejects = true, parallel = false))"
    )
    faults = [fault for column in known for fault in _faults(column)]
    blank = " AND ".join(f"{_value(name)} IS NULL" for name in names) or "false"
    asked = [("", BLANK, blank), *((column.name, message, condition) for column, message, condition in faults)]
    counts = ", ".join(f"min(form_line) FILTER ({condition})" for _, _, condition in asked)
    # all rows are fetched, though there is one: what was rejected is known when the query has ended
    (first,) = con.execute(f"SELECT {counts} FROM {rows}").fetchall()
    for message, line in _rejected(con):
        yield Problem(path.name, message, line=line)
    for (name, message, _), line in zip(asked, first, strict=True):
        if line is not None:
            yield Problem(path.name, message, name, None if message == NULL else line)


def _rejected(con: DuckDBPyConnection) -> list[tuple[str, int]]:
    """Records that the reader of the last file could not read, the first of each kind: message, record."""
    if not con.execute("FROM duckdb_tables() WHERE table_name = 'reject_errors'").fetchone():
        return []
    rows = con.execute(
        "SELECT ends_with(error_type::VARCHAR, 'COLUMNS') AS is_width, min(line) - 1 FROM reject_errors "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [(WIDTH if is_width else QUOTE, line) for is_width, line in rows]


def _faults(column: Column) -> Iterator[tuple[Column, str, str]]:
    """What is refused of one column's cells: message, condition."""
    value = _value(column.name)
    if column.required:
        yield column, NULL, f"{value} IS NULL"
    if column.type in _FORMS:
        message, form = _FORMS[column.type]
        wrong = f"NOT regexp_full_match({value}, {literal(form)})"
        if column.type == "integer":
            scientific = f"regexp_full_match({value}, {literal(_NUMBER + '[eE][-+]?[0-9]+')})"
            yield column, SCIENTIFIC, scientific
            wrong += f" AND NOT {scientific}"
        elif column.type in ("date", "timestamp"):  # no 31st of February
            wrong += f" OR ({value} IS NOT NULL AND TRY_CAST({value} AS TIMESTAMP) IS NULL)"
        yield column, message, wrong
    if column.length is not None:
        yield column, LENGTH, f"length({value}) > {column.length}"
    yield column, NEWLINE, f"contains({value}, chr(10)) OR contains({value}, chr(13))"


def _value(name: str) -> str:
    """SQL: the cell, NULL where the check reads none."""
    empty = ", ".join(map(literal, _EMPTY))
    return f"CASE WHEN {quote(name)} NOT IN ({empty}) THEN {quote(name)} END"
