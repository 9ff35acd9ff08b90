"""Which rows of a CDM table can be sent in a form, as SQL: the cells, why a row stays, which cells stay blank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.export.consortia.form import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duckdb import DuckDBPyConnection

    from harmonize.export.consortia.form import Column, Form, Table

REASONS = {
    "look_back": "earlier than the day from which the form asks for rows",
    "not_used": "no row that is sent names this place or provider",
    "required": "the form requires the column, and it is empty",
    "type": "the value is none of the column's type",
    "length": "the text is longer than the column",
    "link": "the row that the column names is not sent",
}
"""Why a row is not sent, or a cell blank. The first two are the form's choice of rows, the others refuse."""
CHOSEN = frozenset({"look_back", "not_used"})


@dataclass(frozen=True)
class _Cell:
    """SQL of a cell: its value of the form's type, and conditions that refuse it, by reason."""

    column: Column
    value: str
    refused: tuple[tuple[str, str], ...]

    @property
    def first_refusal(self) -> str:
        """SQL: why the cell is refused, as reason:column; NULL where it is not."""
        whens = (f"WHEN {condition} THEN '{reason}:{self.column.name}'" for reason, condition in self.refused)
        return f"CASE {' '.join(whens)} END"

    @property
    def kept(self) -> str:
        """SQL: the value, NULL where it is refused."""
        if not self.refused or self.column.required:
            return self.value
        return f"CASE WHEN {' OR '.join(f'({one})' for _, one in self.refused)} THEN NULL ELSE {self.value} END"


class Selection:
    """The rows of the CDM tables of one file, table after table: what is sent is remembered for those that name it."""

    def __init__(self, con: DuckDBPyConnection, form: Form, cdm_schema: str) -> None:
        self.con, self.form, self.cdm_schema = con, form, cdm_schema
        con.execute(sql("export/consortia/key"))
        con.execute(sql("export/consortia/loss"))
        con.execute(sql("export/consortia/domain").format(cdm=quote(cdm_schema)))

    def relation(self, table: str) -> str:
        """A table of the CDM, as a query names it."""
        return f"{quote(self.cdm_schema)}.{quote(table)}"

    def check(self, table: Table) -> str:
        """Judge the rows of a table, note what is lost, and give the query of its cells, all of them texts."""
        types = self._types(table)
        self._judge(table, [_cell(column, table, types) for column in table.columns])
        key, own = quote(table.key), [column.name for column in table.columns if column.refers == table.name]
        self.con.execute(sql("export/consortia/left_out").format(key=key), {"table": table.name})
        if f"{table.name}_id" == table.key:
            self.con.execute(sql("export/consortia/sent").format(key=key), {"table": table.name})
        for name in own:
            unsent = sql("export/consortia/unsent").format(key=key, column=quote(name))
            self.con.execute(unsent, {"table": table.name, "column": name})
        header = zip(self.form.header(table), table.columns, strict=True)
        written = ", ".join(f"{_text(column, table.name, own)} AS {quote(name)}" for name, column in header)
        order = ", ".join(f"t.{quote(column.name)}" for column in table.columns)
        return f"SELECT {written} FROM form_checked t WHERE form_loss IS NULL ORDER BY {order}"

    def _judge(self, table: Table, cells: list[_Cell]) -> None:
        """Make form_checked: the cells, why a row is not sent, which cells stay blank."""
        blanks = [cell.first_refusal for cell in cells if cell.refused and not cell.column.required]
        self.con.execute(
            sql("export/consortia/checked").format(
                cells=", ".join(f"{cell.kept} AS {quote(cell.column.name)}" for cell in cells),
                loss=self._loss(table, cells),
                blanks=", ".join(blanks) or "NULL::VARCHAR",
                relation=self.relation(table.name),
            )
        )

    def _types(self, table: Table) -> Mapping[str, str]:
        """The columns of the CDM table with their types. Raises InternalError where the form names one that is not."""
        rows = self.con.execute(f"DESCRIBE {self.relation(table.name)}").fetchall()
        types = {row[0]: row[1] for row in rows}
        named = {column.value for column in table.columns} | {
            column.otherwise for column in table.columns if not column.otherwise.isdecimal()
        }
        if unknown := named - {""} - types.keys():
            raise InternalError(f"The form {self.form.name} names columns that {table.name} has not: {unknown}.")
        return types

    def _loss(self, table: Table, cells: list[_Cell]) -> str:
        """SQL: the first reason why a row is not sent, as reason:column; else NULL."""
        whens = list(self._not_chosen(table))
        for cell in cells:
            if cell.column.required:
                whens += [(condition, f"{reason}:{cell.column.name}") for reason, condition in cell.refused]
                whens.append((f"({cell.value}) IS NULL", f"required:{cell.column.name}"))
        told = (f"WHEN {condition} THEN '{reason}'" for condition, reason in whens)
        return f"CASE {' '.join(told)} ELSE NULL END" if whens else "NULL::VARCHAR"

    def _not_chosen(self, table: Table) -> Iterator[tuple[str, str]]:
        """Conditions of rows that the form does not ask for."""
        if table.since:
            column, day = table.since
            yield f"t.{quote(column)} < DATE '{day.isoformat()}'", f"look_back:{column}"
        if table.used_by:
            named = " AND ".join(
                f"NOT EXISTS (FROM {self.relation(user)} u WHERE u.{quote(table.key)} = t.{quote(table.key)})"
                for user in table.used_by
            )
            yield named, f"not_used:{table.key}"


def _cell(column: Column, table: Table, types: Mapping[str, str]) -> _Cell:
    """The cell of one column, and what refuses it but an empty value where one is required."""
    if not column.value:
        return _Cell(column, f"NULL::{_DUCKDB[column.type]}", ())
    raw = f"t.{quote(column.value)}"
    if column.otherwise:
        raw = f"coalesce({raw}, {column.otherwise if column.otherwise.isdecimal() else f't.{quote(column.otherwise)}'})"
    found = types[column.value]
    value = f"TRY_CAST({raw} AS {_DUCKDB[column.type]})"
    refused = []
    if column.type == "string":
        # a line break ends a record for many a reader, and is refused by the file check
        value = f"nullif(trim(regexp_replace({raw}, '[\\x00-\\x1f\\x7f]+', ' ', 'g')), '')"
        if column.length is not None:
            refused.append(("length", f"length({value}) > {column.length}"))
    elif column.type in ("date", "timestamp"):
        refused.append(("type", f"NOT isfinite({value}) OR year({value}) NOT BETWEEN 1000 AND 9999"))
    elif column.type == "float":
        refused.append(("type", f"NOT isfinite({value})"))
    elif found not in ("INTEGER", "BIGINT"):
        refused.append(("type", f"{raw} IS NOT NULL AND ({value} IS NULL OR {raw} <> {value})"))
    if column.refers and column.refers != table.name:
        refused.append(("link", _is_unsent(column, value)))
    return _Cell(column, value, tuple(refused))


_DUCKDB = {"integer": "BIGINT", "float": "DOUBLE", "string": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP"}


def _is_unsent(column: Column, value: str) -> str:
    """SQL: whether the cell names a row that is not sent."""
    if column.refers.startswith("@"):
        return (
            "NOT EXISTS (FROM form_key k JOIN form_domain d USING (table_name) "
            f"WHERE d.concept_id = t.{quote(column.refers[1:])} AND k.id = {value})"
        )
    return (
        f"{value} IS NOT NULL AND NOT EXISTS (FROM form_key k WHERE k.table_name = {literal(column.refers)} "
        f"AND k.id = {value})"
    )


def _text(column: Column, table: str, own: list[str]) -> str:
    """SQL: the cell as a text, empty where there is no value."""
    cell = f"t.{quote(column.name)}"
    if column.name in own:
        cell = (
            f"CASE WHEN EXISTS (FROM form_key k WHERE k.table_name = {literal(table)} AND k.id = {cell}) "
            f"THEN {cell} END"
        )
    if column.type in KINDS:
        cell = f"strftime({cell}, '{KINDS[column.type]}')"
    return f"coalesce({cell}::VARCHAR, '')"
