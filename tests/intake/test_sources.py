"""What a source reads when no path is given."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from harmonize.engine.errors import InputError
from harmonize.intake.sources import default_paths, find_source


def test_an_unknown_source_names_those_that_are() -> None:
    with pytest.raises(InputError, match="--source dicm") as caught:
        find_source("dicm")
    assert "idc" in (caught.value.hint or "")


def test_a_source_without_an_index_needs_a_path() -> None:
    with pytest.raises(InputError, match="--source ehr needs a PATH"):
        default_paths("ehr")


def test_the_package_s_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "idc_index_data", SimpleNamespace(IDC_INDEX_PARQUET_FILEPATH="/index.parquet"))
    assert default_paths("idc") == [Path("/index.parquet")]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "idc_index_data", None)
    with pytest.raises(InputError, match="idc-index-data is not installed") as caught:
        default_paths("idc")
    assert "midrc-harmonize[idc]" in (caught.value.hint or "")
