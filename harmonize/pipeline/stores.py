"""Opening a store with the tables and views of this release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.audit.heads import sign_log
from harmonize.audit.held import open_copy_path
from harmonize.engine.store import STORE_VERSION, open_store
from harmonize.pipeline import store_schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from harmonize.engine.store import Store


def open_current(
    path: str | Path,
    *,
    create: bool = False,
    read_only: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
    keep_copy: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Store:
    """`engine.store.open_store` with the tables of this release: a new store gets them; one that is opened for writing
    gets the views of this release, and an older one is migrated, with a copy kept unless `keep_copy` is false.
    `progress` is told when that goes on."""

    def upgrade(store: Store, version: int) -> None:
        store.after_commit = _after_commit
        if version == STORE_VERSION:
            _renew_other_views(store)
            return
        from harmonize.pipeline.acts.migrate import migrate

        if progress is not None:
            progress(f"{store.path} is of store version {version}; bringing it up to version {STORE_VERSION} ...")
        migrate(store, version, keep_copy=keep_copy)

    store = open_store(
        path,
        create=create,
        read_only=read_only,
        wait=wait,
        memory=memory,
        initialise=store_schema.create,
        made_from=store_schema.made_from,
        upgrade=upgrade,
    )
    if store.is_new:  # a copy of an older one: its starter vocabulary is loaded now
        with store.transaction(staging=True) as con:
            con.execute("UPDATE harmonize.vocabulary_load SET loaded_at = now()::TIMESTAMP")
    return store


def _after_commit(store: Store) -> None:
    """Sign the audit log, and remove the copy that was made of the store for others: what it holds may be withdrawn."""
    open_copy_path(store.path).unlink(missing_ok=True)
    sign_log(store)


def _renew_other_views(store: Store) -> None:
    """Renew the views where the store has those of another release, and make the tables that it lacks."""
    if store.con.execute("SELECT views FROM harmonize.store_version").fetchone() != (store_schema.views_digest(),):
        with store.transaction(staging=True) as con:
            store_schema.create_missing_tables(con)
            store_schema.renew_views(con)
