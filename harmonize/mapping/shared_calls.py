"""Calls that stand several times in the expressions of one SELECT are computed, and above all planned, once.

A compiled expression names what it needs wherever it needs it: the length of a stay stands in its end, in the test
whether that can be computed, and in the length itself. DuckDB computes it once, but plans each call, its patterns
included, which takes longer than a small delivery. Here such calls become columns of a subquery.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_][A-Za-z_0-9]*|[0-9.]+|\s+|.""", re.DOTALL)
_COLUMN = re.compile(r"""'(?:[^']|'')*'|\bs\.("(?:[^"]|"")*"|[a-z_]+)""")
_MOST_LAYERS = 4


def share(expressions: Sequence[str], rows: str, also: Iterable[str] = ()) -> tuple[list[str], str]:
    """The expressions with each repeated call as a column of `s`, and the relation that has these columns.

    `rows` is the relation that the expressions call `s`; `also` are its columns that a join or caller reads. Only calls
    of the functions of sql/functions.sql and TRY are shared, whose arguments are columns of `s` and constants: none of
    them fails, so that it may be computed where a CASE would not have asked for it.
    """
    found = list(expressions)
    names = {quote(name) for name in also}
    made: list[str] = []
    for _ in range(_MOST_LAYERS):
        repeated = _repeated(found)
        if not repeated:
            break
        aliases = {call: quote(f"shared {len(made) + number}_") for number, call in enumerate(repeated, start=1)}
        found = [_with(text, aliases) for text in found]
        made += aliases.values()
        kept = sorted((names | _columns(found)) - set(aliases.values()))
        columns = [*(f"s.{name}" for name in kept), *(f"{call} AS {alias}" for call, alias in aliases.items())]
        rows = f"(SELECT {', '.join(columns)} FROM {rows} s)"
    return found, rows


def _with(text: str, aliases: Mapping[str, str]) -> str:
    """An expression with its calls by their aliases: whole calls, no end of a longer name, no words in quotes."""
    tokens = _TOKEN.findall(text)
    starts = {place: end for place, end in _spans(tokens) if "".join(tokens[place:end]) in aliases}
    parts, place = [], 0
    while place < len(tokens):
        end = starts.get(place)
        parts.append(tokens[place] if end is None else f"s.{aliases[''.join(tokens[place:end])]}")
        place = place + 1 if end is None else end
    return "".join(parts)


def _repeated(expressions: Sequence[str]) -> list[str]:
    """The calls that stand more than once and hold no such call themselves, the longest first."""
    counts = Counter(call for text in expressions for call in _calls(text))
    several = [call for call, count in counts.items() if count > 1]
    inner = [call for call in several if not any(other != call and other in several for other in _calls(call))]
    return sorted(inner, key=lambda call: (-len(call), call))


def _calls(text: str) -> Iterable[str]:
    """Every call in an expression that may be shared, nested ones too."""
    tokens = _TOKEN.findall(text)
    return ("".join(tokens[start:end]) for start, end in _spans(tokens))


def _spans(tokens: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Where such calls begin and end."""
    open_calls: list[tuple[int, bool]] = []  # where each bracket begins, and whether it is that of a call
    for place, token in enumerate(tokens):
        if token == "(":
            begins_call = place > 0 and tokens[place - 1] in _functions()
            open_calls.append((place - 1 if begins_call else place, begins_call))
        elif token == ")" and open_calls:
            start, is_call = open_calls.pop()
            if is_call and _is_closed(tokens[start : place + 1]):
                yield start, place + 1


def _is_closed(tokens: Sequence[str]) -> bool:
    """Whether an expression is made of columns of `s`, constants and calls that cannot fail alone."""
    for place, token in enumerate(tokens):
        if not re.match(r"[A-Za-z_\"]", token):
            continue
        before = tokens[place - 1] if place else ""
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        is_column = (before == "." and place > 1 and tokens[place - 2] == "s") or (token == "s" and after == ".")
        if not (is_column or token.isupper() or (after == "(" and token in _functions())):
            return False
    return True


def _columns(expressions: Iterable[str]) -> set[str]:
    """The columns of `s` that expressions name, quoted."""
    named = (found[1] for text in expressions for found in _COLUMN.finditer(text) if found[1])
    return {name if name.startswith('"') else quote(name) for name in named}


@cache
def _functions() -> frozenset[str]:
    return frozenset(re.findall(r"TEMP MACRO (\w+)", sql("functions"))) | {"TRY"}
