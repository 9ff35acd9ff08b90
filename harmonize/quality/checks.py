"""All checks of the Data Quality Dashboard: what schemas/omop.yaml implies, and what sql/quality/limits.tsv lists."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from harmonize.engine.paths import root
from harmonize.engine.sql_text import literal, quote
from harmonize.quality.check import Check, kinds
from harmonize.schema.ddl import columns, tables
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harmonize.schema.model import ClassDef, Slot

LEFT_OUT = frozenset(
    {
        "concept",
        "concept_ancestor",
        "concept_class",
        "concept_relationship",
        "concept_synonym",
        "domain",
        "relationship",
        "vocabulary",
    }
)
"""The tables of the vocabulary: not the contributor's, and not asked by the Dashboard either."""
_DAYS = {"tomorrow": "(current_date + 1)", "next year": "(year(current_date) + 1)"}
_UNITS = ("measurement", "observation")
SEXES = {"Male": "M", "Female": "F"}
"""The words of OHDSI's lists → codes of the vocabulary Gender."""


def dashboard_checks(sexes: Mapping[str, int]) -> list[Check]:
    """All of them, of `sexes` by the code of the vocabulary Gender (M, F) the concepts of the loaded vocabulary."""
    schema = {name: cls for name, cls in tables(load_schema("omop")).items() if name not in LEFT_OUT}
    implied = [check for name, cls in schema.items() for check in _implied(name, cls)]
    return implied + [check for check in _listed(sexes) if check.table in schema]


def _implied(table: str, cls: ClassDef) -> Iterator[Check]:
    yield _of("cdmTable", "TABLE", table, "", {"table_name": literal(table)})
    for name, slot in columns(cls).items():
        yield from _of_field(table, name, slot)
        if "extension" in cls.annotations and "fk_table" in slot.annotations:  # which OHDSI's lists do not name
            yield _reference(table, name, f"{slot.annotations['fk_table']}.{slot.annotations['fk_field']}")


def _of_field(table: str, name: str, slot: Slot) -> Iterator[Check]:
    yield _of("cdmField", "FIELD", table, name, {"table_name": literal(table), "field_name": literal(name)})
    if slot.required:
        yield _of("isRequired", "FIELD", table, name)
    if slot.range == "integer":
        yield _of("cdmDatatype", "FIELD", table, name)
    if slot.identifier:
        yield _of("isPrimaryKey", "FIELD", table, name)
    yield _of("measureValueCompleteness", "FIELD", table, name, threshold=0 if slot.required else 100)


def _reference(table: str, name: str, key: str) -> Check:
    """That what a field names is there."""
    target, _, column = key.partition(".")
    filled = {"fk_table": quote(target), "fk_field": quote(column)}
    return _of("isForeignKey", "FIELD", table, name, filled, told={"fk_table": target.upper()})


def _of(
    check: str,
    level: str,
    table: str,
    name: str,
    filled: Mapping[str, str] | None = None,
    *,
    told: Mapping[str, str] | None = None,
    threshold: float = 0,
) -> Check:
    kind = kinds()[check, level]
    return Check(kind, table, name, threshold=threshold, told=told or {}, filled=filled or {})


def _listed(sexes: Mapping[str, int]) -> Iterator[Check]:
    with (root("sql") / "quality" / "limits.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            yield _limit(row, sexes)


def _limit(row: Mapping[str, str], sexes: Mapping[str, int]) -> Check:
    value, name = row["value"], row["check"]
    if name == "isForeignKey":
        return _reference(row["table"], row["field"], value)
    return Check(
        kinds()[name, row["level"]],
        row["table"],
        row["field"],
        row["concept_id"],
        row["unit_concept_id"],
        float(row["threshold"]) if row["threshold"] else None,
        _statement(row),
        told={"value": value, "other": value.upper()},
        filled={"value": literal(value) if name.startswith("fk") else _in_sql(value, sexes), "other": quote(value)},
    )


def _statement(row: Mapping[str, str]) -> str:
    """Where a kind has another statement for some fields, its name."""
    if row["check"] == "standardConceptRecordCompleteness" and row["field"] == "unit_concept_id":
        return "field/unit_record_completeness" if row["table"] in _UNITS else ""
    if row["check"] == "plausibleTemporalAfter" and row["value"] == "birth_datetime":
        return "field/plausible_temporal_after_birth"
    return ""


def _in_sql(value: str, sexes: Mapping[str, int]) -> str:
    """A limit as SQL has it: a number, a list of them, a day, the concept of a sex."""
    if value in SEXES:
        return str(sexes.get(SEXES[value], "NULL"))
    if value in _DAYS:
        return _DAYS[value]
    return f"DATE {literal(value)}" if value.count("-") == 2 else value
