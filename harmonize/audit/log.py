"""The audit log of a store: entries that are added in the transaction of the act they tell of, chained by their hashes.

Nothing of a patient goes into an entry: a case is told by `case_mark`, and what people type is screened by those who
take it (harmonize.release.words).
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import sql
from harmonize.engine.store_key import use_store_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from duckdb import DuckDBPyConnection

FIRST = "0" * 64
"""What stands in the first entry as the hash of the one before."""
_COLUMNS = "entry_id, done_at, who, act, subject, details, previous_hash, hash"


@dataclass(frozen=True)
class Entry:
    """One entry, as it is stored."""

    entry_id: int
    done_at: datetime
    who: str
    act: str
    subject: str
    details: str
    previous_hash: str
    hash: str

    def right_hash(self) -> str:
        """The hash that its other columns have."""
        told = {name: value for name, value in vars(self).items() if name != "hash"}
        return hashlib.sha256(
            canonical({**told, "done_at": self.done_at.isoformat(timespec="microseconds")})
        ).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize audit show --json` prints."""
        return {
            **vars(self),
            "done_at": self.done_at.isoformat(timespec="seconds"),
            "details": orjson.loads(self.details),
        }


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON in one form: keys in order, no blanks, UTF-8."""
    return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS)


def now() -> datetime:
    """The time of an act, in UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def os_user() -> str:
    """Who runs this process, as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def write_entry(
    con: DuckDBPyConnection,
    act: str,
    subject: str,
    details: Mapping[str, Any] | None = None,
    *,
    who: str | None = None,
    at: datetime | None = None,
) -> Entry:
    """Add an entry; the caller commits it together with what it tells of."""
    con.execute(sql("store/tables/audit_entry"))  # a store may be older than the table
    before = last_entry(con)
    number, previous = (before.entry_id + 1, before.hash) if before else (1, FIRST)
    told = canonical(details or {}).decode()
    bare = Entry(number, at or now(), who or os_user(), act, subject, told, previous, "")
    entry = Entry(**{**vars(bare), "hash": bare.right_hash()})
    con.execute("INSERT INTO harmonize.audit_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(vars(entry).values()))
    return entry


def last_entry(con: DuckDBPyConnection) -> Entry | None:
    """The entry that was written last. By its number: ORDER BY ... LIMIT 1 of DuckDB 2.0.1 misses a row that was
    inserted where others were deleted, as somebody may have done here."""
    row = con.execute(
        f"SELECT {_COLUMNS} FROM harmonize.audit_entry "
        "WHERE entry_id = (SELECT max(entry_id) FROM harmonize.audit_entry)"
    ).fetchone()
    return Entry(*row) if row else None


def read_entries(
    con: DuckDBPyConnection, *, subject: str | None = None, since: date | None = None, act: str | None = None
) -> Iterator[Entry]:
    """The entries in their order; those of a subject, of an act, or from a day on."""
    if not has_log(con):
        return
    found = con.execute(
        f"SELECT {_COLUMNS} FROM harmonize.audit_entry WHERE ($subject IS NULL OR subject = $subject) "
        "AND ($since IS NULL OR done_at >= $since) AND ($act IS NULL OR act = $act) ORDER BY entry_id, hash",
        {"subject": subject, "since": since, "act": act},
    )
    for row in found.fetchall():
        yield Entry(*row)


def has_log(con: DuckDBPyConnection) -> bool:
    """Whether the store has a log; one of an earlier release has none until something is written."""
    return has_table(con, "audit_entry")


def has_table(con: DuckDBPyConnection, name: str) -> bool:
    """Whether the store has this table of harmonize."""
    found = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'harmonize' "
        "AND table_name = ?",
        [name],
    ).fetchone()
    return found is not None


def case_mark(con: DuckDBPyConnection, project_id: str, case_key: str) -> str:
    """What the log calls a case: a hash with the key of the store, from which nobody without it finds the case."""
    use_store_key(con)
    row = con.execute("SELECT key FROM harmonize.store_key").fetchone()
    key = str(row[0]) if row else ""
    told = hmac.digest(bytes.fromhex(key), f"{project_id}\n{case_key}".encode(), "sha256")
    return f"case {told.hex()[:16]} of {project_id}"
