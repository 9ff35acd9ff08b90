"""Backups of a store, whole or without what is held back, and taking one back."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.audit.heads import audit_files
from harmonize.audit.held import open_copy_path, refuse_held
from harmonize.audit.log import write_entry
from harmonize.audit.restored import RESTORED, told_gap
from harmonize.engine.errors import InputError
from harmonize.engine.files import replacing, sha256_of
from harmonize.engine.open_files import copy_open
from harmonize.engine.shown import Shown
from harmonize.engine.store import open_store
from harmonize.pipeline.stores import open_current
from harmonize.release.answer import read_for
from harmonize.release.copy import for_the_owner_alone
from harmonize.release.leaving import note_left

if TYPE_CHECKING:
    from harmonize.engine.store import Store
    from harmonize.release.reading import Reading

APART = (
    "Keys are not in it: back up DB.key and DB.codes (published ids), DB.audit-key and DB.audit-heads, and the key "
    "files of shifted projects, each apart from it."
)


@dataclass(repr=False)
class Backup(Shown):
    """A backup that was written or taken back: where it lies, its size and sha256, how many submissions it holds, and
    whether it is the whole store."""

    to: Path
    bytes: int
    sha256: str
    submissions: int
    is_whole: bool
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize backup --json` and `restore --json` print."""
        return {**asdict(self), "to": str(self.to)}

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        what = "the whole store" if self.is_whole else "the store without what is held back"
        lines = [f"{self.to}: {what}, {self.submissions:,} submissions, {self.bytes:,} bytes, sha256 {self.sha256}"]
        return [*lines, *self.notes]


def sum_path(backup: Path) -> Path:
    """Where the sha256 of a backup stands, as `sha256sum` writes it."""
    return backup.with_name(backup.name + ".sha256")


def backup(db: Path, to: Path, reading: Reading) -> Backup:
    """Write a copy of the store `db`, which nobody may change meanwhile, into the file `to`, and its sha256 beside it.

    What is embargoed, rejected or sequestered is left out, unless `reading.internal`. The file is for its owner alone
    (mode 600), and takes its place when it is whole.
    Raises InputError where `db` is no store or is `to`, StoreError where somebody writes to it meanwhile.
    """
    if to.exists() and to.samefile(db):
        raise InputError(f"{to} is the store itself.", "Name another file.")

    def run(file: Path, internal: bool) -> Backup:
        return _copy_store(db, file, to, reading, internal)

    result = read_for(db, reading, run)
    note_left(db, reading, {"sha256": result.sha256, "whole": result.is_whole})
    result.notes.append(APART)
    return result


def _copy_store(db: Path, file: Path, to: Path, reading: Reading, internal: bool) -> Backup:
    with open_store(file, read_only=True, wait=reading.wait, memory=reading.memory) as store:
        store.require_records()
        if file == db and not internal:
            refuse_held(store.con)
        with replacing(to) as partial, for_the_owner_alone():
            _copy_file(file, partial)
            submissions = _settled(partial, file, reading.memory)
            partial.chmod(0o600)
            found = sha256_of(partial)
    sum_path(to).write_text(f"{found}  {to.name}\n", encoding="utf-8")
    return Backup(to, to.stat().st_size, found, submissions, file == db)


def _copy_file(store: Path, target: Path) -> None:
    """Copy a store's file with the log of changes that are not in it yet."""
    copy_open(store, target)
    log = store.with_name(store.name + ".wal")
    if log.exists():
        copy_open(log, target.with_name(target.name + ".wal"))


def restore(
    file: Path,
    db: Path,
    *,
    replace: bool = False,
    who: str | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Backup:
    """Put a backup in the place of the store `db`; the audit log of the restored store says so.

    With `replace` a store that is there becomes `DB.replaced`, as nothing is lost by a mistake.
    Raises InputError for a file that is no store, or not the one whose sha256 stands beside it, and for a store that is
    there without `replace`; StoreError where that is in use.
    """
    found = _checked(file)
    if db.exists() and db.samefile(file):
        raise InputError(f"{db} is the backup itself.", "Name the place of the store.")
    if db.exists() and not replace:
        raise InputError(f"{db} is there already.", "Name another place, or add --replace: the old store is kept.")
    notes = [] if sum_path(file).exists() else [f"No {sum_path(file).name} lies beside it, so it was not compared."]
    with replacing(db) as partial:
        with for_the_owner_alone():
            _copy_file(file, partial)
        submissions = _settled(partial, file, memory)
        if db.exists():
            notes.append(_put_aside(db, wait, memory))
    open_copy_path(db).unlink(missing_ok=True)
    with open_store(db, read_only=True, wait=wait, memory=memory, upgrade=_as_it_is) as as_it_was:
        gap = told_gap(as_it_was.con, audit_files(db))
    with open_current(db, wait=wait, memory=memory) as restored, restored.transaction() as con:
        write_entry(con, RESTORED, "store", {"sha256": found, **gap}, who=who)
    return Backup(db, db.stat().st_size, found, submissions, True, notes)


def _settled(partial: Path, file: Path, memory: str | None) -> int:
    """Take the log of the last changes into a copy; its submissions. A store of an older version stays one."""
    try:
        with open_store(partial, memory=memory, upgrade=_as_it_is) as store:
            store.require_records()
            row = store.con.execute("SELECT count(*) FROM harmonize.submission").fetchone()
    except InputError as problem:
        raise InputError(f"{file} is no store that can be kept.", problem.message) from problem
    return int(row[0]) if row else 0


def _as_it_is(_store: Store, _version: int) -> None:
    """For `open_store`: no change of the store."""


def _checked(file: Path) -> str:
    """The sha256 of a backup, which is that beside it."""
    if not file.is_file():
        raise InputError(f"{file} does not exist or is no file.", "Name a file that harmonize backup wrote.")
    found = sha256_of(file)
    if sum_path(file).exists():
        wanted = sum_path(file).read_text(encoding="utf-8", errors="replace").split()
        if wanted[:1] != [found]:
            raise InputError(
                f"{file} is not what was backed up: its sha256 is {found}, and {sum_path(file).name} has another one.",
                "Take another copy; delete the file of the sum only if you know why they differ.",
            )
    return found


def _put_aside(db: Path, wait: float, memory: str | None) -> str:
    """Rename the store that is there, which nobody may have open; a sentence on it."""
    aside = db.with_name(db.name + ".replaced")
    if aside.exists():
        raise InputError(f"{aside} is there from an earlier restore.", "Move or delete it first.")
    open_store(db, wait=wait, memory=memory, upgrade=_as_it_is).close()
    os.rename(db, aside)
    return f"The store that was there is now {aside}."
