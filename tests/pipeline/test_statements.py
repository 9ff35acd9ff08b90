"""Statements with keys of several parts, orders and limits, each asked about the rows that tell one from the other."""

from __future__ import annotations

import pytest
from duckdb import DuckDBPyConnection
from statement_rows import Entry, differences, entries


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_statement(hand: DuckDBPyConnection, entry: Entry) -> None:
    assert differences(hand, entry) == {}
