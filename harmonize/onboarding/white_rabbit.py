"""A profile in the layout of WhiteRabbit's scan report, which Rabbit-in-a-Hat and Usagi's users read.

Sheets `Field Overview` and `Table Overview`, then one a table with two columns a field: its values and their frequency.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.file_scan import FileScan
    from harmonize.onboarding.scan import Scan

FIELDS = (
    "Table", "Field", "Description", "Type", "Max length", "N rows", "N rows checked", "Fraction empty",
    "N unique values", "Fraction unique",
)  # fmt: skip
TABLES = ("Table", "Description", "N rows", "N rows checked", "N Fields", "N Fields Empty")
CUT = "List truncated..."
_TYPES = {"integer": "INT", "number": "REAL", "date": "DATE", "datetime": "DATETIME", "empty": "EMPTY"}


def write_white_rabbit(scan: Scan, path: Path) -> None:
    """Write the report. Hidden columns have no values; lists that leave out values end in `List truncated...`."""
    book = Workbook(write_only=True)
    names = _sheet_names(file.name for file in scan.files)
    overview = book.create_sheet("Field Overview")
    overview.append(FIELDS)
    for file, name in zip(scan.files, names, strict=True):
        for column in file.columns:
            overview.append(_safe(overview, _field(name, file, column)))
    tables = book.create_sheet("Table Overview")
    tables.append(TABLES)
    for file, name in zip(scan.files, names, strict=True):
        empty = sum(1 for column in file.columns if not column.filled)
        tables.append(_safe(tables, [name, "", file.records, file.records, len(file.columns), empty]))
    for file, name in zip(scan.files, names, strict=True):
        sheet = book.create_sheet(name)
        sheet.append(_safe(sheet, [text for column in file.columns for text in (column.header, "Frequency")]))
        for cells in zip_longest(*(_listed(column) for column in file.columns), fillvalue=("", "")):
            sheet.append(_safe(sheet, [part for cell in cells for part in cell]))
    book.save(path)


def _field(name: str, file: FileScan, column: ColumnScan) -> list[Any]:
    records = file.records or 1
    meaning = (column.meaning or "").replace("_", " ")
    described = f"perhaps {meaning}" + (f" in {column.unit.unit}" if column.unit else "") if meaning else ""
    return [
        name, column.header, described, _TYPES.get(column.kind, "VARCHAR"), column.longest, file.records, file.records,
        round(1 - (column.filled + column.missing) / records, 4), column.distinct, round(column.distinct / records, 4),
    ]  # fmt: skip


def _listed(column: ColumnScan) -> list[tuple[Any, Any]]:
    return [*column.values, *([(CUT, "")] if column.rarer or column.hidden else [])]


def _safe(sheet: Any, cells: Iterable[Any]) -> list[Any]:
    """Cells in which no text is run as a formula."""
    return [_text(sheet, cell) if isinstance(cell, str) else cell for cell in cells]


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text))
    cell.data_type = "s"
    return cell


def _sheet_names(names: Iterable[str]) -> list[str]:
    """Names as Excel takes them for sheets: 31 characters, none twice."""
    taken: list[str] = []
    for name in names:
        short = re.sub(r"[\[\]:*?/\\#!']", "_", name)[-31:]
        number = 1
        while short.lower() in map(str.lower, taken):
            number += 1
            short = f"{short[: 30 - len(str(number))]}_{number}"
        taken.append(short)
    return taken
