"""The last look at a published file: whether anything in it tells whose it is. Set-based; each text once a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.errors import RefusedError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.export.becoming import is_vocabulary
from harmonize.export.identity import SOURCES
from harmonize.mapping.compiler.functions import install as install_functions
from harmonize.validation.privacy.texts import TextColumn, find
from harmonize.validation.rules import rule_texts

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.export.stored_table import StoredTable

SCANNED = "harmonize_scanned"
SHORT = 10_000
"""Rows of a table whose columns are read together."""
MADE = {"pseudonym": "{kind}-", "uid": "2.25."}
"""How the cells begin that publishing makes itself."""
NUMBERS = {"value_source_value": "value_as_number", "value_text": "value_number"}
"""Texts that were read as numbers where the column beside them has one; those may equal a key that is a number."""
SURE_RULES = {
    "phi_ssn": "social security number",
    "phi_email": "e-mail address",
    "phi_phone": "telephone number",
    "phi_mrn": "record number",
}
"""Rules of privacy whose hits are no guess: what they find in the file refuses it."""


@dataclass(frozen=True)
class Scanned:
    """A text column of the published file: its name in a sentence, its relation and cell, which rows are looked at."""

    name: str
    relation: str
    cell: str
    where: str
    is_made: bool
    is_short: bool

    @property
    def every(self) -> str:
        """SQL of the column's cells that are looked at, NULL for the others."""
        return self.cell if self.where == "true" else f"CASE WHEN {self.where} THEN {self.cell} END"


@dataclass(frozen=True)
class Hit:
    """So many different texts of a column are of a kind that must not be there, or look like it."""

    column: str
    kind: str
    count: int
    is_sure: bool

    def __str__(self) -> str:
        return f"{self.column} ({self.count} {self.kind}{'' if self.count == 1 else 's'})"


def scan(con: DuckDBPyConnection, published: Path, tables: list[StoredTable], cdm_schema: str) -> list[str]:
    """Look through the finished file; what is doubtful, in sentences.

    `con` is the connection that made it. Raises RefusedError where somebody's key, or what the rules of privacy are
    sure of, stands in it: no value is shown.
    """
    con.execute(f"ATTACH {literal(str(published))} AS {SCANNED} (READ_ONLY)")
    columns = [column for table in tables if table.rows for column in _columns(table, cdm_schema)]
    hits = []
    if columns:
        _read_cells(con, columns)
        hits = [*_known(con, columns), *_private(con, columns)]
    con.execute(f"DETACH {SCANNED}")
    sure = [hit for hit in hits if hit.is_sure]
    if sure:
        raise RefusedError(
            f"Nothing was published: the file would reveal whose data it holds. Found in {', '.join(map(str, sure))}.",
            "Look for it in the store (harmonize query), and take it out of the delivery or of the mapping's column.",
        )
    doubtful = [str(hit) for hit in hits]
    return [f"May identify a person, or may be something else: {', '.join(doubtful)}."] if doubtful else []


def _columns(table: StoredTable, cdm_schema: str) -> list[Scanned]:
    """The columns of texts; of those that publishing makes itself only cells that it has not made."""
    if is_vocabulary(table):
        return []
    schema = cdm_schema if table.schema == "omop" else table.schema
    relation = f"{SCANNED}.{quote(schema)}.{quote(table.name)}"
    found = []
    for name, line in table.columns.items():
        type_, cell = table.types[name], quote(name)
        if type_ not in ("VARCHAR", "VARCHAR[]") or line.becomes == "drop":
            continue
        if type_ == "VARCHAR[]":
            relation_of, cell = f"(SELECT unnest({cell}) AS cell FROM {relation})", "cell"
        else:
            relation_of = relation
        where = "true"
        if line.becomes in MADE:
            where = f"NOT starts_with({cell}, {literal(MADE[line.becomes].format(kind=line.argument))})"
        elif NUMBERS.get(name) in table.columns:
            where = f"{NUMBERS[name]} IS NULL"
        full = f"{schema}.{table.name}.{name}"
        found.append(Scanned(full, relation_of, cell, where, line.becomes in MADE, table.rows <= SHORT))
    return found


def _read_cells(con: DuckDBPyConnection, columns: list[Scanned]) -> None:
    """Temp table publish_cell: column_number, value; each text of a column once. A short table is read once, a long one
    once a column, so that its rows are never multiplied."""
    selects: list[str] = []
    together: dict[str, list[int]] = {}
    for number, column in enumerate(columns):
        if column.is_short:
            together.setdefault(column.relation, []).append(number)
        else:
            selects.append(f"SELECT DISTINCT {number} AS column_number, {column.every} AS value FROM {column.relation}")
    for relation, numbers in together.items():
        cells = ", ".join(columns[number].every for number in numbers)
        selects.append(
            f"SELECT DISTINCT unnest({numbers}) AS column_number, unnest([{cells}]) AS value FROM {relation}"
        )
    values = " UNION ALL ".join(selects)
    con.execute(sql("export/publish/cell").format(values=values))


def _known(con: DuckDBPyConnection, columns: list[Scanned]) -> list[Hit]:
    """What the store knows to be somebody's (harmonize.export.identity)."""
    con.execute(sql("export/publish/token"))
    hits = []
    for source in SOURCES:
        tokens = source(con)
        if tokens is not None:
            query = sql("export/publish/token_hit")
            query = query.replace("{tokens}", tokens.relation).replace("{hashed}", tokens.hashed)
            hits += [
                Hit(columns[number].name, kind, count, is_sure)
                for number, kind, is_sure, count in con.execute(query).fetchall()
            ]
    return hits


def _private(con: DuckDBPyConnection, columns: list[Scanned]) -> list[Hit]:
    """What the rules of privacy find that refuse a cell at a load; all columns at once, as the patterns take longer to
    compile than most columns to read."""
    install_functions(con)
    made = [number for number, column in enumerate(columns) if column.is_made]
    cells = f"(SELECT value FROM publish_cell WHERE NOT list_contains({made}::INTEGER[], column_number))"
    find(con, [TextColumn(0, "text", "value", cells)])
    rows = con.execute(
        "SELECT c.column_number, h.rule, count(*) FROM privacy_hit h JOIN publish_cell c USING (value) "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [
        Hit(columns[number].name, SURE_RULES.get(rule, f"text by the rule {rule}"), count, rule in SURE_RULES)
        for number, rule, count in rows
        if rule_texts()[rule].severity == "error"
    ]
