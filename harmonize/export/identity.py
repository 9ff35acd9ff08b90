"""What a published file is searched for: words that tell who somebody is, as the store knows them.

Each source gives a relation of kind and token, and how a word of the file is written there (as it is, or hashed).
A source of words met at load joins here: add a function to SOURCES that returns None where the store keeps none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Tokens(NamedTuple):
    """`relation` (SQL) has the columns kind and token, kind being what a sentence calls it; `hashed` is SQL of the
    token of a word `t.token`, which is in small letters."""

    relation: str
    hashed: str = "t.token"


def keys_of_records(con: DuckDBPyConnection) -> Tokens | None:
    """Keys of cases, records, visits, devices, and UIDs that are not public; publish_project and macros are there."""
    con.execute(sql("export/publish/identifier"))
    return Tokens("publish_identifier")


SOURCES: list[Callable[[DuckDBPyConnection], Tokens | None]] = [keys_of_records]
