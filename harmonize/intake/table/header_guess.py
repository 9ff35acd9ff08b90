"""On which rows of a table the header seems to stand: below titles, and perhaps on two rows."""

from __future__ import annotations

import csv
import re
from itertools import islice
from typing import TYPE_CHECKING

from harmonize.intake.table.dialect import sniff, text_start
from harmonize.intake.table.exact import csv_reader

if TYPE_CHECKING:
    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.header import HeaderRows

Rows = list[tuple[int, list[str]]]
_LOOKED_AT = 40
_TITLES = 5
_MOSTLY = 0.8
# Numbers, dates, times and heights: what cells of the body hold and names of columns do not.
_DATUM = re.compile(
    r"""[<>=~+-]*\s*[0-9][0-9.,:/\\'" -]*%?(?:T[0-9:.]+Z?)?|[0-9]{1,2}[-/ ][A-Za-z]{3,9}[-/ ][0-9]{2,4}"""
)


def first_rows(file: SourceFile) -> Rows:
    """The first rows of a table that hold a value, each with its physical number; none of Parquet."""
    if file.format == "xlsx":
        from harmonize.intake.table.workbook import open_sheet

        with open_sheet(file) as (rows, _):
            return list(islice(rows, _LOOKED_AT))
    if file.format == "parquet":
        return []
    with file.path.open("rb") as stream:
        text = text_start(stream.read(64 * 1024))
    ending = file.name.rpartition(".")[2].lower()
    sniffed = max((sniff(text, ending, (row, row)) for row in range(1, _TITLES + 1)), key=lambda found: found.columns)
    reader = csv_reader(text.removeprefix("\ufeff").splitlines(keepends=True), sniffed.delimiter, '"' in text)
    found: Rows = []
    before = 0
    try:
        for cells in reader:
            if any(cells):
                found.append((before + 1, cells))
            before = reader.line_num
            if len(found) == _LOOKED_AT:
                break
    except csv.Error:  # the text is cut off, or its quotes do not match; what was read is enough to guess from
        pass
    return found


def guess_header(rows: Rows) -> HeaderRows | None:
    """The rows of the header; None where it seems to be the first row alone.

    Rows with one cell above a wider table are titles. A second row belongs to the header where columns of numbers or
    dates have a text there, or where it names columns that the row above leaves blank.
    """
    width = max((_filled(cells) for _, cells in rows), default=0)
    start = next((i for i, (_, cells) in enumerate(rows[:_TITLES]) if _filled(cells) > 1 or width < 3), 0)
    if len(rows) < start + 2:
        return None
    (first, upper), (second, lower) = rows[start], rows[start + 1]
    two = second == first + 1 and _names_columns(upper, lower, [cells for _, cells in rows[start + 2 :]])
    if two:
        return first, second
    return (first, first) if start else None


def _names_columns(upper: list[str], lower: list[str], body: list[list[str]]) -> bool:
    """Whether the lower row is part of the header and not the first record."""
    if not body:
        return False
    data = [position for position in range(len(lower)) if _holds_data([_cell(cells, position) for cells in body])]
    below = [_cell(lower, position) for position in data]
    if any(_DATUM.fullmatch(cell) for cell in below):
        return False
    added = sum(1 for position, cell in enumerate(lower) if cell.strip() and not _cell(upper, position))
    return any(below) or added > len(lower) / 3


def _holds_data(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(_DATUM.fullmatch(cell) is not None for cell in filled) >= _MOSTLY * len(filled)


def _cell(cells: list[str], position: int) -> str:
    return cells[position].strip() if position < len(cells) else ""


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())
