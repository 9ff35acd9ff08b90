"""Workbooks that no program for worksheets would write: a good one with a part changed, left out or added."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl

SHEET, TEXTS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TEXTS_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
Change = Callable[[bytes], bytes | None]
"""What becomes of a part; None leaves it out."""


def _good() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["patient_id", "sex"])
    sheet.append(["p1", "F"])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    # Excel keeps texts in a list of their own.
    parts[TEXTS] = b'<sst xmlns="%s" count="1"><si><t>patient_id</t></si></sst>' % _MAIN
    inline = b't="inlineStr"><is><t>patient_id</t></is>'
    parts[SHEET] = replaced(inline, b't="s"><v>0</v>')(parts[SHEET]) or b""
    relation = b'<Relationship Id="rId99" Type="%s/sharedStrings" Target="/xl/sharedStrings.xml"/>' % _RELATIONS
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", relation + b"</Relationships>"
    )
    kind = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/>' % _TEXTS_TYPE
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", kind + b"</Types>")
    return parts


def write(path: Path, changes: Mapping[str, Change] | None = None, more: Mapping[str, bytes] | None = None) -> Path:
    """The good workbook with these parts changed, and more of them."""
    changes = changes or {}
    parts = {name: changes[name](data) if name in changes else data for name, data in GOOD.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts, **(more or {})}.items():
            if data is not None:
                archive.writestr(name, data)
    return path


def replaced(before: bytes, after: bytes) -> Change:
    def change(data: bytes) -> bytes:
        assert before in data
        return data.replace(before, after)

    return change


def rows(text: bytes) -> Change:
    """Text behind the last row."""
    return replaced(b"</sheetData>", text + b"</sheetData>")


def entities(levels: int = 9) -> bytes:
    """A document type whose last entity, &j;, stands for ten of the one before, and so on."""
    names = "abcdefghijklm"
    lines = [f'<!ENTITY {names[0]} "aaaaaaaaaa">']
    lines += [f'<!ENTITY {names[n + 1]} "{f"&{names[n]};" * 10}">' for n in range(levels)]
    return f"<!DOCTYPE x [{''.join(lines)}]>".encode()


GOOD = _good()
HOSTILE: dict[str, tuple[dict[str, Change], str]] = {
    "entities of entities": (
        {TEXTS: lambda data: entities() + data[data.index(b"<sst") :].replace(b"<t>", b"<t>&j;", 1)},
        "declares entities",
    ),
    "entities in the list of sheets": (
        {BOOK: lambda data: entities() + data[data.index(b"<workbook") :].replace(b'name="Sheet"', b'name="&j;"')},
        "declares entities",
    ),
    "a file of the machine": (
        {TEXTS: lambda data: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + data[data.index(b"<sst") :]},
        "declares entities",
    ),
    "an entity in UTF-16": (
        {TEXTS: lambda data: ("\ufeff" + (entities(1) + data[data.index(b"<sst") :]).decode()).encode("utf-16-le")},
        "declares entities",
    ),
    "a comment before it all": ({TEXTS: lambda data: b"<!--" + b" " * 70_000 + b"-->" + data}, "no element"),
    "a cell of 2 MiB": ({SHEET: rows(b'<row r="3"><c t="inlineStr"><is><t>' + b"A" * 2**21)}, "longer than 1 MiB"),
    "a comment of 2 MiB": ({SHEET: rows(b"<!--" + b"<>" * 2**20 + b"-->")}, "no worksheet needs"),
    "a bomb": ({SHEET: rows(b"<row/>" * (12 * 2**20))}, "unpacks to 72 MiB"),
    "half a sheet": ({SHEET: lambda data: data[: len(data) // 2]}, "cannot be read"),
    "half a list of sheets": ({BOOK: lambda data: data[: len(data) // 2]}, "cannot be read"),
    "no list of types": ({"[Content_Types].xml": lambda _: None}, "cannot be read"),
    "no relations": ({"xl/_rels/workbook.xml.rels": lambda _: None}, "cannot be read"),
    "styles that are none": ({"xl/styles.xml": lambda _: b"<x"}, "no element"),
    "a text that is not there": ({SHEET: replaced(b"<v>0</v>", b"<v>99999</v>")}, "cannot be read"),
    "a text without number": ({SHEET: replaced(b"<v>0</v>", b"<v>abc</v>")}, "cannot be read"),
    "a column beyond all": ({SHEET: replaced(b'r="A1"', b'r="ZZZZZZ1"')}, "cannot be read"),
    "a row within a row": ({SHEET: rows(b"<row>" + b"<row/>" * 3 + b"</row>")}, "a row within a row"),
    "a row of too many cells": ({SHEET: rows(b"<row>" + b"<c/>" * (2**20 + 1) + b"</row>")}, "a row of more than"),
    "too many elements": ({SHEET: rows(b"</sheetData>" + b"<x/>" * 2**20 + b"<sheetData>")}, "1,048,576 elements"),
    "rows in other letters": (
        {SHEET: lambda data: data.decode().replace("</sheetData>", "<row/>" * 2**20 + "</sheetData>").encode("utf-16")},
        "1,048,576 elements",
    ),
    "texts among the sheets": (
        {
            "[Content_Types].xml": lambda data: data.replace(
                b"</Types>", b'<Override PartName="/&#120;l/worksheets/a.xml" ContentType="%s"/></Types>' % _TEXTS_TYPE
            )
        },
        "another part",
    ),
    "a row beyond all": ({SHEET: replaced(b'<row r="2"', b'<row r="99999999999"')}, "over 1,048,576"),
}
