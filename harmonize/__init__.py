"""Clinical data harmonization for MIDRC: contributor exports to OMOP CDM v5.4 in DuckDB, linked to imaging.

`harmonize.open(path)` opens a store; docs/python.md has the call for every command. Nothing large is imported before a
call needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import HarmonizeError, InputError, InternalError, RefusedError, StoreError
from harmonize.engine.version import __version__

if TYPE_CHECKING:
    import os

    from harmonize.api import exports, mappings, questions, reviews, schemas, views
    from harmonize.api.backup import backup, restore
    from harmonize.api.database import Database
    from harmonize.api.datasets import load_dataset
    from harmonize.api.files import (
        diff,
        import_table,
        loinc,
        manifest,
        migrate,
        profile,
        publish,
        query,
        run_demo,
        validate,
    )
    from harmonize.api.service import serve

__all__ = [
    "Database",
    "HarmonizeError",
    "InputError",
    "InternalError",
    "RefusedError",
    "StoreError",
    "__version__",
    "backup",
    "diff",
    "exports",
    "import_table",
    "load_dataset",
    "loinc",
    "manifest",
    "mappings",
    "migrate",
    "open",
    "profile",
    "publish",
    "query",
    "questions",
    "release",
    "restore",
    "reviews",
    "run_demo",
    "schemas",
    "serve",
    "validate",
    "views",
]

_MODULES = ("exports", "mappings", "questions", "reviews", "schemas", "views")
_HOMES = {
    "Database": "harmonize.api.database",
    "backup": "harmonize.api.backup",
    "restore": "harmonize.api.backup",
    "load_dataset": "harmonize.api.datasets",
    "serve": "harmonize.api.service",
}


def open(
    path: str | os.PathLike[str],
    *,
    create: bool = False,
    read_only: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
    keep_copy: bool = True,
) -> Database:
    """Open a store, or with `read_only` a published file; with `create`, make the store where there is none.

    `wait` is how many seconds a store is waited for that another process has open, `memory` the most that is taken
    (`4GB`; by default 60 % of the machine's). A store of an older version is brought up to date when it is opened for
    writing, with a copy kept beside it unless `keep_copy` is false.
    Raises InputError (missing, no store) and StoreError (locked, not writable, full).
    """
    from harmonize.api.database import Database

    return Database(path, create=create, read_only=read_only, wait=wait, memory=memory, keep_copy=keep_copy)


def __getattr__(name: str) -> Any:
    if name == "release":  # the package itself, whose calls are those of the commands
        return import_module("harmonize.release")
    if name in _MODULES:
        return import_module(f"harmonize.api.{name}")
    if name in __all__:
        home = _HOMES.get(name, "harmonize.api.files")
        return getattr(import_module(home), name)
    raise AttributeError(f"module 'harmonize' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
