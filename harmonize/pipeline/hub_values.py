"""What the hub keeps of a value, whatever the mapping gives: three digits of a ZIP code, numbers that fit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import literals, quote
from harmonize.mapping.select import RECORD_ID
from harmonize.schema.load import load_schema
from harmonize.validation.privacy.names import lists
from harmonize.validation.rules import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import Entry
    from harmonize.schema.model import ClassDef

MOST_DAYS = 100_000
"""Days from an index event that a column of the hub holds; more are no days but some other number."""
_LARGE = "[0-9]{6}|[eE][+]?[0-9]"
"""What every text of a number has that is larger than a column of days holds."""


@cache
def hub_classes() -> dict[str, ClassDef]:
    """The classes of the hub; read once, as every node of a load asks for them."""
    return load_schema("midrc").classes


@cache
def integers(target: str) -> frozenset[str]:
    """The slots of a node whose numbers have 32 bits."""
    from harmonize.schema.ddl import columns, duckdb_type

    slots = columns(hub_classes()[target])
    return frozenset(name for name, slot in slots.items() if duckdb_type(slot) == "INTEGER")


def bounded(target: str, name: str, value: str) -> str:
    """SQL of a value as the hub's column holds it: a number of 32 bits, of days one that lies within some lives."""
    if name not in integers(target):
        return value
    number = f"TRY_CAST({value} AS INTEGER)"
    return f"CASE WHEN {number} BETWEEN -{MOST_DAYS} AND {MOST_DAYS} THEN {number} END" if _is_day(name) else number


def _is_day(name: str) -> bool:
    return name.endswith("_day") or name.startswith("days_to_")


@cache
def zip3(cell: str) -> str:
    """SQL of the three digits that may be kept of a ZIP code: 000 of an area that counts too few people, nothing of
    what is none, such as a postcode of another country. Digits that a number has lost at its beginning are 0."""
    states = "|".join(lists()["states"])
    trimmed = f"trim({cell})"
    before = rf"(?:(?:[A-Za-z .''-]*[A-Za-z],? +)?(?:{states})[ ,]+)?"
    whole = rf"^{before}([0-9]{{3}})[0-9]{{2,6}}(?:[ -][0-9]{{1,5}})?(?:\.0+)? ?[A-Za-z]?$"
    digits = (
        f"CASE WHEN regexp_full_match({trimmed}, '[0-9]{{1,3}}(\\.0+)?')"
        f" THEN lpad(split_part({trimmed}, '.', 1), 3, '0')"
        f" WHEN regexp_full_match({trimmed}, '[0-9]{{4}}(\\.0+)?') THEN '0' || left({trimmed}, 2)"
        f" ELSE nullif(regexp_extract({trimmed}, '{whole}', 1), '') END"
    )
    return f"CASE WHEN {digits} IN ({literals(listed('restricted_zip3'))}) THEN '000' ELSE {digits} END"


def kept_place(found: Sequence[str]) -> dict[str, str]:
    """Of where somebody lives the hub has three digits of a ZIP code of the USA (45 CFR 164.514(b)(2)(i)(B))."""
    if "zip" not in found:
        return {}
    kept = zip3('m."zip"')
    if "country_of_residence" in found:
        here = literals(name.lower() for name in lists()["united_states"])
        kept = f'CASE WHEN coalesce(lower(trim(m."country_of_residence")) IN ({here}), true) THEN {kept} END'
    return {"zip": kept}


def note_large_numbers(con: DuckDBPyConnection, entries: list[Entry], views: dict[str, str], submission: int) -> None:
    """Findings of numbers that the hub's columns do not hold; they are not loaded."""
    asked: dict[str, list[tuple[str, str, str]]] = {}
    cells: dict[str, set[str]] = {}
    for entry in entries:
        for name in integers(entry.target) & entry.columns.keys():
            column = entry.columns[name]
            if entry.source in views and column.sources and not entry.joins:
                asked.setdefault(entry.source, []).append((entry.target, name, column.sql))
                cells.setdefault(entry.source, set()).update(column.sources)
    looks = [
        f"SELECT '{source}' AS source, "
        f"bool_or(regexp_matches(concat_ws(' ', {_cells(cells[source])}), '{_LARGE}')) AS hit FROM {views[source]} s"
        for source in asked
    ]
    if not looks:
        return
    hit = con.execute(f"SELECT source FROM ({' UNION ALL '.join(looks)}) WHERE hit").fetchall()
    selects = [
        f"SELECT {RECORD_ID} AS record_id, '{name}: ' || CAST({value} AS VARCHAR) AS value FROM {views[source]} s "
        f"WHERE ({value}) IS NOT NULL AND ({bounded(target, name, value)}) IS NULL"
        for (source,) in hit
        for target, name, value in dict.fromkeys(asked[source])
    ]
    if selects:
        con.execute(
            "INSERT INTO harmonize.finding SELECT DISTINCT ?, r.rule_id, i.file_id, i.line, NULL::INTEGER, "
            f"left(f.value, 200) FROM ({' UNION ALL '.join(selects)}) f JOIN incoming i USING (record_id) "
            "JOIN harmonize.rule r ON r.rule = 'large_number'",
            [submission],
        )


def _cells(names: Iterable[str]) -> str:
    return ", ".join(f"s.{quote(name)}" for name in sorted(names))
