"""A simple picture of an answer: bars of its counts, drawn here as SVG. What has no counts has no picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harmonize.service.asking import Grid

_COUNTS = ("persons", "patients", "studies", "rows", "count", "n", "records", "events", "deaths", "images", "series")
MOST_BARS = 40
_LONGEST_LABEL = 34
_ROW, _LETTER, _WIDE = 26, 7.5, 620


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its label and number, and where it lies."""

    label: str
    value: int | float
    y: int
    width: float


@dataclass(frozen=True)
class Plot:
    """Bars below each other, in the order of the rows."""

    title: str
    bars: list[DrawnBar]
    height: int
    more: int

    @property
    def left(self) -> int:
        """Where bars begin: behind the longest label."""
        return round(20 + _LETTER * max(len(bar.label) for bar in self.bars))

    @property
    def wide(self) -> int:
        """Of the whole picture."""
        return _WIDE + self.left + 80


def plot_of(grid: Grid) -> Plot | None:
    """The picture of an answer with a column of counts and at least one of words, else None."""
    if len(grid.rows) < 2:
        return None
    column = _counts(grid)
    words = [name for name in grid.columns if _is_words([row[name] for row in grid.rows])]
    if column is None or not words:
        return None
    words = [name for name in words if len({row[name] for row in grid.rows}) > 1] or words[:1]
    rows = [row for row in grid.rows if row[column] is not None]
    most = max((row[column] for row in rows), default=0)
    if most <= 0 or min(row[column] for row in rows) < 0:
        return None
    bars = [
        DrawnBar(_label(row, words), row[column], place * _ROW, round(_WIDE * row[column] / most, 1))
        for place, row in enumerate(rows[:MOST_BARS])
    ]
    return Plot(column.replace("_", " "), bars, len(bars) * _ROW, max(0, len(rows) - MOST_BARS))


def _counts(grid: Grid) -> str | None:
    """The column of counts: one that is called so, else the last of whole numbers that is no id or day."""
    whole = [name for name in grid.columns if _is_whole([row[name] for row in grid.rows])]
    for name in _COUNTS:
        if name in whole:
            return name
    return None


def _is_whole(values: list[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, int) and not isinstance(value, bool) for value in known)


def _is_words(values: list[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, str) for value in known)


def _label(row: dict[str, Any], words: list[str]) -> str:
    text = ", ".join(str(row[name]) for name in words[-2:] if row[name] is not None) or "–"
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"
