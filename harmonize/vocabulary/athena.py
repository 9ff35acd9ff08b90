"""The files of an Athena download, in a folder or a zip: found, bounded, their headers and lines checked."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.text_file import check_regular, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLES = (
    "concept",
    "vocabulary",
    "domain",
    "concept_class",
    "relationship",
    "concept_relationship",
    "concept_synonym",
    "concept_ancestor",
    "drug_strength",
)
# A full Athena download with CPT4 unpacks to about 10 GB.
MAX_BYTES = 64 * 1024**3
MAX_LINE = 1 << 20


class VocabularyColumn(NamedTuple):
    """What a vocabulary table says of a column: its SQL type, and whether a blank is an error."""

    type: str
    required: bool


@dataclass(frozen=True)
class AthenaFile:
    """One table's file. `columns` is its header in lower case, `date_format` what its first line uses."""

    table: str
    path: Path
    columns: tuple[str, ...]
    date_format: str


@contextmanager
def open_download(path: Path, max_bytes: int = MAX_BYTES) -> Iterator[dict[str, Path]]:
    """The vocabulary files of a folder or a zip: table → path. A zip is unpacked to a temp folder and removed
    after.

    Raises InputError when there is nothing to read, CONCEPT.csv is missing, or the zip is broken or too
    large.
    """
    if path.is_dir():
        yield _found(
            path,
            {file.stem.lower(): file for file in listed(path.iterdir()) if file.suffix.lower() == ".csv"},
        )
    elif not path.is_file():
        raise InputError(f"{path} does not exist; expected is the folder or zip of an Athena vocabulary download.")
    elif not zipfile.is_zipfile(path):
        raise InputError(f"{path} is neither a folder nor a zip file.", "Name the folder that holds CONCEPT.csv.")
    else:
        with tempfile.TemporaryDirectory(prefix="vocabulary-") as folder:
            yield _found(path, _unpack(path, Path(folder), max_bytes))


def _found(path: Path, files: Mapping[str, Path]) -> dict[str, Path]:
    if "concept" not in files:
        raise InputError(
            f"{path} holds no CONCEPT.csv.",
            "Expected are the tab separated files of an Athena vocabulary download.",
        )
    return {name: files[name] for name in (*TABLES, "concept_cpt4") if name in files}


def _unpack(path: Path, folder: Path, max_bytes: int) -> dict[str, Path]:
    """Unpack the vocabulary's members only, each under a name of ours, so that no member's name becomes a
    path.
    """
    files: dict[str, Path] = {}
    left = max_bytes
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                name = member.filename.replace("\\", "/").rsplit("/", 1)[-1].lower()
                table = name.removesuffix(".csv")
                if not name.endswith(".csv") or table not in (*TABLES, "concept_cpt4"):
                    continue
                if table in files:
                    raise InputError(f"{path} holds {table.upper()}.csv twice.", "Name a zip with one download in it.")
                if member.file_size > left:
                    raise InputError(f"{path} unpacks to more than {max_bytes:,} bytes; nothing was loaded.")
                files[table] = folder / f"{table}.csv"
                # A member never yields more than its declared size, so the bound holds for the bytes too.
                with archive.open(member) as source, files[table].open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                left -= member.file_size
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise InputError(f"{path} is a broken or encrypted zip: {error}.") from error
    return files


def read_header(table: str, path: Path, expected: Mapping[str, VocabularyColumn]) -> AthenaFile:
    """Check a file's first line against the columns of its table.

    Raises InputError naming file and column where one is missing, unnamed or named twice.
    """
    check_regular(path)
    with path.open("rb") as lines:
        head, first = lines.readline(MAX_LINE), lines.readline(MAX_LINE)
    columns = tuple(_text(path, 1, head.removeprefix(b"\xef\xbb\xbf")).lower().split("\t"))
    missing = [name for name in expected if name not in columns]
    if missing:
        raise InputError(
            f"{path.name}, line 1: the column {missing[0]} is missing; expected are tab separated columns "
            f"{', '.join(expected)}.",
            did_you_mean(missing[0], columns),
        )
    if "" in columns or len(set(columns)) < len(columns):
        raise InputError(f"{path.name}, line 1: a column has no name, or one name stands twice.")
    cells = dict(zip(columns, _text(path, 2, first).split("\t"), strict=False))
    dates = [cells.get(name, "") for name, column in expected.items() if column.type == "DATE"]
    return AthenaFile(table, path, columns, "%Y-%m-%d" if any("-" in date for date in dates) else "%Y%m%d")


def first_broken_line(file: AthenaFile, expected: Mapping[str, VocabularyColumn]) -> tuple[int, str] | None:
    """The first line that cannot be read and why, as (line, reason); slow, for broken files only."""
    with file.path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if number == 1 or not raw.strip(b"\r\n"):
                continue
            cells = _text(file.path, number, raw).split("\t")
            if len(cells) != len(file.columns):
                return number, f"{len(cells)} columns where {len(file.columns)} are expected"
            row = dict(zip(file.columns, cells, strict=True))
            for name, column in expected.items():
                if not row[name] and column.required:
                    return number, f"{name} is empty"
                reason = _wrong(row[name], column.type, file.date_format)
                if reason:
                    return number, f"{name} is {row[name]!r}, {reason}"
    return None


def lines_with(file: AthenaFile, column: str, value: str, limit: int = 3) -> list[int]:
    """The first physical lines in which a column has a value; slow, to tell where a fault is."""
    at, found = file.columns.index(column), []
    with file.path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            cells = raw.rstrip(b"\r\n").split(b"\t")
            if len(cells) > at and cells[at] == value.encode():
                found.append(number)
                if len(found) == limit:
                    break
    return found


def _text(path: Path, line: int, raw: bytes) -> str:
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}, line {line}: not UTF-8 text (byte {raw[error.start]:#04x}).") from error


def _wrong(value: str, kind: str, date_format: str) -> str | None:
    if value == "":
        return None
    if kind in {"INTEGER", "BIGINT"}:
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            return "which is not a whole number"
        if kind == "INTEGER" and abs(int(value)) >= 2**31:
            return "which is beyond the range of a concept id"
    elif kind == "DATE":
        try:
            datetime.strptime(value, date_format)
        except ValueError:
            return f"which is not a date written {'YYYYMMDD' if date_format == '%Y%m%d' else 'YYYY-MM-DD'}"
    elif kind != "VARCHAR":
        try:
            float(value)
        except ValueError:
            return "which is not a number"
    return None
