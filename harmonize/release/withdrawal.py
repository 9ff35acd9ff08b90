"""What follows a withdrawal: the vault is purged, and the releases that hold what was withdrawn are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import HarmonizeError
from harmonize.pipeline.vault.files import vault_files
from harmonize.release.builds import tell_affected
from harmonize.release.vault import purge_withdrawn

if TYPE_CHECKING:
    from datetime import date

    from harmonize.engine.store import Store


def after_withdrawal(store: Store, on: date) -> list[str]:
    """What is to be said after a withdrawal, which is committed; the values in the vault are gone with it."""
    try:
        purged = purge_withdrawn(store, vault_files(store.path))
    except HarmonizeError as problem:
        purged = [f"The vault was not purged: {problem.message} Then: harmonize vault purge"]
    return [*purged, *tell_affected(store, on)]
