"""Calls that repeat are computed once: what is shared, what must not be, and that the rows stay the same."""

from __future__ import annotations

import duckdb
import pytest

from harmonize.mapping.compiler.functions import install
from harmonize.mapping.shared_calls import share

WHOLE = 'whole(s."n")'


def test_a_call_that_repeats_becomes_a_column() -> None:
    found, rows = share([WHOLE, f'CASE WHEN {WHOLE} IS NULL THEN s."t" END'], "source", ["record_id_"])
    assert found == ['s."shared 1_"', 'CASE WHEN s."shared 1_" IS NULL THEN s."t" END']
    assert rows == f'(SELECT s."record_id_", s."t", {WHOLE} AS "shared 1_" FROM source s)'


def test_what_holds_a_shared_call_is_shared_in_its_turn() -> None:
    outer = f'add_days(s."d", TRY({WHOLE} - 1::BIGINT))'
    found, rows = share([f"{outer} + 1", f"{outer} + 2", WHOLE], "source")
    assert found == ['s."shared 3_" + 1', 's."shared 3_" + 2', 's."shared 1_"']
    assert rows.count(WHOLE) == rows.count("TRY(") == rows.count("add_days(") == 1


def test_only_whole_calls_are_taken() -> None:
    """result_number is no number, and what stands in quotes is no call."""
    call = 'number(s."n")'
    found, rows = share([call, f"{call} + 1", f"result_{call}", f"'{call}'", f"plain_{call} > {call}"], "source")
    one = 's."shared 1_"'
    assert found == [one, f"{one} + 1", f"result_{call}", f"'{call}'", f"plain_{call} > {one}"]
    assert rows == f'(SELECT s."n", {call} AS "shared 1_" FROM source s)'


@pytest.mark.parametrize(
    "expressions",
    [
        [WHOLE, 'whole(s."m")'],  # each once
        ['list_transform(s."l", lambda x: whole(x))', 'list_filter(s."l", lambda x: whole(x) > 1)'],  # x is no column
        ['whole(j."n")', 'whole(j."n")'],  # of a row that was looked up
        ["number(record_id)", "number(record_id)"],  # of whatever it is
        ["'whole(s.\"n\")'", "'whole(s.\"n\")'"],  # words
        ['CAST(s."n" AS INTEGER)', 'CAST(s."n" AS INTEGER)'],  # may fail, where a CASE would not have asked
        ['error(s."n")', 'error(s."n")'],
    ],
)
def test_what_is_not_shared(expressions: list[str]) -> None:
    assert share(expressions, "source", ["k"]) == (expressions, "source")


def test_the_rows_are_the_same() -> None:
    texts = ["3", "3.0", "2.7", "", "x", "１２", None, "9007199254740993", "it's (one)"]
    expressions = [
        f"CASE WHEN {WHOLE} > 2 THEN add_days(to_date(s.\"d e\", '%m/%d/%Y'), {WHOLE}) END",
        f"to_date(s.\"d e\", '%m/%d/%Y') IS NULL OR {WHOLE} IS NULL",
        "split_list(s.\"n\", ')')",
        "split_list(s.\"n\", ')')",
        "s.k",
    ]
    with duckdb.connect() as con:
        install(con)
        con.execute("CREATE TABLE source AS SELECT unnest(?::VARCHAR[]) AS n, '02/28/2021' AS \"d e\", 7 AS k", [texts])
        plain = con.execute(f"SELECT {', '.join(expressions)} FROM source s").fetchall()
        found, rows = share(expressions, "source")
        assert rows != "source"
        assert con.execute(f"SELECT {', '.join(found)} FROM {rows} s").fetchall() == plain
