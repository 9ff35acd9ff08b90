"""The whole state that invented deliveries lead to, row by row, against committed files (docs/tests.md)."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenes import EXPECTED, SCENES
from shown import differences

RENEW = "If this change is meant, run python tests/state/make.py and review the diff of tests/state/expected."


@pytest.mark.parametrize("scene", SCENES)
def test_everything_is_as_it_was(scene: str, empty_store: Path, tmp_path: Path) -> None:
    found = differences(EXPECTED / scene, SCENES[scene](empty_store, tmp_path))
    assert not found, "\n".join([RENEW, *found])
