"""What the page draws of columns: how full they are, their frequent values, a histogram of numbers; as geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.report.blocks import Bar

if TYPE_CHECKING:
    from harmonize.validation.table.profile import ColumnProfile

_LONGEST = 28
_WIDTH, _HEIGHT = 240, 38


@dataclass(frozen=True)
class Bin:
    """One bar of a histogram."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Histogram:
    """Bars in a room of 240 by 40, the numbers at its ends, and the whole in words."""

    low: str
    high: str
    told: str
    bins: tuple[Bin, ...]


def filled(column: ColumnProfile, records: int) -> Bar:
    """How full a column is."""
    return Bar(column.filled / records if records else 0.0)


def value_bars(column: ColumnProfile) -> list[tuple[str, Bar]]:
    """The frequent values with their counts, and how many cells have others."""
    counts = list(column.values)
    if rest := column.filled - sum(count for _, count in counts):
        counts.append(("other values", rest))
    highest = max(count for _, count in counts)
    return [(_cut(value), Bar(count / highest, f"{count:,}")) for value, count in counts]


def histogram(column: ColumnProfile) -> Histogram:
    """The numbers of a column."""
    low, high = column.bins[0][0], column.bins[-1][1]
    most = max(count for _, _, count in column.bins)
    width = (high - low) or 1.0
    drawn = tuple(
        Bin(
            x=f"{(start - low) / width * _WIDTH:.1f}",
            y=f"{_HEIGHT + 2 - _HEIGHT * count / most:.1f}",
            width=f"{max(1.0, (end - start) / width * _WIDTH - 1):.1f}",
            height=f"{_HEIGHT * count / most:.1f}",
        )
        for start, end, count in column.bins
    )
    told = f"numbers from {low:g} to {high:g}, most ({most:,}) in one of {len(drawn)} ranges"
    return Histogram(f"{low:g}", f"{high:g}", told, drawn)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
