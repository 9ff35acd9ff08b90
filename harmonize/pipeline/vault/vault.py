"""The file of a vault: SQLite, in which every value is sealed by AES-GCM for the person and the delivery it is of.

SQLite, since one file is copied, checked and given its mode at once, rows of a person are deleted and overwritten in
place (secure_delete), and it comes with Python. DuckDB's own encryption cannot write here. What stands unsealed:
numbers of submissions, pseudonyms, days, the name of the project.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import InputError, StoreError
from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORM = "1"
_CHECK = b"the key of this vault"
_NONCE = 12
_AT_ONCE = 500


class Vault:
    """An open vault. Nothing is kept of a change until `commit`."""

    def __init__(self, con: sqlite3.Connection, path: Path) -> None:
        self._con = con
        self.path = path

    def unlock(self, key: bytes) -> Sealer:
        """What seals and opens its values. Raises InputError for a key that is not its own."""
        sealer = Sealer(key)
        told = self._meta("check")
        if told is None:
            self._con.execute("INSERT INTO meta VALUES ('check', ?)", [sealer.seal(_CHECK, self._about())])
        elif sealer.opened(told, self._about()) != _CHECK:
            raise InputError(
                f"This key is not the one of the vault {self.path}.",
                "Nothing was read or written. Take the key that it was made with; no other one opens it.",
            )
        return sealer

    def add(
        self,
        sealer: Sealer,
        submission: int,
        project: str,
        at: datetime,
        values: Iterable[tuple[str, dict[str, Any]]],
    ) -> tuple[str, int]:
        """Seal the values of a delivery, each with its pseudonym: the name of the delivery and how many there are."""
        delivery = secrets.token_hex(16)
        self._con.execute(
            "INSERT INTO delivery VALUES (?, ?, ?, ?)",
            [delivery, submission, project, at.isoformat(timespec="seconds")],
        )
        count = 0
        for pseudonym, value in values:
            sealed = sealer.seal(orjson.dumps(value), _bound(delivery, pseudonym))
            self._con.execute("INSERT INTO sealed VALUES (?, ?, ?)", [delivery, pseudonym, sealed])
            count += 1
        return delivery, count

    def of_persons(self, sealer: Sealer, pseudonyms: Collection[str]) -> list[dict[str, Any]]:
        """The values of these pseudonyms, in the order in which they came.

        Raises StoreError for a value that was changed, or put where another one stood.
        """
        found = []
        marks = ", ".join("?" * len(pseudonyms))
        rows = self._con.execute(
            "SELECT submission, delivery, pseudonym, value FROM sealed JOIN delivery USING (delivery) "
            f"WHERE pseudonym IN ({marks}) ORDER BY sealed.rowid",
            list(pseudonyms),
        )
        for submission, delivery, pseudonym, value in rows:
            plain = sealer.opened(value, _bound(delivery, pseudonym))
            if plain is None:
                raise StoreError(
                    f"A value in the vault {self.path} was changed since it was kept; nothing is shown.",
                    "Take back a backup of it: harmonize vault restore",
                )
            found.append({"submission": submission, **orjson.loads(plain)})
        return found

    def deliveries(self) -> list[dict[str, Any]]:
        """The deliveries, with their persons and values in numbers."""
        rows = self._con.execute(
            "SELECT delivery, submission, project, kept_at, count(DISTINCT pseudonym), count(pseudonym) "
            "FROM delivery LEFT JOIN sealed USING (delivery) GROUP BY 1, 2, 3, 4 ORDER BY kept_at, delivery"
        )
        names = ("delivery", "submission", "project", "kept_at", "persons", "values")
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]

    def forget(self, *, deliveries: Collection[str] = (), pseudonyms: Collection[str] = ()) -> int:
        """Delete what is of these deliveries or persons, overwriting it; how many values that were."""
        before = self._con.total_changes
        for column, names in (("delivery", list(deliveries)), ("pseudonym", list(pseudonyms))):
            for first in range(0, len(names), _AT_ONCE):
                some = names[first : first + _AT_ONCE]
                self._con.execute(f"DELETE FROM sealed WHERE {column} IN ({', '.join('?' * len(some))})", some)
        gone = self._con.total_changes - before
        for name in deliveries:
            self._con.execute("DELETE FROM delivery WHERE delivery = ?", [name])
        return gone

    def commit(self) -> None:
        """Keep what was changed."""
        self._con.commit()

    def belongs_to(self, mark: str) -> None:
        """Take the vault for the store of this mark. Raises InputError where it is that of another one."""
        known = self._meta("store")
        if known is None:
            self._con.execute("INSERT INTO meta VALUES ('store', ?)", [mark])
        elif known != mark:
            raise InputError(f"{self.path} is the vault of another store.", "Name this one's: --vault FILE")

    def copy_to(self, target: Path) -> None:
        """Write a whole copy, while others may read."""
        other = sqlite3.connect(target)
        try:
            self._con.backup(other)
        finally:
            other.close()

    def _meta(self, name: str) -> Any:
        row = self._con.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()
        return row[0] if row else None

    def _about(self) -> bytes:
        return b"vault\n" + str(self._meta("id")).encode()


class Sealer:
    """Seals values and opens them, with a key that is made from that of the vault."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher: AESGCM = AESGCM(hashlib.sha256(b"midrc-harmonize vault values\n" + key).digest())

    def seal(self, value: bytes, about: bytes) -> bytes:
        """The value as it is kept, bound to what it is about."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, value, about)

    def opened(self, sealed: bytes, about: bytes) -> bytes | None:
        """The value; None where it was sealed with another key, about something else, or was changed."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
        except (InvalidTag, ValueError):
            return None


@contextmanager
def opened_vault(path: Path, *, create: bool = False) -> Iterator[Vault]:
    """The vault in this file, for its owner alone; what is not committed is undone at the end.

    Raises InputError where there is none or the file is no vault, StoreError where it cannot be used.
    """
    if not path.exists():
        if not create:
            raise InputError(
                f"There is no vault {path}.", "A load with --retained-phi makes it; --vault names another."
            )
        _make(path)
    con = sqlite3.connect(path)
    try:
        con.execute("PRAGMA secure_delete = ON")
        row = con.execute("SELECT value FROM meta WHERE name = 'form'").fetchone()
        if row is None or row[0] != _FORM:
            raise InputError(f"{path} is no vault that this release reads.")
        yield Vault(con, path)
    except sqlite3.OperationalError as problem:
        if "no such table" in str(problem):
            raise InputError(f"{path} is no vault.") from problem
        raise StoreError(f"The vault {path} cannot be used: {problem}.") from problem
    except sqlite3.DatabaseError as problem:
        raise InputError(f"{path} is no vault, or is damaged: {problem}.", "harmonize vault restore FILE") from problem
    finally:
        con.rollback()
        con.close()


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as problem:
        raise StoreError(f"The vault {path} cannot be made: {problem.strerror or problem}.") from problem
    con = sqlite3.connect(path)
    try:
        con.executescript(sql("vault/tables"))
        con.executemany("INSERT INTO meta VALUES (?, ?)", [("form", _FORM), ("id", secrets.token_hex(16))])
        con.commit()
    finally:
        con.close()


def _bound(delivery: str, pseudonym: str) -> bytes:
    return f"{delivery}\n{pseudonym}".encode()
