"""The tokens of a statement, by characters: DuckDB counts the bytes of its UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb


def tokens(sql: str) -> Iterator[tuple[int, duckdb.token_type]]:
    """(where it begins in `sql`, its kind) of each token."""
    data = sql.encode()
    characters = before = 0
    for start, kind in duckdb.tokenize(sql):
        characters += len(data[before:start].decode())
        before = start
        yield characters, kind
