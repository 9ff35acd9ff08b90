"""What pages are made of, as data: facts, files, tables, bars and badges; templates/blocks.html draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harmonize.engine.version import __version__

_SHORT = 22
"""Texts of no more characters are not broken."""


@dataclass(frozen=True)
class Badge:
    """A word in a colour: `tone` is error, warning or good."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar for a share of 0 to 1, beside what it stands for as text: a count, else the share itself."""

    share: float
    text: str = ""
    tone: str = ""

    @property
    def told(self) -> str:
        return self.text or share_text(self.share)

    @property
    def width(self) -> str:
        """Of the whole, for SVG; what is not nothing is seen."""
        return f"{max(self.share * 100, 1.0) if self.share else 0:.1f}%"


@dataclass(frozen=True)
class TableColumn:
    """A column of a table: the key of its cells, its heading, how it is set (number, bars, short, or as it fits)."""

    key: str
    title: str
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """Rows with a caption. The first column heads its row; without rows the caption is said to hold of none."""

    caption: str
    columns: tuple[TableColumn, ...]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class SentFile:
    """A file that a page is of: its name as it may be shown, and where known its size in bytes, sum, content, records
    and version."""

    name: str
    size: int | None = None
    sha256: str | None = None
    content: str | None = None
    records: int | None = None
    version: str | None = None


@dataclass(frozen=True)
class Made:
    """When (UTC, ISO 8601) and by which release a page was made."""

    date: str
    version: str = __version__


def made_now() -> Made:
    """Of a page that is made now."""
    return Made(datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z"))


def table(rows: Sequence[Mapping[str, Any]], caption: str, headers: Mapping[str, str] | None = None) -> Table:
    """A table of rows with equal keys, in the order of `headers` (key → heading), else of the rows."""
    shown = headers or {key: key.replace("_", " ") for row in rows[:1] for key in row}
    columns = tuple(TableColumn(key, heading(title), _kind([row[key] for row in rows])) for key, title in shown.items())
    return Table(caption, columns, rows)


def heading(title: str) -> str:
    """A heading begins with a capital; the rest of it is as it is."""
    return title[:1].upper() + title[1:]


def told(value: Any) -> str:
    """A value as people write it: numbers with thousands, yes and no; nothing is a dash."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def count(number: int, word: str) -> str:
    """So many of a thing, in words."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def share_text(share: float) -> str:
    """A share in percent; neither 0 nor 100 % is said of what is not."""
    return "0 %" if share == 0 else "100 %" if share == 1 else f"{min(max(share * 100, 0.1), 99.9):.1f} %"


def moment(date: str) -> str:
    """A time in UTC (ISO 8601) for people."""
    return date.replace("T", " ").replace("Z", " UTC")


def _kind(column: list[Any]) -> str:
    """How a column is set: numbers to the right, short texts and dates unbroken, the rest as it fits."""
    known = [value for value in column if value is not None]
    if known and all(isinstance(value, Bar) for value in known):
        return "bars"
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in known):
        return "number"
    return "short" if max(len(str(value)) for value in column) <= _SHORT else ""
