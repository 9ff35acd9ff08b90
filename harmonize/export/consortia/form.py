"""The form of a consortium's files: sql/export/consortia/NAME.yaml, and NAME.tsv with a line a column, as sent."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import root

TYPES = frozenset({"integer", "float", "string", "date", "timestamp"})
KINDS = {"date": "%Y-%m-%d", "timestamp": "%Y-%m-%d %H:%M:%S"}
"""How days and times are written."""


@dataclass(frozen=True)
class Column:
    """A column as it is sent: `value` is the CDM v5.4 column that fills it ("": it stays blank), `otherwise` the column
    or the number where that is empty; `refers` names the table of the form whose row it names, or, after @, the column
    with the domain of that row."""

    name: str
    type: str
    length: int | None
    required: bool
    value: str
    otherwise: str
    refers: str


@dataclass(frozen=True)
class Table:
    """A table as it is sent. `since`: the column and the day from which rows count; `used_by`: tables of the CDM of
    which one must name a row, or it is not sent."""

    name: str
    columns: tuple[Column, ...]
    since: tuple[str, date] | None
    used_by: tuple[str, ...]

    @property
    def key(self) -> str:
        """The column that names a row in the report."""
        return self.columns[0].name

    @property
    def is_filled(self) -> bool:
        """Whether the CDM fills it; the others have a header alone."""
        return any(column.value for column in self.columns)


@dataclass(frozen=True)
class Form:
    """The files of a consortium: tables in an order in which a row comes after those that it names, and `others`."""

    name: str
    title: str
    file: str
    delimiter: str
    upper_case: bool
    tables: tuple[Table, ...]
    others: tuple[str, ...] = ()

    def place(self, table: str) -> str:
        """The name of a table's file in the folder."""
        return self.file.format(table=table, TABLE=table.upper())

    def header(self, table: Table) -> list[str]:
        """The names of the columns as the file has them."""
        return [column.name.upper() if self.upper_case else column.name for column in table.columns]


@cache
def read_form(name: str) -> Form:
    """A shipped form. Raises InternalError for a line that nothing can be made of."""
    folder = root("sql") / "export" / "consortia"
    told = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    columns: dict[str, list[Column]] = {}
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            columns.setdefault(row["table"], []).append(_column(name, row))
    since, used_by = told.get("since", {}), told.get("used_by", {})
    if unknown := (since.keys() | used_by.keys()) - columns.keys():
        raise InternalError(f"{name}.yaml names tables that {name}.tsv has not: {', '.join(sorted(unknown))}.")
    tables = tuple(
        Table(
            table,
            tuple(found),
            (since[table]["column"], since[table]["day"]) if table in since else None,
            tuple(used_by.get(table, ())),
        )
        for table, found in columns.items()
    )
    others = tuple(told.get("others", ()))
    return Form(name, told["title"], told["file"], told["delimiter"], told.get("upper_case", False), tables, others)


def _column(form: str, row: dict[str, str]) -> Column:
    if row["type"] not in TYPES:
        raise InternalError(f"{form}.tsv: {row['table']}.{row['column']} cannot be of type {row['type']!r}.")
    return Column(
        row["column"],
        row["type"],
        int(row["length"]) if row["length"] else None,
        row["required"] == "yes",
        row["value"],
        row["otherwise"],
        row["refers"],
    )
