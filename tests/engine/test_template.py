"""A new store is a copy of one that was made from the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.engine import template
from harmonize.pipeline import store_schema
from harmonize.pipeline.stores import open_current


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "midrc-harmonize" / "stores"


def _make(path: Path) -> tuple[list[tuple[str, ...]], str, object]:
    """The columns of a new store, the digest of its views, and when its vocabulary was loaded."""
    with open_current(path, create=True) as store:
        views = store.con.execute("SELECT views FROM harmonize.store_version").fetchone()
        loaded = store.con.execute("SELECT loaded_at FROM harmonize.vocabulary_load").fetchone()
        assert views is not None
        assert loaded is not None
        store.is_new = False
        return store_schema.columns(store.con), views[0], loaded[0]


def test_a_new_store_is_a_copy_that_equals_the_first(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _make(tmp_path / "first.duckdb")
    (kept,) = cache.iterdir()
    monkeypatch.setattr(store_schema, "create", lambda _con: pytest.fail("it is made anew"))
    second = _make(tmp_path / "second.duckdb")
    assert second[:2] == first[:2]
    assert str(second[2]) > str(first[2]), "its vocabulary is loaded when it is made"
    assert list(cache.iterdir()) == [kept]


def test_a_damaged_template_or_one_of_something_else_is_not_taken(cache: Path, tmp_path: Path) -> None:
    first = _make(tmp_path / "first.duckdb")
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert _make(tmp_path / "second.duckdb")[0] == first[0]
    (again,) = cache.iterdir()
    assert not template.take_template("0" * 64, tmp_path / "third.duckdb")
    assert not (tmp_path / "third.duckdb").exists()
    assert template.take_template(store_schema.made_from(), tmp_path / "third.duckdb")
    assert (tmp_path / "third.duckdb").read_bytes() == again.read_bytes()


def test_a_cache_that_cannot_be_written_only_costs_time(cache: Path, tmp_path: Path) -> None:
    cache.parent.parent.mkdir()
    cache.parent.write_text("no folder")
    assert _make(tmp_path / "first.duckdb")[0]
