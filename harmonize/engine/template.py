"""An empty store that is kept in the user's cache, so that a new one is a copy.

A template is named by the release of DuckDB, by what it was made from, and by its own sha256: one of another release is
not found, and one that is damaged is not taken.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import duckdb

from harmonize.engine.files import sha256_of
from harmonize.engine.paths import plan_folders

_DIGITS = 16


def take_template(made_from: str, target: Path) -> bool:
    """Copy the template that was made from this (a digest) to `target`; False where there is none that is whole."""
    with suppress(OSError):
        for path in _folder().glob(f"{_start(made_from)}-*.duckdb"):
            shutil.copyfile(path, target)
            if sha256_of(target)[:_DIGITS] == path.stem.rpartition("-")[2]:
                return True
            path.unlink()
    target.unlink(missing_ok=True)
    return False


def keep_template(made_from: str, store: Path) -> None:
    """Keep a copy of a new store, closed, as the template; those of other releases go. A cache that cannot be written
    only costs time."""
    with suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".tmp")
        os.close(handle)
        copy = Path(shutil.copyfile(store, temporary))
        name = f"{_start(made_from)}-{sha256_of(copy)[:_DIGITS]}.duckdb"
        for other in folder.glob("empty-*.duckdb"):
            other.unlink(missing_ok=True)
        copy.rename(folder / name)


def _start(made_from: str) -> str:
    return f"empty-{duckdb.__version__}-{made_from[:_DIGITS]}"


def _folder() -> Path:
    return plan_folders()[1].with_name("stores")
