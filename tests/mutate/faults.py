"""The faults that `make mutate` plants, one at a time: small changes of SQL, Python and value sets that keep the form
of what they change, and not its meaning.

SQL and Python are changed at single tokens, so that nothing else of a file moves: placeholders, comments, spaces.
"""

from __future__ import annotations

import io
import re
import token
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from sqlglot import tokens as sql_tokens
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import TokenError


@dataclass(frozen=True)
class Fault:
    """The characters from `start` to `end` of a file become `new`; `kind` says what sort of change that is."""

    start: int
    end: int
    new: str
    kind: str

    def planted(self, text: str) -> str:
        """The text of the file with the fault."""
        return text[: self.start] + self.new + text[self.end :]


_SWAPS = {
    "<": ("<=", "comparison"), "<=": ("<", "comparison"), ">": (">=", "comparison"), ">=": (">", "comparison"),
    "<>": ("=", "comparison"), "!=": ("=", "comparison"), "=": ("<>", "comparison"),
    "AND": ("OR", "logic"), "OR": ("AND", "logic"),
    "MIN": ("max", "aggregate"), "MAX": ("min", "aggregate"), "ARG_MIN": ("arg_max", "aggregate"),
    "ARG_MAX": ("arg_min", "aggregate"), "BOOL_OR": ("bool_and", "aggregate"), "BOOL_AND": ("bool_or", "aggregate"),
    "SEMI": ("ANTI", "join"), "ANTI": ("SEMI", "join"), "ASC": ("DESC", "order"), "DESC": ("ASC", "order"),
    "TRUE": ("false", "constant"), "FALSE": ("true", "constant"), "+": ("-", "arithmetic"), "-": ("+", "arithmetic"),
}  # fmt: skip
_ENDINGS = ("_date", "_datetime", "_concept_id", "_key", "_uid", "_value", "_day", "_id", "_name", "_code", "_text")
_NO_OPERATION = re.compile(r"^\s*(CREATE|COMMENT|SET|PRAGMA|DROP|ALTER)\b(?!.*\bSELECT\b)", re.S | re.I)


def sql_faults(text: str) -> list[Fault]:
    """The faults of a file of SQL; none where sqlglot's tokenizer of DuckDB does not read it."""
    if _NO_OPERATION.match(re.sub(r"--[^\n]*", "", text)):
        return []
    try:
        found = DuckDB().tokenize(text)
    except TokenError:
        return []
    return [fault for place in range(len(found)) for fault in _at(found, place, text)]


def _at(found: list[sql_tokens.Token], place: int, text: str) -> Iterator[Fault]:
    """The faults of one token."""
    one = found[place]
    word = text[one.start : one.end + 1]
    before = found[place - 1].text.upper() if place else ""
    after = found[place + 1].text.upper() if place + 1 < len(found) else ""

    def fault(new: str, kind: str, end: int | None = None) -> Fault:
        return Fault(one.start, (one.end if end is None else end) + 1, new, kind)

    upper = word.upper()
    if (upper == "AND" and _is_between(found, place)) or (upper == "OR" and before == "CREATE"):
        return
    if upper in ("+", "-") and (before in ("(", ",", "=", "<", ">", "THEN", "ELSE", "SELECT") or after == ">"):
        return  # a sign, or half of ->>
    if upper in ("MIN", "MAX", "ARG_MIN", "ARG_MAX", "BOOL_OR", "BOOL_AND") and after != "(":
        return
    if upper == "=" and (before == ":" or after == ">"):
        return
    if upper in _SWAPS:
        yield fault(*_SWAPS[upper])
    elif upper == "JOIN":
        if before == "LEFT":
            start = found[place - 1].start
            yield Fault(start, one.end + 1, "JOIN", "join")
        elif before not in ("SEMI", "ANTI", "CROSS", "FULL", "RIGHT", "OUTER", "POSITIONAL", "ASOF"):
            yield fault("LEFT JOIN", "join")
    elif upper == "NOT" and before == "IS":
        yield fault("", "filter")
    elif upper == "NULL" and before == "IS":
        yield fault("NOT NULL", "filter")
    elif upper == "NOT" and after in ("EXISTS", "IN", "LIST_CONTAINS", "CONTAINS", "STARTS_WITH", "("):
        yield fault("", "filter")
    elif (upper == "DISTINCT" and before in ("SELECT", "(")) or (upper == "ALL" and before == "UNION"):
        yield fault("", "distinct")
    elif one.token_type == sql_tokens.TokenType.NUMBER and word.isdigit() and before not in ("$", "LIMIT"):
        yield fault(str(int(word) + 1), "constant")
    elif one.token_type == sql_tokens.TokenType.STRING and re.fullmatch(r"'[A-Za-z][\w -]*'", word):
        yield fault(f"{word[:-1]}_'", "constant")
    elif one.token_type == sql_tokens.TokenType.VAR and before == ".":
        yield from (fault(name, "column") for name in _siblings(text, word)[:1])


def _is_between(found: list[sql_tokens.Token], place: int) -> bool:
    """Whether an AND is that of a BETWEEN."""
    depth = 0
    for one in reversed(found[max(0, place - 40) : place]):
        depth += {")": 1, "(": -1}.get(one.text, 0)
        if depth < 0 or (depth == 0 and one.text.upper() in ("AND", "OR", "WHERE", "ON", "WHEN")):
            return False
        if depth == 0 and one.text.upper() == "BETWEEN":
            return True
    return False


@cache
def _columns(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b[a-z]\w*\.([a-z]\w+)\b", text))


def _siblings(text: str, name: str) -> list[str]:
    """Other columns of the file that end alike."""
    endings = [ending for ending in _ENDINGS if name.endswith(ending)]
    return sorted(other for other in _columns(text) if endings and other != name and other.endswith(endings[0]))


_PYTHON = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "and": "or", "or": "and", "not": "",
    "True": "False", "False": "True", "+": "-", "min": "max", "max": "min", "any": "all", "all": "any",
}  # fmt: skip


def python_faults(text: str) -> list[Fault]:
    """The faults of a module, those of its docstrings, annotations and imports aside."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for one in tokenize.generate_tokens(io.StringIO(text).readline):
        line = one.line.strip()
        if line.startswith(("from ", "import ", "@", "if TYPE_CHECKING")) or one.string not in _PYTHON:
            is_number = one.type == token.NUMBER and one.string.isdigit() and not line.startswith(("from ", "import "))
            if not is_number:
                continue
        new = _PYTHON.get(one.string) if one.string in _PYTHON else str(int(one.string) + 1)
        if one.string == "not" and re.search(r"\b(is|not in)\s+not|\bnot in\b", line):
            continue
        start = starts[one.start[0] - 1] + one.start[1]
        found.append(Fault(start, start + len(one.string), new or "", "python"))
    return found


def value_set_faults(text: str) -> list[Fault]:
    """Neighbouring rows of a TSV with an object_id get each other's."""
    lines = text.splitlines(keepends=True)
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), 0)
    names = lines[head].rstrip("\n").split("\t") if lines else []
    if "object_id" not in names:
        return []
    column, found, start = names.index("object_id"), [], sum(map(len, lines[: head + 1]))
    for one, other in pairwise(lines[head + 1 :]):
        first, second = (line.rstrip("\n").split("\t") for line in (one, other))
        if (
            len(first) == len(second) == len(names)
            and first[column] != second[column]
            and first[column]
            and second[column]
        ):
            first[column], second[column] = second[column], first[column]
            new = "\t".join(first) + "\n" + "\t".join(second) + ("\n" if other.endswith("\n") else "")
            found.append(Fault(start, start + len(one) + len(other), new, "value set"))
        start += len(one)
    return found
