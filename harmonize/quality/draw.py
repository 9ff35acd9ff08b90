"""Pictures of the page as rectangles: a pyramid of ages, bars by month, a map of what is filled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from harmonize.quality.small_cells import FEW, hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harmonize.quality.facts import Cell

WIDTH, HEIGHT, MARGIN = 640, 96, 56
MOST_MONTHS = 120
"""Of a longer time the years are drawn."""
_ROW, _HALF, _MIDDLE = 16, 260, 320


@dataclass(frozen=True)
class Rectangle:
    """A rectangle with the word that says what it stands for; `tone` names its colour."""

    x: float
    y: float
    width: float
    height: float
    title: str
    tone: str = ""


@dataclass(frozen=True)
class Picture:
    """Rectangles with labels at (x, y, text, anchor), and the picture in words."""

    name: str
    told: str
    width: int
    height: int
    rectangles: list[Rectangle]
    labels: list[tuple[float, float, str, str]]
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    """The scale: lines from (x, y) to (x, y)."""


def scale(most: int) -> list[int]:
    """Where a scale from 0 to at least `most` has its marks: round numbers, two to four steps."""
    step = next(
        step for power in range(20) for step in (10**power, 2 * 10**power, 5 * 10**power) if 4 * step >= most
    )  # fmt: skip
    return [step * place for place in range(max(-(-most // step), 2) + 1)]


def pyramid(cells: Sequence[Cell]) -> Picture | None:
    """Women to the left, men to the right, the oldest on top; bands of few persons are outlines of one width."""
    known = [cell for cell in cells if cell.series in ("female", "male")]
    if not known:
        return None
    secret = hidden({(cell.series, cell.place): cell.persons for cell in cells})
    most = max([cell.persons for cell in known if (cell.series, cell.place) not in secret], default=1)
    marks = scale(most)
    rectangles = []
    for cell in known:
        is_few = (cell.series, cell.place) in secret
        width = 6.0 if is_few else max(_HALF * cell.persons / marks[-1], 1.0)
        x = _MIDDLE - 24 - width if cell.series == "female" else _MIDDLE + 24
        y = (90 - int(str(cell.place))) // 10 * _ROW
        said = f"{cell.series}, {_band(int(str(cell.place)))}: {'not told' if is_few else f'{cell.persons:,}'}"
        rectangles.append(Rectangle(x, y + 2, width, _ROW - 4, said, "few" if is_few else cell.series))
    labels: list[tuple[float, float, str, str]] = [
        (_MIDDLE, row * _ROW + 12, _band(90 - 10 * row), "middle") for row in range(10)
    ]
    labels += [(_MIDDLE - 30, 11 * _ROW + 14, "women", "end"), (_MIDDLE + 30, 11 * _ROW + 14, "men", "start")]
    at = [(mark, _HALF * mark / marks[-1] + 24) for mark in marks[1:]]
    labels += [(_MIDDLE + side * x, 10 * _ROW + 14, f"{mark:,}", "middle") for mark, x in at for side in (-1, 1)]
    lines = [(_MIDDLE + side * x, 0.0, _MIDDLE + side * x, 10.0 * _ROW) for _, x in at for side in (-1, 1)]
    told = "Persons by sex and age: " + "; ".join(one.title for one in rectangles)
    return Picture(
        "Persons by sex and age at the first observation", told, WIDTH, 12 * _ROW + 4, rectangles, labels, lines
    )


def over_time(cells: Sequence[Cell]) -> list[Picture]:
    """For each series its rows by month (of a long time by year); months of few persons are outlines of one height."""
    return [
        _bars(series, [cell for cell in cells if cell.series == series])
        for series in dict.fromkeys(cell.series for cell in cells)
    ]


def _bars(series: str, cells: Sequence[Cell]) -> Picture:
    places = [cell.place for cell in cells if isinstance(cell.place, date)]
    step = 1 if _month(max(places)) - _month(min(places)) < MOST_MONTHS else 12
    rows: dict[int, int] = {}
    persons: dict[int, int] = {}
    for cell in cells:
        if isinstance(cell.place, date):
            at = _month(cell.place) // step
            rows[at] = rows.get(at, 0) + cell.rows
            persons[at] = max(persons.get(at, 0), cell.persons)
    secret = hidden(persons)
    first, last = min(rows), max(rows)
    wide = (WIDTH - MARGIN) / (last - first + 1)
    marks = scale(max([count for at, count in rows.items() if at not in secret], default=1))
    drawn = []
    for at, count in sorted(rows.items()):
        tall = 4.0 if at in secret else max(HEIGHT * count / marks[-1], 1.0)
        said = f"{_period(at, step)}: {'not told' if at in secret else f'{count:,}'}"
        gap = min(wide * 0.2, 2)
        drawn.append(
            Rectangle(
                round(MARGIN + (at - first) * wide, 1),
                round(HEIGHT - tall, 1),
                round(min(wide - gap, 40), 1),
                round(tall, 1),
                said,
                "few" if at in secret else "",
            )
        )
    labels = [
        (float(MARGIN), HEIGHT + 16.0, _period(first, step), "start"),
        (float(WIDTH), HEIGHT + 16.0, _period(last, step), "end"),
    ]
    heights = [(mark, HEIGHT * (1 - mark / marks[-1])) for mark in marks]
    labels += [(MARGIN - 6.0, round(max(y + 4, 10), 1), f"{mark:,}", "end") for mark, y in heights]
    lines = [(float(MARGIN), round(y, 1), float(WIDTH), round(y, 1)) for _, y in heights]
    shown = [count for at, count in rows.items() if at not in secret]
    most_told = f"at most {max(shown):,} rows" if shown else f"{FEW} persons each"
    time = f"{_period(first, step)} to {_period(last, step)}"
    told = f"{series}: {len(rows):,} {'months' if step == 1 else 'years'} from {time}, {most_told}"
    return Picture(series, told, WIDTH, HEIGHT + 20, drawn, labels, lines)


def heat(filled: Iterable[tuple[str, Sequence[tuple[str, float]]]]) -> list[Picture]:
    """For each table a square a column, the darker the more of its rows have a value."""
    found = []
    for table, shares in filled:
        squares = [
            Rectangle(
                place % 32 * 20.0,
                place // 32 * 20.0,
                18,
                18,
                f"{column}: {share:.0%}",
                f"heat-{min(int(share * 4 + 0.999), 4)}",
            )
            for place, (column, share) in enumerate(shares)
        ]
        full = sum(share == 1 for _, share in shares)
        none = sum(share == 0 for _, share in shares)
        told = f"{table}: of {len(shares)} columns {full} are filled in all rows or all but few, {none} in none or few"
        found.append(Picture(table, told, WIDTH, (len(shares) + 31) // 32 * 20, squares, []))
    return found


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _period(at: int, step: int) -> str:
    return f"{at // 12}-{at % 12 + 1:02}" if step == 1 else str(at)


def _band(first: int) -> str:
    return "90+" if first >= 90 else f"{first}–{first + 9}"
