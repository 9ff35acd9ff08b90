"""The heads of the audit log, signed and kept elsewhere: who rewrites or cuts the log cannot rewrite them.

After every commit that adds an entry, the number and hash of the last one are signed (Ed25519) and appended, a line of
JSON, to a file that may lie on another machine's disk. Each line holds the digest of the line before. The key is made
at the first use; the log itself names its public half, so that a new key is told.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.audit.log import Entry, canonical, has_log, last_entry, now, read_entries, write_entry
from harmonize.engine.errors import InputError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

KEY_VARIABLE = "HARMONIZE_AUDIT_KEY"
HEADS_VARIABLE = "HARMONIZE_AUDIT_HEADS"
KEY_ACT = "audit.key"


@dataclass(frozen=True)
class AuditFiles:
    """Where the key and the heads of a store lie."""

    key: Path
    heads: Path


def audit_files(store: Path, key: Path | None = None, heads: Path | None = None) -> AuditFiles:
    """The files as they are named, by the environment, or beside the store."""
    return AuditFiles(
        key or _named(KEY_VARIABLE) or store.with_name(store.name + ".audit-key"),
        heads or _named(HEADS_VARIABLE) or store.with_name(store.name + ".audit-heads"),
    )


def _named(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None


def sign_log(store: Store) -> None:
    """Sign the last entry of the log, where that is not signed yet. Called after a commit, outside of a transaction.

    Raises StoreError where key or heads cannot be written; what was committed stays.
    """
    con = store.con
    if not has_log(con):
        return
    files = audit_files(store.path)
    last = last_entry(con)
    if last is None:
        return
    identity = _identity(con)
    lines = head_lines(files.heads, identity) if files.heads.exists() else []
    if lines and _is_head_of(lines[-1], last):
        return
    try:
        key = _key(files.key)
        last = _announce(store, con, key) or last
        _append(files.heads, _signed(key, identity, last, lines[-1] if lines else b""))
    except OSError as problem:
        raise StoreError(
            f"All is committed, but the audit log could not be signed: {problem.strerror or problem}.",
            f"Its key is {files.key}, its heads go to {files.heads}; the next command that writes signs it.",
        ) from problem


def _announce(store: Store, con: DuckDBPyConnection, key: Ed25519PrivateKey) -> Entry | None:
    """Tell of a key that the log has not told of as its last, in an entry of its own."""
    public = public_hex(key)
    known = announced(read_entries(con, act=KEY_ACT))
    if known and known[-1] == public:
        return None
    con.execute("BEGIN TRANSACTION")
    entry = write_entry(
        con, KEY_ACT, f"key {public[:16]}", {"public_key": public, "before": known[-1] if known else None}
    )
    con.execute("COMMIT")
    if known:
        store.notes.append(
            "The audit log is signed with another key from now on, since the one before was not where it belongs."
        )
    return entry


def announced(entries: Iterable[Entry]) -> list[str]:
    """The public keys that the log tells of, the latest last."""
    return [str(orjson.loads(entry.details).get("public_key")) for entry in entries if entry.act == KEY_ACT]


def _identity(con: DuckDBPyConnection) -> str:
    """What stands for the store in a file of heads of several: the hash of its first entry."""
    row = con.execute("SELECT arg_min(hash, entry_id) FROM harmonize.audit_entry").fetchone()
    return str(row[0]) if row else ""


def _is_head_of(line: bytes, entry: Entry) -> bool:
    head = read_head(line) or {}
    return head.get("entry_id") == entry.entry_id and head.get("hash") == entry.hash


def _signed(key: Ed25519PrivateKey, identity: str, entry: Entry, before: bytes) -> bytes:
    head: dict[str, Any] = {
        "store": identity,
        "entry_id": entry.entry_id,
        "hash": entry.hash,
        "at": now().isoformat(timespec="seconds"),
        "key": public_hex(key),
        "previous": line_digest(before),
    }
    return canonical({**head, "signature": key.sign(canonical(head)).hex()})


def line_digest(line: bytes) -> str:
    """What the next head says of a line; nothing of no line."""
    return hashlib.sha256(line).hexdigest() if line else ""


def read_head(line: bytes) -> dict[str, Any] | None:
    """The head of a line, or None where it is none."""
    try:
        head = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return head if isinstance(head, dict) else None


def head_lines(path: Path, identity: str) -> list[bytes]:
    """The lines of a file of heads, those of other stores left out; a line that cannot be read is of this one."""
    try:
        lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    except OSError as problem:
        raise InputError(f"The file of heads {path} cannot be read: {problem.strerror}.") from problem
    return [line for line in lines if (head := read_head(line)) is None or head.get("store", identity) == identity]


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(line + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def _key(path: Path) -> Ed25519PrivateKey:
    """The key in a file, made where there is none. Raises InputError where the file holds no such key."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if path.exists():
        return read_key(path)
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file. Raises InputError where it holds none, OSError where it cannot be read."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as problem:
        raise InputError(
            f"{path} holds no key of an audit log.", "Name the right one: HARMONIZE_AUDIT_KEY."
        ) from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path} holds a key of another kind.", "An audit log is signed with Ed25519.")
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half of a key, as 64 hex digits."""
    return key.public_key().public_bytes_raw().hex()
