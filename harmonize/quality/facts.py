"""What the page shows besides checks: persons, events and images over time, deliveries, what is unmapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.quality.small_cells import LEAST

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection

EVENTS = {
    "visit_occurrence": "visit_start_date",
    "condition_occurrence": "condition_start_date",
    "drug_exposure": "drug_exposure_start_date",
    "procedure_occurrence": "procedure_date",
    "measurement": "measurement_date",
    "observation": "observation_date",
}
"""Table → the day of its rows."""
CODED = {
    "condition_occurrence": "condition",
    "drug_exposure": "drug",
    "procedure_occurrence": "procedure",
    "measurement": "measurement",
    "observation": "observation",
}
"""Table → how its concept and source value begin."""
MOST_UNMAPPED = 15


@dataclass(frozen=True)
class Cell:
    """Rows and persons of a series (a table, a modality, a sex) at a place (a month, an age)."""

    series: str
    place: date | int
    rows: int
    persons: int


@dataclass(frozen=True)
class Facts:
    """All of it, of a `site` or of all."""

    site: str | None
    counted: dict[str, int]
    pyramid: list[Cell]
    months: list[Cell]
    images: list[Cell]
    deliveries: list[dict[str, Any]]
    unmapped: list[dict[str, Any]]
    new_rows: list[dict[str, Any]]


def facts(con: DuckDBPyConnection, site: str | None, *, is_published: bool) -> Facts:
    """Asks for them, where the checks have been run on the same connection (they know whose site a person is)."""
    given = {"site": site}
    return Facts(
        site,
        _rows(con, sql("quality/page/counted"), given)[0],
        _cells(con, sql("quality/page/pyramid"), given),
        [cell for table, day in EVENTS.items() for cell in _cells(con, _of_table("months", table, day), given)],
        _cells(con, sql("quality/page/image_months"), given),
        _rows(con, sql("quality/page/deliveries"), given),
        _unmapped(con, given),
        [] if is_published or site is None else _rows(con, sql("quality/page/new_rows"), given),
    )


def sites(con: DuckDBPyConnection) -> list[str]:
    """The sites that persons are of, and those that sent anything."""
    found = con.execute(
        "SELECT project_id FROM quality_case UNION SELECT project_id FROM harmonize.submission ORDER BY 1"
    )
    return [row[0] for row in found.fetchall()]


def _unmapped(con: DuckDBPyConnection, given: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for table, start in CODED.items():
        text = _of_table("unmapped", table, f"{start}_concept_id", f"{start}_source_value")
        found += _rows(con, text, {**given, "least": LEAST})
    return sorted(found, key=lambda row: (-row["n"], row["table"], row["value"]))[:MOST_UNMAPPED]


def _of_table(name: str, table: str, field: str, source: str = "") -> str:
    return sql(f"quality/page/{name}").format(
        table=quote(table), table_name=literal(table), field=quote(field), source=quote(source)
    )


def _cells(con: DuckDBPyConnection, text: str, given: dict[str, Any]) -> list[Cell]:
    return [Cell(*row) for row in con.execute(text, given).fetchall()]


def _rows(con: DuckDBPyConnection, text: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    found = con.execute(text, given)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
