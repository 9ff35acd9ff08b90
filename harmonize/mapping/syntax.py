"""The syntax of expressions: Python's, within what the engines can walk through."""

from __future__ import annotations

import ast

from harmonize.engine.errors import InputError

LONGEST = 200_000
"""Characters of an expression."""
DEEPEST = 100
"""Levels of an expression; a sum of n terms has n."""
MOST_CALLS = 6
"""Functions inside one another: a function's SQL names its argument several times, so each level multiplies it."""
MOST_TERMS = 1_000
"""Terms of one `and`, `or` or case(), each of which is looked at together with those before it."""
_SHOWN = 60


def parse(expression: str) -> ast.expr:
    """The tree of an expression. Raises InputError where it is none, or nested too deeply."""
    text = expression.strip()
    if len(text) > LONGEST:
        raise _beyond(text)
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise InputError(f"{_shortened(text)!r} is not an expression: {error.msg}.") from error
    except (RecursionError, MemoryError, ValueError) as error:  # the parser's own bounds; a lone surrogate
        raise _beyond(text) from error
    waiting: list[tuple[ast.AST, int, int]] = [(tree, 1, 0)]
    while waiting:
        node, level, calls = waiting.pop()
        calls += isinstance(node, ast.Call)
        if level > DEEPEST or calls > MOST_CALLS or _terms(node) > MOST_TERMS:
            raise _beyond(text)
        waiting += [(child, level + 1, calls) for child in ast.iter_child_nodes(node)]
    return tree


def _terms(node: ast.AST) -> int:
    return len(node.values) if isinstance(node, ast.BoolOp) else len(node.args) if isinstance(node, ast.Call) else 0


def _beyond(text: str) -> InputError:
    return InputError(
        f"{_shortened(text)!r} is not read: an expression has at most {DEEPEST} levels, {MOST_CALLS} functions "
        f"one inside another, and {MOST_TERMS:,} terms of one and, or, or case().",
        "Divide it: several derived columns, a value set, `in [...]` for many values.",
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
