"""What OMOP holds of the records of a FHIR delivery, record by record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from duckdb import DuckDBPyConnection

# Table → its date, its source value, number and unit.
_TABLES = {
    "visit_occurrence": ("visit_start_date", "NULL", "NULL", "NULL"),
    "visit_detail": ("visit_detail_start_date", "NULL", "NULL", "NULL"),
    "condition_occurrence": ("condition_start_date", "condition_source_value", "NULL", "NULL"),
    "procedure_occurrence": ("procedure_date", "procedure_source_value", "NULL", "NULL"),
    "drug_exposure": ("drug_exposure_start_date", "drug_source_value", "NULL", "NULL"),
    "device_exposure": ("device_exposure_start_date", "device_source_value", "NULL", "NULL"),
    "measurement": ("measurement_date", "measurement_source_value", "value_as_number", "unit_source_value"),
    "observation": ("observation_date", "observation_source_value", "value_as_number", "unit_source_value"),
    "specimen": ("specimen_date", "specimen_source_value", "NULL", "NULL"),
}
# Rows that say of a result where and how it was found: their value is the site, the method.
_QUALIFIERS = ("bodySite", "method")


@dataclass
class Held:
    """What OMOP's rows of one record say."""

    tables: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    numbers: set[tuple[float, str | None]] = field(default_factory=set)


def held(con: DuckDBPyConnection) -> dict[str, Held]:
    """Key of a record (Observation/o1) → what the rows say that have it as their primary source."""
    found: dict[str, Held] = defaultdict(Held)
    for table, (date, code, number, unit) in _TABLES.items():
        rows = con.execute(
            "SELECT replace(l.node, 'fhir.', '') || '/' || l.record_key, p.person_source_value,"
            f" CAST(t.{date} AS VARCHAR), {code}, {number}, {unit}"
            f" FROM omop.{table} t JOIN omop.person p USING (person_id)"
            f" JOIN harmonize.lineage l ON l.omop_table = '{table}' AND l.omop_id = t.{table}_id"
            " WHERE l.role = 'primary'"
        ).fetchall()
        for key, person, day, source, value, of in rows:
            if source in _QUALIFIERS:
                continue
            record = found[key]
            record.tables.add(table)
            record.persons.add(person)
            record.dates.add(day)
            if source is not None:
                record.codes.add(source)
            if value is not None:
                record.numbers.add((float(value), of))
    return found


def persons(con: DuckDBPyConnection) -> set[str]:
    """What OMOP's persons are called."""
    return {name for (name,) in con.execute("SELECT person_source_value FROM omop.person").fetchall()}


def outcomes(con: DuckDBPyConnection) -> list[tuple[str, str, str | None, int]]:
    """Type, state, reason and how many records of the last delivery."""
    return con.execute(
        "SELECT replace(record_type, 'fhir.', ''), state, reason, count(*) FROM harmonize.ledger"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall()
