"""One column of an unknown table: kind, range, frequent values, and what it seems to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import quote
from harmonize.onboarding.meaning import Unit, meaning_of, rules, unit_of
from harmonize.validation.rules import rule_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.staged import Staged

MOSTLY = 0.95
"""So large a share of the filled cells must fit a kind."""


NAMING = frozenset({"patient", "record", "study_uid", "series_uid", "accession"})
"""Meanings of columns whose values each name somebody or something; they are counted and not listed."""


OF_PERSONS = frozenset({"sex", "race", "ethnicity", "birth_year", "birth_date", "age", "age_band"})
"""Meanings of columns that tell what a patient is."""


@dataclass(frozen=True)
class ColumnScan:
    """One column.

    filled and missing count cells, missing those with a word such as NA; distinct counts texts. kind is what nearly all
    filled cells hold: integer, number, quantity (150 lb), feet (5' 4"), result (<0.5; 1,240), date, datetime, flag
    (Yes and No), text, empty; unfit counts the others. least, quartiles and most are of numbers; earliest and latest
    are years. formats are those of a date, of which several may fit alike. values are (value, cells) of the frequent
    ones, rarer counts the others. private says what privacy found (rule → number of values), hidden that no value is
    shown. own is what the last row of the header says, where it has several.
    """

    header: str
    name: str
    filled: int
    missing: int = 0
    distinct: int = 0
    kind: str = "empty"
    unfit: int = 0
    shortest: int = 0
    longest: int = 0
    least: float | None = None
    most: float | None = None
    mean: float | None = None
    quartiles: tuple[float, ...] = ()
    earliest: int | None = None
    latest: int | None = None
    formats: tuple[str, ...] = ()
    values: tuple[tuple[str, int], ...] = ()
    rarer: int = 0
    private: dict[str, int] = field(default_factory=dict)
    hidden: bool = False
    meaning: str | None = None
    unit: Unit | None = None
    own: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers alone."""
        return self.kind in ("integer", "number")


def hides_all(hits: dict[str, int]) -> bool:
    """Whether no value of a column with these findings may be shown."""
    return any(rule == "phi_column" or rule_texts()[rule].severity == "error" for rule in hits)


def read_column(
    con: DuckDBPyConnection,
    staged: Staged,
    position: int,
    facts: dict[str, Any] | None,
    frequent: list[dict[str, Any]],
    private: dict[str, int],
    said: Mapping[str, str | None],
    own: str = "",
) -> ColumnScan:
    """A column from its counted facts (sql/onboarding/column_facts.sql); `facts` is None where every cell is blank.

    `said` is the meaning of headers of which a person told it, `own` what the last row of the header says.
    """
    header, name = staged.headers[position - 1], staged.names[position - 1]
    hidden = hides_all(private)
    if facts is None:
        return ColumnScan(header, name, 0, hidden=hidden, private=private, own=own or header)
    filled = facts["cells"] - facts["missing"]
    kind, fitting, formats = _kind(filled, facts)
    cell = quote(name)
    numeric = kind in ("integer", "number") and not hidden
    quartiles = _quartiles(con, staged.table, cell) if numeric else ()
    years = _years(con, staged.table, cell, formats) if formats and not hidden else (None, None)
    if header in said:
        meaning = _said(header, said[header], kind, formats)
    else:
        least = MOSTLY * filled
        meaning = meaning_of(header, kind, lambda pattern: _hold(con, staged.file_id, position, pattern, least))
    if meaning in NAMING or formats:
        frequent = []
    units = _units(con, staged.file_id, position) if kind == "quantity" else ()
    return ColumnScan(
        header=header,
        name=name,
        filled=filled,
        missing=facts["missing"],
        distinct=facts["distinct_values"],
        kind=kind,
        unfit=filled - fitting,
        shortest=facts["shortest"],
        longest=facts["longest"],
        least=facts["least"] if numeric else None,
        most=facts["most"] if numeric else None,
        mean=facts["mean"] if numeric else None,
        quartiles=quartiles,
        earliest=years[0],
        latest=years[1],
        formats=formats,
        values=tuple((value["value"], value["n"]) for value in frequent),
        rarer=facts["distinct_values"] - len(frequent),
        private=private,
        hidden=hidden,
        meaning=meaning,
        unit=unit_of(meaning, header, kind, quartiles[1] if quartiles else None, units),
        own=own or header,
    )


def _kind(filled: int, facts: dict[str, Any]) -> tuple[str, int, tuple[str, ...]]:
    """The kind, how many cells fit it, and the formats that fit most cells."""
    if not filled:
        return "empty", 0, ()
    enough = MOSTLY * filled
    dates = list(zip([*rules()["date_formats"], *rules()["datetime_formats"]], facts["dates"], strict=True))
    most = max(count for _, count in dates)
    formats = tuple(text for text, count in dates if count == most and most >= enough)
    eight_digits = formats == ("%Y%m%d",) and facts["shortest"] == facts["longest"] == 8
    if facts["flag"] >= enough:
        return "flag", facts["flag"], ()
    if formats and (facts["number"] < enough or eight_digits):
        return ("datetime" if formats[0] in rules()["datetime_formats"] else "date"), most, formats
    for kind in ("integer", "number", "feet", "quantity", "result"):
        if facts[kind] >= enough:
            return kind, facts[kind], ()
    return "text", filled, ()


def _quartiles(con: DuckDBPyConnection, table: str, cell: str) -> tuple[float, ...]:
    row = con.execute(
        f"SELECT approx_quantile(number({cell}), [0.25, 0.5, 0.75]) FROM {table}"
        f" WHERE NOT list_contains(?, trim({cell}, ' '))",
        [rules()["missing_numbers"]],
    ).fetchone()
    return tuple(row[0]) if row and row[0] else ()


def _years(con: DuckDBPyConnection, table: str, cell: str, formats: tuple[str, ...]) -> tuple[int | None, int | None]:
    row = con.execute(
        f"SELECT min(year(t)), max(year(t)) FROM (SELECT to_datetime({cell}, ?) AS t FROM {table})", [formats[0]]
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def _said(header: str, meaning: str | None, kind: str, formats: tuple[str, ...]) -> str | None:
    """The meaning that a person told. Raises InputError for a date, or for Yes and No, where the cells are none."""
    if meaning and rules()["meanings"][meaning]["kinds"] == ["flag"] and kind != "flag" and meaning != "death":
        raise InputError(
            f"{header} cannot be {meaning}: its cells do not say Yes and No.",
            f"Known are {', '.join(rules()['flag']['yes'])} and {', '.join(rules()['flag']['no'])}.",
        )
    if meaning and "date" in rules()["meanings"][meaning]["kinds"] and not formats:
        raise InputError(
            f"{header} cannot be {meaning}: its cells are no dates in any one form that is known.",
            f"Known are {', '.join(rules()['date_formats'])}, and some with a time of day.",
        )
    return meaning


def _hold(con: DuckDBPyConnection, file_id: int, position: int, pattern: str, least: float) -> bool:
    """Whether at least so many cells match the pattern as a whole."""
    row = con.execute(
        "SELECT coalesce(sum(n), 0) FROM profile_value"
        " WHERE file_id = ? AND column_id = ? AND regexp_full_match(trim(value, ' '), ?)",
        [file_id, position, pattern],
    ).fetchone()
    return row is not None and row[0] >= least


def _units(con: DuckDBPyConnection, file_id: int, position: int) -> tuple[str, ...]:
    """The texts behind the numbers of a column of quantities, most frequent first."""
    rows = con.execute(
        "SELECT trim(regexp_extract(value, '^ *[0-9.]+(.*)$', 1)) AS text FROM profile_value"
        " WHERE file_id = ? AND column_id = ? AND regexp_matches(value, '^ *[0-9.]+ ?[A-Za-z%/]') GROUP BY 1"
        " ORDER BY sum(n) DESC, 1 LIMIT 10",
        [file_id, position],
    ).fetchall()
    return tuple(row[0] for row in rows)
