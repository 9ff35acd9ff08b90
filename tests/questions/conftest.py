"""The demo's store and a file published of it, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.demo.run import demo
from harmonize.export.publish import publish


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """`store`: the demo's; `published`: the file of it that analysts get."""
    folder = tmp_path_factory.mktemp("asked")
    shown = demo(folder / "demo")
    publish(shown.database, folder / "published.duckdb")
    return {"store": shown.database, "published": folder / "published.duckdb"}
