"""Stores with the invented deliveries of the sites."""

from __future__ import annotations

from collections.abc import Iterator

import invent
import pytest
from site_load import deliver

from harmonize.engine.store import Store, open_store
from harmonize.pipeline.load_result import LoadResult
from harmonize.pipeline.store_schema import create


@pytest.fixture
def store(new_store: Store) -> Store:
    """An empty store with the starter vocabulary."""
    return new_store


@pytest.fixture(scope="session", params=list(invent.SITES))
def delivered(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Store, LoadResult]]:
    """Site, a store with its whole invented delivery, and what the load said."""
    folder = tmp_path_factory.mktemp(request.param)
    with open_store(folder / "store.duckdb", create=True, initialise=create) as opened:
        yield request.param, opened, deliver(opened, folder / "sent", request.param, invent.files(request.param))


@pytest.fixture(scope="session")
def site_302028(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the invented delivery of site 302028, for tests of its hub rows."""
    folder = tmp_path_factory.mktemp("hub_302028")
    with open_store(folder / "store.duckdb", create=True, initialise=create) as opened:
        deliver(opened, folder / "sent", "site_302028", invent.files("site_302028"))
        yield opened
