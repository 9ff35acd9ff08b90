"""The field checks of OHDSI's Data Quality Dashboard, as SQL over a published file.

`data/dqd_fields.tsv` says which field of which table each check is for: it is OHDSI's list (Data Quality Dashboard,
CDM v5.4, Apache-2.0) for the tables that are filled, and a test compares the two. Of every check the rows that break it
are counted; the Dashboard lets up to 1 or 5 in a hundred pass for dates, here none does.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from duckdb import DuckDBPyConnection

DATA = Path(__file__).parent / "data" / "dqd_fields.tsv"
BORN = "make_date(p.year_of_birth, coalesce(p.month_of_birth, 1), coalesce(p.day_of_birth, 1))"
PERSON = "JOIN omop.person p ON p.person_id = t.person_id"
CONCEPT = "JOIN omop.concept c ON c.concept_id = t.{field} WHERE c.concept_id <> 0"


class Rule(NamedTuple):
    """One check of one field; `other` is the field or table that it compares with, a domain or a class."""

    table: str
    field: str
    check: str
    other: str


QUERIES = {
    "isRequired": "WHERE t.{field} IS NULL",
    "isPrimaryKey": "WHERE t.{field} IN (SELECT {field} FROM omop.{table} GROUP BY {field} HAVING count(*) > 1)",
    "isForeignKey": "WHERE t.{field} IS NOT NULL AND t.{field} NOT IN (SELECT {key} FROM omop.{target})",
    "isStandardValidConcept": CONCEPT
    + " AND (c.standard_concept IS DISTINCT FROM 'S' OR c.invalid_reason IS NOT NULL)",
    "fkDomain": CONCEPT + " AND c.domain_id <> '{other}'",
    "fkClass": CONCEPT + " AND c.concept_class_id <> '{other}'",
    "plausibleStartBeforeEnd": "WHERE t.{field} > t.{other}",
    "plausibleAfterBirth": PERSON + " WHERE t.{field}::DATE < " + BORN,
    "plausibleBeforeDeath": "JOIN omop.death d ON d.person_id = t.person_id WHERE t.{field}::DATE > d.death_date + 60",
    "withinVisitDates": "JOIN omop.visit_occurrence v ON v.visit_occurrence_id = t.visit_occurrence_id "
    "WHERE t.{field}::DATE NOT BETWEEN v.visit_start_date - 7 AND v.visit_end_date + 7",
}
"""After `FROM omop.<table> t`: the rows that break the check."""


def rules() -> list[Rule]:
    """The checks, in the order of OHDSI's list."""
    with DATA.open(encoding="utf-8", newline="") as stream:
        return [Rule(*row.values()) for row in csv.DictReader(stream, delimiter="\t")]


def broken(con: DuckDBPyConnection) -> dict[str, int]:
    """`check table.field` → rows that break it, of all that any row breaks."""
    return dict(sorted(_broken(con)))


def _broken(con: DuckDBPyConnection) -> Iterator[tuple[str, int]]:
    for rule in rules():
        target, _, key = rule.other.partition(".")
        rest = QUERIES[rule.check].format(**rule._asdict(), target=target, key=key)
        row = con.execute(f"SELECT count(*) FROM omop.{rule.table} t {rest}").fetchone()
        if row and row[0]:
            yield f"{rule.check} {rule.table}.{rule.field}", row[0]


def checks_by_kind() -> Counter[str]:
    """How many fields each check is for."""
    return Counter(rule.check for rule in rules())
