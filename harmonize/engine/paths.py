"""Where shipped files lie: schemas/, mappings/ and sql/, in a wheel or beside the package in a checkout."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from pathlib import Path

from harmonize.engine.errors import InputError, InternalError


@cache
def root(kind: str) -> Path:
    """The folder of shipped files of one kind: `schemas`, `mappings` or `sql`.

    Package data comes first (an installed wheel), then the checkout beside the package.
    """
    package = Path(str(files("harmonize")))
    for folder in (package / "_data" / kind, package.parent / kind):
        if folder.is_dir():
            return folder
    raise InternalError(f"The installation is incomplete: its folder {kind}/ is missing.", "Install it again.")


def is_installed() -> bool:
    """Whether the shipped files are those of an installed package, which are only read, and not of a checkout."""
    return root("mappings").is_relative_to(Path(str(files("harmonize"))))


def require_checkout() -> None:
    """Raises InputError in an installed package: what makes shipped files works in a checkout alone."""
    if is_installed():
        raise InputError("An installed package is only read.", "Run this in a checkout of the project.")


@cache
def sql(name: str) -> str:
    """The text of one shipped statement, e.g. `sql("ledger/file_law")` reads sql/ledger/file_law.sql."""
    return (root("sql") / f"{name}.sql").read_text(encoding="utf-8")


def plan_folders() -> tuple[Path, Path]:
    """Folders of compiled plans: (shipped with the package, the user's cache, which is writable)."""
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(str(files("harmonize"))) / "plans", cache_home / "midrc-harmonize" / "plans"


def user_folder() -> Path:
    """The folder of files that a user keeps for all stores (an imported table of codes); it may not exist yet."""
    data_home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return data_home / "midrc-harmonize"
