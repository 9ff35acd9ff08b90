"""`python -m harmonize.quality.limits_build FOLDER` writes sql/quality/limits.tsv from OHDSI's lists of checks.

FOLDER holds the Data Quality Dashboard's lists for CDM v5.4 (Apache-2.0). What schemas/omop.yaml says likewise (tables,
columns, ids, required fields, types) is left out.
"""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

from harmonize.engine.paths import require_checkout, root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = ("check", "level", "table", "field", "concept_id", "unit_concept_id", "value", "threshold")
Row = dict[str, str]

_TABLE = ("measurePersonCompleteness", "measureConditionEraCompleteness", "measureObservationPeriodOverlap")
_FIELD = (
    ("isForeignKey", None),
    ("fkDomain", None),
    ("fkClass", None),
    ("isStandardValidConcept", None),
    ("standardConceptRecordCompleteness", None),
    ("sourceConceptRecordCompleteness", None),
    ("sourceValueCompleteness", "standardConceptFieldName"),
    ("plausibleValueLow", "plausibleValueLow"),
    ("plausibleValueHigh", "plausibleValueHigh"),
    ("plausibleTemporalAfter", "plausibleTemporalAfterFieldName"),
    ("plausibleDuringLife", None),
    ("withinVisitDates", None),
    ("plausibleAfterBirth", None),
    ("plausibleBeforeDeath", None),
    ("plausibleStartBeforeEnd", "plausibleStartBeforeEndFieldName"),
)
"""Check → the column of OHDSI's list that says with what a field is compared."""
_CONCEPT = (
    "plausibleGender",
    "plausibleGenderUseDescendants",
    "plausibleValueLow",
    "plausibleValueHigh",
    "plausibleUnitConceptIds",
)


def limits(folder: Path) -> Iterator[Row]:
    """The checks that OHDSI's lists name, one a row of `COLUMNS`."""
    for row in _rows(folder, "Table"):
        yield from (_limit(row, check, "TABLE", row[f"{check}Threshold"]) for check in _TABLE if row[check] == "Yes")
    for row in _rows(folder, "Field"):
        for check, compared in _FIELD:
            if row[check] not in ("", "No"):
                threshold = row[f"{check}Threshold"]
                yield _limit(row, check, "FIELD", threshold, value=_compared(row, check, compared))
    for row in _rows(folder, "Concept"):
        for check in _CONCEPT:
            if row[check]:
                yield _limit(row, check, "CONCEPT", row[f"{check}Threshold"], value=row[check])


def _limit(row: Row, check: str, level: str, threshold: str, value: str = "") -> Row:
    return {
        "check": check,
        "level": level,
        "table": row["cdmTableName"].lower(),
        "field": row.get("cdmFieldName", "").lower().strip('"'),
        "concept_id": row.get("conceptId", ""),
        "unit_concept_id": row.get("unitConceptId", ""),
        "value": value,
        "threshold": threshold,
    }


def _compared(row: Row, check: str, column: str | None) -> str:
    """The key that a field names, the domain or class of its concept, the other field, or the limit."""
    if check == "isForeignKey":
        return f"{row['fkTableName']}.{row['fkFieldName']}".lower()
    if check.startswith("fk"):
        return row[check]
    return _portable(row[column].lower()) if column else ""


def _portable(value: str) -> str:
    """Limits that are dates, as ISO 8601; those that depend on the day of the check by name."""
    named = {"dateadd(dd,1,getdate())": "tomorrow", "year(getdate())+1": "next year"}
    digits = value.strip("'")
    is_day = value.startswith("'") and len(digits) == len("YYYYMMDD")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if is_day else named.get(value, value)


def _rows(folder: Path, level: str) -> Iterator[Row]:
    with (folder / f"DQD_OMOP_CDMv5.4_{level}_Level.csv").open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def write(folder: Path) -> None:
    """Write the list anew."""
    require_checkout()
    with (root("sql") / "quality" / "limits.tsv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(limits(folder))


if __name__ == "__main__":
    require_checkout()
    from pathlib import Path

    write(Path(sys.argv[1]))
