"""Rows made at random, and the two engines that the differential tests compare."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import duckdb
import yaml
from hypothesis import strategies as st
from linkml_map.transformer.errors import TransformationError
from linkml_map.transformer.object_transformer import ObjectTransformer
from linkml_map.utils.eval_utils import eval_expr_with_mapping
from linkml_runtime import SchemaView

from harmonize.mapping.compiler.expression import Compiler
from harmonize.mapping.compiler.functions import install, python_functions

COLUMNS = ("a", "b", "n", "m", "d", "e", "y")

TROUBLESOME = "aAbB-/ 'ßéÉİσςΣﬁ\t\n\x0b\x1c\x85\xa0\u2003\u200b٣🤦🏼‍\"%_\\"
# Lists, and not st.text(): that makes one alphabet of both, in which the few that are listed hardly ever come.
odd_text = st.lists(
    st.one_of(
        st.sampled_from(TROUBLESOME),
        st.characters(blacklist_categories=["Cs"], blacklist_characters="\0", max_codepoint=0x2FFF),
    ),
    max_size=8,
).map("".join)
text = st.one_of(st.none(), st.just(""), st.sampled_from(["Yes", "No", "NA", "a-b-c", "x"]), odd_text)
PLAIN_NUMBERS = [
    "",
    " ",
    " 7 ",
    "3.0",
    "1.",
    ".5",
    "+5",
    "-0",
    "0.0",
    "2.5",
    "3.5",
    "1e3",
    "1E-2",
    "2.675",
    "1.005",
]
NO_NUMBERS = [
    "nan",
    "inf",
    "-Infinity",
    "1_000",
    "0x10",
    "1e999",
    "-1e999",
    "1,5",
    "٣",
    "\t5",
    "1e",
    "--5",
]
PRINTED_NUMBERS = [
    "\u22125", "\uff0d\uff15", "5\xa0", "1\xa0240", "1\u202f240.5", "12\u2009345\u2009678",
    "\uff11\uff12\uff0e\uff15", "\ufeff7",
    "&lt;5", "&le; 1\xa0240", "\u2264 0.5", "<1\u202f240", "\uff1c3", "&#60;0.5", "&minus;5", "&nbsp;\u22125",
    "12\xa05", "1\xa02404",
    "\u20135", "1 240", "5 \u00b5g", "& 5", "1\u00ad0", "\uff11,240", "1e\uff15",
]  # fmt: skip
LARGE_NUMBERS = [
    "9223372036854775807",
    "9223372036854775808",
    "9007199254740993",
    "9007199254740993.0",
    "1e15",
]
number_text = st.one_of(
    st.none(),
    st.integers(-1000, 1000).map(str),
    st.integers(-40, 40).map(lambda i: str(i / 8)),
    st.floats(-1e6, 1e6, allow_nan=False).map(repr),
    st.sampled_from(PLAIN_NUMBERS),
    st.sampled_from(NO_NUMBERS),
    st.sampled_from(LARGE_NUMBERS),
    st.sampled_from(PRINTED_NUMBERS),
)
NO_DATES = [
    "",
    "2/29/2021",
    "2/30/2020",
    "0/1/2020",
    "13/1/2020",
    "01/01/0000",
    "1/1/2020 ",
    " 1/1/2020",
    "1/ 1/2020",
]
ODD_DATES = ["2/29/2020", "1/1/20", "1/1/02020", "1/1/2020x", "2020-1-5", "20200131", "2020131", "٣/1/2020"]
NAMED_MONTHS = ["5-mar-2020", "5-MAR-68", "5 March 2020", "31-Dec-69", "5 Marchy 2020"]
ODD_TIMES = ["2020-01-01 24:00:00", "2020-01-01 23:59:60", "2020-01-01 12:05 AM", "2020-01-01 0:05 am"]
FRACTIONS = ["2020-01-01 1:2:3.5", "2020-01-01 01:02:03.123456", "2020-01-01 01:02:03.1234567"]
day = st.dates()
date_text = st.one_of(
    st.none(),
    day.map(lambda d: f"{d.month}/{d.day}/{d.year:04d}"),
    day.map(lambda d: f"{d.month:02d}/{d.day:02d}/{d.year:04d}"),
    day.map(lambda d: f"{d.year:04d}-{d.month:02d}-{d.day:02d}"),
    day.map(lambda d: f"{d.year:04d}{d.month:02d}{d.day:02d}"),
    st.datetimes().map(lambda t: f"{t.year:04d}-{t.month}-{t.day} {t.hour}:{t.minute}:{t.second}"),
    st.sampled_from([*NO_DATES, *ODD_DATES, *NAMED_MONTHS, *ODD_TIMES, *FRACTIONS]),
)
yes_no = st.sampled_from([None, "Yes", "No", "NA", "", "yes", "F", "M", "U"])
row = st.fixed_dictionaries(
    {"a": text, "b": text, "n": number_text, "m": number_text, "d": date_text, "e": date_text, "y": yes_no}
)
rows_of_all = st.lists(row, min_size=10, max_size=40)

VALUES = (
    None, "", " ", "a", "a-b", "-", "Yes", "No", "0", "1", "-1", "2.5", "x",
    "1/2/2020", "2020-01-31", "2/30/2020", "2020-01-31 10:05:00",
)  # fmt: skip
"""Texts that tempt two engines to differ: for what is tried with every one of them."""

# The two engines


def connection() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET threads = 1")
    install(con)
    con.execute(f"CREATE TABLE rows (i BIGINT, {', '.join(f'{c} VARCHAR' for c in COLUMNS)})")
    return con


def fill(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    con.execute("DELETE FROM rows")
    marks = ", ".join("(" + ", ".join("?" * (len(COLUMNS) + 1)) + ")" for _ in rows)
    con.execute(
        f"INSERT INTO rows VALUES {marks}",
        [v for i, r in enumerate(rows) for v in (i, *(r[c] for c in COLUMNS))],
    )


def transformer(expressions: list[str]) -> ObjectTransformer:
    """linkml-map with one class derivation a slot, so that an error in one does not hide the others."""
    schema = {
        "id": "https://example.org/rows",
        "name": "rows",
        "prefixes": {"linkml": "https://w3id.org/linkml/"},
        "imports": ["linkml:types"],
        "default_range": "string",
        "classes": {"row": {"attributes": {c: {} for c in COLUMNS}}},
    }
    engine = ObjectTransformer(extension_functions=python_functions())
    engine.source_schemaview = SchemaView(yaml.safe_dump(schema))
    derivations = [
        {"name": f"e{i}", "populated_from": "row", "slot_derivations": {"x": {"expr": expression}}}
        for i, expression in enumerate(expressions)
    ]
    engine.create_transformer_specification({"class_derivations": derivations})
    return engine


def expected(engine: ObjectTransformer, derivation: Any, source: dict[str, Any]) -> tuple[Any, bool]:
    """(value, whether the row is in error): linkml-map raises, or gives a number that no column holds."""
    try:
        value = engine.map_object(source, source_type="row", class_derivation=derivation)["x"]
    except TransformationError:
        return None, True
    return _held(value)


def evaluated(expression: str, source: dict[str, Any], functions: dict[str, Any]) -> tuple[Any, bool]:
    """The same of an expression alone, by the evaluator of linkml-map's engine: six times as fast."""
    try:
        value = eval_expr_with_mapping(expression, source, functions)
    except (ArithmeticError, TypeError, ValueError):
        return None, True
    return _held(value)


def _held(value: Any) -> tuple[Any, bool]:
    beyond = any(no_column_holds(member) for member in (value if isinstance(value, list) else [value]))
    return (None, True) if beyond else (value, False)


def no_column_holds(value: Any) -> bool:
    return (isinstance(value, float) and not math.isfinite(value)) or (
        isinstance(value, int) and not -(2**63) <= value < 2**63
    )


def same(ours: Any, theirs: Any) -> bool:
    """Equal; a whole number that became a DOUBLE is compared as one, in lists too."""
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, float) and type(theirs) is int:
        theirs = float(theirs)
    return ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool)


def compare(con: duckdb.DuckDBPyConnection, expressions: list[str], rows: list[dict[str, Any]]) -> None:
    """Every expression over every row, by both engines."""
    engine = transformer(expressions)
    derivations = engine.derived_specification.class_derivations

    def theirs(number: int, source: dict[str, Any]) -> tuple[Any, bool]:
        return expected(engine, derivations[number], source)

    check_same(con, expressions, rows, theirs)


def compare_evaluated(con: duckdb.DuckDBPyConnection, expressions: list[str], rows: list[dict[str, Any]]) -> None:
    """The same by the evaluator alone."""
    functions = python_functions()
    check_same(con, expressions, rows, lambda number, source: evaluated(expressions[number], source, functions))


def check_same(
    con: duckdb.DuckDBPyConnection,
    expressions: list[str],
    rows: list[dict[str, Any]],
    theirs_of: Callable[[int, dict[str, Any]], tuple[Any, bool]],
) -> None:
    """Our SQL of every expression gives over every row what `theirs_of` its number says."""
    fill(con, rows)
    columns = []
    for expression in expressions:
        compiled = Compiler(COLUMNS, {}).compile(expression)
        lost = f"coalesce(NOT isfinite({compiled.text}), FALSE)" if compiled.unbounded else "FALSE"
        fails = f"({compiled.fails or 'FALSE'} OR {lost})"
        columns += [f"CASE WHEN {fails} THEN NULL ELSE {compiled.text} END", fails]
    found = con.execute(f"SELECT {', '.join(columns)} FROM rows s ORDER BY i").fetchall()
    for number, expression in enumerate(expressions):
        for source, values in zip(rows, found, strict=True):
            ours = values[2 * number], values[2 * number + 1]
            theirs = theirs_of(number, source)
            message = f"{expression} of {source}: SQL {ours}, linkml-map {theirs}\n{columns[2 * number]}"
            assert same(ours[0], theirs[0]), message
            assert ours[1] == theirs[1], message
