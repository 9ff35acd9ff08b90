"""Expressions without bound are refused before anything walks through them."""

from __future__ import annotations

import pytest

from harmonize.engine.errors import InputError
from harmonize.mapping.compiler.expression import Compiler
from harmonize.mapping.syntax import DEEPEST, MOST_CALLS, MOST_TERMS, parse

COMPILER = Compiler(["x", "y"], {})


@pytest.mark.parametrize(
    "expression",
    [
        "1" + " + 1" * 3000,
        "x" + " + y" * 3000,
        "number(x)" + " / number(y)" * 3000,
        "(" * 3000 + "x" + ")" * 3000,
        "upper(" * 3000 + "x" + ")" * 3000,
        "round(" * 20 + "number(x)" + ", 1)" * 20,
        "not " * 3000 + "x == 'a'",
        "-" * 3000 + "number(x)",
        "'a' if x == 'b' else " * 3000 + "'c'",
        " or ".join(["x == 'a'"] * 10_000),
        "case(" + ", ".join(["(x == 'a', 'b')"] * 10_000) + ")",
        "'\ud800'",
        " or ".join(["x == 'a'"] * 100_000),
    ],
    ids=lambda expression: f"{expression[:14]!r} {len(expression)}".encode("ascii", "backslashreplace").decode(),
)
def test_a_monster_is_refused(expression: str) -> None:
    with pytest.raises(InputError) as caught:
        COMPILER.compile(expression)
    assert len(caught.value.message) < 300


def test_what_is_long_and_flat_is_compiled() -> None:
    codes = [f"'{number}'" for number in range(3000)]
    assert COMPILER.compile(f"x in [{', '.join(codes)}]").text.count("'") == 6000
    assert COMPILER.compile(" or ".join(["x == 'a'"] * MOST_TERMS)).kind == "boolean"


def test_the_bounds() -> None:
    parse("x" + " + y" * (DEEPEST - 3))
    with pytest.raises(InputError, match=f"at most {DEEPEST} levels"):
        parse("x" + " + y" * DEEPEST)
    parse("upper(" * MOST_CALLS + "x" + ")" * MOST_CALLS)
    with pytest.raises(InputError, match="functions one inside another"):
        parse("upper(" * (MOST_CALLS + 1) + "x" + ")" * (MOST_CALLS + 1))


def test_sql_that_grows_with_each_level_is_refused() -> None:
    with pytest.raises(InputError, match="too long when it is written out"):
        COMPILER.compile("number(x)" + " / number(y)" * 90)
