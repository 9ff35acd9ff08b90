"""Discovery: every file is found, told apart and named; archives are bounded and cannot escape."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from pathlib import Path

import openpyxl
import pytest

from harmonize.engine.errors import InputError
from harmonize.intake import discover as module
from harmonize.intake.discover import discover
from harmonize.intake.recognise import what_else

CSV = b"id,value\n1,2\n"


def fill(folder: Path) -> Path:
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "b.csv").write_bytes(CSV)
    (folder / "a.tsv").write_bytes(b"id\tvalue\n1\t2\n")
    (folder / "sub" / "c.txt").write_bytes(b"id|value\n1|2\n")
    (folder / "sub" / "report.pdf").write_bytes(b"%PDF-1.7")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / ".git" / "config").write_bytes(b"x")
    return folder


def test_folder_is_read_in_order_and_litter_is_listed(tmp_path):
    found = discover([fill(tmp_path / "in")])
    assert [(file.name, file.format) for file in found] == [
        (".git/", "skipped"),
        (".DS_Store", "skipped"),
        ("a.tsv", "tsv"),
        ("b.csv", "csv"),
        ("sub/c.txt", "csv"),
        ("sub/report.pdf", "unknown"),
    ]
    assert found[3].sha256 == hashlib.sha256(CSV).hexdigest()
    assert found[3].size == len(CSV)
    assert found[5].why == "It is a PDF document."
    assert "pipes" in found[4].why


def test_a_file_given_twice_is_found_once(tmp_path):
    folder = fill(tmp_path / "in")
    found = discover([folder / "b.csv", folder])
    assert [file.name for file in found].count("b.csv") == 1


def test_files_of_one_name_are_told_apart(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.csv").write_bytes(CSV)
    names = [file.name for file in discover([tmp_path / "one" / "x.csv", tmp_path / "two"])]
    assert names == [f"{(tmp_path / name).as_posix()}/x.csv" for name in ("one", "two")]


def test_zip_members_are_unpacked_and_cannot_escape(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../evil.csv", CSV)
        archive.writestr("deep/b.csv", CSV)
        archive.writestr("__MACOSX/._b.csv", "x")
    found = discover([tmp_path / "a.zip"])
    assert [(file.name, file.format) for file in found] == [
        ("a.zip!../../evil.csv", "csv"),
        ("a.zip!__MACOSX/._b.csv", "skipped"),
        ("a.zip!deep/b.csv", "csv"),
    ]
    assert found[0].path.read_bytes() == CSV
    assert found[0].path.parent == found[2].path.parent
    assert not (tmp_path.parent / "evil.csv").exists()


def test_gz_is_unpacked(tmp_path):
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(CSV))
    (file,) = discover([tmp_path / "x.csv.gz"])
    assert (file.name, file.format, file.size) == ("x.csv.gz", "csv", len(CSV))
    assert file.sha256 == hashlib.sha256(CSV).hexdigest()


def test_nested_archives_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
        archive.writestr("b.csv", CSV)
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "inner.zip")
    with pytest.raises(InputError, match=r"outer\.zip!inner\.zip: an archive inside an archive"):
        discover([tmp_path / "outer.zip"])


def test_archives_are_bounded(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", CSV * 1000)
    monkeypatch.setattr(module, "MAX_MEMBERS", 2)
    with pytest.raises(InputError, match="more than 2 packed files"):
        discover([tmp_path / "a.zip"])
    monkeypatch.setattr(module, "MAX_MEMBERS", 10)
    monkeypatch.setattr(module, "MAX_UNPACKED_BYTES", 20_000)
    with pytest.raises(InputError, match="unpacked, it takes"):
        discover([tmp_path / "a.zip"])


def test_damaged_archives_are_told(tmp_path):
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(CSV * 100)[:-9])
    with pytest.raises(InputError, match="damaged"):
        discover([tmp_path / "x.csv.gz"])
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04" + b"0" * 50)
    with pytest.raises(InputError, match="damaged"):
        discover([tmp_path / "x.zip"])


def test_missing_and_empty_are_errors(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        discover([tmp_path / "nothing.csv"])
    with pytest.raises(InputError, match="no file to read"):
        discover([tmp_path])
    (tmp_path / ".hidden").write_bytes(b"x")
    with pytest.raises(InputError, match="no file to read"):
        discover([tmp_path])


def test_workbook_gives_a_file_for_each_sheet_with_cells(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Visits"
    book.active.append(["id"])
    book.create_sheet("Notes")
    book.create_sheet("Labs").append(["id", "value"])
    book.save(tmp_path / "book.xlsx")
    found = discover([tmp_path / "book.xlsx"])
    assert [(file.name, file.sheet) for file in found] == [
        ("book.xlsx#Visits", "Visits"),
        ("book.xlsx#Labs", "Labs"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "format_", "word"),
    [
        ("notes.txt", b"Dear colleague, the file\nwill follow.\nYours\n", "unknown", "no delimiter"),
        ("ids.csv", b"id\n1\n2\n", "csv", "one column"),
        ("x.csv", b'{"resourceType": "Patient"}', "json", "JSON"),
        ("x.csv", b"<html></html>", "unknown", "XML or HTML"),
        ("x.bin", bytes(range(256)) * 40, "unknown", "neither text"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "unknown", "save it as .xlsx"),
        ("x.dcm", b"\0" * 128 + b"DICM", "unknown", "DICOM"),
        ("_SUCCESS", b"", "unknown", "empty"),
        ("x.csv", b"", "csv", "empty"),
        ("export", b"a;b\n1;2\n", "csv", "semicolons"),
    ],
)
def test_recognition_by_content(tmp_path, name, content, format_, word):
    (tmp_path / name).write_bytes(content)
    (file,) = discover([tmp_path / name])
    assert file.format == format_
    assert word in file.why


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"PAR1....", "It begins with the mark of Parquet (PAR1)."),
        (b"PAR2....", "It is text, but no delimiter (comma, tab, semicolon, pipe) divides its lines alike."),
        (b"PK\x03\x04", "It is a zip archive or an Office document inside of a delivery."),
        (b"PK\x05\x06", "It is a zip archive or an Office document inside of a delivery."),
        (b"%PDF-1.7", "It is a PDF document."),
        (b"\x89PNG", "It is a PNG picture."),
        (b"\xff\xd8\xff\xe0", "It is a JPEG picture."),
        (b"Rar!", "It is a RAR archive; send zip or gz."),
        (b" " * 257 + b"ustar", "It is a tar archive; send zip or gz."),
        (b"        DUCK", "It is a DuckDB database."),
        (b"\x01" * 40, "It is neither text nor a format that is known here."),
        (b'{"a": 1}', "It is JSON text, not a table."),
        (b"<a></a>", "It is XML or HTML text, not a table."),
        (b"a,b\n1,2\n", "It is text whose first line has 2 cells divided by commas."),
    ],
)  # fmt: skip
def test_what_a_file_is_that_is_no_image(head: bytes, what: str) -> None:
    assert what_else(head, "name") == what
