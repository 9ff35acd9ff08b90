"""Headers below a title or on several rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import openpyxl
import pytest

from harmonize.engine.errors import InputError
from harmonize.intake.discover import discover
from harmonize.intake.table.header import combine, listed, parse_header_rows
from harmonize.intake.table.stage import stage_file
from harmonize.intake.table.staged import Staged

TITLE = ["Export of the registry"]
GROUPS = ["Patient", "", "", "Vital signs", "", "Comment"]
NAMES = ["Study ID", "Sex", "Age", "Height", "Weight", ""]
COMBINED = (
    "Patient Study ID",
    "Patient Sex",
    "Patient Age",
    "Vital signs Height",
    "Vital signs Weight",
    "Comment",
)
LINES = [["A1", "F", "61", "5' 4\"", "150", ""], ["A2", "M", "40", "6'", "201.5", "new"]]


@pytest.mark.parametrize(("text", "rows"), [("2", (2, 2)), ("1-2", (1, 2)), (" 3 - 4 ", (3, 4))])
def test_rows(text: str, rows: tuple[int, int]) -> None:
    assert parse_header_rows(text) == rows


@pytest.mark.parametrize("text", ["", "0", "2-1", "first", "1,2", "-1", "0-2"])
def test_wrong_rows(text: str) -> None:
    with pytest.raises(InputError, match="names no rows"):
        parse_header_rows(text)


def test_columns_without_a_header_are_counted_and_not_listed() -> None:
    assert listed(["a", "", " ", "\ufeff", "b"], 12) == "a, b and 3 columns without a header"
    assert listed(["a", "", "b", "c"], 2) == "a, b … and 1 column without a header"
    assert listed(["", ""], 2) == "2 columns without a header"
    assert listed(["a", "b"], 2) == "a, b"


def test_combine() -> None:
    assert tuple(combine([GROUPS, NAMES])) == COMBINED
    assert combine([["Id", "", "Size"], ["", "Name", "mm"]]) == ["Id", "Name", "Size mm"]  # Id stands for itself
    assert combine([["A"], ["b", "c"], ["", "d", "e"]]) == ["A b", "A c d", "A c e"]
    assert combine([[" as it is "]]) == [" as it is "]


def _staged(path: Path, rows: tuple[int, int] | None) -> tuple[Staged, list[tuple[object, ...]]]:
    (file,) = discover([path])
    with duckdb.connect() as con:
        staged = stage_file(con, file, 1, header_rows=rows)
        return staged, con.execute("FROM stage.f1 ORDER BY line_").fetchall()


def _written(folder: Path, kind: str) -> Path:
    path = folder / f"book.{kind}"
    table = [TITLE, [], GROUPS, NAMES, *LINES]
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in table:
            book.active.append(row)
        book.active.merge_cells("A3:C3")
        book.save(path)
    elif kind == "tsv":  # no quoting: staged by lines
        path.write_text("".join("\t".join(row) + "\n" for row in table), encoding="utf-8")
    else:  # quoted: staged exactly
        quoted = [",".join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in row) for row in table]
        path.write_text("\n".join(quoted) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["xlsx", "tsv", "csv"])
def test_two_rows_below_a_title(tmp_path: Path, kind: str) -> None:
    staged, rows = _staged(_written(tmp_path, kind), (3, 4))
    assert staged.headers == COMBINED
    assert (staged.records, staged.bad_lines) == (2, 0)
    assert rows == [
        (5, "A1", "F", "61", "5' 4\"", "150", None),
        (6, "A2", "M", "40", "6'", "201.5", "new"),
    ]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_nothing_on_the_rows_of_the_header(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InputError, match=r"nothing on the .* of its header"):
        _staged(_written(tmp_path, kind), (2, 2))
