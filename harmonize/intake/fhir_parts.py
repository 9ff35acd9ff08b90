"""Cuts staged resources into parts that are worked on one after the other, so that memory does not grow with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

PART_BYTES = 64 * 2**20
"""So much JSON is parsed at once."""
BLOCK_BITS = 14
"""A part is made of blocks of 2 ** BLOCK_BITS rowids."""


def resource_parts(con: DuckDBPyConnection) -> list[tuple[int, int]]:
    """(first, last) rowid of each part of fhir_resource."""
    blocks = con.execute(
        f"SELECT rowid >> {BLOCK_BITS}, coalesce(sum(strlen(json)), 0) FROM fhir_resource GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return parts(blocks)


def parts(blocks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(first, last) rowid of each part, of (block, bytes) in order."""
    found: list[tuple[int, int]] = []
    held = 0
    for block, size in blocks:
        first, last = block << BLOCK_BITS, ((block + 1) << BLOCK_BITS) - 1
        if found and held + size <= PART_BYTES:
            found[-1] = (found[-1][0], last)
            held += size
        else:
            found.append((first, last))
            held = size
    return found
