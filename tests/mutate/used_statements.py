"""A plugin of pytest that notes which statements of sql/ each test asks for: `make mutate` chooses its tests by that.

`-p used_statements` in `make test`. The folder HARMONIZE_USED (.mutate/used) gets a file a worker: a line a test, with
its seconds and the statements.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harmonize.engine import paths

FOLDER = Path(os.environ.get("HARMONIZE_USED") or Path(__file__).resolve().parents[2] / ".mutate" / "used")
_asked: set[str] = set()
_read = paths.sql


def _noting(name: str) -> str:
    """As harmonize.engine.paths.sql."""
    _asked.add(name)
    return _read(name)


paths.sql = _noting  # type: ignore[assignment]  # now, before any other module takes its name


def pytest_configure(config: pytest.Config) -> None:
    """Begin a new record, unless this is a worker, whose controller has done so."""
    if not hasattr(config, "workerinput"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob("*.tsv"):
            old.unlink()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note a test, its fixtures included: of a fixture that several share, the first one has the statements."""
    _asked.clear()
    started = time.perf_counter()
    yield
    if _asked:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        with (FOLDER / f"{worker}.tsv").open("a", encoding="utf-8") as out:
            out.write(f"{time.perf_counter() - started:.3f}\t{item.nodeid}\t{' '.join(sorted(_asked))}\n")
