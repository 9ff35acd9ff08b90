"""The fixed copy: safe fixes only, everything else byte for byte, each fix in the log."""

from __future__ import annotations

import csv
import gzip
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lab_table import LAB
from openpyxl import Workbook, load_workbook

from harmonize.engine.errors import InputError
from harmonize.intake.discover import discover
from harmonize.intake.table.stage import stage_file
from harmonize.validation.settle import settle
from harmonize.validation.site import fixed
from harmonize.validation.site.fixed import Fixed, check_folder, write_fixed
from harmonize.validation.table.findings import check

HEADER = "record.id,name,sex,drawn,age,value,abnormal,comment"


@pytest.fixture
def mend(con, tmp_path: Path):
    """Checks a delivery of lab tables, writes the fixed copy and gives what was written and its log."""

    def run(source: Path) -> tuple[Fixed, list[dict[str, str]]]:
        files = discover([source])
        checked = []
        for number, file in enumerate(files, start=1):
            if file.is_table:
                staged = stage_file(con, file, number)
                check(con, staged, LAB, 1)
                checked.append((staged, LAB))
        settle(con, 1)
        shown = [file.name for file in files]
        result = write_fixed(con, files, shown, checked, tmp_path / "fixed")
        with result.log.open(newline="") as log:
            return result, list(csv.DictReader(log))

    return run


def _before_after(text: str) -> tuple[str, str]:
    """A text with [wrong→right] marks as it is sent and as it is mended."""
    before = after = text
    while "[" in after:
        start, end = after.index("["), after.index("]")
        wrong, right = after[start + 1 : end].split("→")
        after = after[:start] + right + after[end + 1 :]
        start, end = before.index("["), before.index("]")
        before = before[:start] + wrong + before[end + 1 :]
    return before, after


TEXTS = {
    "plain": "R1,Ann,[male→Male],2020-01-02,50,5.5,TRUE,[ x →x]\nR2,Bo,Female,,,,,\n",
    "windows line ends, no last one": "R1,Ann,[f→Female],,,,,\r\n\r\nR2,Bo,[ Male→Male],,,,,ok",
    "quotes": (
        '"R1","Ann","[male→Male]",,,,,"a ""b"", c"\nR2,Bo,[FEMALE→Female],,,,,"two\nlines"\nR3,Cy,[m→Male],,,,,\n'
    ),
    "a quoted cell of two lines before and in the record": (
        'R1,Ann,,,,,,"one\ntwo"\nR2,Bo,[male→Male],,,,,"[ three\nfour→three\nfour]"\nR3,Cy,Male,,,,,\n'
    ),
    "nothing that is not safe": "R1,Ann,Mael,,,,,\nR2,Bo,x,,twelve,,,N/A\nR3,Cy,,31.12.2020,,,,\nR4,Di,Male,,1\n",
    "a broken line stays": 'R1,"Ann,,,,,,\nR2,Bo,[male→Male],,,,,\n',
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_safe_fixes_and_nothing_else(mend, tmp_path: Path, name: str, encoding: str):
    before, after = _before_after(TEXTS[name])
    last = "R9,Zoë,Male,,,,,µ\n"
    for text in ("\n", "\r\n"):
        if text in before:
            end = text
    path = tmp_path / "lab.csv"
    path.write_bytes(f"{HEADER}{end}{last}{before}".encode(encoding))
    result, log = mend(path)
    assert (result.folder / "lab.csv").read_bytes() == f"{HEADER}{end}{last}{after}".encode(encoding)
    assert len(log) == result.cells == TEXTS[name].count("→")


def test_the_log_names_the_cell_and_hides_what_is_phi(mend, tmp_path: Path):
    path = tmp_path / "lab.csv"
    path.write_text(f"{HEADER}\nR1, Ann,male,,,,,=1 \n")
    _, log = mend(path)
    assert log == [
        dict(zip(("file", "line", "column", "before", "after", "rule"), ("lab.csv", "2", *fix), strict=True))
        for fix in (
            ("name", "***", "***", "surrounding_blanks"),
            ("sex", "male", "Male", "enum"),
            ("comment", "'=1 ", "'=1", "surrounding_blanks"),
        )
    ]


def test_cells_in_which_privacy_found_something_stay(mend, tmp_path: Path):
    path = tmp_path / "lab.csv"
    path.write_text(f"{HEADER}\nR1,Ann,,,,,, seen by John Smith\n")
    result, log = mend(path)
    assert (result.cells, log) == (0, [])


def test_a_value_that_needs_quotes_gets_them(con, tmp_path: Path, mend, monkeypatch):
    sex = replace(LAB.slots["sex"], permissible_values=("Male, or so", "Female"))
    monkeypatch.setitem(LAB.slots, "sex", sex)
    monkeypatch.setattr(fixed, "synonyms", lambda: {"m": ("Male, or so",)})
    path = tmp_path / "lab.csv"
    path.write_text(f'{HEADER}\nR1,"Ann",m,,,,,\n')
    result, _ = mend(path)
    assert (result.folder / "lab.csv").read_text() == f'{HEADER}\nR1,"Ann","Male, or so",,,,,\n'


def test_a_case_that_could_be_two_values_is_not_fixed(con, tmp_path: Path, mend, monkeypatch):
    sex = replace(LAB.slots["sex"], permissible_values=("male", "MALE"))
    monkeypatch.setitem(LAB.slots, "sex", sex)
    path = tmp_path / "lab.csv"
    path.write_text(f"{HEADER}\nR1,Ann,Male,,,,,\n")
    assert mend(path)[0].cells == 0


def test_a_synonym_that_could_be_two_values_is_not_fixed(con, tmp_path: Path, mend, monkeypatch):
    sex = replace(LAB.slots["sex"], permissible_values=("CR", "DX"))
    monkeypatch.setitem(LAB.slots, "sex", sex)
    path = tmp_path / "lab.csv"
    path.write_text(f"{HEADER}\nR1,Ann,XRAY,,,,,\n")
    assert mend(path)[0].cells == 0


def test_folders_archives_and_files_that_are_no_tables(mend, tmp_path: Path):
    folder = tmp_path / "in"
    (folder / "a").mkdir(parents=True)
    text = f"{HEADER}\nR1,Ann,male,,,,,\n"
    (folder / "a" / "lab.csv").write_text(text)
    (folder / "note.pdf").write_bytes(b"%PDF-1.4")
    with gzip.open(folder / "more.csv.gz", "wt") as out:
        out.write(text)
    with zipfile.ZipFile(folder / "sent.zip", "w") as archive:
        archive.writestr("../../b/lab.csv", text)
    result, _ = mend(folder)
    written = {path.relative_to(result.folder).as_posix() for path in result.folder.rglob("*") if path.is_file()}
    assert written == {"a/lab.csv", "note.pdf", "more.csv", "sent.zip/b/lab.csv"}
    assert (result.folder / "note.pdf").read_bytes() == b"%PDF-1.4"
    assert {(result.folder / name).read_text() for name in written if name.endswith("csv")} == {
        text.replace("male", "Male")
    }


def test_worksheets_are_mended(mend, tmp_path: Path):
    book = Workbook()
    for page in (book.active, book.create_sheet("second")):
        for row in ([], HEADER.split(","), ["R1", "Ann", "male", None, 50], ["R2", "Bo", "Male", None, 51.5]):
            page.append(row)
    book.save(tmp_path / "lab.xlsx")
    result, log = mend(tmp_path / "lab.xlsx")
    written = load_workbook(result.folder / "lab.xlsx")
    for page in written.worksheets:
        rows = [row[:5] for row in page.iter_rows(values_only=True)]
        assert rows[2:] == [("R1", "Ann", "Male", None, 50), ("R2", "Bo", "Male", None, 51.5)]
    assert [(line["line"], line["column"], line["after"]) for line in log] == [("3", "sex", "Male")] * 2
    assert (result.cells, result.notes) == (2, [])


def test_parquet_is_mended(con, mend, tmp_path: Path):
    con.execute(
        "COPY (SELECT 'R' || i AS \"record.id\", 'Ann' AS name, CASE WHEN i = 2 THEN 'f' ELSE 'Male' END AS sex, "
        "DATE '2020-01-02' AS drawn, i AS age, 5.5 AS value, true AS abnormal, ' x' AS comment FROM range(1, 4) t(i)) "
        f"TO '{tmp_path}/lab.parquet' (FORMAT parquet)"
    )
    result, log = mend(tmp_path / "lab.parquet")
    read = "SELECT sex, age, drawn::VARCHAR, abnormal, comment FROM '{}/lab.parquet'"
    assert con.execute(read.format(result.folder)).fetchall() == [
        ("Male", 1, "2020-01-02", True, "x"),
        ("Female", 2, "2020-01-02", True, "x"),
        ("Male", 3, "2020-01-02", True, "x"),
    ]
    kinds = "DESCRIBE SELECT * FROM '{}/lab.parquet'"
    assert con.execute(kinds.format(result.folder)).fetchall() == con.execute(kinds.format(tmp_path)).fetchall()
    assert (result.cells, len(log)) == (4, 4)


def test_workbooks_with_formulas_are_copied_and_named(mend, tmp_path: Path):
    book = Workbook()
    for row in (HEADER.split(","), ["R1", "Ann", "male", None, "=1+1"]):
        book.active.append(row)
    book.save(tmp_path / "lab.xlsx")
    result, log = mend(tmp_path / "lab.xlsx")
    assert (result.folder / "lab.xlsx").read_bytes() == (tmp_path / "lab.xlsx").read_bytes()
    assert log == []
    assert result.notes == ["lab.xlsx: 1 cells could be mended in a text file; it was copied as it is."]


def test_a_copy_never_overwrites_and_never_lies_in_the_delivery(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    for folder, words in (("full", "not an empty folder"), ("in/fixed", "lies in the delivery")):
        with pytest.raises(InputError, match=words):
            check_folder(tmp_path / folder, [tmp_path / "in"])
    check_folder(tmp_path / "new", [tmp_path / "in"])
