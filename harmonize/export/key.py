"""The key of a store's published files: a file of its own, made when the store is first published.

Whoever has the key can lead a published file back to the store; without it nobody can, the store at hand or not. The
store remembers only which key it was (a fingerprint), so that another one is noticed before every id is a new one.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.audit.log import write_entry
from harmonize.engine.errors import InputError, StoreError
from harmonize.export.permutation import KEY_BYTES, round_keys
from harmonize.export.profiles import DEFAULT

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BLOCK = 64  # bytes of a block of SHA-256
_FORM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Key:
    """The 32 bytes of a key and the file that they come from. What is made from them differs by purpose."""

    secret: bytes
    path: Path

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose; nothing else can be told from them."""
        return hmac.digest(self.secret, purpose.encode(), "sha256")

    def for_profile(self, name: str) -> Key:
        """The key of files by one profile: no id or pseudonym of theirs is one of another profile's files."""
        return self if name == DEFAULT else Key(self.derived(f"profile {name}"), self.path)

    @property
    def fingerprint(self) -> str:
        """What a store remembers of the key."""
        return self.derived("fingerprint").hex()

    @property
    def mark(self) -> str:
        """What a published file says of the key: files with the same mark have the same ids."""
        return self.derived("mark of published files").hex()[:16]

    @property
    def rounds(self) -> list[int]:
        """The round keys of the permutation of ids."""
        return round_keys(self.derived("ids")[:KEY_BYTES])

    @property
    def pads(self) -> tuple[bytes, bytes]:
        """The inner and the outer block of HMAC-SHA256 (RFC 2104), for SQL."""
        own = self.derived("pseudonyms").ljust(_BLOCK, b"\0")
        return bytes(byte ^ 0x36 for byte in own), bytes(byte ^ 0x5C for byte in own)


def key_path(store: Path) -> Path:
    """Where the key of a store lies unless another file is named."""
    return store.with_name(store.name + ".key")


def read_key(path: Path) -> Key:
    """The key in a file. Raises InputError where there is none in it."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise InputError(f"The key file {path} does not exist.", "Name the right one with --key-file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The key file {path} cannot be read: {error}.") from error
    if not _FORM.fullmatch(text):
        raise InputError(f"{path} holds no key.", "A key file is one line of 64 hexadecimal digits.")
    return Key(bytes.fromhex(text), path)


def make_key(path: Path) -> Key:
    """A new key in a new file that only its owner can read. Raises StoreError where it cannot be written."""
    secret = secrets.token_bytes(32)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secret.hex() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StoreError(
            f"The key file {path} cannot be written: {error.strerror}.", "Name another with --key-file."
        ) from error
    return Key(secret, path)


def choose_key(store: Path, remembered: str | None, key_file: Path | None, *, is_new: bool) -> tuple[Key, list[str]]:
    """The key to publish with, and what is to be told of it.

    `remembered` is the fingerprint of the store's key; `is_new` says that another one is meant.
    Raises InputError where the key is lost or another one, and that is not meant.
    """
    path = key_file or key_path(store)
    told = []
    if not path.exists():
        if remembered is not None and not is_new:
            raise InputError(
                f"The key that {store} was published with is not at {path}.",
                "Name its file with --key-file. If it is lost, --new-key makes another: every published id is then "
                "a new one.",
            )
        key = make_key(path)
        told.append(f"A new key lies in {path}. Keep it, apart from the store and from what is published.")
    else:
        key = read_key(path)
        if key.fingerprint == remembered and is_new:
            raise InputError(
                f"{path} holds the key that {store} was published with, so --new-key would change nothing.",
                "Name a file for the new key with --key-file.",
            )
        if os.stat(path).st_mode & 0o077:
            told.append(f"Others can read the key file {path}. Take that from them: chmod 600 {path}")
    if remembered is not None and key.fingerprint != remembered:
        if not is_new:
            raise InputError(
                f"{path} is not the key that {store} was published with.",
                "Name the right one with --key-file. With --new-key it is taken: every published id is a new one then.",
            )
        told.append("The key is another one: no id or pseudonym of this file is one of the files published before.")
    return key, told


def remembered_key(con: DuckDBPyConnection) -> str | None:
    """The fingerprint of the key that a store was last published with; None where it never was."""
    row = con.execute("SELECT fingerprint FROM harmonize.publish_key").fetchone()
    return str(row[0]) if row else None


def remember_key(con: DuckDBPyConnection, key: Key) -> None:
    """Write the fingerprint into the store, and into the audit log that it is another; the caller commits."""
    details = {"before": (remembered_key(con) or "")[:16] or None, "after": key.fingerprint[:16]}
    write_entry(con, "publish.key", "key of published files", details)
    con.execute("DELETE FROM harmonize.publish_key")
    con.execute("INSERT INTO harmonize.publish_key VALUES (?)", [key.fingerprint])
