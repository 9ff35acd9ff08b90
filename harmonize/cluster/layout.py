"""The folder of a dataset: one manifest says which files it is made of; whatever else lies there is of no account.

A load writes files of new names and then a new manifest, by one rename. Who reads has the files of one manifest, and a
load that ends before that has changed nothing.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from harmonize.engine.dataset import MANIFEST, read_manifest
from harmonize.engine.errors import InputError
from harmonize.engine.files import replacing

FORMAT = 1
SHARED = 0
"""The number under which files stand that are of no shard."""
MOST_SHARDS = (1 << 20) - 1
ID_BITS = 33
"""An id is the shard's number, shifted by so many bits, and a number within the shard; below 2 ** 53 together."""

Files = dict[str, dict[str, str]]
"""Table → number of the shard → file, from the folder of the dataset."""


@dataclass(frozen=True)
class Manifest:
    """What a dataset is made of. `tables` are for readers, `shares` what each shard has of the rows that several
    may have; `next_record` is the first number that no record has."""

    number: int
    shards: int
    next_record: int
    catalog: str
    views: str
    stores: dict[str, str]
    tables: Files
    shares: Files
    format: int = FORMAT
    sources: dict[str, str] = field(default_factory=dict)

    def files(self) -> set[str]:
        """All files that it names."""
        tables = [*self.tables.values(), *self.shares.values()]
        return {self.catalog, self.views, *self.stores.values(), *(file for some in tables for file in some.values())}


def find_manifest(folder: Path) -> Manifest | None:
    """The manifest of a dataset, None where there is none. Raises InputError for one of a newer form."""
    if not (folder / MANIFEST).exists():
        return None
    told: dict[str, Any] = read_manifest(folder)
    if told.get("format") != FORMAT:
        raise InputError(f"{folder / MANIFEST} is of form {told.get('format')}; this harmonize knows form {FORMAT}.")
    return Manifest(**told)


def commit(folder: Path, manifest: Manifest) -> None:
    """Make the manifest that of the dataset."""
    with replacing(folder / MANIFEST) as partial:
        partial.write_bytes(orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))


def clear(folder: Path, *manifests: Manifest | None) -> None:
    """Remove the files that none of these manifests names: of loads that ended before their commit, and older ones."""
    kept = {file for manifest in manifests if manifest for file in manifest.files()}
    shutil.rmtree(folder / "work", ignore_errors=True)
    for place in ("stores", "tables", "shares", "catalog"):
        for path in (folder / place).rglob("*"):
            if path.is_file() and path.relative_to(folder).as_posix().removesuffix(".wal") not in kept:
                path.unlink()


def with_files(manifest: Manifest, shard: int, made: dict[str, dict[str, str]]) -> Manifest:
    """The manifest with these files of a shard, kind (tables, shares) → table → file, in the place of those it had."""
    number = str(shard)

    def put(files: Files, new: dict[str, str]) -> Files:
        kept = {name: {key: file for key, file in some.items() if key != number} for name, some in files.items()}
        for name, file in new.items():
            kept.setdefault(name, {})[number] = file
        return {name: some for name, some in sorted(kept.items()) if some}

    return replace(manifest, tables=put(manifest.tables, made["tables"]), shares=put(manifest.shares, made["shares"]))
