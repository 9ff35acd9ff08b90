"""The same number from the same rows in DuckDB and in PostgreSQL, whatever their order: a sum of hashes of the rows.

A cell is brought into one spelling first, since the two write numbers, truths and times in their own ways.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LIST = re.compile(r"^(VARCHAR|DOUBLE|INTEGER|BIGINT)\[\]$")
"""Lists of single values."""
_NUMBER = "CASE WHEN {0} = 0 THEN '0' WHEN abs({0}) < 1e15 AND abs({0}) >= 1e-4 THEN {1} ELSE 'far' END"


def is_object(kind: str) -> bool:
    """Whether a column of this DuckDB type holds objects, which other systems take as JSON."""
    return not LIST.match(kind) and (kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")))


def duckdb_checksum(columns: Mapping[str, str], relation: str) -> str:
    """SELECT of DuckDB: how many rows, their checksum."""
    hashed = f"('0x' || left(md5({_row(columns, _duckdb_text)}), 15))::BIGINT"
    return f"SELECT count(*), sum({hashed}::HUGEINT) FROM {relation}"


def postgres_checksum(columns: Mapping[str, str], relation: str) -> str:
    """SELECT of PostgreSQL: how many rows, their checksum. `columns` have the types of DuckDB."""
    hashed = f"('x' || left(md5({_row(columns, _postgres_text)}), 15))::bit(60)::bigint"
    return f"SELECT count(*), sum({hashed}) FROM {relation}"


def _row(columns: Mapping[str, str], text: Callable[[str, str], str]) -> str:
    cells = (f"coalesce({text(quote(name), kind)}, chr(29))" for name, kind in columns.items())
    return f"concat_ws(chr(30), {', '.join(cells)})"


def _duckdb_text(cell: str, kind: str) -> str:
    if found := LIST.match(kind):
        return f"array_to_string(list_transform({cell}, lambda x: {_duckdb_text('x', found[1])}), chr(31))"
    if is_object(kind):
        return f"CAST(to_json({cell}) AS VARCHAR)"
    if kind == "DOUBLE":
        return _NUMBER.format(cell, f"regexp_replace(CAST({cell} AS VARCHAR), '[.]0$', '')")
    if kind == "BOOLEAN":
        return f"CAST(CAST({cell} AS INTEGER) AS VARCHAR)"
    if kind == "TIMESTAMP":
        return f"strftime({cell}, '%Y-%m-%d %H:%M:%S.%f')"
    return f"CAST({cell} AS VARCHAR)"


def _postgres_text(cell: str, kind: str) -> str:
    if found := LIST.match(kind):
        if found[1] != "DOUBLE":
            return f"array_to_string({cell}, chr(31))"
        numbers = f"SELECT {_postgres_text('x', 'DOUBLE')} FROM unnest({cell}) WITH ORDINALITY AS u(x, n) ORDER BY n"
        return f"CASE WHEN {cell} IS NOT NULL THEN array_to_string(ARRAY({numbers}), chr(31)) END"
    if kind == "DOUBLE":
        return _NUMBER.format(cell, f"CAST({cell} AS double precision)::text")
    if kind == "BOOLEAN":
        return f"CAST(CAST({cell} AS integer) AS text)"
    if kind == "TIMESTAMP":
        return f"to_char({cell}, 'YYYY-MM-DD HH24:MI:SS.US')"
    if kind == "DATE":
        return f"to_char({cell}, 'YYYY-MM-DD')"
    return f"CAST({cell} AS text)"
