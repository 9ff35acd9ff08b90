"""What random examples found once, from data/finds.yaml: tried always."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from two_engines import COLUMNS, compare, connection

FINDS = yaml.safe_load((Path(__file__).parents[1] / "data" / "finds.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return connection()


@pytest.mark.parametrize("find", FINDS, ids=[find["expression"] for find in FINDS])
def test_a_find(con: duckdb.DuckDBPyConnection, find: dict[str, Any]) -> None:
    assert find.keys() == {"expression", "rows", "was"}
    assert find["rows"]
    compare(con, [find["expression"]], [dict.fromkeys(COLUMNS) | row for row in find["rows"]])
