"""Changing an SSSOM file in place: only the lines that change are written anew, so that a diff is a line a change."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.files import replacing
from harmonize.vocabulary.sssom import read_sssom

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def write_row(cells: Sequence[str]) -> str:
    """One line of a tab separated table, without its end; a cell is quoted only where it must be."""
    out = StringIO()
    csv.writer(out, delimiter="\t", lineterminator="").writerow([" ".join(cell.split("\n")) for cell in cells])
    return out.getvalue()


def update_rows(path: Path, changes: Mapping[int, Mapping[str, str]]) -> None:
    """Set cells of an SSSOM file, by physical line and column; all other bytes stay.

    Columns that the file lacks are added at its right end, which rewrites every line once. Raises InputError
    where a row is spread over several lines.
    """
    columns, lines = _with_columns(path, {name for cells in changes.values() for name in cells})
    for number, cells in changes.items():
        line = lines[number - 1]
        body = line.rstrip("\r\n")
        (old,) = csv.reader([body], delimiter="\t")
        if len(old) != len(columns):
            raise InputError(f"{path}, line {number}: a row over several lines cannot be changed here.")
        new = [cells.get(name, cell) for name, cell in zip(columns, old, strict=True)]
        lines[number - 1] = write_row(new) + line[len(body) :]
    _write(path, lines)


def append_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Add rows at the end of an SSSOM file; columns that it lacks are added as in `update_rows`."""
    rows = list(rows)
    columns, lines = _with_columns(path, {name for row in rows for name in row})
    end = "\r\n" if lines and lines[-1].endswith("\r\n") else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    _write(path, [*lines, *(write_row([row.get(name, "") for name in columns]) + end for row in rows)])


def _with_columns(path: Path, wanted: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """The file's columns, with the missing ones of `wanted` behind them, and its lines."""
    mapping_set = read_sssom(path)
    lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
    missing = sorted(set(wanted) - set(mapping_set.columns))
    if missing:
        numbers = {mapping_set.header_line: missing} | {row.line: [""] * len(missing) for row in mapping_set.rows}
        for number, cells in numbers.items():
            line = lines[number - 1]
            body = line.rstrip("\r\n")
            lines[number - 1] = body + "".join(f"\t{cell}" for cell in cells) + line[len(body) :]
    return (*mapping_set.columns, *missing), lines


def _write(path: Path, lines: Iterable[str]) -> None:
    with replacing(path) as partial:
        partial.write_bytes("".join(lines).encode("utf-8"))
