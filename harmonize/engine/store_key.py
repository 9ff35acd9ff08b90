"""The random key of a store, with which values are hashed that may not be kept."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def use_store_key(con: DuckDBPyConnection, other: str | None = None, *, shared: bool = False) -> None:
    """Make the store's key where there is none, and the functions of sql/store/key_functions.sql that hash with it.

    Called only where there is something to hash: a load of clean data knows no key. `other` is the prefix of another
    store whose key is taken, in a database that is thrown away; there, with `shared`, other connections have the
    functions, too.
    """
    con.execute(sql("store/tables/store_key"))
    if con.execute("SELECT 1 FROM harmonize.store_key").fetchone() is None:
        row = _key_of(con, other) if other else None
        con.execute("INSERT INTO harmonize.store_key VALUES (?)", row or (secrets.token_hex(32),))
    functions = sql("store/key_functions")
    con.execute(functions.replace("TEMP MACRO", "MACRO") if shared else functions)


def _key_of(con: DuckDBPyConnection, other: str) -> tuple[str] | None:
    made = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'store_key' AND database_name = ?", [other.rstrip(".")]
    ).fetchone()
    row = con.execute(f"SELECT key FROM {other}harmonize.store_key").fetchone() if made else None
    return (str(row[0]),) if row else None
