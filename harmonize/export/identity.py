"""What a published file is searched for: words that identify a person, as the store knows them.

Each source gives a relation of kind and token, and how a word of the file is written there (as it is, or hashed).
SOURCES lists them; one returns None where the store keeps none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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


def met_at_load(kind: str, called: str, con: DuckDBPyConnection) -> Tokens | None:
    """Hashes of what people are called, as loads met it (harmonize.identity_token), of one kind."""
    if con.execute("SELECT 1 FROM harmonize.identity_token WHERE kind = ? LIMIT 1", [kind]).fetchone() is None:
        return None
    con.execute(sql("store/key_functions"))
    relation = (
        f"(SELECT DISTINCT '{called}' AS kind, token_hash AS token FROM harmonize.identity_token WHERE kind = '{kind}')"
    )
    return Tokens(relation, f"identity_hash('{kind}', identity_token('{kind}', t.token))")


SOURCES: list[Callable[[DuckDBPyConnection], Tokens | None]] = [
    keys_of_records,
    partial(met_at_load, "name", "name"),
    partial(met_at_load, "word", "name"),
    partial(met_at_load, "code", "record number"),
    partial(met_at_load, "number", "record or telephone number"),
    partial(met_at_load, "address", "address line"),
]
