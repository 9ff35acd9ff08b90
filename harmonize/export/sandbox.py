"""What SQL an analyst may send: one reading statement that reaches no file, no setting, no machine.

DuckDB itself closes files, network and settings (`enable_external_access`, `lock_configuration`). What it
leaves readable (settings, paths, dynamic SQL) is refused here by the names in the parsed statement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from harmonize.engine.errors import InputError
from harmonize.engine.store import connect

_CATALOGUE = frozenset(
    {
        "duckdb_tables",
        "duckdb_views",
        "duckdb_columns",
        "duckdb_schemas",
        "duckdb_types",
        "duckdb_constraints",
        "duckdb_indexes",
    }
)
_TABLE_FUNCTIONS = _CATALOGUE | frozenset(
    {
        "range",
        "generate_series",
        "unnest",
        "repeat",
        "repeat_row",
        "json_each",
        "json_tree",
        "histogram",
        "histogram_values",
        "summary",
        "test_all_types",
        "duckdb_functions",
        "duckdb_keywords",
        "pragma_table_info",
        "pragma_show",
        "pragma_version",
        "pg_timezone_names",
        "icu_calendar_names",
    }
)
_SYSTEM_PREFIXES = ("duckdb_", "pragma_", "pg_")
# json_serialize_plan plans a text as SQL, and a plan holds the settings that it names.
_FUNCTIONS = frozenset({"current_setting", "getvariable", "getenv", "write_log", "json_serialize_plan"})
_SHOWN = frozenset({"tables", "databases", "__show_tables_expanded"})
_KINDS = "SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE and EXPLAIN"
_EXPLAIN = re.compile(r"\s*EXPLAIN(\s+ANALYZE)?\s", re.IGNORECASE)
_SCHEMAS = ("omop", "linked", "midrc", "harmonize", "main")


def open_sandbox(
    path: Path, *, wait: float, spill: Path, memory: str | None = None, output: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A read-only connection that reaches only `path`, its spill folder, and `output` where one is given.

    Names without a schema are looked for in omop, linked, midrc, harmonize, in this order.
    """
    con = connect(path, read_only=True, wait=wait, spill=spill, memory=memory)
    rows = con.execute("SELECT schema_name FROM duckdb_schemas() WHERE NOT internal OR schema_name = 'main'")
    there = {row[0] for row in rows.fetchall()}
    con.execute("SET search_path = ?", [_search_path(there)])
    if output is not None:
        con.execute("SET allowed_paths = ?", [[str(output)]])
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _search_path(there: set[str]) -> str:
    return ",".join(schema for schema in _SCHEMAS if schema in there)


def checked(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The one statement in `sql` without its semicolon.

    Raises InputError where it is not one statement, not a read, or names what is closed to analysts.
    """
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise InputError(f"Give one statement, not {len(statements)}.", f"Allowed are {_KINDS}.")
    text = _without_semicolon(statements[0].query)
    kind = statements[0].type.name
    if kind == "EXPLAIN":
        _check_names(con, _EXPLAIN.sub("", text, count=1))
    elif kind == "SELECT":
        _check_names(con, text)
    else:
        raise InputError(f"A statement of kind {kind} is not allowed here.", f"Allowed are {_KINDS}.")
    return text


def _without_semicolon(sql: str) -> str:
    """The statement up to its closing semicolon; what follows is blank or comment."""
    tokens = [start for start, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]
    return sql[: tokens[-1]].rstrip("; \n\t") if sql[tokens[-1]] == ";" else sql


def _check_names(con: duckdb.DuckDBPyConnection, select: str) -> None:
    ((text,),) = con.execute("SELECT json_serialize_sql(?)", [select]).fetchall()
    tree = json.loads(text)
    if tree["error"]:
        raise InputError("Only a SELECT can be explained here.", f"Allowed are {_KINDS}.")
    for role, name in _names(tree["statements"]):
        if not _is_allowed(role, name.casefold()) and not (role == "table function" and _is_own(con, name)):
            raise InputError(
                f"{name} is not allowed here: it would read files, settings or paths.",
                "Tables and columns are listed by SHOW ALL TABLES and DESCRIBE.",
            )


def _is_own(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether a table function is a macro of the file; to look costs more than to check the rest of a statement."""
    held = "FROM duckdb_functions() WHERE NOT internal AND lower(function_name) = lower(?)"
    return bool(con.execute(held, [name]).fetchall())


def _is_allowed(role: str, name: str) -> bool:
    if role == "table function":
        return name in _TABLE_FUNCTIONS
    if role == "list":
        return name in _SHOWN
    if role == "table":
        return name in _CATALOGUE or not name.startswith(_SYSTEM_PREFIXES)
    return name not in _FUNCTIONS


def _names(node: Any) -> Iterator[tuple[str, str]]:
    """(role, name) of every table, table function, function and list of SHOW anywhere in a parsed statement."""
    if isinstance(node, list):
        for child in node:
            yield from _names(child)
    elif isinstance(node, dict):
        kind = node.get("type")
        if kind == "TABLE_FUNCTION":
            yield "table function", node["function"]["qualified_name"]["path"][-1]
            yield from _names(node["function"]["arguments"])
            return
        if kind == "BASE_TABLE":
            yield "table", node["qualified_name"]["path"][-1]
        elif kind == "SHOW_REF" and node["show_type"] == "SHOW_SPECIAL":
            yield "list", node["table_name"].strip('"')
        elif "function_name" in node:
            yield "function", node["function_name"]
        for child in node.values():
            yield from _names(child)
