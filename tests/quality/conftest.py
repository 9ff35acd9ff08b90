"""The invented study of two hospitals, loaded once, and a copy of it that faults may be planted in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import invented_sites
import pytest
from duckdb import DuckDBPyConnection
from stores import copied


@pytest.fixture(scope="session")
def sites(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the invented study."""
    folder = tmp_path_factory.mktemp("sites")
    with copied(empty_store, folder) as store:
        invented_sites.build(store, folder)
        store.con.execute("CHECKPOINT")
    return folder / "store.duckdb"


@pytest.fixture(scope="module")
def open_sites(sites: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    """A copy of it, for all tests of a file."""
    copy = tmp_path_factory.mktemp("planted") / "store.duckdb"
    copy.write_bytes(sites.read_bytes())
    with duckdb.connect(str(copy)) as con:
        yield con


@pytest.fixture
def planted(open_sites: DuckDBPyConnection) -> Iterator[DuckDBPyConnection]:
    """The copy for one test: what it changes is taken back."""
    open_sites.execute("BEGIN")
    yield open_sites
    open_sites.execute("ROLLBACK")
