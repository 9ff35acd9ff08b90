"""Staging: every record with its true line and exact cells, nothing lost, nothing padded."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from chance import examples, never_drawn
from hypothesis import example, given
from hypothesis import strategies as st

from harmonize.engine.errors import InputError
from harmonize.intake.discover import discover
from harmonize.intake.source_file import SourceFile
from harmonize.intake.table import delimited
from harmonize.intake.table.stage import drop_staged, stage_file
from harmonize.intake.table.staged import Staged


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        yield connection


@pytest.fixture(scope="module")
def emptied_con() -> duckdb.DuckDBPyConnection:
    """For random examples, which empty it themselves: to open one takes longer than to stage a few lines."""
    with duckdb.connect() as connection:
        yield connection


def staged(con: duckdb.DuckDBPyConnection, path: Path, **options: object) -> Staged:
    (file,) = discover([path])
    return stage_file(con, file, 7, **options)


def rows(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    return con.execute("SELECT * FROM stage.f7 ORDER BY line_").fetchall()


def bad(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    return con.execute("SELECT line, rule, cells, text FROM stage.bad_line ORDER BY line").fetchall()


def write(folder: Path, content: bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes which of the three ways of staging was taken to the end."""
    taken: list[str] = []

    def note(way: str, function):
        def noted(*args: object):
            result = function(*args)
            if result is not False:
                taken.append(way)
            return result

        return noted

    for way, name in (("lines", "_stage_lines"), ("strict", "stage_strict"), ("exact", "stage_exact")):
        monkeypatch.setattr(delimited, name, note(way, getattr(delimited, name)))
    return taken


@pytest.mark.parametrize(
    ("content", "way", "good", "broken"),
    [
        (b"a,b\n1,2\n3,4\n", "lines", [(2, "1", "2"), (3, "3", "4")], []),
        (b"a,b\n1,2\n\n\n3,\n\n", "lines", [(2, "1", "2"), (5, "3", None)], []),
        (b"a,b\n1\n1,2,\n1,2\n", "lines", [(4, "1", "2")], [(2, "ragged", 1, "1"), (3, "ragged", 3, "1,2,")]),
        (b"a,b\r\n1,2\n\r\n3,4\r\n", "lines", [(2, "1", "2"), (4, "3", "4")], []),
        (b"a,b\r1,2\r3,4", "lines", [(2, "1", "2"), (3, "3", "4")], []),
        (b"\n\na,b\n1,2", "lines", [(4, "1", "2")], []),
        (b"a,b\n1,x\x01y\n", "lines", [(2, "1", "x\x01y")], []),
        (b"a,b\n1,\x00\n3,4\n", "lines", [(3, "3", "4")], [(2, "nul_byte", 2, "1,\x00")]),
        (b'a,b\n1,"x\ny"\n3,4\n', "strict", [(2, "1", "x\ny"), (4, "3", "4")], []),
        (b'a,b\r\n1,"x\ny\nz"\r\n3,"4"\r\n', "strict", [(2, "1", "x\ny\nz"), (5, "3", "4")], []),
        (b'a,b\n"1",\n"2",""\n3,x"y\n', "strict", [(2, "1", None), (3, "2", None), (4, "3", 'x"y')], []),
        (b'a,b\n"1",2\n\n3,4\n', "exact", [(2, "1", "2"), (4, "3", "4")], []),
        (b'a,b\n"1",2,\n3,4\n', "exact", [(3, "3", "4")], [(2, "ragged", 3, '"1",2,')]),
        (b'a,b\n"1",,\n3,4\n', "exact", [(3, "3", "4")], [(2, "ragged", 3, '"1",,')]),
        (b'a,b\n"1",2\n3\n', "exact", [(2, "1", "2")], [(3, "ragged", 1, "3")]),
        (b'a,b\n1, "2"\n3,4\n', "exact", [(2, "1", ' "2"'), (3, "3", "4")], []),
        (b'a,b\n"1"x,2\n3,4\n', "exact", [(3, "3", "4")], [(2, "quoting", None, '"1"x,2')]),
        (b'a,b\n"1,2\n3,4\n5,6\n', "exact", [(3, "3", "4"), (4, "5", "6")], [(2, "quoting", None, '"1,2')]),
        (b'a,b\n"\x00",2\n3,4\n', "exact", [(3, "3", "4")], [(2, "nul_byte", 2, '"␀",2')]),
        (b'"a\nz",b\n1,2\n', "exact", [(3, "1", "2")], []),
        (b'a\n"1"\n\n2\n', "exact", [(2, "1"), (4, "2")], []),
        (b"a\n1\n\n2\n", "lines", [(2, "1"), (4, "2")], []),
    ],
)
def test_ways_of_staging(con, tmp_path, monkeypatch, content, way, good, broken):
    taken = ways(monkeypatch)
    result = staged(con, write(tmp_path, content))
    assert (rows(con), bad(con), taken) == (good, broken, [way])
    assert (result.records, result.bad_lines) == (len(good) + len(broken), len(broken))


CELL = st.text(alphabet='ab1é,;"\n\r\t \0\x01', max_size=4)
TABLE = st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=6)


def as_text(table: list[list[str]], end: str, quoting: int) -> str:
    out = io.StringIO()
    try:
        csv.writer(out, lineterminator=end, quoting=quoting, escapechar=None).writerows(table)
    except csv.Error:  # a cell that cannot be written without quotes
        return ""
    return out.getvalue()


TEXT = st.one_of(
    st.builds(as_text, TABLE, st.sampled_from(["\n", "\r\n", "\n\n"]), st.sampled_from([0, 1, 3])),
    st.lists(st.sampled_from(['"', ",", ",,", "\n", "\r\n", "a", '""', '"b"', "é", " ", "1,2"]), max_size=20).map(
        "".join
    ),
)


def test_texts_are_of_every_form():
    """What TEXT and CELL can give: whoever makes them smaller to silence a failure is noticed."""
    cells = {repr(char): (lambda drawn, char=char: char in drawn) for char in 'ab1é,;"\n\r\t \0\x01'}
    assert never_drawn(CELL, cells | {"4 characters": lambda drawn: len(drawn) == 4}, 1_000) == []
    forms = {
        "nothing": lambda text: text == "",
        "20 pieces": lambda text: len(text) > 20 and "\n" not in text[-1:],
        "a quoted line end": lambda text: re.search('"[^"\n]*\n[^"]*"', text) is not None,
        "quotes without end": lambda text: text.count('"') % 2 == 1,
        "doubled quotes": lambda text: '""' in text,
        "CRLF": lambda text: "\r\n" in text,
        "a blank line": lambda text: "\n\n" in text,
        "CR alone": lambda text: re.search("\r[^\n]", text) is not None,
        "NUL": lambda text: "\0" in text,
        "more than 3 cells": lambda text: any(line.count(",") >= 3 for line in text.split("\n")),
    }
    assert never_drawn(TEXT, forms, 1_000) == []


def reference(text: str) -> list[tuple[int, list[str]]] | None:
    """Python's own records with the line each begins on, or None where it finds the quoting broken."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found, before = [], 0
    try:
        for row in reader:
            if row:
                found.append((before + 1, row))
            before = reader.line_num
    except csv.Error:
        return None
    return found


@examples(250)
@given(TEXT, st.sampled_from(["a,b\n", 'a,"b"\n', "a,b\r\n", '"a"\n', "a,b,c\n"]))
@example('1,""\n2,"",\n', "a,b\n")
@example('"x",,\n', "a,b\n")
@example('1,2\n\n"",\n', "a,b\n")
@example(',"" ', "a,b\n")
@example('1,"x\r\ny"\n3,4\n', "a,b\n")
def test_every_record_is_found_with_its_line_and_cells(emptied_con, text, header):
    con = emptied_con
    drop_staged(con)
    whole = header + text
    expected = reference(whole)
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), whole.encode())
        stage_file(con, SourceFile("t.csv", path, len(whole.encode()), "", "csv", ""), 7)
        good, broken = rows(con), bad(con)
    lines = [line for line, *_ in good] + [line for line, *_ in broken]
    assert len(set(lines)) == len(lines), "a line was read twice"
    if expected is None:
        physical = [line.rstrip("\r\n") for line in io.StringIO(whole, newline="")]
        assert any(rule == "quoting" for _, rule, *_ in broken)
        for line, rule, _, shown in broken:
            if rule == "quoting":
                assert shown == physical[line - 1].replace("\0", "␀")
        return
    width = len(expected[0][1])
    sound = [
        (line, *(cell or None for cell in row)) for line, row in expected[1:] if len(row) == width and not has_nul(row)
    ]
    unsound = [(line, len(row)) for line, row in expected[1:] if len(row) != width or has_nul(row)]
    assert good == sound
    assert [(line, cells) for line, _, cells, _ in broken] == unsound


def has_nul(row: list[str]) -> bool:
    return any("\0" in cell for cell in row)


def test_encodings(con, tmp_path):
    for content, finding in (
        ("\ufeffname,b\nMüller,2\n".encode(), None),
        ("name,b\nMüller,2\n".encode("utf-16"), None),
        ("name,b\nx,1\nMüller,2\n".encode("cp1252"), (3, "cp1252")),
        (b"name,b\nM\xfcller\x81,2\n", (2, "latin-1")),
    ):
        result = staged(con, write(tmp_path, content))
        assert result.headers == ("name", "b")
        assert rows(con)[-1][1].startswith("Müller")
        assert [(f.line, f.value) for f in result.findings if f.rule == "encoding"] == ([finding] if finding else [])


def test_first_wrong_byte_is_found_over_a_seam_of_chunks(con, tmp_path):
    filler = b"abcdefg,1\n" * 199_999
    result = staged(con, write(tmp_path, b"nam,b\n123,\xc3\xa9\n" + filler + b"e\xc3,2\n"))
    assert [(f.rule, f.line) for f in result.findings] == [("encoding", 200_002)]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters(con, tmp_path, delimiter):
    text = (
        delimiter.join(["id", "value", "note"])
        + "\n"
        + delimiter.join(["1", "2", "x, y" if delimiter != "," else "xy"])
        + "\n"
    )
    assert staged(con, write(tmp_path, text.encode())).names == ("id", "value", "note")


def test_tab_text_keeps_its_quotes_unless_they_enclose_cells(con, tmp_path):
    staged(con, write(tmp_path, b'a\tb\n"5 x\t2\n', "t.tsv"))
    assert rows(con) == [(2, '"5 x', "2")]
    staged(con, write(tmp_path, b'a\tb\n"x\ty"\t2\n', "t.tsv"))
    assert rows(con) == [(2, "x\ty", "2")]


def test_headers(con, tmp_path):
    result = staged(con, write(tmp_path, b"last.status,1st,,LAST_STATUS,1st\n1,2,3,4,5\n"))
    assert result.names == ("last_status", "c_1st", "column_3", "LAST_STATUS__2", "c_1st__2")
    assert [(f.rule, f.line, f.column, f.value) for f in result.findings] == [
        ("blank_header", 1, None, "3"),
        ("duplicate_header", 1, "1st", "5"),
    ]


def test_wanted_columns_only(con, tmp_path):
    for content in (b"a,b,c.d\n1,2,3\n", b'a,b,c.d\n1,"2",3\n', b'a,b,c.d\n1,"2",3\n\n4,5,6\n'):
        result = staged(con, write(tmp_path, content), columns=["c.d", "a", "zz"])
        assert (result.headers, result.names) == (("a", "c.d"), ("a", "c_d"))
        assert rows(con)[0] == (2, "1", "3")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty (0 bytes)"),
        (b"\n\n", "blank lines only"),
        (b'"a,b\n1,2\n', "line 1: the quotes of the header"),
        (b"a,b\n1," + b"x" * 20_000_001 + b"\n", "line 2: the line is longer than 20 MB"),
    ],
)
def test_unreadable_files_are_refused_in_a_sentence(con, tmp_path, content, words):
    with pytest.raises(InputError, match=r"t\.csv") as error:
        staged(con, write(tmp_path, content))
    assert words in str(error.value)


def test_a_long_line_below_the_bound_is_read(con, tmp_path):
    for quote in (b"", b'"'):
        staged(con, write(tmp_path, b"a,b\n1," + quote + b"x" * 5_000_000 + quote + b"\n2,3\n"))
        assert [(line, len(b)) for line, _, b in rows(con)] == [(2, 5_000_000), (3, 1)]


def test_header_only_is_a_finding_not_a_failure(con, tmp_path):
    result = staged(con, write(tmp_path, b"a,b\n"))
    assert (result.records, [f.rule for f in result.findings]) == (0, ["no_records"])


def test_workbook(con, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append(["id", "when", "value", "flag", "note"])
    sheet.append(["P1", dt.datetime(2020, 3, 4), 5.0, True, None])
    sheet.append([])
    sheet.append(["P2", dt.datetime(2020, 3, 4, 8, 30), 0.1 + 0.2, False, "two\nlines"])
    sheet.append(["P3", dt.date(2020, 1, 1), 7, None, "x", "beyond"])
    book.create_sheet("Empty")
    book.save(tmp_path / "book.xlsx")
    result = staged(con, tmp_path / "book.xlsx")
    assert result.headers == ("id", "when", "value", "flag", "note")
    assert rows(con) == [
        (3, "P1", "2020-03-04", "5", "TRUE", None),
        (5, "P2", "2020-03-04 08:30:00", "0.3", "FALSE", "two\nlines"),
    ]
    assert [(line, rule, cells) for line, rule, cells, _ in bad(con)] == [(6, "ragged", 6)]


def test_a_workbook_as_it_is_shown(con, tmp_path):
    """Numbers with the zeros of their format, hidden sheets and rows that were emptied are told once."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["id", "zip", "n"], [1, 2115, 7], [], [], [23, 501, 0.5], [], ["x", 12345678, 3]):
        sheet.append(row)
    for row, value in ((2, "00000"), (5, "00000"), (7, "00000")):
        sheet.cell(row, 2).number_format = value
    for row in (2, 5, 7):
        sheet.cell(row, 1).number_format = "000"
        sheet.cell(row, 3).number_format = "0.00"
    sheet.sheet_state = "hidden"
    book.create_sheet("Seen").append(["a"])
    book.save(tmp_path / "book.xlsx")
    hidden, seen = discover([tmp_path / "book.xlsx"])
    result = stage_file(con, hidden, 7)
    assert rows(con) == [(2, "001", "02115", "7"), (5, "023", "00501", "0.5"), (7, "x", "12345678", "3")]
    assert [(f.rule, f.line, f.value) for f in result.findings] == [
        ("hidden_sheet", None, None),
        ("blank_rows", 3, "3"),
    ]
    assert [f.rule for f in stage_file(con, seen, 8).findings] == ["no_records"]


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("sep=;\nid;n\n1;2\n", 1),
        ('"sep=;"\r\nid;n\r\n1;2\r\n', 1),
        ("SEP=;\n\nid;n\n1;2\n", 1),
        ("\ufeffsep=;\nid;n\n1;2\n", 1),
        ("# exported, by the registry\n#\nid;n\n1;2\n", 2),
        ('# it is 5" long\nid;n\n1;2\n', 1),
        ('sep=;\n# a; b; c\nid;n\n1;"2"\n', 2),
        ("## meta\n#id;n\n1;2\n", 1),  # as many cells as a record: the header
        ("#id;n\n1;2\n", 0),
        ("id;n\n1;2\n", 0),
    ],
)
def test_lines_above_the_header(con, tmp_path, text, above):
    result = staged(con, write(tmp_path, text.encode()))
    assert [header.lstrip("#") for header in result.headers] == ["id", "n"]
    ((line, *cells),) = rows(con)
    assert (line, cells) == (len(text.splitlines()), ["1", "2"])
    assert [(f.rule, f.value) for f in result.findings] == ([("lines_above", str(above))] if above else [])


def test_a_number_sign_below_the_header_is_a_record_that_is_told(con, tmp_path):
    result = staged(con, write(tmp_path, b"id;n\n1;2\n# end\n"))
    assert (result.records, [(line, rule) for line, rule, _, _ in bad(con)]) == (2, [(3, "ragged")])


def test_formulas_without_a_stored_result_are_told(con, tmp_path):
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, 2], [3, "=A2+B2"], [4, "=A3"]):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    result = staged(con, tmp_path / "book.xlsx")
    assert [(f.rule, f.line, f.value) for f in result.findings] == [("formula_without_value", 3, "2")]


def test_parquet(con, tmp_path):
    con.execute(
        "COPY (SELECT 'P1' AS \"Patient.ID\", 5::DOUBLE AS n, DATE '2020-01-02' AS d, '' AS e"
        f" UNION ALL SELECT 'P2', 2.5, NULL, 'x') TO '{tmp_path / 't.parquet'}' (FORMAT parquet)"
    )
    result = staged(con, tmp_path / "t.parquet")
    assert (result.headers, result.names) == (("Patient.ID", "n", "d", "e"), ("Patient_ID", "n", "d", "e"))
    assert rows(con) == [(1, "P1", "5", "2020-01-02", None), (2, "P2", "2.5", None, "x")]
    staged(con, tmp_path / "t.parquet", columns=["n"])
    assert rows(con) == [(1, "5"), (2, "2.5")]


def test_the_setting_of_the_connection_is_left_as_it_was(con, tmp_path):
    staged(con, write(tmp_path, b"a,b\n1,2\n"))
    assert con.execute("SELECT current_setting('preserve_insertion_order')").fetchone() == (False,)


@pytest.mark.realdata
def test_the_real_clinical_table(con, shared):
    result = staged(con, shared / "ehr_covid_19_ny_sbu" / "clinical.csv")
    assert (result.records, result.bad_lines, len(set(result.names))) == (1384, 0, 131)
    assert not [name for name in result.names if "__" in name and name.endswith("__2")]
    assert not result.findings
    assert con.execute("SELECT min(line_), max(line_) FROM stage.f7").fetchone() == (2, 1385)
