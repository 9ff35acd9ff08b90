"""One run of the demo for all tests of this folder."""

from __future__ import annotations

import pytest

from harmonize.demo.run import DemoResult, demo


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    """The result of `harmonize demo`."""
    return demo(tmp_path_factory.mktemp("demo") / "out")
