"""Mappings as a spreadsheet for reviewers: what a row says, what the vocabulary says, and where to write a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.files import replacing
from harmonize.engine.text_file import check_regular
from harmonize.intake.table.workbook_file import open_book, sheet_rows
from harmonize.review.concepts import by_code
from harmonize.review.incoming import Incoming, Said
from harmonize.review.mappings import reviewed_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.review.worklist import Item

# What a reviewer reads only, then the row, which may be edited, then the decision.
READ_ONLY = ("state", "rows", "concept_id", "concept_name", "domain", "mapping_hash")
ROW = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "confidence",
    "comment",
)
DECIDE = ("decision", "decision_comment")
SAID = ("accept", "reject", "discuss")
SHEET = "mappings"


def write_workbook(path: Path, items: list[Item], con: DuckDBPyConnection | None = None) -> None:
    """One sheet, a row a mapping in the order given; decisions are chosen from a list. Texts are never formulas."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    concepts = by_code([item.one.object for item in items], con)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    header = (*READ_ONLY, *ROW, *DECIDE)
    for column, name in enumerate(header, 1):
        sheet.cell(1, column, name).font = Font(bold=True)
    for line, item in enumerate(items, 2):
        concept = concepts.get(item.one.object)
        cells: dict[str, Any] = {
            "state": item.standing.state,
            "rows": item.rows,
            "concept_id": concept.concept_id if concept else None,
            "concept_name": concept.name if concept else None,
            "domain": concept.domain if concept else None,
            "mapping_hash": item.one.hash,
        } | {name: item.one.row[name] for name in ROW}
        for column, name in enumerate(header, 1):
            cell = sheet.cell(line, column)
            cell.value = cells.get(name) or None
            if isinstance(cell.value, str):
                cell.data_type = "s"
    choice = DataValidation(type="list", formula1=f'"{",".join(SAID)}"', allow_blank=True)
    sheet.add_data_validation(choice)
    letter = get_column_letter(header.index("decision") + 1)
    choice.add(f"{letter}2:{letter}{max(2, len(items) + 1)}")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    with replacing(path) as partial:
        book.save(partial)


def read_workbook(path: Path, folder: Path, *, reviewer: str, date: str) -> list[Incoming]:
    """The rows of such a sheet; decisions in it are the reviewer's. Raises InputError with the sheet's line."""
    check_regular(path)
    with open_book(path, str(path)) as book:
        sheets = [book[SHEET]] if SHEET in book.sheetnames else book.worksheets[:1]
        rows_ = [row for sheet in sheets for row in sheet_rows(sheet, str(path))]
    lines = [["" if value is None else str(value).strip() for value in row] for row in rows_]
    header = lines[0] if lines else []
    for name in ("mapping_hash", "subject_id", "predicate_id", "object_id"):
        if name not in header:
            raise InputError(f"{path}, line 1: the column {name} is missing.", did_you_mean(name, header))
    was = {one.hash: one for one in reviewed_rows(folder)}
    rows = ((number, dict(zip(header, line, strict=False))) for number, line in enumerate(lines[1:], 2))
    return [_incoming(f"{path}, line {number}", row, was, reviewer, date) for number, row in rows if any(row.values())]


def _incoming(place: str, row: dict[str, str], was: Mapping[str, Any], reviewer: str, date: str) -> Incoming:
    cells = {name: row[name] for name in ROW if name in row}
    old = was.get(row["mapping_hash"])
    if old is not None and _equal_number(cells.get("confidence", ""), old.row["confidence"]):
        cells["confidence"] = old.row["confidence"]
    decision = row.get("decision", "")
    if decision and decision not in SAID:
        raise InputError(f"{place}: there is no decision {decision!r}.", did_you_mean(decision, SAID))
    if decision in SAID[1:] and not row.get("decision_comment"):
        raise InputError(f"{place}: to {decision} needs a decision_comment that says why.")
    said = (Said(decision, reviewer, date, row.get("decision_comment", "")),) if decision else ()
    return Incoming(place, cells, said, row["mapping_hash"])


def _equal_number(new: str, old: str) -> bool:
    """Spreadsheets write 0.90 as 0.9, and 1 as 1.0."""
    try:
        return float(new) == float(old)
    except ValueError:
        return new == old
