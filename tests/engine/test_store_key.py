"""What is hashed by the key of a store: another digest would make all that a store knows unknown to its next load."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import duckdb

from harmonize.engine.store_key import use_store_key


def digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()


def test_a_digest_is_the_same_for_good() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA harmonize")
        use_store_key(con)
        con.execute("UPDATE harmonize.store_key SET key = 'key'")
        masked = "SELECT masked_key('P', ' v '), masked_key('Q', 'v'), masked_key('P', 'w')"
        assert con.execute(masked).fetchone() == tuple(
            f"x-{digest('key', project, value)[:24]}" for project, value in (("P", "v"), ("Q", "v"), ("P", "w"))
        )
        token = con.execute("SELECT identity_hash('name', 'doe'), identity_hash('address', 'doe')").fetchone()
        assert token == tuple(UUID(digest("key", kind, "doe")[:32]) for kind in ("name", "address"))
