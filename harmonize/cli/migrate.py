"""`harmonize migrate`: bring a store of an older version up to this one."""

from __future__ import annotations

from harmonize.cli.console import echo
from harmonize.cli.options import Db, Memory, NoBackup, Wait
from harmonize.cli.stores import opened


def migrate(db: Db, no_backup: NoBackup = False, wait: Wait = 10.0, memory: Memory = None) -> None:
    """Make a store that an older harmonize made one of this version, with a copy kept beside it.

    Every command that writes into a store does the same by itself.
    """
    from harmonize.engine.store import STORE_VERSION

    with opened(db, wait=wait, memory=memory, no_backup=no_backup):
        pass
    echo(f"{db} is of store version {STORE_VERSION}.")
