"""The invented study, made once, and a copy of it for each test."""

from __future__ import annotations

from pathlib import Path

import held_study
import pytest


@pytest.fixture(scope="session")
def made_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return held_study.make(tmp_path_factory.mktemp("study"))


@pytest.fixture
def study(made_study: Path, tmp_path: Path) -> Path:
    return held_study.copied_study(made_study, tmp_path)
