"""What the columns of a delivery hold: how many cells are filled, and which values are frequent; for pictures.

No value is taken from a column that is marked phi or in which privacy found anything; of texts that no list declares,
only values of at least five lines are, so that none leads to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import quote

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Slot

MOST_COLUMNS = 300
_MOST_VALUES = 8
_LEAST_LINES = 5
_BINS = 16
_AT_ONCE = 100
_NUMBERS = frozenset({"integer", "double", "float", "decimal"})


@dataclass(frozen=True)
class ColumnProfile:
    """One column: `filled` cells, how many `distinct` texts, frequent `values` with their counts, and for numbers
    `bins` (from, to, count). `hidden` says that values may not be shown."""

    header: str
    filled: int
    distinct: int
    values: tuple[tuple[str, int], ...] = ()
    bins: tuple[tuple[float, float, int], ...] = ()
    hidden: bool = False


def profile(
    con: DuckDBPyConnection, staged: Staged, cls: ClassDef | None, private: frozenset[int] = frozenset()
) -> tuple[ColumnProfile, ...]:
    """The first columns of a staged file; `private` are the positions (from 1) in which privacy found something.

    Needs the functions of sql/functions.sql.
    """
    names = staged.names[:MOST_COLUMNS]
    filled: list[int] = []
    for start in range(0, len(names), _AT_ONCE):
        counted = ", ".join(f"count({quote(name)})" for name in names[start : start + _AT_ONCE])
        filled += con.execute(f"SELECT {counted} FROM {staged.table}").fetchone() or ()
    slots: dict[str, Slot] = cls.slots if cls else {}
    return tuple(
        _column(con, staged, position, slots.get(name), count, position in private)
        for position, (name, count) in enumerate(zip(names, filled, strict=True), start=1)
    )


def _column(
    con: DuckDBPyConnection, staged: Staged, position: int, slot: Slot | None, filled: int, private: bool
) -> ColumnProfile:
    header, cell = staged.headers[position - 1], quote(staged.names[position - 1])
    marked = slot is not None and slot.annotations.get("phi", "").lower() == "true"
    row = con.execute(f"SELECT count(DISTINCT {cell}) FROM {staged.table}").fetchone()
    distinct = int(row[0]) if row else 0
    if private or marked:
        return ColumnProfile(header, filled, distinct, hidden=True)
    if slot is not None and slot.range in _NUMBERS and slot.permissible_values is None:
        return ColumnProfile(header, filled, distinct, bins=_bins(con, staged.table, cell))
    least = 1 if slot is not None and slot.permissible_values is not None else _LEAST_LINES
    known = list(slot.permissible_values or ()) if slot else []
    rows = con.execute(
        f"SELECT {cell}, count(*) FROM {staged.table}"
        f" WHERE {cell} IS NOT NULL AND (len($known) = 0 OR list_contains($known, {cell}))"
        f" GROUP BY 1 HAVING count(*) >= {least} ORDER BY 2 DESC, 1 LIMIT {_MOST_VALUES}",
        {"known": known},
    ).fetchall()
    return ColumnProfile(header, filled, distinct, values=tuple((str(value), int(count)) for value, count in rows))


def _bins(con: DuckDBPyConnection, table: str, cell: str) -> tuple[tuple[float, float, int], ...]:
    """Numbers counted in bins of equal width between the least and the greatest."""
    low, high = con.execute(f"SELECT min(number({cell})), max(number({cell})) FROM {table}").fetchone() or (None, None)
    if low is None or high is None:
        return ()
    width = (high - low) / _BINS or 1.0
    rows = con.execute(
        f"SELECT least(floor((number({cell}) - ?) / ?), {_BINS - 1})::INTEGER AS bin, count(*) FROM {table}"
        f" WHERE number({cell}) IS NOT NULL GROUP BY 1 ORDER BY 1",
        [low, width],
    ).fetchall()
    return tuple((low + nth * width, low + (nth + 1) * width, int(count)) for nth, count in rows)
