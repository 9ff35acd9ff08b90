"""Stage text by Python's csv reader: exact for whatever is in the file, and slow. Also the way of
worksheets.
"""

from __future__ import annotations

import csv
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from harmonize.engine.progress import reached
from harmonize.engine.sql_text import literal, quote
from harmonize.intake.table.dialect import MAX_LINE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from harmonize.intake.table.layout import Layout
    from harmonize.intake.table.staged import Target

_TOLD = 10_000
"""After so many records it is told how far the reading is."""
_READ = 0.8
"""The part of the reading that Python does; DuckDB does the rest."""


@dataclass(frozen=True)
class Record:
    """One record with the physical line that it begins on. `rule` says why it is bad, None where it is
    sound.
    """

    line: int
    cells: list[str]
    text: str
    rule: str | None = None


class _TooLong(Exception):
    """The record that is being read has grown over the bound of a line."""


class _Lines:
    """Physical lines for a csv reader, remembered so that the text of a record is known and lines can go
    back.
    """

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self._returned: deque[str] = deque()
        self.number = 0  # of the line given last
        self.taken: list[str] = []
        self._size = 0

    def begin(self) -> None:
        """Forget the record before."""
        self.taken = []
        self._size = 0

    def give_back(self, count: int) -> None:
        """Put the lines taken last back, so that they are read again."""
        if count:
            self._returned.extendleft(reversed(self.taken[-count:]))
            self.number -= count
            del self.taken[-count:]

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._stream)
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if self._size > MAX_LINE_BYTES:
            raise _TooLong
        return line


def csv_reader(lines: Iterable[str], delimiter: str, quoted: bool) -> Any:
    """A csv reader that takes quotes strictly, or as characters like any other; cells up to 20 MB."""
    csv.field_size_limit(MAX_LINE_BYTES)
    if quoted:
        return csv.reader(lines, delimiter=delimiter, strict=True)
    return csv.reader(lines, delimiter=delimiter, strict=True, quoting=csv.QUOTE_NONE)


def read_records(stream: Iterable[str], delimiter: str, quoted: bool, width: int | None = None) -> Iterator[Record]:
    """The records of a text, blank lines left out; the header included.

    Where quotes do not match, the line that opens them is a bad record (rule `quoting`) and reading goes on
    at the next physical line, so that a stray quote costs one line and not the rest of the file. Records of
    another number of cells than `width` (that of the header) are `ragged`, those with NUL bytes `nul_byte`.
    """
    lines = _Lines(stream)
    reader = csv_reader(lines, delimiter, quoted)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong):
            lines.give_back(len(lines.taken) - 1)
            yield Record(lines.number, [], _text(lines), "quoting")
            continue
        if not cells:
            continue
        text = _text(lines)
        width = len(cells) if width is None else width
        rule = "nul_byte" if "\0" in text else "ragged" if len(cells) != width else None
        yield Record(lines.number - len(lines.taken) + 1, cells, text, rule)


def _text(lines: _Lines) -> str:
    return "".join(lines.taken).rstrip("\r\n")


def stage_exact(target: Target, layout: Layout) -> None:
    """Fill the target's table and stage.bad_line, record by record."""
    with layout.path.open(encoding="utf-8-sig", newline="") as stream:
        records = read_records(stream, layout.delimiter, layout.quoting.enclosing, len(target.headers))
        stage_records(target, (record for record in records if record.line > layout.last))


def stage_records(target: Target, records: Iterable[Record]) -> None:
    """Fill the target's table and stage.bad_line from records, by way of two clean files."""
    kept = target.kept
    names = ["line_", *(target.names[i] for i in kept)]
    good_path, bad_path = target.work / "good.csv", target.work / "bad.csv"
    longest = 0
    with ExitStack() as stack:
        good = _writer(stack.enter_context(good_path.open("w", encoding="utf-8", newline="")))
        bad = _writer(stack.enter_context(bad_path.open("w", encoding="utf-8", newline="")))
        for count, record in enumerate(records):
            if count % _TOLD == 0 and target.file.size:
                reached(_READ * min(1.0, good_path.stat().st_size / target.file.size))
            longest = max(longest, len(record.text))
            if record.rule is None:
                good.writerow([record.line, *(record.cells[i] for i in kept)])
            else:
                shown = record.text.replace("\0", "␀")
                bad.writerow([target.file_id, record.line, record.rule, len(record.cells) or "", shown])
    size = 8 * longest + 1000 if longest > 200_000 else 0
    target.con.execute(
        f"CREATE OR REPLACE TABLE {target.table} AS "
        f"SELECT line_::BIGINT AS line_ {''.join(f', {quote(name)}' for name in names[1:])} "
        f"FROM {_clean(good_path, names, size)}"
    )
    target.con.execute(
        "INSERT INTO stage.bad_line SELECT file_id::INTEGER, line::BIGINT, rule, cells::INTEGER, text "
        f"FROM {_clean(bad_path, ['file_id', 'line', 'rule', 'cells', 'text'], size)}"
    )


def _writer(stream: IO[str]) -> Any:
    return csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")


def _clean(path: Path, names: list[str], size: int) -> str:
    """A FROM clause over a file that `_writer` wrote."""
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    option = f", max_line_size={size}" if size else ""
    return (
        f"read_csv({literal(str(path))}, columns={{{types}}}, header=false, auto_detect=false, delim=',',"
        f" quote='\"', escape='\"', new_line='\\n'{option})"
    )
