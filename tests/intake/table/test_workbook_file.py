"""Workbooks of others: read within bounds, or refused in a sentence."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import workbooks

from harmonize.engine.errors import InputError
from harmonize.intake.discover import discover
from harmonize.intake.table import workbook_elements, workbook_file
from harmonize.intake.table.workbook import open_sheet
from harmonize.intake.table.workbook_file import check_book, has_formulas, load_whole, open_book, sheet_rows
from harmonize.review.workbook import read_workbook


def _values(path: Path) -> list[tuple[object, ...]]:
    with open_book(path, path.name) as book:
        return list(sheet_rows(book.worksheets[0], path.name))


def _staged(path: Path) -> None:
    for file in discover([path]):
        with open_sheet(file) as (rows, _):
            list(rows)


def test_a_good_workbook_is_read(tmp_path: Path) -> None:
    path = workbooks.write(tmp_path / "good.xlsx")
    assert _values(path) == [("patient_id", "sex"), ("p1", "F")]
    assert not has_formulas(path, "good.xlsx")
    assert load_whole(path, "good.xlsx").sheetnames == ["Sheet"]


@pytest.mark.parametrize("kind", workbooks.HOSTILE)
def test_a_hostile_one_is_refused_by_every_reader(kind: str, tmp_path: Path) -> None:
    changes, words = workbooks.HOSTILE[kind]
    path = workbooks.write(tmp_path / "book.xlsx", changes)
    for read in (_values, _staged, lambda book: read_workbook(book, book, reviewer="", date="")):
        with pytest.raises(InputError, match=words) as caught:
            read(path)
        assert "book.xlsx" in caught.value.message
        assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("bound", "changes", "words"),
    [
        ("MAX_MEMBERS", {}, "parts"),
        ("MAX_SHEETS_BYTES", {}, "unpack to"),
        ("MAX_MEMORY_BYTES", {}, "unpack to"),
    ],
)
def test_bounds_of_its_parts(
    bound: str, changes: dict[str, workbooks.Change], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbooks.write(tmp_path / "book.xlsx", changes)
    check_book(path, "before")
    monkeypatch.setattr(workbook_file, bound, 3)
    with pytest.raises(InputError, match=words):
        check_book(path, "after")


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ("MAX_ROWS", "more than 1 rows"),
        ("MAX_ROW_BYTES", "a row of more than 0 MiB"),
        ("MAX_ROW_TAGS", "a row of more than 1 elements"),
        ("MAX_TAGS", "more than 1 elements"),
        ("MAX_TEXT_TAGS", "sharedStrings.xml has more than 1 elements"),
    ],
)
def test_bounds_of_its_elements(bound: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbooks.write(tmp_path / "book.xlsx")
    monkeypatch.setattr(workbook_elements, bound, 1)
    with pytest.raises(InputError, match=words):
        check_book(path, "book.xlsx")


@pytest.mark.parametrize("size", [1, 7, 2**20])
def test_elements_are_counted_however_they_are_cut(size: int) -> None:
    text = b"<sheetData><x:row r='1'><c/><c><v>1</v></c></x:row><row/>"
    text += b"<row><c x:row ='1' row='row'>row </c></row></sheetData>"
    for most in (5, 4):  # tags of a row, with its end
        elements = workbook_elements.Elements(is_sheet=True, root="worksheet")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workbook_elements, "MAX_ROW_TAGS", most)
            faults = [elements.add(text[at : at + size]) for at in range(0, len(text), size)]
        assert [fault for fault in faults if fault][:1] == ["a row of more than 4 elements"] * (most == 4)


def test_empty_cells_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last = workbooks.rows(b'<row r="3"><c r="XFD3"><v>1</v></c></row>')
    path = workbooks.write(tmp_path / "book.xlsx", {workbooks.SHEET: last})
    assert [len(row) for row in _values(path)] == [2, 2, 16_384]
    monkeypatch.setattr(workbook_file, "MAX_CELLS", 16_387)
    with pytest.raises(InputError, match="a sheet has more than 16,387 cells"):
        _values(path)


def test_a_sheet_may_hide_behind_any_name(tmp_path: Path) -> None:
    bad = workbooks.entities() + b"<worksheet/>"
    path = workbooks.write(tmp_path / "book.xlsx", more={"xl/media/picture.png": bad})
    with pytest.raises(InputError, match="declares entities"):
        check_book(path, "book.xlsx")
    check_book(workbooks.write(tmp_path / "good.xlsx", more={"xl/media/picture.png": b"\x89PNG\r\n" + b"\0" * 99}), "x")


def test_a_row_of_an_honest_gap_is_read(tmp_path: Path) -> None:
    path = workbooks.write(tmp_path / "book.xlsx", {workbooks.SHEET: workbooks.replaced(b'<row r="2"', b'<row r="5"')})
    assert [row for row in _values(path) if any(row)] == [("patient_id", "sex"), ("p1", "F")]


def test_formulas_are_seen_in_any_piece(tmp_path: Path) -> None:
    filler = b'<row><c t="n"><v>1</v></c></row>' * 2**16
    formula = b'<row><c><f t="shared">1+1</f></c></row>'
    assert has_formulas(workbooks.write(tmp_path / "a.xlsx", {workbooks.SHEET: workbooks.rows(filler + formula)}), "a")
    assert not has_formulas(workbooks.write(tmp_path / "b.xlsx", {workbooks.SHEET: workbooks.rows(filler)}), "b")


def test_openpyxl_warns_nobody(tmp_path: Path) -> None:
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    path = workbooks.write(tmp_path / "book.xlsx", {workbooks.SHEET: workbooks.replaced(b"</worksheet>", extension)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load_whole(path, "book.xlsx").sheetnames == ["Sheet"]
        assert len(_values(path)) == 2
