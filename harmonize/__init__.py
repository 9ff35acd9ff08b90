"""Clinical data harmonization for MIDRC: contributor exports to OMOP CDM v5.4 in DuckDB, linked to imaging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.version import __version__

__all__ = ["__version__", "open"]

if TYPE_CHECKING:
    from harmonize.api import Database


def open(path: str, *, read_only: bool = False, **options: Any) -> Database:
    """Open a store (or a published file) and return a `harmonize.api.Database`.

    Imported lazily: `import harmonize` costs nothing until a database is opened.
    """
    from harmonize.api import Database

    return Database(path, read_only=read_only, **options)
