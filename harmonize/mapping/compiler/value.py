"""A compiled (part of an) expression, its kind, and how SQL writes names, constants and truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import literal
from harmonize.mapping.compiler.functions import LISTS, NUMERIC

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Sql:
    """A compiled (part of an) expression.

    `kind` is text, number, integer, boolean, date, datetime or null, or one of these with [] for a list;
    `fails` is SQL, true for rows on which linkml-map raises; `nullable` says whether the SQL can be NULL;
    `constant` is the value if `is_constant`; `choices` are the constants it may give, complete only if
    `closed`; `unbounded` marks floating point arithmetic, whose result may overflow;
    `lost` is SQL, true for rows whose value the column of the hub cannot hold.
    """

    text: str
    kind: str
    fails: str | None = None
    nullable: bool = True
    is_constant: bool = False
    constant: Any = None
    choices: frozenset[Any] = frozenset()
    closed: bool = False
    unbounded: bool = False
    lost: str | None = None


_TYPES = {
    "text": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}


def null_of(kind: str) -> str:
    """NULL as a value of a kind: DuckDB cannot choose between functions of one name by a bare NULL."""
    return f"NULL::{_TYPES[kind.removesuffix('[]')]}{'[]' if kind in LISTS else ''}"


def constant(value: Any) -> Sql:
    """A constant: None, true or false, a number or a text. Raises InputError for anything else."""
    if value is None:
        return Sql("NULL", "null", is_constant=True, closed=True)
    if isinstance(value, bool):
        text, kind = str(value).upper(), "boolean"
    elif isinstance(value, int) and -(2**63) <= value < 2**63:
        text, kind = f"{value}::BIGINT", "integer"
    elif isinstance(value, float) and value == value and abs(value) != float("inf"):
        text, kind = (repr(value) if "e" in repr(value) else f"{value!r}e0"), "number"
    elif isinstance(value, str) and "\0" not in value:
        text, kind = literal(value), "text"
    else:
        raise InputError(f"the constant {value!r} is not supported.", "Constants are texts, numbers, true and false.")
    if text.startswith("-"):
        text = f"({text})"
    return Sql(text, kind, nullable=False, is_constant=True, constant=value, choices=frozenset({value}), closed=True)


def named(kind: str) -> str:
    """A kind with its article."""
    if kind in LISTS:
        return f"a list of {'whole numbers' if kind == 'integer[]' else LISTS[kind] + 's'}"
    return {"integer": "a whole number", "null": "None"}.get(kind, f"a {kind}")


def common_kind(kinds: Iterable[str]) -> str | None:
    """The kind that holds all of these (whole numbers are numbers); None where there is none."""
    present = set(kinds) - {"null"}
    if len(present) <= 1:
        return present.pop() if present else "null"
    return "number" if present == NUMERIC else None


def any_of(*conditions: str | None) -> str | None:
    """The conditions joined by OR; None where there is none."""
    present = list(dict.fromkeys(condition for condition in conditions if condition))
    if len(present) <= 1:
        return present[0] if present else None
    return "(" + " OR ".join(present) + ")"


def truth(node: Sql) -> str:
    """Python's truth of a value as SQL that is never NULL."""
    if node.kind == "null":
        return "FALSE"
    if node.kind == "boolean":
        return f"coalesce({node.text}, FALSE)" if node.nullable else node.text
    if node.kind in ("date", "datetime"):
        return f"({node.text} IS NOT NULL)"
    if node.kind in LISTS:
        return f"coalesce(len({node.text}) > 0, FALSE)"
    empty = "''" if node.kind == "text" else "0"
    return f"coalesce({node.text} <> {empty}, FALSE)"
