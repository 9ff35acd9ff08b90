"""`harmonize migrate`: bring a store of an older version up to this one."""

from __future__ import annotations

from harmonize.cli.console import echo
from harmonize.cli.options import Db, Memory, NoBackup, Wait
from harmonize.cli.stores import opened


def migrate(db: Db, no_backup: NoBackup = False, wait: Wait = 10.0, memory: Memory = None) -> None:
    """Bring a store of an older release up to this version; a copy is kept beside it.

    Commands that write into a store do this by themselves.
    """
    from harmonize.engine.store import STORE_VERSION

    with opened(db, wait=wait, memory=memory, no_backup=no_backup):
        pass
    echo(f"{db} is of store version {STORE_VERSION}.")
