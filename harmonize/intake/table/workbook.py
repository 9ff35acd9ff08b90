"""Stage a sheet of an Excel workbook: every cell as the text that it shows."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.intake.table.exact import Record, stage_records
from harmonize.intake.table.header import combine
from harmonize.intake.table.staged import StructureFinding
from harmonize.intake.table.workbook_file import has_formulas, open_book, sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.staged import Target


def stage_sheet(target: Target) -> None:
    """Fill the target's table from one sheet; `line_` is the row's number in the sheet.

    The header stands on the first row that holds a value, or on the rows that the target names. Blank rows are skipped
    and told once; a row with a value beyond the last header is `ragged`. Dates come as ISO 8601, midnight left out,
    whole fractions without `.0`, truth values as TRUE and FALSE, formulas as the value that the workbook keeps of them,
    whole numbers with the leading zeros of their format.
    """
    with open_sheet(target.file) as (rows, is_hidden):
        if is_hidden:
            target.findings.append(StructureFinding("hidden_sheet"))
        line, cells, following = _header(target, rows)
        target.set_headers(cells, line)
        blank: list[int] = []
        stage_records(target, _records(_without_gaps(following, blank), len(cells)))
        if blank:
            target.findings.append(StructureFinding("blank_rows", blank[0], None, f"{len(blank):,}"))
    _find_formulas_without_value(target)


@contextmanager
def open_sheet(file: SourceFile) -> Iterator[tuple[Iterator[tuple[int, list[str]]], bool]]:
    """(row number, cells) of the rows of a sheet that hold a value, empty cells at a row's end left out; and whether
    the sheet is hidden."""
    with open_book(file.path, file.name) as book:
        sheet = _sheet(book, file)
        yield _rows(sheet, file.name, padded=_has_padded_numbers(file)), sheet.sheet_state != "visible"


def _sheet(book: Any, file: SourceFile) -> Any:
    return book[file.sheet] if file.sheet else book.worksheets[0]


def _header(
    target: Target, rows: Iterator[tuple[int, list[str]]]
) -> tuple[int, list[str], Iterator[tuple[int, list[str]]]]:
    """The header's first row, its cells, and the rows below it."""
    first, last = target.header_rows or (1, None)
    found: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        if last is not None and number > last:
            rows = chain([(number, cells)], rows)
            break
        if number >= first:
            found.append((number, cells))
        if last is None:
            break
    if not found:
        where = "no cell" if last is None else f"nothing on the rows of its header ({first} to {last})"
        raise InputError(f"{target.file.name}: the sheet holds {where}.", "Send the file again, or leave it out.")
    return found[0][0], combine([row for _, row in found]), rows


def _find_formulas_without_value(target: Target) -> None:
    """Programs that write formulas without computing them leave cells that read as empty: tell, not lose them."""
    path, name = target.file.path, target.file.name
    if not has_formulas(path, name):
        return
    with open_book(path, name) as of_values, open_book(path, name, formulas=True) as of_formulas:
        pages = [sheet_rows(_sheet(book, target.file), name) for book in (of_values, of_formulas)]
        lines = [
            number
            for number, (values, formulas) in enumerate(zip(*pages, strict=True), start=1)
            for value, formula in zip(values, formulas, strict=True)
            if value is None and formula is not None
        ]
    if lines:
        target.findings.append(StructureFinding("formula_without_value", lines[0], None, f"{len(lines):,}"))


def _rows(sheet: Any, name: str, *, padded: bool) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(sheet_rows(sheet, name, values=not padded), start=1):
        cells = [_padded(cell) for cell in row] if padded else [shown(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _has_padded_numbers(file: SourceFile) -> bool:
    """Whether the workbook shows any number with leading zeros (format 00000): only then formats are looked at."""
    with zipfile.ZipFile(file.path) as archive:
        styles = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b""
    return re.search(rb'formatCode="0{2,}"', styles) is not None


def _padded(cell: Any) -> str:
    """A cell as the sheet shows it, with the leading zeros that its format gives a whole number."""
    text = shown(cell.value)
    zeros = re.fullmatch("0{2,}", cell.number_format or "")
    return text.zfill(len(zeros[0])) if zeros and text.isdigit() else text


def _without_gaps(rows: Iterator[tuple[int, list[str]]], blank: list[int]) -> Iterator[tuple[int, list[str]]]:
    """The rows; the numbers of blank ones between them go to `blank`."""
    before = None
    for number, cells in rows:
        blank += range(before + 1, number) if before is not None else ()
        before = number
        yield number, cells


def _records(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[Record]:
    for number, cells in rows:
        # A worksheet stores no cell where nothing stands: empty cells at the end are there, they are not
        # missing.
        cells += [""] * (width - len(cells))
        text = "\t".join(cells)
        rule = "nul_byte" if "\0" in text else "ragged" if len(cells) != width else None
        yield Record(number, cells, text, rule)


def shown(value: object) -> str:
    """A cell's value as text, the way the sheet shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)
