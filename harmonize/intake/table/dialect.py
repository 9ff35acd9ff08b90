"""How a delimited text is written: encoding, line ends, delimiter, quoting; safe names for its headers."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from harmonize.intake.table.header import HeaderRows

DELIMITERS = (",", "\t", ";", "|")
MAX_LINE_BYTES = 20_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 2_000_000  # below the line length that DuckDB reads unasked
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13)) + b"\x7f"


@dataclass(frozen=True)
class Sniffed:
    """The delimiter, the cells of the first line, and the share of the first lines that agree with it."""

    delimiter: str
    columns: int
    agreement: float


@dataclass
class Scan:
    """Facts of a whole text file, found in one pass over its bytes.

    `lines` counts physical lines (a last line without an end included), `trailing_blank` the blank ones that
    end the file. `spare` are control bytes that do not occur: one serves as a delimiter that divides nothing.
    """

    lines: int = 0
    trailing_blank: int = 0
    newlines: int = 0
    returns: int = 0
    pairs: int = 0
    long_line: bool = False
    nul: bool = False
    controls: bool = False
    quotes: bool = False
    spare: list[bytes] = field(default_factory=lambda: [b"\x01", b"\x02", b"\x1e", b"\x1f", b"\x7f"])

    @property
    def lone_returns(self) -> bool:
        """Whether a carriage return stands without a line feed (old Macintosh line ends)."""
        return self.returns > self.pairs

    @property
    def mixed_ends(self) -> bool:
        """Whether lines end in more than one way, or in a carriage return alone."""
        return self.lone_returns or 0 < self.pairs < self.newlines


@dataclass
class Quoting:
    """How a text uses quotes.

    `enclosing`: they enclose cells. `loose`: blanks stand between a quote and its delimiter, about which csv
    readers disagree. `empty_ends`: a line ends in an empty cell.
    """

    enclosing: bool
    loose: bool
    empty_ends: bool


def text_start(head: bytes) -> str:
    """The beginning of a file as text, whatever its encoding: for recognition only."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    return head.decode("utf-8", "replace")


def preamble(text: str) -> tuple[int, str | None]:
    """(how many lines above the header are none of the table, the delimiter that they name): the line `sep=;` by which
    Excel is told a delimiter, and comments that begin with #.

    A line with # that has as many cells as the line below it is the header.
    """
    lines = text.splitlines()
    named = re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", lines[0], re.IGNORECASE) if lines else None
    delimiter = named[1] if named and named[1] in DELIMITERS else None
    above = 1 if delimiter else 0
    comments = 0
    while above + comments < len(lines) and lines[above + comments].lstrip("\ufeff").startswith("#"):
        comments += 1
    rest = [line for line in lines[above + comments :] if line.strip()]
    if comments and rest:
        mark = delimiter or sniff("\n".join([*rest[:200], ""])).delimiter
        widths = [len(next(csv.reader([line], delimiter=mark), [])) for line in (lines[above + comments - 1], rest[0])]
        above += comments - 1 if widths[0] == widths[1] else comments
    return (above, delimiter) if above < len(lines) else (0, None)


def sniff(text: str, ending: str = "", header_rows: HeaderRows | None = None) -> Sniffed:
    """The delimiter that divides the first lines of `text` most evenly; a tab where the name says tsv.

    Lines above the header are left aside.
    """
    above, named = (header_rows[0] - 1, None) if header_rows else preamble(text)
    lines = text.splitlines(keepends=True)[above:]
    if len(lines) > 1:
        lines.pop()  # may be cut off
    lines = [line for line in lines[:200] if line.strip()]
    if named is not None:
        return _measure(lines, named)
    best = Sniffed("\t" if ending in ("tsv", "tab") else ",", 1, 1.0)
    if best.delimiter == "\t" and lines and "\t" in lines[0]:
        return _measure(lines, "\t")
    for delimiter in DELIMITERS:
        measured = _measure(lines, delimiter)
        if measured.columns > 1 and (best.columns == 1 or _rank(measured) > _rank(best)):
            best = measured
    return best


def _measure(lines: list[str], delimiter: str) -> Sniffed:
    widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    if not widths:
        return Sniffed(delimiter, 1, 1.0)
    return Sniffed(delimiter, widths[0], sum(width == widths[0] for width in widths) / len(widths))


def _rank(sniffed: Sniffed) -> tuple[float, int]:
    return round(sniffed.agreement, 1), sniffed.columns


def to_utf8(path: Path, name: str, work: Path) -> tuple[Path, str, int | None]:
    """(a file in UTF-8, the encoding it was in, the first line that is not valid UTF-8 or None).

    UTF-8, with or without its mark, is left where it is. Text with the mark of UTF-16 is rewritten. Any other
    text is taken for Windows-1252, or Latin-1 where it holds a byte that Windows-1252 leaves undefined.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    encoding = next((encoding for mark, encoding in _BOMS if head.startswith(mark)), "utf-8")
    if encoding == "utf-16":
        try:
            return _rewrite(path, work, encoding), encoding, None
        except UnicodeError as error:
            raise InputError(f"{name}: begins with the mark of UTF-16 but is not ({error}).") from error
    bad_line = _first_invalid_line(path)
    if bad_line is None:
        return path, "utf-8", None
    try:
        return _rewrite(path, work, "cp1252"), "cp1252", bad_line
    except UnicodeDecodeError:
        return _rewrite(path, work, "latin-1"), "latin-1", bad_line


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _first_invalid_line(path: Path) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 0
    pending = b""
    for chunk in (*_chunks(path), b""):
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # error.start counts from the bytes kept of the chunk before.
            return lines + (pending + chunk)[: error.start].count(b"\n") + 1
        pending = decoder.getstate()[0]
        lines += chunk.count(b"\n")
    return None


def _rewrite(path: Path, work: Path, encoding: str) -> Path:
    target = work / "utf8"
    decoder = codecs.getincrementaldecoder(encoding)()
    with target.open("wb") as out:
        for chunk in _chunks(path):
            out.write(decoder.decode(chunk).encode("utf-8", "surrogatepass"))
        out.write(decoder.decode(b"", final=True).encode("utf-8", "surrogatepass"))
    return target


def scan(path: Path, name: str) -> Scan:
    """Find what decides how a UTF-8 text can be read. Raises InputError for a line over 20 MB."""
    found = Scan()
    unfinished = 0  # bytes of the line that the chunk before left open
    before = b"\n"
    for chunk in _chunks(path):
        end = b"\n" if b"\n" in chunk else b"\r"
        ends = chunk.count(end)
        longest = unfinished + (chunk.find(end) if ends else len(chunk))
        if longest > MAX_LINE_BYTES:
            raise InputError(
                f"{name}, line {found.lines + 1}: the line is longer than 20 MB.",
                "A quote or a line end may be missing, or it is not a table.",
            )
        found.long_line = found.long_line or longest > _CHUNK
        unfinished = len(chunk) - chunk.rfind(end) - 1 if ends else unfinished + len(chunk)
        found.lines += ends
        found.newlines += chunk.count(b"\n")
        if b"\r" in chunk:
            found.returns += chunk.count(b"\r")
            found.pairs += chunk.count(b"\r\n")
        found.pairs += before.endswith(b"\r") and chunk.startswith(b"\n")
        found.quotes = found.quotes or b'"' in chunk
        if not found.controls and len(chunk.translate(None, _CONTROLS)) != len(chunk):
            found.controls = True
        if found.controls:
            found.nul = found.nul or b"\x00" in chunk
            found.spare = [byte for byte in found.spare if byte not in chunk]
        before = chunk
    found.lines = found.newlines + found.returns - found.pairs + (not before.endswith((b"\n", b"\r")))
    found.trailing_blank = _trailing_blank(path)
    return found


def scan_quotes(path: Path, delimiter: str, seen: Scan) -> Quoting:
    """See how a UTF-8 text that holds quotes uses them.

    Tab separated text mostly has no quoting, and a quote is a character like any other: there it counts as
    quoting only where as many cells end in a quote as begin with one.
    """
    mark = delimiter.encode()
    loose = [re.compile(rule.replace(b"@", re.escape(mark))) for rule in (rb'@ +"', rb'\n +"', rb'" +[@\r\n]')]
    found = Quoting(enclosing=True, loose=False, empty_ends=False)
    # After a delimiter: the last cell of the line is empty.
    empty = [mark + text + (b"\r\n" if seen.pairs else b"\n") for text in (b"", b'""')]
    if seen.mixed_ends:
        empty += [mark + b"\n", mark + b'""\n', mark + b"\r", mark + b'""\r']
    starts = ends = 0
    before = b"\n"
    for number, chunk in enumerate(_chunks(path)):
        # Marks may lie over a seam; what lies wholly before it has been counted.
        joined = before + (chunk if number else chunk.removeprefix(codecs.BOM_UTF8))
        if delimiter == "\t":
            starts += sum(joined.count(sign) - before.count(sign) for sign in (b'\t"', b'\n"'))
            ends += sum(joined.count(sign) - before.count(sign) for sign in (b'"\t', b'"\n', b'"\r'))
        found.loose = found.loose or any(rule.search(joined) for rule in loose)
        found.empty_ends = found.empty_ends or any(end in joined for end in empty)
        before = joined[-64:]
    if before.endswith(b'"'):
        ends += 1
    found.loose = found.loose or re.search(rb'" +$', before) is not None
    found.empty_ends = found.empty_ends or before.endswith((mark, mark + b'""'))
    found.enclosing = delimiter != "\t" or 0 < starts == ends
    return found


def _trailing_blank(path: Path) -> int:
    """How many blank lines end the file."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - 65536))
        tail = stream.read()
    ends = tail[len(tail.rstrip(b"\r\n")) :].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return max(0, len(ends) - 1)


def safe_names(headers: Sequence[str]) -> list[str]:
    """SQL-safe column names, in order: `\\W` becomes `_`, `c_` goes before a digit, `__2` marks a repetition.

    Repetitions are judged as DuckDB does, without regard to case; `line_` is taken by the line number, `rowid` by
    DuckDB, `record_id_` and `record_key_` by the rows that a mapping reads. A blank header becomes
    `column_<position>`.
    """
    names: list[str] = []
    taken = {"line_", "rowid", "record_id_", "record_key_"}
    for position, header in enumerate(headers, start=1):
        name = re.sub(r"\W", "_", header) or f"column_{position}"
        if name[0].isdigit():
            name = f"c_{name}"
        unique, number = name, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{name}__{number}"
        taken.add(unique.casefold())
        names.append(unique)
    return names
