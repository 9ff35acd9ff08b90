"""Where cells stand in the lines of a delimited text, by characters, for editors and code hosts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from harmonize.engine.work_folder import work_folder
from harmonize.intake.table.dialect import MAX_LINE_BYTES, sniff, text_start, to_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from harmonize.validation.report.model import ReportFile

Span = tuple[int, int]
"""The first character of a cell, its quotes included, counted from 1, and the one behind its last."""
_HEAD = 1 << 20


def spans(files: Iterable[ReportFile], findings: Sequence[dict[str, Any]]) -> dict[tuple[str, int, int], Span]:
    """The spans of the cells that findings are of, by file, line and position; of cells that stand on the first line of
    their record, in files of delimited text."""
    wanted: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one in findings:
        if one["line"] and one["position"] and one["path"] is None:
            wanted[one["file"]][one["line"]].add(one["position"])
    found = {}
    with work_folder("report") as work:
        for file in files:
            if file.path is not None and file.name in wanted:
                lines, delimiter = _read(file.path, file.name, wanted[file.name], work)
                for line, positions in wanted[file.name].items():
                    for position in positions:
                        span = cell_span(lines.get(line, ""), delimiter, position)
                        if span:
                            found[file.name, line, position] = span
    return found


def _read(path: Path, name: str, wanted: Iterable[int], work: Path) -> tuple[dict[int, str], str]:
    """The wanted physical lines of a text, and its delimiter."""
    path, _, _ = to_utf8(path, name, work)
    numbers, last = set(wanted), max(wanted)
    lines = {}
    with path.open("rb") as stream:
        delimiter = sniff(text_start(stream.read(_HEAD)), name.rpartition(".")[2].lower()).delimiter
        stream.seek(0)
        number = 0
        while number < last and (line := stream.readline(MAX_LINE_BYTES)):
            number += 1
            if number in numbers:
                lines[number] = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
    return lines, delimiter


def cell_span(line: str, delimiter: str, position: int) -> Span | None:
    """The span of the cell of that position (the first is 1) in a line; None where the line does not have all of it."""
    start = 0
    for number in range(1, position + 1):
        end = _end(line, delimiter, start)
        if end is None:
            return None
        if number == position:
            return start + 1, end + 1
        start = end + len(delimiter)
        if start > len(line):
            return None
    return None


def _end(line: str, delimiter: str, start: int) -> int | None:
    """Where the cell that begins at `start` ends; None for a quoted one that goes on in the next line."""
    if not line.startswith('"', start):
        end = line.find(delimiter, start)
        return len(line) if end < 0 else end
    at = start + 1
    while (quote := line.find('"', at)) >= 0:
        if not line.startswith('"', quote + 1):
            end = line.find(delimiter, quote)
            return len(line) if end < 0 else end
        at = quote + 2
    return None
