"""Events that a delivery of tables dates before the birth of their patient, and ages below nought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal
from harmonize.mapping.select import RECORD_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import Entry
    from harmonize.pipeline.project import Project

_DATES = ("start_date", "start_datetime", "series_date", "study_date")
_DAYS = ("start_day", "days_to_hospital_admission", "study_day", "days_to_study")
_BIRTHS = ("birth_date", "birth_year", "birth_month", "age_at_index", "age_value")
_AGES = ("age_at_index", "age_value")


def note_before_birth(
    con: DuckDBPyConnection,
    met: Sequence[Entry],
    views: dict[str, str],
    submission: int,
    project: Project,
    store: str | None,
) -> None:
    """The finding before_birth of every record that begins before its patient was born, as the delivery or the store
    (the prefix of its schemas) knows the birth. Rows that are looked up are not asked, nor births of a store whose
    dates were moved, nor dates of the calendar where days count from an event."""
    plain = [entry for entry in met if "case_key" in entry.columns and not entry.joins]
    births = [_births(entry, views) for entry in plain if entry.target == "case" and _has(entry, _BIRTHS)]
    if store is not None and project.time_policy != "shifted":
        births.append(_births_of(store, project))
    events = list(_events(plain, views))
    ages = [_negative_ages(entry, views) for entry in plain if _has(entry, _AGES)]
    if (not births or not events) and not ages:
        return
    parts = {
        "{births}": " UNION ALL BY NAME ".join(births) or "SELECT NULL AS case_key, NULL AS first_date, 0 AS first_day",
        "{events}": " UNION ALL BY NAME ".join(events)
        or "SELECT 0 AS record_id, NULL AS case_key, '' AS what, NULL::DATE AS date, 0 AS day WHERE false",
        "{has_calendar}": str(project.time_policy != "offset"),
        "{ages}": " UNION ALL ".join(ages) or "SELECT 0 AS record_id, '' AS what WHERE false",
    }
    statement = sql("ledger/before_birth")
    for name, text in parts.items():
        statement = statement.replace(name, text)
    con.execute(statement, {"submission": submission})


def _has(entry: Entry, names: Iterable[str]) -> bool:
    return any(name in entry.columns for name in names)


def _first(date: str, year: str, month: str, age: str) -> str:
    """SQL of the first day that a case can have lived: of the calendar, and counted from its index event."""
    known = f"coalesce({date}, TRY(make_date({year}::INTEGER, coalesce({month}::INTEGER, 1), 1)))"
    return f"{known} AS first_date, -366 * (floor({age}) + 1) AS first_day"


def _births(entry: Entry, views: dict[str, str]) -> str:
    told = {name: f"({entry.columns[name].sql})" if name in entry.columns else "NULL" for name in _BIRTHS}
    age = f"coalesce({told['age_at_index']}, {told['age_value']}, NULL::DOUBLE)"
    first = _first(f"{told['birth_date']}::DATE", told["birth_year"], told["birth_month"], age)
    return f"SELECT {entry.columns['case_key'].sql} AS case_key, {first} FROM {views[entry.source]} s{_where(entry)}"


def _births_of(store: str, project: Project) -> str:
    first = _first("birth_date", "birth_year", "birth_month", "coalesce(age_at_index, age_value)")
    return f'SELECT case_key, {first} FROM {store}midrc."case" WHERE project_id = {literal(project.project_id)}'


def _where(*entries: Entry) -> str:
    """The rows that some of the entries make."""
    tests = [entry.when.sql if entry.when else "true" for entry in entries]
    return "" if "true" in tests else f" WHERE {' OR '.join(f'({test})' for test in dict.fromkeys(tests))}"


def _events(entries: Sequence[Entry], views: dict[str, str]) -> Iterable[str]:
    """The rows that have a date: those of a table that has one column of dates for many entries are asked once."""
    groups: dict[tuple[str, str, str, str], list[Entry]] = {}
    for entry in entries:
        dates = [f"({entry.columns[name].sql})::DATE" for name in _DATES if name in entry.columns]
        days = [f"({entry.columns[name].sql})::DOUBLE" for name in _DAYS if name in entry.columns]
        if entry.target != "case" and (dates or days):
            moment = f"coalesce({', '.join([*dates, 'NULL::DATE'])})", f"coalesce({', '.join([*days, 'NULL::DOUBLE'])})"
            groups.setdefault((entry.source, entry.columns["case_key"].sql, *moment), []).append(entry)
    for (source, case, date, day), some in groups.items():
        yield (
            f"SELECT s.{RECORD_ID} AS record_id, {case} AS case_key, {date} AS date, {day} AS day, "
            f"{literal(some[0].target.replace('_', ' '))} AS what FROM {views[source]} s{_where(*some)}"
        )


def _negative_ages(entry: Entry, views: dict[str, str]) -> str:
    ages = [f"({entry.columns[name].sql})" for name in _AGES if name in entry.columns]
    below = " OR ".join(f"coalesce({age} < 0, false)" for age in ages)
    rows = f"SELECT s.*, {below} AS is_below_ FROM {views[entry.source]} s{_where(entry)}"
    return f"SELECT {RECORD_ID} AS record_id, 'age' AS what FROM ({rows}) WHERE is_below_"
