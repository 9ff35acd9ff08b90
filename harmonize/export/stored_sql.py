"""The SQL that a database file brings along and runs when it is asked: views, macros, computed columns."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import duckdb

from harmonize.export.sql_tokens import tokens

# Not `WHERE NOT internal`: the file itself says whether an entry of it is.
_VIEWS = "SELECT view_name, coalesce(sql, '') FROM duckdb_views() WHERE database_name = current_database()"
_COLUMNS = """
SELECT table_name, column_default FROM duckdb_columns()
WHERE database_name = current_database() AND column_default IS NOT NULL
"""
_FUNCTIONS = """
SELECT DISTINCT function_name, database_name = current_database(), function_type = 'table_macro',
    coalesce(macro_definition, '')
FROM duckdb_functions()
"""


class StoredSql:
    """What is behind the names of one file, read when it is first asked: to list all functions takes a while."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def behind(self, role: str, name: str) -> list[str]:
        """The SELECTs that run where the casefolded `name` is used as a table (`role`), or as any function.

        Those of every schema: whichever DuckDB chooses is among them. An empty text stands for what cannot be read.
        """
        return self._relations.get(name, []) if role == "table" else self._macros.get(name, [])

    def is_macro(self, name: str) -> bool:
        """Whether the casefolded `name` can only be a macro of the file, and no function of DuckDB."""
        return name in self._macros and name not in self._built_in

    @cached_property
    def _relations(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for name, sql in self._con.execute(_VIEWS).fetchall():
            found[name.casefold()].append(_select_of_view(sql))
        for name, expression in self._con.execute(_COLUMNS).fetchall():
            found[name.casefold()].append(f"SELECT {expression}")
        return found

    @cached_property
    def _functions(self) -> list[tuple[str, bool, bool, str]]:
        return self._con.execute(_FUNCTIONS).fetchall()

    @cached_property
    def _macros(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for name, of_the_file, of_table, text in self._functions:
            if of_the_file:
                found[name.casefold()].append(text if of_table else f"SELECT {text}")
        return found

    @cached_property
    def _built_in(self) -> set[str]:
        return {name.casefold() for name, of_the_file, *_ in self._functions if not of_the_file}


def _select_of_view(sql: str) -> str:
    """What follows the first AS of `CREATE VIEW name (columns) AS SELECT ...`, as DuckDB prints a view."""
    for start, kind in tokens(sql):
        if kind == duckdb.token_type.keyword and sql[start : start + 3].casefold().strip() == "as":
            return sql[start + 2 :]
    return ""
