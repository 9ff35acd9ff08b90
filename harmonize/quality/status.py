"""Which checks do not apply: their table or column is missing or empty, their concept does not occur.

The rules are those of the Data Quality Dashboard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.quality.result import CheckResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harmonize.quality.run import Counted

_ERAS = "measureConditionEraCompleteness"
_OF_PERSONS = "condition_occurrence"


def judged(counted: Iterable[Counted]) -> list[CheckResult]:
    """What was counted, each with the reason why it does not apply, if it does not."""
    every = list(counted)
    tables = _Tables(every)
    return [CheckResult(one, tables.reason(one)) for one in every]


class _Tables:
    """What the checks of tables, columns and values say is missing or empty."""

    def __init__(self, counted: Iterable[Counted]) -> None:
        self.missing: set[tuple[str, str]] = set()
        self.empty_tables: set[str] = set()
        self.empty_columns: set[tuple[str, str]] = set()
        for one in counted:
            name, place = one.check.kind.check, (one.check.table, one.check.column)
            if name in ("cdmTable", "cdmField") and one.violated:
                self.missing.add(place)
            elif name == "measureValueCompleteness" and not one.error:
                if not one.denominator:
                    self.empty_tables.add(one.check.table)
                elif one.violated == one.denominator:
                    self.empty_columns.add(place)

    def reason(self, one: Counted) -> str | None:
        """Why the check does not apply, in the order of the Dashboard's rules."""
        check, name = one.check, one.check.kind.check
        table, place = check.table.upper(), f"{check.table}.{check.column}".upper()
        table_is_missing = (check.table, "") in self.missing
        if name == "cdmTable":
            return None
        if table_is_missing:
            return f"Table {table} does not exist."
        if name in ("measurePersonCompleteness", "cdmField"):
            return None
        if name == _ERAS:
            there = _OF_PERSONS not in self.empty_tables and (_OF_PERSONS, "") not in self.missing
            return None if there else f"Table {_OF_PERSONS.upper()} is empty."
        if (check.table, check.column) in self.missing:
            return f"Field {place} does not exist."
        if one.error:
            return None
        if check.table in self.empty_tables:
            return f"Table {table} is empty."
        if name != "measureValueCompleteness" and (check.table, check.column) in self.empty_columns:
            return f"Field {place} is not populated."
        if check.kind.level == "CONCEPT" and not one.denominator:
            unit = f" in the unit {check.unit_concept_id}" if check.unit_concept_id else ""
            return f"{check.column.upper()} {check.concept_id}{unit} does not occur in {table}."
        return None
