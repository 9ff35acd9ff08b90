"""A dataset in shards as a reader opens it: a folder with a manifest, which names a DuckDB file of views on its Parquet
files (docs/scaling.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"


def is_dataset(path: Path) -> bool:
    """Whether a path is the folder of a dataset."""
    return path.is_dir() and (path / MANIFEST).is_file()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a dataset. Raises InputError where it is none."""
    try:
        told: dict[str, Any] = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError) as problem:
        raise InputError(f"{folder / MANIFEST} cannot be read as a manifest: {problem}") from problem
    return told


def views_of(path: Path) -> tuple[Path, dict[str, Any]]:
    """The file to open for a path, and the settings with which: of a dataset its views, which find its files from its
    folder; of anything else itself. Raises InputError for a manifest that names no views in its folder."""
    if not is_dataset(path):
        return path, {}
    folder = path.resolve()
    file = (folder / str(read_manifest(path).get("views"))).resolve()
    if not file.is_file() or not file.is_relative_to(folder):
        raise InputError(f"The manifest of {path} names no file of views.", "Load into it again.")
    return file, {"file_search_path": str(folder)}
