"""What the generators of rows and expressions can give: whoever makes one smaller to silence a failure is noticed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from chance import never_drawn
from hypothesis import strategies as st
from test_differential import KINDS_NESTED, any_expression, expressions, small_row
from test_objects import tops
from two_engines import COLUMNS, date_text, number_text, odd_text, row, rows_of_all, text, yes_no

ODD = [*"aAbB-/ 'ßéÉİσςΣﬁ", *"\t\n\x0b\x1c\x85\xa0\u2003\u200b", "٣", *"🤦🏼‍", *'"%_\\']
"""Characters whose capitals are two, are one another's, or depend on the place; blanks that Python strips and SQL does
not, and the other way round; a digit that is none; parts of one picture; what SQL, LIKE and csv quote."""
NUMBERS = [
    None, "", " ", " 7 ", "3.0", "1.", ".5", "+5", "-0", "0.0", "2.5", "3.5", "1e3", "1E-2", "2.675", "1.005",
    "nan", "inf", "-Infinity", "1_000", "0x10", "1e999", "-1e999", "1,5", "٣", "5\xa0", "\t5", "1e", "--5",
    "9223372036854775807", "9223372036854775808", "9007199254740993", "9007199254740993.0", "1e15",
]  # fmt: skip
DATES = [
    None, "", "2/29/2021", "2/30/2020", "0/1/2020", "13/1/2020", "01/01/0000", "1/1/2020 ", " 1/1/2020", "1/ 1/2020",
    "2/29/2020", "1/1/20", "1/1/02020", "1/1/2020x", "2020-1-5", "20200131", "2020131", "٣/1/2020",
    "5-mar-2020", "5-MAR-68", "5 March 2020", "31-Dec-69", "5 Marchy 2020",
    "2020-01-01 24:00:00", "2020-01-01 23:59:60", "2020-01-01 12:05 AM", "2020-01-01 0:05 am",
    "2020-01-01 1:2:3.5", "2020-01-01 01:02:03.123456", "2020-01-01 01:02:03.1234567",
]  # fmt: skip
FORMS_OF_DATES = (r"\d{1,2}/\d{1,2}/\d{4}", r"\d{4}-\d\d-\d\d", r"\d{8}", r"\d{4}-\d{1,2}-\d{1,2} \d+:\d+:\d+")


def each(values: list[Any]) -> dict[str, Callable[[Any], bool]]:
    return {repr(value): (lambda drawn, value=value: drawn == value) for value in values}


def like(*patterns: str) -> dict[str, Callable[[Any], bool]]:
    return {p: (lambda drawn, p=p: drawn is not None and re.fullmatch(p, drawn) is not None) for p in patterns}


def test_odd_text_has_every_troublesome_character() -> None:
    wanted: dict[str, Callable[[str], bool]] = {c: (lambda drawn, c=c: c in drawn) for c in ODD}
    wanted |= {"nothing": lambda drawn: drawn == "", "8 characters": lambda drawn: len(drawn) == 8}
    wanted |= {"blanks around": lambda drawn: len(drawn) > 2 and drawn[0].isspace() and drawn[-1].isspace()}
    wanted |= {"what nobody listed": lambda drawn: any(ord(c) > 0x100 and c not in ODD for c in drawn)}
    assert never_drawn(odd_text, wanted, 1_500) == []


@pytest.mark.parametrize(
    ("generator", "values", "patterns"),
    [
        (text, [None, "", "Yes", "No", "NA", "a-b-c", "x"], (r"(?s).{5,}",)),
        (number_text, NUMBERS, (r"-?\d{1,4}", r"-?\d+\.125", r"-?\d+\.\d{9,}", r"-?\d\.\d+e-\d+")),
        (date_text, DATES, FORMS_OF_DATES),
        (yes_no, [None, "Yes", "No", "NA", "", "yes", "F", "M", "U"], ()),
    ],
    ids=["text", "number_text", "date_text", "yes_no"],
)
def test_texts(generator: st.SearchStrategy[Any], values: list[Any], patterns: tuple[str, ...]) -> None:
    assert never_drawn(generator, each(values) | like(*patterns), 4_000) == []


def test_rows_have_every_column_and_reach_their_number() -> None:
    sizes: dict[str, Callable[[Any], bool]] = {
        "10 rows": lambda rows: len(rows) == 10,
        "30 rows and more": lambda rows: len(rows) >= 30,
    }
    assert never_drawn(rows_of_all, sizes, 300) == []
    for generator in (row, small_row):
        filled: dict[str, Callable[[Any], bool]] = {c: (lambda drawn, c=c: bool(drawn[c])) for c in COLUMNS}
        empty: dict[str, Callable[[Any], bool]] = {f"no {c}": (lambda drawn, c=c: drawn[c] is None) for c in COLUMNS}
        assert never_drawn(generator, filled | empty, 500) == []


def test_expressions_nest_every_function_and_operator() -> None:
    words = ["if", "case(", "coalesce(", " or ", " and ", "nullif(", " + ", " - ", " * ", " / ", "max(", "strlen(",
             "days_between(", "not ", "is None", " in ", "add_days(", "join(", "split(", "[", "upper(", "strip(",
             " == ", " != ", " < ", " <= ", " > ", " >= "]  # fmt: skip
    wanted: dict[str, Callable[[Any], bool]] = {word: (lambda drawn, word=word: word in drawn) for word in words}
    kinds = st.sampled_from(KINDS_NESTED).flatmap(lambda kind: expressions(kind, 2))
    assert never_drawn(kinds, wanted, 800) == []
    assert never_drawn(any_expression, {"three deep": lambda drawn: drawn.count("(") > 12}, 100) == []


def test_objects_are_one_and_many_two_deep_and_of_all_forms() -> None:
    words = [
        "'one'",
        "'many'",
        "object_derivations",
        "special_part",
        "'x_text[]'",
        "'ward'",
        "'site'",
        "unit_conversion",
    ]
    wanted: dict[str, Callable[[Any], bool]] = {word: (lambda drawn, word=word: word in repr(drawn)) for word in words}
    deep = {"an object in an object": lambda drawn: any(repr(entry).count("slot_derivations") > 3 for entry in drawn)}
    assert never_drawn(tops(), wanted | deep, 60) == []
