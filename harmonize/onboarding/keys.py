"""Which columns tell the records of a table apart, and which lead from one table to another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import quote
from harmonize.onboarding.meaning import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.file_scan import FileScan

_KEY_KINDS = frozenset({"integer", "text"})
_TRIED = 8
_LONGEST = 4
_NEARLY = 0.9
_AT_ONCE = 40
_SHARED = 0.5


@dataclass(frozen=True)
class Link:
    """The column of one file seems to name records of another: `share` of its distinct values are found there, and
    `found` is the share of the other's values that it names."""

    file: str
    column: str
    to_file: str
    to_column: str
    share: float
    found: float


def likely_keys(con: DuckDBPyConnection, file: FileScan) -> None:
    """Set the keys of a table: single columns whose cells are all filled and different; where there is none, the
    shortest set of columns that tells its records apart (records that are there twice aside, which are counted)."""
    records = file.records - file.bad_lines
    if not records:
        return
    singles = [c for c in file.columns if c.filled == c.distinct == records and c.kind in _KEY_KINDS]
    if singles:
        file.keys = [(column.name,) for column in singles]
        return
    file.repeated = records - _different(con, file)
    usable = [c for c in file.columns if c.distinct > 1 and 2 * c.filled >= records and not _is_measured(c)]
    tried = sorted(usable, key=lambda c: (c.meaning not in ("patient", "record"), -c.distinct))[:_TRIED]
    for length in range(2, _LONGEST + 1):
        if found := _tell_apart(con, file, list(combinations(tried, length)), records - file.repeated):
            file.keys = [tuple(column.name for column in columns) for columns in found[:3]]
            return


def _different(con: DuckDBPyConnection, file: FileScan) -> int:
    """How many records are different, told by a hash of all their cells."""
    if file.staged is None or not file.columns:
        return 0
    cells = ", ".join(quote(column.name) for column in file.columns)
    row = con.execute(f"SELECT count(DISTINCT hash({cells})) FROM {file.staged.table}").fetchone()
    return int(row[0]) if row else 0


def _is_measured(column: ColumnScan) -> bool:
    """Whether what the column says is found out about a thing, and does not name it."""
    return (
        column.meaning in ("comment", "report", "test_value", "lab")
        or column.unit is not None
        or column.kind == "number"
    )


def _tell_apart(
    con: DuckDBPyConnection, file: FileScan, sets: Sequence[tuple[ColumnScan, ...]], records: int
) -> list[tuple[ColumnScan, ...]]:
    """The sets of columns with as many different contents as there are records: estimated first, then counted."""
    if file.staged is None:
        return []
    table = file.staged.table
    likely: list[tuple[ColumnScan, ...]] = []
    for start in range(0, len(sets), _AT_ONCE):
        some = sets[start : start + _AT_ONCE]
        counts = ", ".join(f"approx_count_distinct({_content(columns)})" for columns in some)
        estimates = con.execute(f"SELECT {counts} FROM {table}").fetchone() or ()
        likely += [columns for columns, count in zip(some, estimates, strict=True) if count >= _NEARLY * records]
    exact = []
    for columns in likely[:_AT_ONCE]:
        row = con.execute(f"SELECT count(DISTINCT {_content(columns)}) FROM {table}").fetchone()
        if row and row[0] >= records:
            exact.append(columns)
    return exact


def _content(columns: Sequence[ColumnScan]) -> str:
    cells = ", ".join(quote(column.name) for column in columns)
    return f"md5(to_json([{cells}]))"


def likely_links(con: DuckDBPyConnection, files: Sequence[FileScan]) -> list[Link]:
    """For each column whose values are found in the key of another table, or in a column of the same name or meaning,
    the table that knows most of them; of equals one of which it is the key, then the one that tells most of persons."""
    found: list[Link] = []
    for file in files:
        for column in file.columns:
            links = [
                (link.share, (target.name,) in other.keys, other.tells_of_persons, -number, link)
                for number, other in enumerate(files)
                if other is not file
                for target in other.columns
                if _comparable(column, target, other) and (link := _link(con, file, column, other, target))
            ]
            found += [max(links)[-1]] if links else []
    return found


def _comparable(column: ColumnScan, target: ColumnScan, other: FileScan) -> bool:
    if column.kind not in _KEY_KINDS or target.kind not in _KEY_KINDS or min(column.distinct, target.distinct) < 2:
        return False
    if column.meaning in ("patient", "study_uid", "record") and column.meaning == target.meaning:
        return True
    return (target.name,) in other.keys and words(column.header) == words(target.header)


def _link(
    con: DuckDBPyConnection, file: FileScan, column: ColumnScan, other: FileScan, target: ColumnScan
) -> Link | None:
    if file.staged is None or other.staged is None:
        return None
    row = con.execute(
        "SELECT count(*) FROM profile_value AS v"
        " SEMI JOIN (FROM profile_value WHERE file_id = ? AND column_id = ?) AS o ON v.value = o.value"
        " WHERE v.file_id = ? AND v.column_id = ?",
        [
            other.staged.file_id,
            other.columns.index(target) + 1,
            file.staged.file_id,
            file.columns.index(column) + 1,
        ],
    ).fetchone()
    shared = int(row[0]) if row else 0
    if shared < _SHARED * column.distinct:
        return None
    share, known = shared / column.distinct, shared / target.distinct
    return Link(file.name, column.header, other.name, target.header, round(share, 4), round(known, 4))


def constant_within(con: DuckDBPyConnection, file: FileScan, key: str) -> set[str]:
    """The names of the columns that have one value for each value of the column `key`, which repeats."""
    if file.staged is None:
        return set()
    others = [column.name for column in file.columns if column.name != key and column.filled]
    owner = quote(key)
    constant: set[str] = set()
    for start in range(0, len(others), _AT_ONCE):
        some = others[start : start + _AT_ONCE]
        tests = ", ".join(f"bool_and({quote(name)})" for name in some)
        each = ", ".join(
            f"min({quote(name)}) IS NOT DISTINCT FROM max({quote(name)}) AS {quote(name)}" for name in some
        )
        row = con.execute(f"SELECT {tests} FROM (SELECT {each} FROM {file.staged.table} GROUP BY {owner})").fetchone()
        constant |= {name for name, same in zip(some, row or (), strict=True) if same}
    return constant
