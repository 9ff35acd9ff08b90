"""Streaming rows out as a table, CSV or JSON."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.plain import plain
from harmonize.report.table import table_text

Batches = Iterator[list[tuple[Any, ...]]]


def write_table(out: IO[str], names: Sequence[str], batches: Batches, longest: int | None = None) -> None:
    """Aligned text; the widths need all rows, so the caller bounds them. A query plan is printed as drawn.

    Cells over `longest` characters are cut.
    """
    if list(names) == ["explain_key", "explain_value"]:
        out.writelines(f"{plain(plan)}\n" for batch in batches for _, plan in batch)
        return
    out.write(table_text(names, [row for batch in batches for row in batch], longest))


def write_csv(out: IO[str], names: Sequence[str], batches: Batches) -> None:
    """CSV with a header; lines end in a line feed, as in every file that is written; NULL is an empty field."""
    writer = csv.writer(_LineFeeds(out))
    writer.writerow(names)
    for batch in batches:
        writer.writerows(batch)


class _LineFeeds:
    """Takes the rows of a csv.writer, each with CR and LF at its end, and writes them with LF: a writer that is told
    to end its lines so leaves a CR inside a cell unquoted (before Python 3.13)."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def write(self, row: str) -> int:
        return self._out.write(row.removesuffix("\r\n") + "\n")


def write_json(out: IO[str], names: Sequence[str], batches: Batches) -> None:
    """An array of objects, one a line. Raises InputError where two columns have one name."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InputError(f"Two columns are called {twice[0]!r}.", "JSON needs different names: use AS.")
    before = "[\n"
    for batch in batches:
        for row in batch:
            out.write(before + _json(dict(zip(names, row, strict=True))))
            before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def _json(row: dict[str, Any]) -> str:
    try:
        return orjson.dumps(row, default=_plain).decode()
    except TypeError:  # a number over 64 bits, a key that is no text, a time with its zone
        return json.dumps(_simple(row), ensure_ascii=False, separators=(",", ":"))


def _simple(value: Any) -> Any:
    """A value as orjson writes it, of what JSON knows; whole numbers of any size."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(_simple(key)): _simple(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_simple(one) for one in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    try:
        return orjson.loads(orjson.dumps(value, default=_plain))
    except TypeError:
        return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.hex() if isinstance(value, bytes) else str(value)


WRITERS: dict[str, Callable[[IO[str], Sequence[str], Batches], None]] = {
    "table": write_table,
    "csv": write_csv,
    "json": write_json,
}
