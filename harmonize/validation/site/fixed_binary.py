"""The fixed copy of worksheets and Parquet files: their values mended in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InternalError
from harmonize.engine.sql_text import literal, quote
from harmonize.intake.table.workbook import shown
from harmonize.intake.table.workbook_file import load_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

LARGEST_BOOK = 20 << 20
"""Bytes of a workbook that is still held in memory as a whole."""


def mend_sheet(target: Path, sheet: str | None, fixes: Iterable[tuple[int, int, str, str]]) -> bool:
    """Put (row, column, before, after) into a sheet of the workbook `target`; False where it stays as it is.

    That is a workbook with formulas, whose results would be lost, and a large one. Raises InternalError where a cell
    does not hold what it should.
    """
    if target.stat().st_size > LARGEST_BOOK:
        return False
    book = load_whole(target, target.name)
    if any(cell.data_type == "f" for page in book.worksheets for row in page.iter_rows() for cell in row):
        return False
    page: Any = book[sheet] if sheet else book.worksheets[0]
    for row, column, before, after in fixes:
        cell = page.cell(row, column)
        if shown(cell.value) != before:
            raise InternalError(f"{target.name}, row {row}: a cell to be mended was not found again.")
        cell.value = after
    book.save(target)
    return True


def mend_parquet(con: DuckDBPyConnection, number: int, source: Path, target: Path) -> bool:
    """Write a Parquet file with the fixes of file `number` (temp table fix); False where a column is no text."""
    rows = f"read_parquet({literal(str(source))}, file_row_number=true)"
    columns = con.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {rows}").fetchall()
    positions = [p for (p,) in con.execute("SELECT DISTINCT position FROM fix WHERE file_id = ?", [number]).fetchall()]
    if any(columns[position - 1][1] != "VARCHAR" for position in positions):
        return False
    names = {position: quote(columns[position - 1][0]) for position in positions}
    mended = ", ".join(f"coalesce(f{p}.after, r.{name}) AS {name}" for p, name in names.items())
    joins = " ".join(
        f"LEFT JOIN (SELECT line, before, after FROM fix WHERE file_id = {number} AND position = {p}) f{p}"
        f" ON f{p}.line = r.file_row_number + 1 AND f{p}.before = r.{name}"
        for p, name in names.items()
    )
    con.execute(
        f"COPY (SELECT r.* EXCLUDE (file_row_number) REPLACE ({mended}) FROM {rows} r {joins}"
        f" ORDER BY r.file_row_number) TO {literal(str(target))} (FORMAT parquet)"
    )
    return True
