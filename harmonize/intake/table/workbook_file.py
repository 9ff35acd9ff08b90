"""A workbook of somebody, opened within bounds: what its zip and XML may be, and openpyxl's troubles in a sentence.

openpyxl trusts a workbook: it writes out entities, holds a cell or a list of texts of any size in memory, and fills the
rows up to any number that is written. So the parts are looked at first, in pieces, without making anything of them.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from harmonize.engine.errors import InputError
from harmonize.intake.table.workbook_elements import Elements

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ROWS = 1_048_576
"""Rows of a worksheet of Excel."""
MAX_CELLS = 100_000_000
"""Cells of a worksheet, with the empty ones before the last of each row: a few bytes can stand for 16,384 of them."""
MAX_SHEETS_BYTES = 16 * 2**30
MAX_MEMORY_BYTES = 256 * 2**20
"""Bytes of the parts that are read whole: texts, styles, the list of sheets."""
MAX_MEMBERS = 10_000
# No writer packs a sheet that well; a bomb does.
_BEST_PACKED, _SMALL = 250, 64 * 2**20
_PIECE = 2**20
_SHEETS = "xl/worksheets/"
_MARKS = re.compile(rb"<!--|<!\[CDATA\[|<!DOCTYPE|<!ENTITY")
_LONGEST_MARK = 9
_ROWS_AT_ONCE = 100
_TYPES = "[Content_Types].xml"
_FORMULA = re.compile(rb"<f[ >]")


@contextmanager
def open_book(path: Path, name: str, *, formulas: bool = False) -> Iterator[Any]:
    """The workbook `path`, which people know as `name`, for reading: values, or with `formulas` these.

    Raises InputError where it is damaged, or no workbook that a program for worksheets would write.
    """
    check_book(path, name)
    try:
        book = _load(path, read_only=True, data_only=not formulas)
    except Exception as error:
        raise _unreadable(name, error) from error
    try:
        yield book
    finally:
        book.close()


def load_whole(path: Path, name: str) -> Any:
    """The workbook in memory, to be changed and saved. Raises InputError as `open_book`."""
    check_book(path, name)
    try:
        return _load(path)
    except Exception as error:
        raise _unreadable(name, error) from error


def sheet_rows(sheet: Any, name: str, *, values: bool = True) -> Iterator[tuple[Any, ...]]:
    """The values of each row of a worksheet, from the first on, or its cells. Raises InputError where they cannot be
    read."""
    number = cells = 0
    rows: Iterator[tuple[Any, ...]] | None = None
    while True:
        try:
            with _unwarned():
                if rows is None:
                    sheet.reset_dimensions()  # it may claim a smaller or much larger extent than it has
                    rows = iter(sheet.iter_rows(values_only=values))
                some = list(islice(rows, _ROWS_AT_ONCE))
        except Exception as error:
            raise _unreadable(name, error) from error
        number += len(some)
        if number > MAX_ROWS:
            raise _beyond(name, f"a row has a number over {MAX_ROWS:,}")
        cells += sum(map(len, some))
        if cells > MAX_CELLS:
            raise _beyond(name, f"a sheet has more than {MAX_CELLS:,} cells")
        if not some:
            return
        yield from some


def has_formulas(path: Path, name: str) -> bool:
    """Whether a worksheet of the workbook has a formula. Raises InputError as `open_book`."""
    return check_book(path, name)


def check_book(path: Path, name: str) -> bool:
    """Look at the parts of a workbook before openpyxl does; whether a worksheet has a formula.

    Raises InputError as `open_book`.
    """
    state = path.stat()
    return _check(path, name, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _check(path: Path, name: str, _changed: int, _size: int) -> bool:
    """A workbook is opened for each of its sheets, and looked at once."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(members, name)
            formulas = [_check_part(archive, member, name) for member in members]
            if _TYPES in archive.namelist():
                _check_types(archive.read(_TYPES), name)
            return any(formulas)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise _unreadable(name, error) from error


def _check_sizes(members: list[zipfile.ZipInfo], name: str) -> None:
    if len(members) > MAX_MEMBERS:
        raise _beyond(name, f"it has more than {MAX_MEMBERS:,} parts")
    sheets = sum(member.file_size for member in members if member.filename.startswith(_SHEETS))
    rest = sum(member.file_size for member in members if not member.filename.startswith(_SHEETS))
    if sheets > MAX_SHEETS_BYTES or rest > MAX_MEMORY_BYTES:
        raise _beyond(name, f"its parts unpack to {(sheets + rest) / 2**20:,.0f} MiB")
    for member in members:
        if member.file_size > max(_SMALL, _BEST_PACKED * member.compress_size):
            raise _beyond(name, f"its part {member.filename} unpacks to {member.file_size / 2**20:,.0f} MiB")


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bool:
    """Whether the part is a worksheet with a formula. Any name may be that of a sheet, so all parts are looked at."""
    is_sheet = member.filename.startswith(_SHEETS)
    formula = False
    with archive.open(member) as stream:
        piece = stream.read(_PIECE)
        if not _is_xml(piece):
            return False
        elements = Elements(is_sheet, _root(piece, name))
        before = b""
        while piece:
            if len(piece) == _PIECE and (b"<" not in piece or b">" not in piece):
                raise _beyond(name, f"a text in {member.filename} is longer than 1 MiB")
            if member.file_size > _PIECE and _MARKS.search(before + piece):
                raise _beyond(name, f"{member.filename} holds what no worksheet needs")
            if (fault := elements.add(piece)) is not None:
                raise _beyond(name, f"{member.filename} has {fault}")
            formula = formula or (is_sheet and _FORMULA.search(before + piece) is not None)
            before = piece[-_LONGEST_MARK:]
            piece = stream.read(_PIECE)
    return formula


def _check_types(types: bytes, name: str) -> None:
    """Refuse another part than a sheet among the sheets, where a part may be large because it is read row by row."""

    def look(_: str, of: dict[str, str]) -> None:
        if of.get("PartName", "").startswith(f"/{_SHEETS}") and not of.get("ContentType", "").endswith("sheet+xml"):
            raise _beyond(name, "another part stands among the sheets")

    parser = expat.ParserCreate()
    parser.StartElementHandler = look
    try:
        parser.Parse(types, True)
    except expat.ExpatError as error:
        raise _unreadable(name, error) from error


def _is_xml(piece: bytes) -> bool:
    """Whether it may be taken for XML, in whichever encoding: only that can do harm as XML."""
    return b"<" in piece[:64].replace(b"\0", b"")


def _root(piece: bytes, name: str) -> str:
    """The name of a part's first element. Refuses one that declares entities (`<!DOCTYPE`), which stand before it."""
    parser = expat.ParserCreate()
    seen: list[str] = []
    parser.StartDoctypeDeclHandler = lambda *_: seen.append("<!DOCTYPE")
    parser.StartElementHandler = lambda element, _: seen.append(element)
    try:
        parser.Parse(piece[: 64 * 1024])
    except expat.ExpatError as error:
        if not seen:
            raise _unreadable(name, error) from error
    if not seen or seen[0] == "<!DOCTYPE":
        raise _beyond(name, "a part of it declares entities" if seen else "a part of it has no element")
    return seen[0].rpartition(":")[2]


def _load(path: Path, **options: bool) -> Any:
    import openpyxl

    with _unwarned():
        return openpyxl.load_workbook(path, **options)


@contextmanager
def _unwarned() -> Iterator[None]:
    """openpyxl warns of what it does not keep, none of which is read here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _beyond(name: str, what: str) -> InputError:
    return InputError(f"{name}: the workbook is not read: {what}.", "Save it again as .xlsx or CSV.")


def _unreadable(name: str, error: Exception) -> InputError:
    told = " ".join(str(error).split())[:200]
    return InputError(f"{name}: the workbook cannot be read ({told}).", "Save it again as .xlsx or CSV.")
