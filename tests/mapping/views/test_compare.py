"""Dates and times of FHIR are compared as far as the less exact one goes."""

from __future__ import annotations

import duckdb
import pytest

from harmonize.engine.paths import sql

# a, b → whether a is before (-1), the same (0) or after (1); None where the less exact one leaves it open
PAIRS: list[tuple[str, str, int | None]] = [
    ("2020", "2021", -1),
    ("2020-03", "2020-03", 0),
    ("2020", "2020-03", None),
    ("2020-03-01", "2020-03-02", -1),
    ("2020-03-01", "2020-03-01T10:00:00", None),
    ("2020-03-01T10:00", "2020-03-01T10:00:30", None),
    ("2020-03-01T10:00", "2020-03-01T10:01:30", -1),
    ("2020-03-01T10:00:30", "2020-03-01T10:00:30", 0),
    ("2020-03-01T10:00:30", "2020-03-01T10:00:30.0", 0),
    ("2020-03-01T10:00:30", "2020-03-01T10:00:30.5", -1),
    ("2020-03-01T10:00:30.5", "2020-03-01T10:00:30.50", 0),
    ("2020-03-01T10:00:30.5", "2020-03-01T10:00:30.4", 1),
]


@pytest.mark.parametrize(("a", "b", "expected"), PAIRS)
def test_which_comes_first(a: str, b: str, expected: int | None) -> None:
    with duckdb.connect() as con:
        con.execute(sql("views/functions"))
        found = con.execute("SELECT fhir_compare_local($1, $2), fhir_compare_local($2, $1)", [a, b]).fetchone()
    assert found == (expected, None if expected is None else -expected)
