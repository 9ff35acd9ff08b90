"""What may tell who a patient is, in texts (sql/validation/rules/privacy.yaml).

All texts are screened by one regular expression; what it lets through, each text once, is judged rule by rule, names
and telephone numbers by a library. harmonize.validation.privacy.cells does so for the cells of a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, literals
from harmonize.validation.coded import header_holds
from harmonize.validation.privacy.names import first_names_pattern, holds_name
from harmonize.validation.rules import RuleText, listed, rule_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from duckdb import DuckDBPyConnection


FAMILY = "privacy"
# So many columns are read at once; DuckDB plans some hundreds well, thousands badly.
AT_ONCE = 100
_CONFIRMEDAT_ONCE = 1_000
_LONG = 10_000
PLAIN_KEY = "[A-Za-z]{0,2}[0-9]*"
"""A key of so few letters and no sign that no pattern of a text can match it."""


@dataclass(frozen=True)
class TextColumn:
    """A column to be looked over: its number and header, SQL of the cell, and the relation that has it.

    `has_text` is off where the schema says what the cells are, so that only the rules of such columns (ages, ZIP codes)
    apply; `dates` is off where dates belong; rules in `without` are not asked. `is_cell` is off where the header is no
    column's, so that the rules of columns that are named for something do not apply.
    """

    column_id: int
    header: str
    cell: str
    relation: str
    has_text: bool = True
    dates: bool = True
    without: frozenset[str] = frozenset()
    is_cell: bool = True


def matches(rule: RuleText, text: str) -> bool:
    """Whether a text breaks a rule of a text."""
    if rule.confirm == "name":  # its pattern only screens, and with so many alternatives slowly in Python
        return holds_name(text)
    pattern, unless = _compiled(rule.rule)
    if pattern.search(text) is None or (unless and unless.search(text)):
        return False
    return rule.confirm is None or _CONFIRM[rule.confirm](text)


@cache
def _compiled(rule: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """What a rule looks for, and what it does not mean, by the rule's name."""
    found = rule_texts()[rule]
    return re.compile(pattern_of(found)), re.compile(found.unless) if found.unless else None


def named_like_identifiers(headers: Iterable[str]) -> list[str]:
    """The headers that are named like what identifies people (rule phi_column), or by a code that asks for it."""
    rule = rule_texts()["phi_column"]
    return [
        header
        for header in headers
        if header_holds(header) or (applies(rule, header) and re.search(rule.only_in or "", header))
    ]


def find(
    con: DuckDBPyConnection, columns: Sequence[TextColumn], *, declared: bool = True, values: str | None = None
) -> None:
    """Fill the temporary table privacy_hit(column_id, rule, value): each text of the columns that breaks a rule, once.

    `declared` is off where no schema says what the columns hold: then a cell that is a date and nothing else may be of
    a column of dates. `values` is a relation of column_id and value that holds each text already. Needs the functions
    of sql/functions.sql; the variable `restricted_zip3` of the session takes the place of the shipped list.
    """
    con.execute(sql("validation/privacy_candidate"))
    con.execute(sql("validation/privacy_hit_table"))
    if values is None:
        _screen(con, [column for column in columns if column.has_text])
    else:
        _keep_candidates(con, values)
    candidates = con.execute("SELECT 1 FROM privacy_candidate LIMIT 1").fetchone() is not None
    for rule in privacy_rules():
        if candidates and rule.pattern is not None:
            _judge(con, rule, columns, declared)
        if rule.where is not None:
            _special(con, rule, columns)


def _screen(con: DuckDBPyConnection, columns: Sequence[TextColumn]) -> None:
    """The texts that any rule may concern, each once a column."""
    for relation, _ in texts_of(con, columns):
        _keep_candidates(con, relation)


def _keep_candidates(con: DuckDBPyConnection, values: str) -> None:
    con.execute(f"INSERT INTO privacy_candidate {screened(values, 'DISTINCT column_id, value')}")


def screened(relation: str, columns: str = "value") -> str:
    """SQL: of a relation the rows whose value any rule of a text may concern."""
    names, others = map(literal, _screens())
    # Every name has one of these signs, and most keys have none of them.
    signs = " OR ".join(f"contains(value, '{sign}')" for sign in " ,^:=")
    concerns = (
        f"regexp_matches(value, {others}) OR CASE WHEN {signs} THEN regexp_matches(value, {names}) ELSE false END"
    )
    return f"SELECT {columns} FROM {relation} WHERE {concerns}"


def texts_of(con: DuckDBPyConnection, columns: Sequence[TextColumn]) -> Iterator[tuple[str, set[int]]]:
    """A table of column_id and value with the texts of columns, and which these are, until all columns are read.

    Many columns are read at once, those of short relations together, because patterns take longer to compile than a
    short column to read. Each table holds until the next one is asked for.
    """
    short: list[str] = []
    read: set[int] = set()
    for relation in dict.fromkeys(column.relation for column in columns):
        own = [column for column in columns if column.relation == relation]
        counted = con.execute(f"SELECT count(*) FROM {relation}").fetchone()
        rows = counted[0] if counted else 0
        for some in (own[start : start + AT_ONCE] for start in range(0, len(own), AT_ONCE)) if rows else ():
            numbers = {column.column_id for column in some}
            if rows > _LONG:
                yield _values(con, _distinct_values(con, relation, some)), numbers
                continue
            if len(read) + len(numbers) > AT_ONCE:
                yield _values(con, short), read
                short, read = [], set()
            cells = ", ".join(column.cell for column in some)
            listed = ", ".join(str(column.column_id) for column in some)
            short.append(f"SELECT unnest([{listed}]) AS column_id, unnest([{cells}]) AS value FROM {relation}")
            read |= numbers
    if short:
        yield _values(con, short), read


def _distinct_values(con: DuckDBPyConnection, relation: str, columns: Sequence[TextColumn]) -> list[str]:
    """Queries for each value once, and none of a column of plain keys: the patterns are slow, and most columns of a
    long relation repeat few values."""
    tests = ", ".join(f"bool_or(NOT regexp_full_match({column.cell}, '{PLAIN_KEY}'))" for column in columns)
    texts_in = con.execute(f"SELECT {tests} FROM {relation}").fetchone() or ()
    return [
        f"SELECT DISTINCT {column.column_id} AS column_id, {column.cell} AS value FROM {relation}"
        for column, has_texts in zip(columns, texts_in, strict=True)
        if has_texts
    ]


def _values(con: DuckDBPyConnection, queries: Sequence[str]) -> str:
    """A table, so that the patterns meet the values once, and not the rows nor the queries that give them."""
    nothing = "SELECT 0 AS column_id, NULL::VARCHAR AS value LIMIT 0"
    con.execute(f"CREATE OR REPLACE TEMP TABLE privacy_value AS {' UNION ALL '.join(queries or [nothing])}")
    return "privacy_value"


def _judge(con: DuckDBPyConnection, rule: RuleText, columns: Sequence[TextColumn], declared: bool) -> None:
    """The candidates that break the rule of a text."""
    allowed = {c.column_id for c in columns if not applies(rule, c.header) or rule.rule in c.without}
    if rule.rule == "phi_date":
        allowed |= {column.column_id for column in columns if not column.dates}
    where = f"regexp_matches(value, {literal(pattern_of(rule))})"
    if rule.unless:
        where += f" AND NOT regexp_matches(value, {literal(rule.unless)})"
    if allowed:
        where += f" AND column_id NOT IN ({', '.join(map(str, sorted(allowed)))})"
    if rule.rule == "phi_date" and not declared:
        where += f" AND regexp_matches(regexp_replace(value, {literal(pattern_of(rule))}, ' ', 'g'), '[A-Za-z]{{2}}')"
    hits = f"SELECT column_id, {literal(rule.rule)}, value FROM privacy_candidate WHERE {where}"
    if rule.confirm is None:
        con.execute(f"INSERT INTO privacy_hit {hits}")
        return
    con.execute(
        "CREATE OR REPLACE TEMP TABLE privacy_doubt AS"
        f" SELECT row_number() OVER () AS number, value FROM (SELECT DISTINCT value FROM ({hits}))"
    )
    confirm = _CONFIRM[rule.confirm]
    doubts = con.execute("FROM privacy_doubt")
    confirmed: list[int] = []
    while some := doubts.fetchmany(_CONFIRMEDAT_ONCE):
        confirmed += [number for number, value in some if confirm(value)]
    if confirmed:
        con.execute(
            f"INSERT INTO privacy_hit {hits} AND value IN"
            " (SELECT value FROM privacy_doubt WHERE number IN (SELECT unnest(?::BIGINT[])))",
            [confirmed],
        )


def _special(con: DuckDBPyConnection, rule: RuleText, columns: Sequence[TextColumn]) -> None:
    """The cells of columns with a name of their own (ages, ZIP codes) that break the rule."""
    restricted = literals(listed("restricted_zip3"))
    for column in {column.column_id: column for column in reversed(columns)}.values():
        if (
            rule.where
            and column.is_cell
            and applies(rule, column.header)
            and re.search(rule.only_in or "", column.header)
        ):
            where = rule.where.replace("{cell}", column.cell).replace("{restricted_zip3}", restricted)
            con.execute(
                f"INSERT INTO privacy_hit SELECT DISTINCT {column.column_id}, {literal(rule.rule)}, {column.cell}"
                f" FROM {column.relation} WHERE {where}"
            )


def applies(rule: RuleText, header: str) -> bool:
    return not (rule.not_in and re.search(rule.not_in, header))


@cache
def privacy_rules() -> tuple[RuleText, ...]:
    return tuple(rule for rule in rule_texts().values() if rule.family == FAMILY)


@cache
def pattern_of(rule: RuleText) -> str:
    return (rule.pattern or "").replace("{first_names}", first_names_pattern())


@cache
def _screens() -> tuple[str, ...]:
    """The patterns of all rules as two: names have so many alternatives that they are fast only by themselves."""
    names = [pattern_of(rule) for rule in privacy_rules() if rule.confirm == "name"]
    others = [pattern_of(rule) for rule in privacy_rules() if rule.pattern and rule.confirm != "name"]
    return "|".join(names), "|".join(others)


def _holds_phone(text: str) -> bool:
    """Whether what looks like a telephone number fits the numbering plan of a country (of the USA without a prefix)."""
    from phonenumbers import PhoneNumberMatcher

    found = re.finditer(pattern_of(rule_texts()["phi_phone"]), text)
    return any(PhoneNumberMatcher(match[0], "US").has_next() for match in found)


_CONFIRM: dict[str, Callable[[str], bool]] = {"name": holds_name, "phone": _holds_phone}
