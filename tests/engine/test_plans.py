"""Compiled plans: found by content, rebuilt when damaged, never in the way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import orjson
import pytest

from harmonize.engine import plans

if TYPE_CHECKING:
    from pathlib import Path

DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    shipped, cache = tmp_path / "shipped", tmp_path / "cache"
    shipped.mkdir()
    monkeypatch.setattr(plans, "plan_folders", lambda: (shipped, cache))
    return shipped, cache


def refuse() -> dict[str, object]:
    raise AssertionError("built although a plan is at hand")


def test_built_once_then_read(folders: tuple[Path, Path]) -> None:
    assert plans.cached("schema", "sources/x", DIGEST, lambda: {"a": [1, "ä"]}) == {"a": [1, "ä"]}
    assert plans.cached("schema", "sources/x", DIGEST, refuse) == {"a": [1, "ä"]}
    assert [path.name for path in folders[1].iterdir()] == ["schema-sources.x-0123456789ab.json"]


def test_other_content_is_another_plan(folders: tuple[Path, Path]) -> None:
    plans.cached("schema", "x", DIGEST, lambda: {"version": 1})
    assert plans.cached("schema", "x", "f" * 64, lambda: {"version": 2}) == {"version": 2}
    assert plans.cached("mapping", "x", DIGEST, lambda: {"version": 3}) == {"version": 3}


@pytest.mark.parametrize("content", [b"", b'{"a":', b"[1]", b"\xff\x00"])
def test_damaged_cache_is_rebuilt(folders: tuple[Path, Path], content: bytes) -> None:
    cached = folders[1] / plans.plan_file("schema", "x", DIGEST)
    cached.parent.mkdir()
    cached.write_bytes(content)
    assert plans.cached("schema", "x", DIGEST, lambda: {"good": True}) == {"good": True}
    assert orjson.loads(cached.read_bytes()) == {"good": True}


def test_shipped_plan_wins_only_with_the_digest_in_its_name(folders: tuple[Path, Path]) -> None:
    shipped = folders[0]
    (shipped / "schema-x-000000000000.json").write_bytes(b'{"from": "an older file"}')
    assert plans.cached("schema", "x", DIGEST, lambda: {"from": "built"}) == {"from": "built"}
    (shipped / plans.plan_file("schema", "x", DIGEST)).write_bytes(b'{"from": "shipped"}')
    assert plans.cached("schema", "x", DIGEST, refuse) == {"from": "shipped"}


def test_unwritable_cache_is_no_error(folders: tuple[Path, Path]) -> None:
    folders[1].write_text("a file where the folder should be")
    assert plans.cached("schema", "x", DIGEST, lambda: {"a": 1}) == {"a": 1}


def test_failed_write_leaves_nothing(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", no_space)
    assert plans.cached("schema", "x", DIGEST, lambda: {"a": 1}) == {"a": 1}
    assert list(folders[1].iterdir()) == []
