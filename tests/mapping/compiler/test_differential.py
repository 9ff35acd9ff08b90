"""linkml-map's own engine and our SQL give the same, row by row, and are in error on the same rows."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import duckdb
import pytest
from chance import examples
from hypothesis import given
from hypothesis import strategies as st
from two_engines import COLUMNS, compare, connection, date_text, rows_of_all, text, yes_no

from harmonize.mapping.compiler.expression import Compiler
from harmonize.mapping.compiler.functions import FUNCTIONS, install


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return connection()


# Every function and operator

FUNCTION_CASES = {
    "number": ["number(n)", "number(a)"],
    "whole": ["whole(n)", "whole(a)"],
    "float": ["float(n)", "float(whole(n))"],
    "int": ["int(n)", "int(number(n))"],
    "str": ["str(a)", "str(whole(n))", "str(to_date(d, '%m/%d/%Y'))"],
    "abs": ["abs(number(n))", "abs(whole(n))"],
    "round": ["round(number(n))", "round(number(n), 2)", "round(number(n), 0)", "round(whole(n))"],
    "floor": ["floor(number(n))"],
    "ceil": ["ceil(number(n))"],
    "min": ["min(number(n), number(m))", "min(a, b)", "min(number(n), whole(m), 3)"],
    "max": ["max(number(n), 1)", "max(a, b, y)", "max(to_date(d, '%m/%d/%Y'), to_date(e, '%m/%d/%Y'))"],
    "coalesce": ["coalesce(a, b, 'none')", "coalesce(number(n), whole(m))"],
    "nullif": ["nullif(a, 'NA')", "nullif(a, b)", "nullif(number(n), 0)"],
    "isnull": ["isnull(a)", "isnull(number(n))"],
    "notnull": ["notnull(a)", "notnull(number(n))"],
    "upper": ["upper(a)"],
    "lower": ["lower(a)"],
    "strip": ["strip(a)", "strip(n)"],
    "lstrip": ["lstrip(a)"],
    "rstrip": ["rstrip(a)"],
    "strlen": ["strlen(a)"],
    "replace": ["replace(a, 'a', b)", "replace(a, '%', '')"],
    "startswith": ["startswith(a, b)", "startswith(a, 'Y')"],
    "endswith": ["endswith(a, b)", "endswith(y, 's')"],
    "contains": ["contains(a, b)", "contains(a, '_')"],
    "substr": [
        "substr(a, 1, 3)",
        "substr(a, -2)",
        "substr(a, -3, -1)",
        "substr(a, 2, whole(n))",
        "substr(a, 9)",
    ],
    "part": ["part(a, '-', 1)", "part(a, '-', 2)", "part(d, '/', 3)", "part(a, 'ß', 2)"],
    "split": ["split(a, '-')", "split(a, ' ')", "split(d, '/')", "split(a, 'ß')", "split('', ',')"],
    "join": ["join('; ', split(a, '-'))", "join('', [a, b, y])", "join('/', [nullif(a, a)])"],
    "matches": [r"matches(a, '[A-Z][a-z]+')", r"matches(n, '-?\\d+(\\.\\d+)?')", r"matches(a, '.*-.*')"],
    "to_date": [
        "to_date(d, '%m/%d/%Y')",
        "to_date(d, '%m/%d/%Y', '%Y-%m-%d')",
        "to_date(d, '%Y%m%d')",
        "to_date(d, '%d-%b-%Y', '%d-%b-%y', '%d %B %Y', '%m/%d/%y')",
    ],
    "to_datetime": [
        "to_datetime(d, '%Y-%m-%d %H:%M:%S')",
        "to_datetime(d, '%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%d %I:%M %p')",
        "to_datetime(d, '%Y%m%d%H%M', '%Y-%m-%d %H:%M:%S', '%m/%d/%y %H:%M', '%d-%b-%Y %H:%M')",
    ],
    "add_days": ["add_days(to_date(d, '%m/%d/%Y'), whole(n))", "add_days(to_date(d, '%m/%d/%Y'), -1)"],
    "days_between": ["days_between(to_date(d, '%m/%d/%Y'), to_date(e, '%m/%d/%Y', '%Y-%m-%d'))"],
    "year": ["year(to_date(d, '%m/%d/%Y'))", "year(to_datetime(d, '%Y-%m-%d %H:%M:%S'))"],
    "month": ["month(to_date(d, '%m/%d/%Y'))"],
    "partial_date": ["partial_date(d)", "partial_date(a)"],
    "date_precision": ["date_precision(d)", "date_precision(a)"],
    "base64_text": [
        "base64_text(a)",
        "base64_text('dGV4dA==')",
        "base64_text('dGV4\\r\\ndA==')",
        *(
            f"base64_text('{base64.b64encode(text.encode(codec)).decode()}', 'text/plain; charset={charset}')"
            for codec, charset, text in (
                ("utf-8", "UTF-8", "\ufeffÄrzte"),
                ("latin-1", '"ISO-8859-1"', "Ärzte\x80"),
                ("utf-8-sig", "iso-8859-1", "Ärzte"),
                ("cp1252", "windows-1252", "„5 €“ – Ärzte"),
                ("latin-1", "windows-1252", "\x81"),
                ("iso8859-15", "iso-8859-15", "5 € Žižkov"),
                ("utf-16-le", "utf-16le", "Ärzte 𝛼"),
                ("utf-16-be", "utf-16", "Ärzte 𝛼"),
                ("utf-16", "utf-16", "Ärzte 𝛼"),
                ("latin-1", "utf-16be", "\xd8\x00\x00a"),
                ("latin-1", "utf-16be", "abc"),
                ("latin-1", "utf-8", "Ärzte"),
                ("utf-8", "klingon", "text"),
            )
        ),
        "base64_text('w4RyenRl', a)",
    ],
    "fingerprint": ["fingerprint(a)", "fingerprint(' A-12 ')"],
    "local_time": ["local_time(d)", "local_time(e)"],
    "day": ["day(to_date(d, '%m/%d/%Y'))"],
    "fahrenheit_to_celsius": [
        "fahrenheit_to_celsius(number(n))",
        "round(fahrenheit_to_celsius(whole(n)), 1)",
    ],
    "result_number": ["result_number(n)", "result_number(a)", "result_number('>= ' + n)", "result_number('1,' + n)"],
    "result_operator": ["result_operator(a)", "result_operator('<' + n)", "result_operator('≥ ' + n)"],
    "feet_and_inches": ["feet_and_inches(a)", "inches_to_cm(feet_and_inches(n))"],
    "short_code": ["short_code(a)", "short_code(a + ' ' + b + '0123456789012345678901234567890123456789ß')"],
    "inches_to_cm": ["inches_to_cm(number(n))"],
    "pounds_to_kg": ["pounds_to_kg(number(n))"],
    "ounces_to_kg": ["ounces_to_kg(number(n))"],
}
OPERATOR_CASES = [
    "a",
    "{a}",
    '"it\'s"',
    "3",
    "-2.5",
    "True",
    "None",
    "a == b",
    "a != b",
    "a == 'Yes'",
    "a != 'Yes'",
    "a == None",
    "a != None",
    "a is None",
    "a is not None",
    "number(n) == number(m)",
    "number(n) == 0",
    "whole(n) != 3",
    "a < b",
    "a >= 'a'",
    "number(n) < number(m)",
    "number(n) <= 2.5",
    "whole(n) > whole(m)",
    "to_date(d, '%m/%d/%Y') > to_date(e, '%m/%d/%Y')",
    "to_date(d, '%m/%d/%Y') == to_date(e, '%m/%d/%Y')",
    "y in ['Yes', 'No']",
    "y not in ('Yes', 'No')",
    "not (y in ['Yes', 'No'])",
    "whole(n) in [1, 2, 3]",
    "'-' in a",
    "b not in a",
    "a + b",
    "a + '/' + upper(b)",
    "number(n) + 1",
    "number(n) - number(m)",
    "whole(n) * whole(m)",
    "number(n) * 1.5",
    "number(n) / number(m)",
    "whole(n) / 4",
    "whole(n) + 9223372036854775807",
    "-number(n)",
    "+whole(n)",
    "not a",
    "not number(n)",
    "a and b",
    "a or b or 'none'",
    "a == 'Yes' and b == 'No'",
    "a < b and number(n) > 0",
    "number(n) > 0 or number(m) > 0",
    "not (number(n) > 0)",
    "number(n) and float(m)",
    "notnull(number(m)) and float(m) > 1",
    "isnull(a) or int(n) > 1",
    "'hot' if number(n) > 100 else 'warm'",
    "float(n) if matches(n, '[0-9]+') else None",
    "None if y == 'NA' else y",
    "1 if a else 2.5",
    "float(n) if a == 'Yes' else float(m)",
    "case((y == 'Yes', 'present'), (y == 'No', 'absent'))",
    "case((number(n) < 18, 'child'), (number(n) < 65, 'adult'), (True, 'senior'))",
    "case((a, 1), (b, 2))",
    "case((y == 'Yes', float(n)), (True, 0))",
    "coalesce(nullif(strip(a), ''), 'unknown')",
    "min(number(n), number(m)) / max(number(n), number(m))",
    "[a, b]",
    "['x', a, upper(b)]",
    "[number(n), whole(m), 2]",
    "[number(n) / number(m), float(m)]",
    "[to_date(d, '%m/%d/%Y'), to_date(e, '%m/%d/%Y')]",
    "[a == b, notnull(n)]",
    "['one' if contains(a, 'a') else None, 'two' if contains(a, '-') else None]",
    "split(a, '-') if b else [a]",
    "case((y == 'Yes', [a]), (y == 'No', split(b, ' ')))",
    "split(a, '-') or [b]",
    "not split(a, '-')",
    "coalesce(split(a, '-'), split(b, '-'), ['none'])",
    "isnull(split(a, '-')) or notnull([b])",
    "split(a, '-') == split(b, '-')",
    "[a, y] != [b, y]",
    "b in split(a, '-')",
    "y not in split('Yes,No', ',')",
]


def test_every_function_has_a_case() -> None:
    assert set(FUNCTION_CASES) == set(FUNCTIONS)


@examples(12, shrink=False)
@given(rows=rows_of_all)
def test_functions(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    compare(con, [case for cases in FUNCTION_CASES.values() for case in cases], rows)


def test_nothing_in_a_list(con: duckdb.DuckDBPyConnection) -> None:
    rows = [dict.fromkeys(COLUMNS, None) | {"a": a, "b": b} for a in (None, "", "x-y") for b in (None, "", "x", "z")]
    compare(con, ["b in split(a, '-')", "b not in split(a, '-')", "b in split('', ',')"], rows)


HEIGHTS = {
    "5' 4\"": 64.0,
    "5'4": 64.0,
    "5\u2032 11\u2033": 71.0,
    "5\u20194\u201d": 64.0,
    "5'4''": 64.0,
    "5 ft 4 in": 64.0,
    "5 Feet 4.5 Inches": 64.5,
    "5ft. 4in.": 64.0,
    " 6' ": 72.0,
    "5'-10\"": 70.0,
    '64"': 64.0,
    "64.5 in": 64.5,
    "5' 12\"": None,
    "64": None,
    "5 4": None,
    "tall": None,
    "": None,
    "163 cm": None,
}


def test_heights(con: duckdb.DuckDBPyConnection) -> None:
    rows = [dict.fromkeys(COLUMNS, None) | {"a": height} for height in HEIGHTS]
    compare(con, ["feet_and_inches(a)"], rows)
    install(con)
    found = con.execute("SELECT x, feet_and_inches(x) FROM (SELECT unnest(?) AS x)", [list(HEIGHTS)]).fetchall()
    assert dict(found) == HEIGHTS


# By definition: an inch is 2.54 cm, a pound 0.45359237 kg and an ounce a sixteenth of it (1959); water freezes and
# boils at 32 and 212 degrees Fahrenheit. (In the comparison above both engines have the factor from one place.)
AMOUNTS = {
    "inches_to_cm(number(n))": {"1": 2.54, "100": 254.0, "0": 0.0, "-10": -25.4},
    "pounds_to_kg(number(n))": {"1": 0.45359237, "1000": 453.59237, "0": 0.0},
    "ounces_to_kg(number(n))": {"16": 0.45359237, "1600": 45.359237, "0": 0.0},
    "fahrenheit_to_celsius(number(n))": {"32": 0.0, "212": 100.0, "-40": -40.0, "98.6": 37.0},
}


@pytest.mark.parametrize("expression", AMOUNTS)
def test_amounts(con: duckdb.DuckDBPyConnection, expression: str) -> None:
    given = AMOUNTS[expression]
    rows = [dict.fromkeys(COLUMNS, None) | {"n": amount} for amount in given]
    compare(con, [expression], rows)
    found = con.execute(f"SELECT {Compiler(COLUMNS, {}).compile(expression).text} FROM rows s ORDER BY i").fetchall()
    assert [amount for (amount,) in found] == pytest.approx(list(given.values()), rel=1e-14, abs=1e-13)


RESULTS = {
    "<0.5": (0.5, "<"),
    " <= 5": (5.0, "<="),
    "≥90": (90.0, ">="),
    "> 1,240.5": (1240.5, ">"),
    "12,345,678": (12345678.0, None),
    "= 7": (7.0, None),
    "-3.5": (-3.5, None),
    "1,24": (None, None),
    "1234,567": (None, None),
    "1,5": (None, None),
    "<": (None, None),
    "<neg": (None, None),
    "<<5": (None, None),
    "5 <": (None, None),
    "hemolyzed": (None, None),
    "": (None, None),
}


def test_results(con: duckdb.DuckDBPyConnection) -> None:
    compare(con, ["result_number(a)", "result_operator(a)"], [dict.fromkeys(COLUMNS, None) | {"a": x} for x in RESULTS])
    install(con)
    found = con.execute(
        "SELECT x, (result_number(x), result_operator(x)) FROM (SELECT unnest(?) AS x)", [list(RESULTS)]
    ).fetchall()
    assert dict(found) == RESULTS


@examples(12, shrink=False)
@given(rows=rows_of_all)
def test_operators(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    compare(con, OPERATOR_CASES, rows)


# Combinations


KINDS_NESTED = ("text", "number", "boolean", "date", "text[]")


@cache
def expressions(kind: str, depth: int) -> st.SearchStrategy[str]:
    """Expressions of one kind, nested at random."""
    leaves = {
        "text": ["a", "b", "y", "n", "'Yes'", "''", "strip(a)", "part(a, '-', 1)"],
        "number": ["number(n)", "number(m)", "whole(n)", "2", "0.5", "float(n)", "int(m)"],
        "boolean": ["a == b", "y == 'Yes'", "y in ['Yes', 'No']", "notnull(n)", "number(n) > 0", "isnull(a)"],
        "date": ["to_date(d, '%m/%d/%Y')", "to_date(e, '%m/%d/%Y', '%Y-%m-%d')"],
        "text[]": ["split(a, '-')", "split(d, '/')", "[a, b]", "['Yes']"],
    }
    leaf = st.sampled_from(leaves[kind])
    if depth == 0:
        return leaf
    inner = {name: st.deferred(lambda name=name: expressions(name, depth - 1)) for name in leaves}
    branches = [
        st.builds("({} if {} else {})".format, inner[kind], inner["boolean"], inner[kind]),
        st.builds("case(({}, {}), ({}, {}))".format, inner["boolean"], inner[kind], inner["boolean"], inner[kind]),
        st.builds("coalesce({}, {})".format, inner[kind], inner[kind]),
        st.builds("({} or {})".format, inner[kind], inner[kind]),
        st.builds("({} and {})".format, inner[kind], inner[kind]),
    ]
    if kind == "text[]":
        branches += [st.builds("[{}, {}]".format, inner["text"], inner["text"])]
        branches += [st.builds("split({}, ' ')".format, inner["text"])]
    else:
        branches += [st.builds("nullif({}, {})".format, inner[kind], inner[kind])]
    if kind == "text":
        branches += [st.builds("({} + {})".format, inner[kind], inner[kind])]
        branches += [st.builds("{}({})".format, st.sampled_from(["upper", "strip"]), inner[kind])]
        branches += [st.builds("join('-', {})".format, inner["text[]"])]
    if kind == "number":
        operator = st.sampled_from("+-*/")
        branches += [st.builds("({} {} {})".format, inner[kind], operator, inner[kind])]
        branches += [st.builds("max({}, {})".format, inner[kind], inner[kind])]
        branches += [st.builds("strlen({})".format, inner["text"])]
        branches += [st.builds("days_between({}, {})".format, inner["date"], inner["date"])]
    if kind == "boolean":
        compared = st.sampled_from(["text", "number", "date"])
        order = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
        pairs = compared.flatmap(lambda name: st.builds("({} {} {})".format, inner[name], order, inner[name]))
        branches += [
            pairs,
            st.builds("(not {})".format, inner[kind]),
            st.builds("({} is None)".format, inner["text"]),
            st.builds("({} in {})".format, inner["text"], inner["text[]"]).filter(lambda e: " in [" not in e),
        ]
    if kind == "date":
        branches += [st.builds("add_days({}, whole(n))".format, inner[kind])]
    return st.one_of(leaf, *branches)


small_number = st.one_of(st.none(), st.integers(-50, 50).map(str), st.sampled_from(["0", "2.5", "x", "", " 3 "]))
small_row = st.fixed_dictionaries(
    {"a": text, "b": text, "n": small_number, "m": small_number, "d": date_text, "e": date_text, "y": yes_no}
)


any_expression = st.sampled_from(KINDS_NESTED).flatmap(lambda kind: expressions(kind, 3))


@examples(4, shrink=False)
@given(
    chosen=st.lists(any_expression, min_size=40, max_size=40),
    rows=st.lists(small_row, min_size=12, max_size=12),
)
def test_combinations(con: duckdb.DuckDBPyConnection, chosen: list[str], rows: list[dict[str, Any]]) -> None:
    compare(con, chosen, rows)
