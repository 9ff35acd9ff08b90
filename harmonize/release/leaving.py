"""What is read for others in this process, and what the audit log says of what leaves, and of who reads the rest."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from harmonize.audit.heads import sign_log
from harmonize.audit.held import holds_back, open_copy_path
from harmonize.audit.log import os_user, write_entry
from harmonize.engine.errors import HarmonizeError, StoreError
from harmonize.engine.store import open_store
from harmonize.pipeline.stores import open_current
from harmonize.release.copy import copy_of, is_current, keep_current
from harmonize.release.words import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from harmonize.engine.store import Store
    from harmonize.release.reading import Reading

INTERNAL = (
    "This holds what is embargoed, rejected or sequestered, and must not leave. That {who} read it stands in the audit "
    "log."
)


def person_of(reading: Reading) -> str:
    """Who reads."""
    return name_of(reading.who) or os_user()


@contextmanager
def opened_for(db: Path, reading: Reading) -> Iterator[Store]:
    """The store, or its copy, opened for reading."""
    if reading.internal:
        note_internal(db, reading)
    with (
        open_current(db, read_only=True, wait=reading.wait, memory=reading.memory) as store,
        for_others(store, internal=reading.internal, memory=reading.memory) as other,
    ):
        for note in other.notes:
            reading.tell(note)
        yield other


@contextmanager
def for_others(store: Store, *, internal: bool = False, memory: str | None = None) -> Iterator[Store]:
    """An open store, or its copy where it holds what does not leave it."""
    if internal or not holds_back(store.con):
        yield store
        return
    with open_store(copy_of(store, memory=memory), read_only=True, memory=memory) as copy:
        yield copy


def note_internal(db: Path, reading: Reading) -> None:
    """Write into the audit log that what does not leave the store is read, before it is, and say so. Of a store that
    holds no such thing there is nothing to say.

    Raises StoreError where the log cannot be written: nothing is read that nobody would know of.
    """
    with open_store(db, read_only=True, wait=reading.wait) as store:
        held = not store.is_published and holds_back(store.con)
    if held:
        _write(db, "internal", {"command": reading.what}, reading)
        reading.tell(INTERNAL.format(who=person_of(reading)))


def note_left(db: Path, reading: Reading, details: Mapping[str, Any]) -> None:
    """Write into the audit log what left the store; a published file has none. Where it cannot be written, since the
    store is for this user to read alone, that is said."""
    with open_store(db, read_only=True, wait=reading.wait) as store:
        if store.is_published:
            return
    try:
        _write(db, reading.what, {**details, "internal": reading.internal}, reading)
    except (StoreError, OSError) as problem:
        told = problem.message if isinstance(problem, HarmonizeError) else str(problem)
        reading.tell(f"This does not stand in the audit log of the store: {told}")


def note_in_open(store: Store, act: str, details: Mapping[str, Any], *, internal: bool, who: str | None = None) -> None:
    """The same of a store that is open here. Raises StoreError where it is open for reading alone and what does not
    leave it is read."""
    if store.is_published:
        return
    if not store.read_only:
        with store.transaction() as con:
            if internal and holds_back(con):
                write_entry(con, "internal", "store", {"command": act}, who=name_of(who))
            write_entry(con, act, "store", {**details, "internal": internal}, who=name_of(who))
        return
    if internal and holds_back(store.con):
        raise StoreError(
            "What is embargoed, rejected or sequestered is read only where that can be noted in the audit log.",
            "Open the store for writing: harmonize.open(path)",
        )
    store.notes.append(f"The audit log does not say so ({act}): the store is open for reading alone.")


def _write(db: Path, act: str, details: Mapping[str, Any], reading: Reading) -> None:
    """Write an entry; the kept copy of the store stays as good as it was."""
    with open_current(db, wait=reading.wait, memory=reading.memory) as store:
        kept = is_current(db, open_copy_path(db))  # with the lock: nobody else changes the store meanwhile
        store.after_commit = sign_log  # the copy is not removed: nothing of it changes
        with store.transaction() as con:
            write_entry(con, act, "store", details, who=person_of(reading))
    if kept:
        keep_current(db)
