"""The invented study, loaded once for all tests of publishing that read it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import study

from harmonize.engine.store import open_store


@pytest.fixture(scope="session")
def study_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of study.py, to be copied; no file is published from it yet."""
    folder = tmp_path_factory.mktemp("study")
    with open_store(Path(shutil.copy(empty_store, folder / "store.duckdb"))) as store:
        store.con.execute("SET threads = 1")
        study.build(store, folder)
    return folder / "store.duckdb"
