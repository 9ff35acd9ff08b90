"""Statements asked about rows by hand: what stands in their tables before, and what they give.

An entry of tests/pipeline/data/statements names the statements to `run` one after the other, in an empty store, the
`tables` before them, and after them some `found`: a query and its rows (`{name}` in a query is the statement of that
name; alone it gives them in order). A table is a text: a line of columns, then a line a row, cells apart by blanks; `-`
is NULL, `~` in a cell stands for a blank, and `md5:x` for the digest of x. A name with a schema is a table of the
store, which takes DEFAULTS for what it requires; one without is a temp table, whose columns are texts, or of the type
behind their colon. `put_in` fills places of the statements, `given` are their parameters. What a store holds from the
beginning goes from the tables to `empty`; `macros` stand for those of files that make more than is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from duckdb import DuckDBPyConnection
from rows_by_hand import prepare

from harmonize.engine.paths import sql

DATA = Path(__file__).parent / "data" / "statements"
_NAMED = re.compile(r"\{([a-z0-9_/.]+)\}")
DEFAULTS: dict[str, dict[str, str]] = {
    "midrc": {"mapping_id": "1", "project_id": "P", "record_id": "1"},
    "harmonize.submission": {
        "source": "ehr", "mapping": "m", "mapping_version": "1", "mode": "upsert", "state": "loaded",
        "loaded_at": "2026-01-01",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry of a file of statements."""

    name: str
    found: dict[str, str]
    run: list[str] = field(default_factory=list)
    tables: dict[str, str] = field(default_factory=dict)
    put_in: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    macros: dict[str, str] = field(default_factory=dict)


def entries() -> list[Entry]:
    return [
        Entry(**raw) for path in sorted(DATA.glob("*.yaml")) for raw in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def differences(con: DuckDBPyConnection, entry: Entry) -> dict[str, tuple[list[str], list[str]]]:
    """By query: rows that it gives and should not, rows that it lacks."""
    prepare(con)
    for macro, made in entry.macros.items():
        con.execute(f"CREATE OR REPLACE TEMP MACRO {macro} AS {made}")
    for table in entry.empty:
        con.execute(f"DELETE FROM {table}")
    for table, text in entry.tables.items():
        _fill(con, table, text)
    for name in entry.run:
        text = _filled(entry, sql(name).replace("CREATE VIEW", "CREATE OR REPLACE VIEW"))
        for statement in con.extract_statements(text):
            used = {name: value for name, value in entry.given.items() if name in statement.named_parameters}
            con.execute(statement, used) if used else con.execute(statement)
    wrong = {}
    for query, text in entry.found.items():
        asked = _NAMED.sub(lambda named: f"({_filled(entry, sql(named[1]))})", query)
        found = [" ".join(map(_shown, row)) for row in con.execute(asked).fetchall()]
        expected = [" ".join(line.split()) for line in text.splitlines()]
        if "ORDER BY" not in query and not query.startswith("{"):
            found, expected = sorted(found), sorted(expected)
        if found != expected:
            wrong[query] = ([row for row in found if row not in expected] or found, expected)
    return wrong


def _filled(entry: Entry, text: str) -> str:
    for place, value in entry.put_in.items():
        text = text.replace("{" + place + "}" if place.isidentifier() else place, value)
    # a text for format() writes its own braces twice
    return text.replace("{{", "{").replace("}}", "}") if "{{" in text else text


def _shown(value: object) -> str:
    return "-" if value is None else str(value).replace(" ", "~")


def _fill(con: DuckDBPyConnection, table: str, text: str) -> None:
    header, *lines = (line.split() for line in text.splitlines())
    names = [name.partition(":")[0] for name in header]
    schema, _, name = table.rpartition(".")
    more = _required(con, schema, name, names) if schema else {}
    if not schema:
        kinds = [column.partition(":")[2].replace("~", " ") or "VARCHAR" for column in header]
        columns = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    target = f'{schema}."{name}"' if schema else table
    for line in lines:
        values = dict(zip(names, map(_cell, line), strict=True)) | more
        if "row_key" in more:
            values["row_key"] = str(uuid4())
        places = ", ".join("?" * len(values))
        con.execute(f"INSERT INTO {target} ({', '.join(values)}) VALUES ({places})", list(values.values()))


def _required(con: DuckDBPyConnection, schema: str, name: str, told: list[str]) -> dict[str, str]:
    """What a table of the store requires beyond the columns told."""
    known = con.execute(
        "SELECT column_name, data_type, is_nullable = 'NO' FROM information_schema.columns "
        "WHERE table_schema = $1 AND table_name = $2",
        [schema, name],
    ).fetchall()
    own = DEFAULTS.get(f"{schema}.{name}", DEFAULTS.get(schema, {}))
    return {
        column: own.get(column, _required_value(column, kind, name))
        for column, kind, required in known
        if column not in told and (required or column in own)
    }


def _cell(cell: str) -> str | None:
    if cell.startswith("md5:"):
        return md5(cell[4:].encode()).hexdigest()
    return None if cell == "-" else cell.replace("~", " ")


def _required_value(column: str, kind: str, table: str) -> str:
    """What a column that a test does not care for may not lack."""
    if kind == "UUID":
        return "00000000-0000-0000-0000-000000000000"
    if kind == "BOOLEAN":
        return "false"
    if kind.startswith(("DATE", "TIMESTAMP")):
        return "2021-03-01"
    if column == "type":
        return table
    return "0" if kind != "VARCHAR" else "x"
