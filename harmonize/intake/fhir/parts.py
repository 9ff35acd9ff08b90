"""Cuts staged resources into parts that are worked on one after the other, so that memory does not grow with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.memory import limit_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

SMALLEST_PART = 64 * 2**20
LARGEST_PART = 256 * 2**20
"""So much JSON is parsed at once, between them an eighth of DuckDB's memory: a larger part keeps more threads busy."""
BLOCK_BITS = 14
"""A part is made of blocks of 2 ** BLOCK_BITS rowids."""


def resource_parts(con: DuckDBPyConnection) -> list[tuple[int, int]]:
    """(first, last) rowid of each part of fhir_resource."""
    blocks = con.execute(
        f"SELECT rowid >> {BLOCK_BITS}, coalesce(sum(strlen(json)), 0) FROM fhir_resource GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return parts(con, blocks)


def parts(con: DuckDBPyConnection, blocks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(first, last) rowid of each part, of (block, bytes) in order."""
    most = min(max(limit_of(con) // 8, SMALLEST_PART), LARGEST_PART)
    found: list[tuple[int, int]] = []
    held = 0
    for block, size in blocks:
        first, last = block << BLOCK_BITS, ((block + 1) << BLOCK_BITS) - 1
        if found and held + size <= most:
            found[-1] = (found[-1][0], last)
            held += size
        else:
            found.append((first, last))
            held = size
    return found
