"""What a case's texts stand for: tables, columns and rules of a store, values by type of column, concepts by code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from harmonize.engine.errors import did_you_mean, nearest
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.vocabulary.resolve import find_sources

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.golden.case import Case, Text

SCHEMAS = ("omop", "midrc", "harmonize")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


@dataclass(frozen=True)
class Catalog:
    """`tables`: schema.table → column → type; `rules`: the ids of all rules that make findings."""

    tables: dict[str, dict[str, str]]
    rules: frozenset[str]

    @classmethod
    def of(cls, con: DuckDBPyConnection) -> Self:
        """The catalog of an open store."""
        tables: dict[str, dict[str, str]] = {}
        for name, column, kind in con.execute(
            "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE schema_name IN (SELECT unnest(?)) ORDER BY table_oid, column_index",
            [list(SCHEMAS)],
        ).fetchall():
            tables.setdefault(name, {})[column] = kind
        rules = con.execute("SELECT rule FROM harmonize.rule").fetchall()
        return cls(tables, frozenset(rule for (rule,) in rules))

    @staticmethod
    def full_name(table: str) -> str:
        """A table's name with its schema, which is omop where none is given."""
        return table if "." in table else f"omop.{table}"

    def qualified(self, table: str) -> str:
        """The table for a statement."""
        schema, _, name = self.full_name(table).partition(".")
        return f"{schema}.{quote(name)}"

    def columns(self, case: Case, table: str, line: int) -> dict[str, str]:
        """Column → type. Raises InputError for a table that there is not."""
        found = self.tables.get(self.full_name(table))
        if found is None:
            known = [name.removeprefix("omop.") for name in self.tables]
            raise case.fault(line, f"there is no table {table!r}.", did_you_mean(table, known))
        return found

    def concepts(self, con: DuckDBPyConnection, case: Case) -> dict[str, int]:
        """Each CURIE of the case's rows → concept_id: the concept of that very code, or of the one that it is another
        spelling of (mappings/vocabulary/aliases.tsv).

        Raises InputError for a vocabulary or code that the store does not know.
        """
        asked = {
            text.value: text.line
            for expected in case.rows.values()
            for row in expected.rows
            for column, text in row.cells.items()
            if column.endswith("concept_id") and isinstance(text.value, str) and ":" in text.value
        }
        con.execute(sql("vocabulary/coding_named"), {"codings": list(asked)})
        find_sources(con, "coding_named")
        found = dict(con.execute("SELECT coding, concept_id FROM coding_source").fetchall())
        for curie, line in asked.items():
            if not found[curie]:
                raise case.fault(line, f"the vocabulary has no concept {curie!r}.", _nearest_code(con, curie))
        return found

    @staticmethod
    def names(con: DuckDBPyConnection) -> dict[int, str]:
        """concept_id → its CURIE, for differences; the starter vocabulary is small."""
        rows = con.execute(
            "SELECT concept_id, vocabulary_id || ':' || concept_code FROM omop.concept WHERE concept_id <> 0"
        )
        return dict(rows.fetchall())


def _nearest_code(con: DuckDBPyConnection, curie: str) -> str | None:
    codes = con.execute("SELECT vocabulary_id || ':' || concept_code FROM omop.concept").fetchall()
    near = nearest(curie, [known for (known,) in codes])
    if near:
        return f"Did you mean {near!r}?"
    return "Find its code: harmonize mapping suggest 'NAME'; or write its concept_id."


def parse(case: Case, column: str, kind: str, text: Text) -> Any:
    """The value of a text for a column of that type. Raises InputError for a text that is none."""
    if text.value is None:
        return None
    if kind.endswith("[]") != isinstance(text.value, tuple):
        shape = "a list" if kind.endswith("[]") else "one value"
        raise case.fault(text.line, f"{column} takes {shape}.")
    if isinstance(text.value, tuple):
        return [_single(case, column, kind.removesuffix("[]"), item, text.line) for item in text.value]
    return _single(case, column, kind, text.value, text.line)


def _single(case: Case, column: str, kind: str, text: str, line: int) -> Any:
    try:
        if kind in _WHOLE:
            return int(text)
        if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
            return float(text)
        if kind == "DATE":
            return date.fromisoformat(text)
        if kind.startswith("TIMESTAMP"):
            return datetime.fromisoformat(text)
    except ValueError as error:
        what = {"DATE": "a date (YYYY-MM-DD)"}.get(kind, "a time" if kind.startswith("TIME") else "a number")
        raise case.fault(line, f"{column} is {text!r}, which is not {what}.") from error
    if kind == "BOOLEAN":
        if text.lower() not in ("true", "false"):
            raise case.fault(line, f"{column} is {text!r}; expected is true or false.")
        return text.lower() == "true"
    return text


def found_value(value: Any) -> Any:
    """A value of the store in the form that `parse` gives."""
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, UUID) else value
