"""Files that people write (specifications, settings, lists): read whole, within bounds, their faults in a sentence.

A pipe would be waited for, a device has no end, a folder is none: only regular files are opened.
"""

from __future__ import annotations

import csv
import io
import stat
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.open_files import is_open_database
from harmonize.engine.plain import is_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST = 256 * 2**20
LONGEST_CELL = 128 * 2**10
Rows = list[tuple[int, dict[str, str]]]
"""(line, cells by column) of each row of a table."""


def check_regular(path: Path, most: int | None = None) -> None:
    """Raises InputError where `path` is no regular file that can be opened, or one of more than `most` bytes."""
    try:
        state = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    if not stat.S_ISREG(state.st_mode):
        what = "a folder" if stat.S_ISDIR(state.st_mode) else "no regular file"
        raise InputError(f"{path}: cannot be read (it is {what}).", "Give a file.")
    if most is not None and state.st_size > most:
        raise InputError(f"{path}: cannot be read (it is larger than {most // 2**20:,} MiB).")


def read_bytes(path: Path, most: int = LARGEST) -> bytes:
    """The content of a file. Raises InputError as `check_regular`, and where it may not be read."""
    check_regular(path, most)
    if is_open_database(path):
        raise InputError(f"{path}: cannot be read (it is a database that is open).", "Give another file.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error


def read_text(path: Path, most: int = LARGEST) -> str:
    """The text of a file in UTF-8, without its byte order mark. Raises InputError as `read_bytes`, and for no UTF-8."""
    return decoded(read_bytes(path, most), str(path))


def decoded(data: bytes, name: str) -> str:
    """The text of bytes in UTF-8, without the byte order mark. Raises InputError, with `name`, for no UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: cannot be read: byte {error.start + 1} is not UTF-8.") from error


def read_rows(path: Path, delimiter: str = ",") -> tuple[list[str], Rows]:
    """The header and the rows of a CSV in UTF-8. Raises InputError, with the line, as `read_text` and for no CSV.

    Cells that a row has more than the header stand under None, those that it lacks are None, as in csv.DictReader.
    """
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), delimiter=delimiter)
    before = csv.field_size_limit(LONGEST_CELL)  # of the whole program: the reading of deliveries sets it higher
    try:
        header = list(reader.fieldnames or [])
        return header, [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num + 1}: this is not CSV: {error}.") from error
    finally:
        csv.field_size_limit(before)


def listed(paths: Iterable[Path]) -> list[Path]:
    """The paths in order. Raises InputError where a name is not UTF-8, which no report or table could hold."""
    found = sorted(paths)
    for path in found:
        check_name(path)
    return found


def check_name(path: Path) -> None:
    """Raises InputError where the name is not UTF-8."""
    if not is_utf8(str(path)):
        raise InputError(f"{path}: the name is not UTF-8.", "Rename the file or folder.")
