"""What SQL an analyst may send: one reading statement that reaches no file, no setting, no machine.

DuckDB itself closes files, network and settings (`enable_external_access`, `lock_configuration`). What it
leaves readable (settings, paths, dynamic SQL) is refused here by the names in the parsed statement.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from harmonize.engine.dataset import views_of
from harmonize.engine.errors import InputError
from harmonize.engine.memory import budget
from harmonize.engine.store import Config, connect
from harmonize.export.sql_tokens import tokens
from harmonize.export.stored_sql import StoredSql

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
_SECRET = frozenset({"day_zero", "store_key"})
"""Tables of a store that undo what it hides: calendar days of cases that count days, the key of its hashes."""
_OF_VIEWS, _TABLES = "read_parquet", "/tables/"
"""What the views of a dataset call, and the folder in it that they may read."""
_MOST_BRACKETS = 500
# A thread needs blocks of its own: where more threads than this share the memory, sorting fails instead of spilling.
_BYTES_A_THREAD = 32 * 1024**2
_FOLDERS = ("home_directory", "secret_directory", "extension_directory")  # would tell whose machine this is
_SCHEMAS = ("omop", "linked", "midrc", "harmonize", "main")


def open_sandbox(
    path: Path,
    *,
    wait: float,
    spill: Path,
    memory: str | None = None,
    threads: int | None = None,
    output: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """A read-only connection that reaches only `path`, its spill folder, and `output` where one is given.

    Names without a schema are looked for in omop, linked, midrc, harmonize, in this order.
    """
    most = max(1, budget(memory) // _BYTES_A_THREAD)
    extra: Config = {
        "threads": threads or min(os.cpu_count() or 1, most),
        "python_enable_replacements": False,  # a name is no variable of this program
        **dict.fromkeys(_FOLDERS, str(spill)),
    }
    path, found = views_of(path)
    con = connect(path, read_only=True, wait=wait, spill=spill, memory=memory, extra={**extra, **found})
    rows = con.execute("SELECT schema_name FROM duckdb_schemas() WHERE NOT internal OR schema_name = 'main'")
    there = {row[0] for row in rows.fetchall()}
    con.execute("SET search_path = ?", [_search_path(there)])
    if output is not None:
        con.execute("SET allowed_paths = ?", [[str(output)]])
    if found:
        # DuckDB asks for a file by its name as it is written first, then in the folder that is searched.
        con.execute("SET allowed_directories = ?", [[found["file_search_path"] + _TABLES, _TABLES[1:]]])
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _search_path(there: set[str]) -> str:
    return ",".join(schema for schema in _SCHEMAS if schema in there)


def checked(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The one statement in `sql` without its semicolon.

    Raises InputError where it is not one statement, not a read, or names what is closed to analysts.
    """
    if "\0" in sql:
        raise InputError("The statement holds a NUL character, behind which nothing would be read.", "Take it out.")
    _check_nesting(sql)
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


def _check_nesting(sql: str) -> None:
    """Refuse brackets that the parser takes gigabytes for where they are not closed."""
    if sql.count("(") <= _MOST_BRACKETS:
        return
    depth = 0
    for start, kind in tokens(sql):
        if kind == duckdb.token_type.operator:
            depth += (sql[start] == "(") - (sql[start] == ")")
            if depth > _MOST_BRACKETS:
                raise InputError(f"The statement is nested too deeply: in more than {_MOST_BRACKETS} brackets.")


def _without_semicolon(sql: str) -> str:
    """The statement up to its closing semicolon; what follows is blank or comment."""
    last = [start for start, kind in tokens(sql) if kind != duckdb.token_type.comment][-1]
    return sql[:last].rstrip("; \n\t") if sql[last] == ";" else sql


def _check_names(con: duckdb.DuckDBPyConnection, select: str) -> None:
    """Refuse a statement that names what is closed, itself or by a view, macro or computed column of the file."""
    tree = _tree(con, select)
    if tree is None:
        raise InputError("Only a SELECT can be explained here.", f"Allowed are {_KINDS}.")
    stored = StoredSql(con)
    files = _reads_files(con)
    waiting: list[tuple[Any, str]] = [(tree, "")]
    seen: set[tuple[str, str]] = set()
    while waiting:
        part, where = waiting.pop()
        for role, written in _names(part):
            name = written.casefold()
            if not _is_allowed(role, name, stored) and not (where and files and name == _OF_VIEWS):
                raise _closed(written, where)
            if (role, name) not in seen:
                seen.add((role, name))
                for text in stored.behind(role, name):
                    inner = _tree(con, text)
                    if inner is None:
                        raise _closed(written, "")
                    waiting.append((inner, f" (in {written})"))


def _reads_files(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether this is a dataset, whose views read files: those of its folder alone, which DuckDB sees to."""
    row = con.execute("SELECT current_setting('allowed_directories')").fetchone()
    return any(str(folder).endswith(_TABLES) for folder in (row[0] if row else ()) or ())


def _closed(name: str, where: str) -> InputError:
    return InputError(
        f"{name}{where} is not allowed here: it would read files, settings, paths or secrets.",
        "Tables and columns are listed by SHOW ALL TABLES and DESCRIBE.",
    )


def _tree(con: duckdb.DuckDBPyConnection, select: str) -> Any:
    """The statements of a text as DuckDB parses them, or None where it holds none or another than SELECT."""
    ((text,),) = con.execute("SELECT json_serialize_sql(?)", [select]).fetchall()
    try:
        tree = json.loads(text)
    except RecursionError as error:
        raise InputError("The statement is nested too deeply.", "Split it with WITH.") from error
    return None if tree["error"] else tree["statements"] or None


def _is_allowed(role: str, name: str, stored: StoredSql) -> bool:
    if role == "table function":
        return name in _TABLE_FUNCTIONS or stored.is_macro(name)
    if role == "list":
        return name in _SHOWN
    if role == "table" and name in _SECRET:
        return False
    if role == "table":
        return name in _CATALOGUE or not name.startswith(_SYSTEM_PREFIXES)
    return name not in _FUNCTIONS


def _names(tree: Any) -> Iterator[tuple[str, str]]:
    """(role, name) of every table, table function, function and list of SHOW anywhere in a parsed statement."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            kind = node.get("type")
            if kind == "TABLE_FUNCTION":
                yield "table function", node["function"]["qualified_name"]["path"][-1]
                waiting.append(node["function"]["arguments"])
                continue
            if kind == "BASE_TABLE":
                yield "table", node["qualified_name"]["path"][-1]
            elif kind == "SHOW_REF" and node["show_type"] == "SHOW_SPECIAL":
                yield "list", node["table_name"].strip('"')
            elif "function_name" in node:
                yield "function", node["function_name"]
            waiting += node.values()
