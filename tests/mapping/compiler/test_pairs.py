"""Nothing is left to chance where values meet: every pair of the values that tempt two engines to differ, by both.

Every operator over every two kinds of operand, every function over all that it takes, and the cases of
test_differential.py. What random rows find here and there, this finds always: a value or an operand that was not
thought of is added here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import duckdb
import pytest
from test_differential import FUNCTION_CASES, OPERATOR_CASES
from two_engines import COLUMNS, VALUES, compare_evaluated, connection

from harmonize.engine.errors import InputError
from harmonize.mapping.compiler import bodies
from harmonize.mapping.compiler.expression import Compiler
from harmonize.mapping.compiler.functions import FUNCTIONS, KINDS, LISTS, Arg
from harmonize.mapping.compiler.value import common_kind

OF_THREE = (None, "", "a", "1", "1/2/2020")
"""What each of three columns has, where an expression reads as many."""

# Of every kind: operands of the column {c}, and texts that give every value of the kind that is of interest.
# A list of texts is absent, empty, of NULL alone, or has NULL beside others.
OPERANDS: dict[str, tuple[tuple[str, ...], tuple[str | None, ...]]] = {
    "text": (("{c}",), VALUES),
    "number": (("number({c})",), (None, "0", "1", "-1", "2.5")),
    "integer": (("whole({c})",), (None, "0", "1", "-1", "3")),
    "boolean": (("startswith({c}, 'a')", "{c} == 'a'"), (None, "a", "x")),
    "date": (("to_date({c}, '%m/%d/%Y', '%Y-%m-%d')",), (None, "1/2/2020", "2020-01-31")),
    "datetime": (("to_datetime({c}, '%Y-%m-%d %H:%M:%S')",), (None, "2020-01-31 10:05:00", "1999-12-31 23:59:59")),
    "text[]": (("split({c}, '-')", "[{c}]", "[{c}, 'a']", "case(({c} == 'a', [{c}]))"),
               (None, "", " ", "-", "a", "a-b", "b-a", "1")),
    "number[]": (("[number({c})]",), (None, "1", "2.5")),
    "integer[]": (("[whole({c}), 1]",), (None, "1", "3")),
    "boolean[]": (("[startswith({c}, 'a')]",), (None, "a", "x")),
    "date[]": (("[to_date({c}, '%Y-%m-%d')]",), (None, "2020-01-31")),
    "datetime[]": (("[to_datetime({c}, '%Y-%m-%d %H:%M:%S')]",), (None, "2020-01-31 10:05:00")),
}  # fmt: skip
CONSTANTS = ("None", "'a'", "''", "1", "0.5", "True", "False", "['a', '1']", "('Yes', '')", "[1, 2]", "[True]")
OF_TWO = (
    *(f"({{l}}) {operator} ({{r}})" for operator in ("==", "!=", "<", "<=", ">", ">=", "in", "not in")),
    *(f"({{l}}) {operator} ({{r}})" for operator in ("+", "-", "*", "/", "and", "or")),
    "not (({l}) and ({r}))", "coalesce({l}, {r})", "nullif({l}, {r})", "min({l}, {r})", "max({l}, {r})",
    "[{l}, {r}]", "[{l}, {r}, None]",
)  # fmt: skip
OF_A_CONDITION = (
    "({l}) if ({r}) else None", "None if ({r}) else ({l})", "case(({r}, {l}))", "case(({r}, {l}), (True, {l}))",
)  # fmt: skip
CHOSEN = ("a", "number(a)", "split(a, '-')", "None")
"""What a condition decides on."""
OF_ONE = ("not ({l})", "-({l})", "+({l})", "({l}) is None", "({l}) is not None", "isnull({l})", "notnull({l})",
          "join('/', {l})", "[{l}, None]", "[{l} or {l}]")  # fmt: skip
CONSTANT_ARGUMENTS = {
    None: "'/'",
    bodies.check_filled: "'-'",
    bodies.check_digits: "1",
    bodies.check_position: "2",
    bodies.check_pattern: "'-?[a-z0-9]+'",
    bodies.check_date_format: "'%m/%d/%Y'",
    bodies.check_time_format: "'%Y-%m-%d %H:%M:%S'",
}
"""An argument that must be a constant, by the check of it."""


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return connection()


Cases = dict[str, dict[str, tuple[str | None, ...]]]
"""Expressions, and the texts that each column they read may have."""


def operands(column: str) -> Cases:
    """Every operand of a column."""
    return {form.format(c=column): {column: texts} for forms, texts in OPERANDS.values() for form in forms}


def operations() -> Cases:
    """Every operator with every two operands, one of them a constant as well, and of those with one every operand."""
    constants: Cases = {constant: {} for constant in CONSTANTS}
    first, second = operands("a"), operands("b")
    cases = {form.format(l=left): texts for form in OF_ONE for left, texts in first.items()}
    for (left, of_left), (right, of_right) in product((first | constants).items(), (second | constants).items()):
        forms = (*(OF_TWO if related(left, right) else ()), *(OF_A_CONDITION if left in CHOSEN else ()))
        cases |= {form.format(l=left, r=right): of_left | of_right for form in forms}
    return cases


@cache
def kind_of(operand: str) -> str | None:
    """None for a tuple."""
    return None if operand.startswith("('") else Compiler(COLUMNS, {}).compile(operand).kind


def related(left: str, right: str) -> bool:
    """Whether an operator may take both: of one kind, numbers, a member and a list; one of them None or a tuple."""
    one, other = kind_of(left), kind_of(right)
    return None in (one, other) or common_kind([one, other]) is not None or LISTS.get(other) == one


def calls() -> Iterator[str]:
    """Every function over every kind that an argument of it may have, and NULL in the place of each."""
    for name, function in FUNCTIONS.items():
        for variant in function.variants:
            arguments = (*variant.args, *([variant.rest] if variant.rest else []))
            choices = [_choices(arg, "abn"[min(place, 2)]) for place, arg in enumerate(arguments)]
            yield from (f"{name}({', '.join(chosen)})" for chosen in product(*choices))


def _choices(arg: Arg, column: str) -> list[str]:
    if arg.constant:
        return [CONSTANT_ARGUMENTS[arg.check]]
    return [*(OPERANDS[kind][0][0].format(c=column) for kind in sorted(arg.kinds)), "None"]


@cache
def read(expression: str) -> tuple[str, ...] | None:
    """The columns that an expression reads; None where the language refuses it."""
    compiler = Compiler(COLUMNS, {})
    try:
        compiler.compile(expression)
    except InputError:
        return None
    return tuple(name for _, name in compiler.used)


def check_pairs(con: duckdb.DuckDBPyConnection, cases: Cases) -> list[str]:
    """Each over all texts of the columns that it reads; gives those expressions that the language has."""
    together: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for expression, texts in cases.items():
        if (columns := read(expression)) is not None:
            usual = VALUES if len(columns) < 3 else OF_THREE
            together[tuple((column, texts.get(column, usual)) for column in columns)].append(expression)
    for columns, several in together.items():
        assert len(columns) <= 3, several
        names = [name for name, _ in columns]
        rows = [dict(zip(names, chosen, strict=True)) for chosen in product(*(texts for _, texts in columns))]
        compare_evaluated(con, several, [dict.fromkeys(COLUMNS) | row for row in rows])
    return [expression for several in together.values() for expression in several]


def test_operands_are_of_every_kind() -> None:
    assert set(OPERANDS) == KINDS | set(LISTS)
    for kind, (forms, _) in OPERANDS.items():
        assert {Compiler(COLUMNS, {}).compile(form.format(c="a")).kind for form in forms} == {kind}


def test_cases(con: duckdb.DuckDBPyConnection) -> None:
    cases = [*(case for several in FUNCTION_CASES.values() for case in several), *OPERATOR_CASES]
    assert set(check_pairs(con, {case: {} for case in cases})) == set(cases)


def test_every_operator_over_every_two_operands(con: duckdb.DuckDBPyConnection) -> None:
    known = set(check_pairs(con, operations()))
    first, second = list(operands("a")), [*operands("b"), *CONSTANTS]
    for form in (*OF_ONE, *OF_TWO, *OF_A_CONDITION):
        assert known & {form.format(l=left, r=right) for left, right in product(first, second)}, form


def test_every_function_over_all_that_it_takes(con: duckdb.DuckDBPyConnection) -> None:
    known = check_pairs(con, {call: {} for call in calls()})
    assert {call.partition("(")[0] for call in known} == set(FUNCTIONS)
