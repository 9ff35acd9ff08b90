"""Which values an expression may give where some of its columns are known: all that unknown ones leave open."""

from __future__ import annotations

import ast
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from harmonize.mapping.compiler.functions import python_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

UNKNOWN = "\0"
"""Stands for what no constant and no known column tells: no cell holds that character."""
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Is: lambda a, b: a == b,
    ast.IsNot: lambda a, b: a != b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def possible(node: ast.AST, known: Mapping[str, str]) -> set[Any]:
    """The values that it may give, UNKNOWN among them where something else may come."""
    match node:
        case ast.Constant(value=value):
            return {value}
        case ast.Name(id=name) | ast.Set(elts=[ast.Name(id=name)]):
            return {known.get(name, UNKNOWN)}
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return _each(lambda *values: values, parts, known)
        case ast.UnaryOp(op=ast.Not(), operand=one):
            return _each(lambda value: not value, [one], known)
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARED:
            return _each(_COMPARED[type(operator)], [left, right], known)
        case ast.BoolOp(op=operator, values=values):
            return _either(values, isinstance(operator, ast.Or), known)
        case ast.IfExp(test=test, body=body, orelse=other):
            return _first([(test, body)], other, known)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _each(lambda a, b: None if None in (a, b) else a + b, [left, right], known)
        case ast.Call(func=ast.Name(id="case"), args=args):
            pairs = [(arg.elts[0], arg.elts[1]) for arg in args if isinstance(arg, ast.Tuple)]
            return _first(pairs, ast.Constant(None), known)
        case ast.Call(func=ast.Name(id=name), args=args) if name in _functions():
            return _each(_functions()[name], args, known)
    return {UNKNOWN}


@cache
def _functions() -> dict[str, Callable[..., Any]]:
    return python_functions()


def _each(function: Callable[..., Any], nodes: Iterable[ast.AST], known: Mapping[str, str]) -> set[Any]:
    """What a function gives for all that its arguments may be."""
    found = set()
    for values in product(*(possible(node, known) for node in nodes)):
        try:
            value = UNKNOWN if UNKNOWN in values else function(*values)
            found.add(tuple(value) if isinstance(value, list) else value)
        except Exception:  # noqa: BLE001 - where a body raises the row is in error, and gives nothing
            found.add(None)
    return found


def _either(nodes: list[ast.expr], stops_at_true: bool, known: Mapping[str, str]) -> set[Any]:
    """`and` and `or`: the first value at which they stop, else the last."""
    found, held = set[Any](), possible(nodes[0], known)
    for node in nodes[1:]:
        found |= {value for value in held if value != UNKNOWN and bool(value) is stops_at_true}
        if held <= found:
            return found
        found |= held & {UNKNOWN}
        held = possible(node, known)
    return found | held


def _first(pairs: list[tuple[ast.expr, ast.expr]], other: ast.expr, known: Mapping[str, str]) -> set[Any]:
    """The value of the first condition that may be true, and of those after it as long as none must be."""
    found = set[Any]()
    for test, value in pairs:
        told = possible(test, known)
        if any(told):
            found |= possible(value, known)
        if all(one and one != UNKNOWN for one in told):
            return found
    return found | possible(other, known)
