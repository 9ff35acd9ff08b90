"""Seeded errors: the clean batch has no findings; each planted error is found at its place, and nothing else is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from clean_batch import clean_batch, file_name, write
from clean_ward import WARD, clean_ward, write_ward
from planted import TOGETHER, WARD_TOGETHER, Found, Planted

from harmonize.validation.validate import validate


def found_in(path: Path, **options: Any) -> list[dict[str, Any]]:
    """The findings of a delivery as `validate --format json` gives them."""
    out = BytesIO()
    with validate([path], **{"source": "gen3", **options}) as result:
        result.write(out, format="json")
    return json.loads(out.getvalue())["findings"]


def places(findings: list[dict[str, Any]]) -> Counter[Found]:
    return Counter((f["rule"], f["file"], f["line"], f["column"]) for f in findings)


def expected(planted: tuple[Planted, ...], name: Callable[[str], str] = file_name) -> Counter[Found]:
    return Counter((rule, name(node), line, column) for p in planted for rule, node, line, column in p.found)


@pytest.mark.parametrize("seed", [7, 8])
def test_the_clean_batch_has_no_findings(tmp_path: Path, seed: int) -> None:
    assert found_in(write(tmp_path / "batch", clean_batch(seed))) == []


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The findings of a batch with all errors of TOGETHER."""
    rows = clean_batch()
    for planted in TOGETHER:
        planted.plant(rows)
    return found_in(write(tmp_path_factory.mktemp("planted") / "batch", rows))


@pytest.mark.parametrize("planted", TOGETHER, ids=lambda planted: planted.rule)
def test_a_planted_error_is_found_at_its_place(together: list[dict[str, Any]], planted: Planted) -> None:
    assert expected((planted,)) <= places(together)


def test_nothing_else_is_found(together: list[dict[str, Any]]) -> None:
    assert places(together) - expected(TOGETHER) == Counter()


@pytest.mark.parametrize("seed", [7, 8])
def test_the_clean_ward_has_no_findings(tmp_path: Path, seed: int) -> None:
    assert found_in(write_ward(tmp_path / "ward", clean_ward(seed)), source="ehr", mapping=str(WARD)) == []


def test_errors_planted_in_the_ward(tmp_path: Path) -> None:
    rows = clean_ward()
    for planted in WARD_TOGETHER:
        planted.plant(rows)
    found = found_in(write_ward(tmp_path / "ward", rows), source="ehr", mapping=str(WARD))
    assert places(found) == expected(WARD_TOGETHER, "{}.csv".format)
