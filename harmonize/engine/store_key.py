"""The random key of a store, with which values are hashed that may not be kept."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def use_store_key(con: DuckDBPyConnection) -> str:
    """The store's key, made where there is none; from here on sql/store/key_functions.sql hashes with it.

    Called only where there is something to hash: a load of clean data knows no key.
    """
    con.execute(sql("store/tables/store_key"))
    row = con.execute("SELECT key FROM harmonize.store_key").fetchone()
    if row is None:
        row = (secrets.token_hex(32),)
        con.execute("INSERT INTO harmonize.store_key VALUES (?)", row)
    con.execute("SET VARIABLE store_key = ?", row)
    con.execute(sql("store/key_functions"))
    return str(row[0])
