"""The group of calls `db.vault`: the identifying values of deliveries that came with retained PHI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.api.shapes import AnyPath, Rows, as_path, rows

if TYPE_CHECKING:
    from harmonize.engine.store import Store
    from harmonize.pipeline.vault.files import VaultFiles
    from harmonize.release.vault import Purged, VaultCopy, VaultStatus


class Vault:
    """The vault of a store: sealed values, whose key is kept elsewhere."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __repr__(self) -> str:
        return "vault: backup, key, purge, restore, show, status"

    def _files(self, vault: AnyPath | None, key: AnyPath | None = None) -> VaultFiles:
        from harmonize.pipeline.vault.files import vault_files

        return vault_files(self._store.path, as_path(vault), as_path(key))

    def key(self, to: AnyPath, *, vault: AnyPath | None = None) -> Path:
        """Make a new random key in the file `to`, which lies in no folder of the store or vault."""
        from harmonize.pipeline.vault.files import make_key

        return make_key(Path(to), self._store.path, as_path(vault))

    def show(
        self,
        person: int,
        *,
        who: str,
        second: str,
        why: str,
        vault: AnyPath | None = None,
        vault_key: AnyPath | None = None,
    ) -> Rows:
        """The identifying values of a person, after the audit log says who asked, who agreed, and why."""
        from harmonize.release.vault import show_person

        files = self._files(vault, vault_key)
        return rows(show_person(self._store, files, person, who=who, second=second, why=why))

    def status(self, *, vault: AnyPath | None = None, vault_key: AnyPath | None = None) -> VaultStatus:
        """What the vault holds, in numbers, what a purge would take, and whether the key fits."""
        from harmonize.release.step import today
        from harmonize.release.vault import status

        return status(self._store, self._files(vault, vault_key), today())

    def purge(self, *, vault: AnyPath | None = None, who: str | None = None) -> Purged:
        """Take out what was withdrawn, what its project keeps no longer, and what is of no load of the store."""
        from harmonize.release.step import today
        from harmonize.release.vault import purge

        return purge(self._store, self._files(vault), today(), who=who)

    def backup(self, to: AnyPath, *, vault: AnyPath | None = None, who: str | None = None) -> VaultCopy:
        """Copy the vault into the file `to`, as sealed as it is, with its sha256 beside it."""
        from harmonize.release.vault import backup

        return backup(self._store, self._files(vault), Path(to), who=who)

    def restore(
        self, file: AnyPath, *, vault: AnyPath | None = None, replace: bool = False, who: str | None = None
    ) -> VaultCopy:
        """Put a backup in the place of the vault, and purge from it what was withdrawn or ran out since."""
        from harmonize.release.step import today
        from harmonize.release.vault import restore

        return restore(self._store, self._files(vault), Path(file), today(), replace=replace, who=who)
