"""Stores, and the shared real data: where they lie, and what happens to tests that need them when they are absent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import canaries
import chance
import pytest
from duckdb import DuckDBPyConnection
from fuzzing import Fuzzing
from stores import PLANNED, copied

from harmonize.engine.store import Store, open_store
from harmonize.pipeline.store_schema import create

chance.load_profile()
REPOSITORY = Path(__file__).resolve().parent.parent
DATA_REQUIRED = os.environ.get("HARMONIZE_REQUIRE_DATA") == "1"


def _shared_folder() -> Path:
    return Path(os.environ.get("HARMONIZE_SHARED") or REPOSITORY.parent / "shared" / "data")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared real data; a test that asks for it carries the marker `realdata`."""
    folder = _shared_folder()
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; set HARMONIZE_SHARED")
    return folder.resolve()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store with the starter vocabulary, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "store.duckdb"
    open_store(path, create=True, initialise=create).close()
    return path


@pytest.fixture
def new_store(empty_store: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A copy of the empty store, for one test."""
    real = request.node.get_closest_marker("realdata") is not None
    with copied(empty_store, tmp_path, planned=PLANNED or real) as store:
        yield store


@pytest.fixture(scope="module")
def module_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One empty store for all tests of a file; `hand` gives it to each as it was."""
    with copied(empty_store, tmp_path_factory.mktemp("hand")) as store:
        yield store


@pytest.fixture
def hand(module_store: Store) -> Iterator[DuckDBPyConnection]:
    """A store for rows by hand (rows_by_hand.py), which are taken back when the test ends."""
    module_store.con.execute("BEGIN")
    yield module_store.con
    module_store.con.execute("ROLLBACK")


def pytest_configure(config: pytest.Config) -> None:
    if chance.FUZZING:
        config.pluginmanager.register(Fuzzing(), "fuzzing")
    if chance.CANARY:
        canaries.plant(chance.CANARY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that reads real data must say so, else its skip would not be counted."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()) and item.get_closest_marker("realdata") is None:
            raise pytest.UsageError(f"{item.nodeid} uses the fixture `shared` without the marker realdata.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[pytest.TestReport]:
    """Where data are required, a real data test that was skipped has failed."""
    report = yield
    if DATA_REQUIRED and report.skipped and item.get_closest_marker("realdata") is not None:
        report.outcome = "failed"
        report.longrepr = f"Skipped although HARMONIZE_REQUIRE_DATA=1: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests on real data did not run."""
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "realdata" in r.keywords]
    terminalreporter.write_line(f"Tests on real data that were skipped: {len(skipped)}")
