"""Rows found against rows expected: what matches, and how the rest is told."""

from __future__ import annotations

from harmonize.golden.compare import ExpectedRow, count_differences, row_differences

NAMES = {316866: "SNOMED:38341003"}


def test_order_and_columns_that_are_not_named_do_not_count() -> None:
    found = [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    assert row_differences("t", [ExpectedRow({"a": 2}, 5), ExpectedRow({"b": "x"}, 6)], found, NAMES) == []


def test_a_row_that_fits_two_leaves_the_one_that_the_other_needs() -> None:
    found = [{"a": 1, "b": 1}, {"a": 1, "b": 2}]
    # taken in order, the first would take the only row that the second fits
    assert row_differences("t", [ExpectedRow({"a": 1}, 5), ExpectedRow({"b": 1}, 6)], found, NAMES) == []


def test_equal_rows_are_counted() -> None:
    (text,) = row_differences("t", [ExpectedRow({"a": 1}, 5)], [{"a": 1, "b": 7}, {"a": 1, "b": 8}], NAMES)
    assert text == "t: a row too many: a 1"


def test_only_columns_that_differ_are_shown() -> None:
    expected = [ExpectedRow({"x_concept_id": 316866, "x_source_value": "htn", "n": 1.5}, 9)]
    (text,) = row_differences("x", expected, [{"x_concept_id": 0, "x_source_value": "htn", "n": None}], NAMES)
    assert text == "x, line 9: x_concept_id: expected 316866 (SNOMED:38341003), got 0; n: expected 1.5, got null"


def test_the_most_alike_rows_are_paired() -> None:
    expected = [ExpectedRow({"a": 1, "b": 1, "c": 1}, 4), ExpectedRow({"a": 2, "b": 2, "c": 2}, 5)]
    found = [{"a": 2, "b": 2, "c": 9}, {"a": 1, "b": 9, "c": 1}]
    assert sorted(row_differences("t", expected, found, NAMES)) == [
        "t, line 4: b: expected 1, got 9",
        "t, line 5: c: expected 2, got 9",
    ]


def test_missing_and_superfluous_rows() -> None:
    assert row_differences("t", [ExpectedRow({"a": "x"}, 4)], [], NAMES) == ["t, line 4: no such row: a 'x'"]
    assert row_differences("t", [], [{"a": 1, "b": None, "c": "x"}], NAMES) == ["t: a row too many: a 1, c 'x'"]


def test_the_last_digits_of_a_conversion_do_not_count() -> None:
    pounds = [ExpectedRow({"a": "kg", "value_as_number": 69.85322498}, 4)]
    assert row_differences("t", pounds, [{"a": "kg", "value_as_number": 69.85322498000001}], NAMES) == []
    (text,) = row_differences("t", pounds, [{"a": "kg", "value_as_number": 69.853}], NAMES)
    assert text == "t, line 4: value_as_number: expected 69.85322498, got 69.853"


def test_counts() -> None:
    assert count_differences("ledger", {"loaded": 1}, {"loaded": 1}) == []
    assert count_differences("ledger", {"loaded": 2}, {"quarantined": 1}) == [
        "ledger, loaded: expected 2, got 0",
        "ledger, quarantined: expected 0, got 1",
    ]
