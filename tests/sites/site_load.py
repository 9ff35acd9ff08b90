"""Loads of invented deliveries."""

from __future__ import annotations

from pathlib import Path

from harmonize.engine.store import Store
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult


def deliver(store: Store, folder: Path, site: str, files: dict[str, str]) -> LoadResult:
    """Write the texts as files and load them into a project named like the site."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in files.items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    return load(store, paths, source="ehr", mapping=site, project=site)
