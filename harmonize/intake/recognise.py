"""What a file is, by its first bytes rather than by its name."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.intake.table.dialect import sniff, text_start

if TYPE_CHECKING:
    from pathlib import Path

_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f]")
_MDAI = re.compile(r'"labelGroups"\s*:|"datasets"\s*:\s*\[.*"StudyInstanceUID"\s*:', re.DOTALL)
_TABLE_ENDINGS = {"csv", "tsv", "tab", "txt", "dat", "psv"}
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file (.xls); save it as .xlsx or CSV"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; send zip or gz"),
    (b"Rar!", "a RAR archive; send zip or gz"),
    (b"BZh", "a bzip2 archive; send zip or gz"),
    (b"\xfd7zXZ", "an xz archive; send zip or gz"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; send zip or gz"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a rich text document"),
)
HEAD_BYTES = 64 * 1024


def recognise(path: Path, name: str, head: bytes) -> tuple[str, str]:
    """(format, why) of a file on disk that people know as `name`, and that begins with `head` (HEAD_BYTES, or all).

    Formats: csv, tsv, xlsx, parquet, json, mdai, zip, gz, unknown.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not head:
        if ending in _TABLE_ENDINGS:
            return ("tsv" if ending in ("tsv", "tab") else "csv"), f"Its name ends in .{ending}; it is empty."
        return "unknown", "The file is empty."
    if head[:4] == b"PAR1":
        return "parquet", "It begins with the mark of Parquet (PAR1)."
    if head[:2] == b"\x1f\x8b":
        return "gz", "It begins with the mark of gzip."
    if head[:4] == b"PK\x03\x04" or head[:4] == b"PK\x05\x06":
        return _packed(path, name)
    if head[128:132] == b"DICM":
        return "unknown", "It is a DICOM file."
    what = _by_mark(head)
    return ("unknown", what) if what else _text(head, ending)


def what_else(head: bytes, name: str) -> str:
    """What a file is that is no image, by its first bytes, in a sentence."""
    if head[:4] == b"PAR1":
        return "It begins with the mark of Parquet (PAR1)."
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "It is a zip archive or an Office document inside of a delivery."
    return _by_mark(head) or _text(head, name.rpartition(".")[2].lower())[1]


def _by_mark(head: bytes) -> str | None:
    for mark, what in _MAGIC:
        if head.startswith(mark):
            return f"It is {what}."
    if head[257:262] == b"ustar":
        return "It is a tar archive; send zip or gz."
    if head[8:12] == b"DUCK":
        return "It is a DuckDB database."
    return None


def _packed(path: Path, name: str) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError) as error:  # ValueError: a name that is not what it says
        raise InputError(f"{name}: the archive is damaged ({error}).", "Send the file again.") from error
    if "xl/workbook.xml" in members:
        return "xlsx", "It is a zip that holds an Excel workbook (xl/workbook.xml)."
    if "xl/workbook.bin" in members:
        return "unknown", "It is a binary Excel workbook (.xlsb); save it as .xlsx or CSV."
    if "word/document.xml" in members:
        return "unknown", "It is a Word document."
    if "mimetype" in members and "content.xml" in members:
        return "unknown", "It is an OpenDocument file; save it as .xlsx or CSV."
    return "zip", "It begins with the mark of zip."


def _text(head: bytes, ending: str) -> tuple[str, str]:
    text = text_start(head)
    controls = len(_CONTROLS.findall(text))
    nuls = 0 if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head.count(b"\x00")
    # A damaged table is still a table: its name counts for something.
    bound = len(text) // (3 if ending in _TABLE_ENDINGS else 20)
    if max(controls, nuls) > max(8, bound):
        return "unknown", "It is neither text nor a format that is known here."
    if text.lstrip()[:1] in ("{", "["):
        if _MDAI.search(text) and '"resourceType"' not in text:
            return "mdai", "It is an annotation export of MD.ai (labelGroups, datasets)."
        return "json", "It is JSON text, not a table."
    if text.lstrip()[:1] == "<":
        return "unknown", "It is XML or HTML text, not a table."
    sniffed = sniff(text, ending)
    if ending not in _TABLE_ENDINGS - {"txt", "dat"} and (sniffed.columns == 1 or sniffed.agreement < 0.8):
        return (
            "unknown",
            "It is text, but no delimiter (comma, tab, semicolon, pipe) divides its lines alike.",
        )
    kind = "tsv" if sniffed.delimiter == "\t" else "csv"
    if sniffed.columns == 1:
        return kind, f"Its name ends in .{ending} and it is text of one column."
    word = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "pipes"}[sniffed.delimiter]
    return kind, f"It is text whose first line has {sniffed.columns} cells divided by {word}."


def sheets(path: Path, name: str) -> list[str]:
    """The sheets of a workbook that hold at least one cell with a value, in order."""
    from harmonize.intake.table.workbook_file import open_book, sheet_rows

    with open_book(path, name) as book:
        return [
            sheet.title
            for sheet in book.worksheets
            if any(cell not in (None, "") for row in sheet_rows(sheet, name) for cell in row)
        ]
