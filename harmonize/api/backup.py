"""`harmonize.backup` and `harmonize.restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.api.shapes import AnyPath

if TYPE_CHECKING:
    from harmonize.release.backup import Backup


def backup(
    db: AnyPath,
    to: AnyPath,
    *,
    internal: bool = False,
    who: str | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Backup:
    """Copy a store, which must not be open, into the file `to`, with its sha256 beside it.

    What is embargoed, rejected or sequestered is left out, unless `internal`: the audit log then says that `who` did.
    """
    from harmonize.release.backup import backup as run
    from harmonize.release.reading import Reading

    told: list[str] = []
    result = run(Path(db), Path(to), Reading("backup", internal, who, wait, memory, told.append))
    result.notes += told
    return result


def restore(
    file: AnyPath,
    db: AnyPath,
    *,
    replace: bool = False,
    who: str | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Backup:
    """Put the backup `file` in the place of `db`; with `replace` a store that is there becomes DB.replaced."""
    from harmonize.release.backup import restore as run

    return run(Path(file), Path(db), replace=replace, who=who, wait=wait, memory=memory)
