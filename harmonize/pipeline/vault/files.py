"""Where the vault of a store lies, and its key, which never lies beside it."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from harmonize.engine.errors import InputError

VAULT_VARIABLE = "HARMONIZE_VAULT"
KEY_VARIABLE = "HARMONIZE_VAULT_KEY_FILE"
KEY_BYTES = 32
LOST = "Without its key nobody can read a vault: take the key from where it is kept, or its copy."


@dataclass(frozen=True)
class VaultFiles:
    """The file of the vault, the store that it belongs to, and the file of its key, where one was named."""

    store: Path
    vault: Path
    key: Path | None

    def read_key(self) -> bytes:
        """The key. Raises InputError where none is named, or it is not there, no key, open to others, or beside the
        vault or the store."""
        if self.key is None:
            raise InputError("The key of the vault is not named.", f"--vault-key FILE, or {KEY_VARIABLE}. {LOST}")
        refuse_beside(self.key, self.vault, self.store)
        try:
            text = self.key.read_bytes()
            mode = self.key.stat().st_mode
        except OSError as problem:
            raise InputError(
                f"The key of the vault cannot be read: {self.key}: {problem.strerror or problem}.", LOST
            ) from problem
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise InputError(f"Others may read the key of the vault, {self.key}.", f"chmod 600 {self.key}")
        return _decoded(text, self.key)


def vault_files(store: Path, vault: Path | None = None, key: Path | None = None) -> VaultFiles:
    """The files as they are named, by the environment, or (the vault alone) beside the store."""
    own = vault or _named(VAULT_VARIABLE) or store.with_name(store.name + ".vault")
    return VaultFiles(store, own, key or _named(KEY_VARIABLE))


def make_key(to: Path, store: Path, vault: Path | None = None) -> Path:
    """Write a new random key into a file for its owner alone; nothing that is there is replaced."""
    files = vault_files(store, vault)
    refuse_beside(to, files.vault, files.store)
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise InputError(f"{to} is there already.", "A key that is in use is never replaced; name another file.") from (
            problem
        )
    except OSError as problem:
        raise InputError(f"{to} cannot be written: {problem.strerror or problem}.") from problem
    with os.fdopen(handle, "wb") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
    return to


def refuse_beside(key: Path, *others: Path) -> None:
    """Raises InputError where the key lies, or would lie, in the folder of one of these, also by a link."""
    folders = {key.absolute().parent.resolve(), key.resolve().parent}
    for other in others:
        if folders & {other.absolute().parent.resolve(), other.resolve().parent}:
            raise InputError(
                f"The key {key} lies in the folder of {other.name}: who takes the folder has both.",
                "Keep the key on another disk, or in a secret store that is mounted elsewhere.",
            )


def _named(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None


def _decoded(text: bytes, path: Path) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError(f"{path} holds no key of a vault.", "harmonize vault key --to FILE makes one. " + LOST)
    return key
