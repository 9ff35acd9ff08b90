"""The functions of the mapping language: each has a Python body (for linkml-map) and SQL (for DuckDB).

A body is called with no NULL among its arguments, except where `sees_nulls` is set: NULL in, NULL out.
A body that raises says that the row is in error: there the SQL gives NULL, and `fails` is true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.fingerprint import fingerprint
from harmonize.engine.paths import sql
from harmonize.mapping.compiler import bodies

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

NUMERIC = frozenset({"number", "integer"})
KINDS = frozenset({"text", "number", "integer", "boolean", "date", "datetime"})
LISTS = {f"{kind}[]": kind for kind in sorted(KINDS)}
"""The kind of a list → the kind of its members."""


@dataclass(frozen=True)
class Arg:
    """One argument: the kinds it may have, whether it must be a constant, and a check of that constant.

    `check` gives the complaint about a constant that cannot be used, or None.
    """

    kinds: frozenset[str]
    constant: bool = False
    check: Callable[[Any], str | None] | None = None


@dataclass(frozen=True)
class Variant:
    """One way to call a function. `rest` is the argument that may follow any number of times.

    `sql` and `fails` are templates: {0}, {1} ... are the arguments, {all} all of them with commas between,
    {no_nulls} the condition that none is NULL, {sql} (in `fails`) the result. `result` is a kind, or
    "same" for the one kind that all arguments share.
    """

    sql: str
    args: tuple[Arg, ...]
    result: str
    rest: Arg | None = None
    fails: str | None = None


@dataclass(frozen=True)
class Function:
    """A function of the language: what linkml-map calls, and what DuckDB runs."""

    name: str
    body: Callable[..., Any]
    variants: tuple[Variant, ...]
    help: str
    sees_nulls: bool = False


def install(con: DuckDBPyConnection) -> None:
    """Create the shared functions of sql/functions.sql in one connection (TEMP: nothing is stored)."""
    con.execute(sql("functions"))


def python_functions() -> dict[str, Callable[..., Any]]:
    """The bodies as linkml-map takes them: `ObjectTransformer(extension_functions=python_functions())`."""
    return {f.name: f.body if f.sees_nulls else _null_in_null_out(f.body) for f in FUNCTIONS.values()}


def _null_in_null_out(body: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        return None if any(arg is None for arg in args) else body(*args)

    return call


_TEXT = Arg(frozenset({"text"}))
_NUMERIC = Arg(NUMERIC)
_INTEGER = Arg(frozenset({"integer"}))
_DATE = Arg(frozenset({"date"}))
_DAY = Arg(frozenset({"date", "datetime"}))
_PRINTABLE = Arg(frozenset({"integer", "date"}))
_ANY = Arg(KINDS)
_ANYTHING = Arg(KINDS | set(LISTS))
_TEXTS = Arg(frozenset({"text[]"}))
_SEPARATOR = Arg(frozenset({"text"}), constant=True)
_FILLED = Arg(frozenset({"text"}), constant=True, check=bodies.check_filled)
_DIGITS = Arg(frozenset({"integer"}), constant=True, check=bodies.check_digits)
_POSITION = Arg(frozenset({"integer"}), constant=True, check=bodies.check_position)
_REGEX = Arg(frozenset({"text"}), constant=True, check=bodies.check_pattern)
_DATE_FORMAT = Arg(frozenset({"text"}), constant=True, check=bodies.check_date_format)
_TIME_FORMAT = Arg(frozenset({"text"}), constant=True, check=bodies.check_time_format)
_LOST = "{no_nulls} AND {sql} IS NULL"


def _plain(
    name: str, body: Callable[..., Any], template: str, args: tuple[Arg, ...], result: str, help: str
) -> Function:
    """A function with one variant that cannot fail."""
    return Function(name, body, (Variant(template, args, result),), help)


def _whole_or_lost(name: str, body: Callable[..., Any], template: str, help: str, *others: Variant) -> Function:
    """A function from a number to a whole number, which fails beyond 64 bits."""
    variant = Variant(f"TRY_CAST({template} AS BIGINT)", (_NUMERIC,), "integer", fails=_LOST)
    return Function(name, body, (variant, *others), help)


def _sees_nulls(name: str, body: Callable[..., Any], variant: Variant, help: str) -> Function:
    return Function(name, body, (variant,), help, sees_nulls=True)


def _scaled(name: str, factor: float, help: str) -> Function:
    return _plain(name, lambda x: x * factor, f"({{0}} * {factor!r}e0)", (_NUMERIC,), "number", help)


def _moment(name: str, body: Callable[..., Any], form: Arg, result: str, help: str) -> Function:
    """A function of a text and one to four formats, as many as the SQL function takes."""
    variants = (Variant(f"{name}({{all}})", (_TEXT, *[form] * count), result) for count in range(1, 5))
    return Function(name, body, tuple(variants), help)


_TABLE = (
    _plain("number", bodies.number, "number({0})", (_TEXT,), "number", "The number a text writes, else NULL."),
    _plain("whole", bodies.whole, "whole({0})", (_TEXT,), "integer", "The whole number a text writes, else NULL."),
    _plain(
        "result_number",
        bodies.result_number,
        "result_number({0})",
        (_TEXT,),
        "number",
        "The number of a laboratory result, an operator before it and commas between thousands aside: `<0.5`, `1,240`.",
    ),
    _plain(
        "result_operator",
        bodies.result_operator,
        "result_operator({0})",
        (_TEXT,),
        "text",
        "The operator before such a number: <, <=, > or >=; NULL where there is none.",
    ),
    Function(
        "float",
        bodies.to_float,
        (
            Variant("number({0})", (_TEXT,), "number", fails=_LOST),
            Variant("CAST({0} AS DOUBLE)", (_NUMERIC,), "number"),
        ),
        "As number; a text that is no number is an error.",
    ),
    _whole_or_lost(
        "int",
        bodies.to_int,
        "trunc({0})",
        "The digits of a text, or a number cut towards zero; a text that is not all digits is an error.",
        Variant("digits({0})", (_TEXT,), "integer", fails=_LOST),
    ),
    Function(
        "str",
        str,
        (Variant("{0}", (_TEXT,), "text"), Variant("CAST({0} AS VARCHAR)", (_PRINTABLE,), "text")),
        "A whole number or a date as text.",
    ),
    _plain("abs", abs, "abs({0})", (_NUMERIC,), "same", "The amount without its sign."),
    _whole_or_lost(
        "round",
        bodies.round_half_even,
        "half_even(CAST({0} AS DOUBLE))",
        "The nearest whole number, or number of n digits; a half goes to the even neighbour.",
        Variant("(half_even({0} * power(10e0, {1})) / power(10e0, {1}))", (_NUMERIC, _DIGITS), "number"),
    ),
    _whole_or_lost("floor", bodies.floor, "floor({0})", "The whole number below."),
    _whole_or_lost("ceil", bodies.ceil, "ceil({0})", "The whole number above."),
    Function(
        "min",
        min,
        (Variant("CASE WHEN {no_nulls} THEN least({all}) END", (_ANY, _ANY), "same", rest=_ANY),),
        "The smallest; NULL where one is NULL.",
    ),
    Function(
        "max",
        max,
        (Variant("CASE WHEN {no_nulls} THEN greatest({all}) END", (_ANY, _ANY), "same", rest=_ANY),),
        "The largest; NULL where one is NULL.",
    ),
    _sees_nulls(
        "coalesce",
        bodies.coalesce,
        Variant("coalesce({all})", (_ANYTHING, _ANYTHING), "same", rest=_ANYTHING),
        "The first value that is not NULL.",
    ),
    _sees_nulls(
        "nullif",
        bodies.nullif,
        Variant("nullif({0}, {1})", (_ANY, _ANY), "same"),
        "The first value, NULL where it equals the second.",
    ),
    _sees_nulls(
        "isnull",
        lambda x: x is None,
        Variant("({0} IS NULL)", (_ANYTHING,), "boolean"),
        "Whether there is no value.",
    ),
    _sees_nulls(
        "notnull",
        lambda x: x is not None,
        Variant("({0} IS NOT NULL)", (_ANYTHING,), "boolean"),
        "Whether there is a value.",
    ),
    _plain("upper", bodies.upper, "upper({0})", (_TEXT,), "text", "In capitals, one character for one."),
    _plain("lower", bodies.lower, "lower({0})", (_TEXT,), "text", "In small letters, one character for one."),
    _plain("strip", str.strip, "trim({0}, blanks())", (_TEXT,), "text", "Without blanks at both ends."),
    _plain("lstrip", str.lstrip, "ltrim({0}, blanks())", (_TEXT,), "text", "Without blanks in front."),
    _plain("rstrip", str.rstrip, "rtrim({0}, blanks())", (_TEXT,), "text", "Without blanks at the end."),
    _plain("strlen", len, "length({0})", (_TEXT,), "integer", "The number of characters."),
    _plain(
        "replace",
        str.replace,
        "replace({0}, {1}, {2})",
        (_TEXT, _FILLED, _TEXT),
        "text",
        "With every occurrence of a constant text replaced.",
    ),
    _plain(
        "startswith",
        str.startswith,
        "starts_with({0}, {1})",
        (_TEXT, _TEXT),
        "boolean",
        "Whether it begins so.",
    ),
    _plain("endswith", str.endswith, "ends_with({0}, {1})", (_TEXT, _TEXT), "boolean", "Whether it ends so."),
    _plain("contains", lambda x, y: y in x, "contains({0}, {1})", (_TEXT, _TEXT), "boolean", "Whether it has it."),
    Function(
        "substr",
        lambda text, start, stop=None: text[start:stop],
        (
            Variant("slice({0}, {1}, length({0}))", (_TEXT, _INTEGER), "text"),
            Variant("slice({0}, {1}, {2})", (_TEXT, _INTEGER, _INTEGER), "text"),
        ),
        "The characters from start (counted from 0; negative: from the end) up to before stop.",
    ),
    _plain(
        "part",
        bodies.part,
        "string_split({0}, {1})[{2}]",
        (_TEXT, _FILLED, _POSITION),
        "text",
        "The n-th piece between separators, counted from 1; NULL where there are fewer.",
    ),
    _plain(
        "split",
        bodies.split,
        "split_list({0}, {1})",
        (_TEXT, _FILLED),
        "text[]",
        "The pieces between separators as a list, blanks around them taken away, empty ones left out.",
    ),
    _plain(
        "join",
        bodies.join,
        "array_to_string(members({1}), {0})",
        (_SEPARATOR, _TEXTS),
        "text",
        "The members of a list as one text, with the separator between; NULL where there are none.",
    ),
    _plain(
        "matches",
        bodies.matches,
        "regexp_full_match({0}, {1})",
        (_TEXT, _REGEX),
        "boolean",
        "Whether the whole text matches a constant regular expression.",
    ),
    _plain(
        "short_code",
        bodies.short_code,
        "CASE WHEN length({0}) <= 50 THEN {0} ELSE left({0}, 41) || '~' || left(sha256({0}), 8) END",
        (_TEXT,),
        "text",
        "A text as a code of at most 50 characters: a longer one ends in ~ and 8 digits of its sha256.",
    ),
    _moment("to_date", bodies.to_date, _DATE_FORMAT, "date", "The date in the first format that fits, else NULL."),
    _moment(
        "to_datetime",
        bodies.to_datetime,
        _TIME_FORMAT,
        "datetime",
        "The date and time in the first format that fits, else NULL.",
    ),
    _plain(
        "partial_date",
        bodies.partial_date,
        "partial_date({0})",
        (_TEXT,),
        "date",
        "The first day of a year, month, day or time in ISO 8601 as FHIR writes it; the zone is left aside.",
    ),
    _plain(
        "date_precision",
        bodies.date_precision,
        "date_precision({0})",
        (_TEXT,),
        "text",
        "year or month where such a date is no more exact, else NULL.",
    ),
    _plain(
        "local_time",
        bodies.local_time,
        "local_time({0})",
        (_TEXT,),
        "datetime",
        "The clock of such a time as written, to the second; NULL for a date.",
    ),
    Function(
        "base64_text",
        bodies.base64_text,
        (
            Variant("base64_text({0})", (_TEXT,), "text"),
            Variant("base64_text({0}, {1})", (_TEXT, _TEXT), "text"),
        ),
        "The text that base64 stands for, line breaks aside, in UTF-8 or in the charset that a MIME type names (ISO "
        "8859-1 and -15, Windows-1252, UTF-16); NULL where it is none.",
    ),
    _plain(
        "fingerprint",
        fingerprint,
        "fingerprint({0})",
        (_TEXT,),
        "text",
        "The sha256 of a text without blanks at its ends: equal for equal identifiers, which are not kept themselves.",
    ),
    Function(
        "add_days",
        bodies.add_days,
        (Variant("add_days({0}, {1})", (_DATE, _INTEGER), "date", fails=_LOST),),
        "The date so many days later; outside of the years 1 to 9999 an error.",
    ),
    _plain(
        "days_between",
        lambda start, end: (end - start).days,
        "date_diff('day', {0}, {1})",
        (_DATE, _DATE),
        "integer",
        "Days from the first date to the second.",
    ),
    _plain("year", lambda x: x.year, "year({0})", (_DAY,), "integer", "The year of a date."),
    _plain("month", lambda x: x.month, "month({0})", (_DAY,), "integer", "The month of a date, 1 to 12."),
    _plain("day", lambda x: x.day, "day({0})", (_DAY,), "integer", "The day of the month."),
    _plain(
        "fahrenheit_to_celsius",
        lambda x: (float(x) - 32.0) * 5.0 / 9.0,
        "(({0} - 32e0) * 5e0 / 9e0)",
        (_NUMERIC,),
        "number",
        "Degrees Fahrenheit as degrees Celsius.",
    ),
    _plain(
        "feet_and_inches",
        bodies.feet_and_inches,
        "feet_and_inches({0})",
        (_TEXT,),
        "number",
        "The inches of a length such as 5' 4\", 5 ft 4 in, 5' or 64 in; NULL for anything else.",
    ),
    _scaled("inches_to_cm", 2.54, "International inches as centimetres."),
    _scaled("pounds_to_kg", 0.45359237, "Avoirdupois pounds as kilograms."),
    _scaled("ounces_to_kg", 0.028349523125, "Avoirdupois ounces as kilograms."),
)
FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}
