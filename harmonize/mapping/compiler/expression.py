"""linkml-map expressions compiled to DuckDB SQL that gives, row by row, what linkml-map's own engine gives.

The engine's rules: == and != know NULL as a value; ordering, arithmetic and functions give NULL for NULL;
`and`, `or`, `not` and `if` take NULL as false and stop early; case() and functions evaluate all arguments.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.sql_text import quote
from harmonize.mapping.compiler.functions import FUNCTIONS, KINDS, LISTS, NUMERIC, Arg, Function, Variant
from harmonize.mapping.compiler.value import Sql, any_of, common_kind, constant, named, null_of, truth
from harmonize.mapping.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

UNCOVERED: dict[type[ast.AST], str] = {
    ast.JoinedStr: "an f-string; join texts with +",
    ast.Subscript: "[...]; use substr or part",
    ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.Lambda: "lambda",
    ast.Tuple: "a tuple outside of `in` and case()",
    ast.Dict: "a dictionary",
}
_LONGEST = 200_000  # characters of SQL
_ARITHMETIC: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_ORDER: dict[type[ast.AST], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_INSTEAD = {
    "len": "strlen",
    "bool": "== or !=",
    "slot": "the expression itself",
    "is_numeric": "notnull(number(...))",
}


def _guarded(condition: str, fails: str | None) -> str | None:
    return None if fails is None else f"({condition} AND {fails})"


class Compiler:
    """Compiles the expressions of one class derivation.

    `columns` are the safe names of the source class's columns, which are those of the alias `own` (None: `s`, the
    source row); `joins` maps an alias to the columns of the looked-up class, `main` among them is the source row.
    `barred` are columns, as alias and name, that cannot be read, with the reason and what to write instead. `used`
    collects the columns read, those of a join as (alias, column), those of `s` as (None, column). Every refusal is
    an InputError without its place.
    """

    def __init__(
        self,
        columns: Sequence[str],
        joins: Mapping[str, Sequence[str]],
        own: str | None = None,
        main: str | None = None,
        barred: Mapping[tuple[str | None, str], tuple[str, str]] | None = None,
    ) -> None:
        self.columns = columns
        self.joins = joins
        self.own = own
        self.main = main
        self.barred = barred or {}
        self.used: dict[tuple[str | None, str], None] = {}

    def compile(self, expression: str) -> Sql:
        """An expression as SQL; in error rows the SQL may give anything, `fails` says which these are."""
        return self._value(parse(expression))

    def column(self, path: str) -> Sql:
        """A source column by its safe name, or alias.column of a join."""
        alias, dot, name = path.rpartition(".")
        if not dot:
            if (None, name) in self.barred:
                raise InputError(*self.barred[None, name])
            return self._read(self.own, self.columns, name)
        if alias not in self.joins:
            hint = did_you_mean(alias, self.joins) or "Declare it under joins."
            raise InputError(f"the path {path!r} does not begin with a join of this class derivation.", hint)
        if (alias, name) in self.barred:
            raise InputError(*self.barred[alias, name])
        return self._read(alias if alias != self.main else None, self.joins[alias], name)

    def _read(self, alias: str | None, columns: Sequence[str], name: str) -> Sql:
        if name not in columns:
            where = f"the class of join {alias!r}" if alias else "the source class"
            elsewhere = next((f"{other}.{name}" for other, names in self.joins.items() if name in names), None)
            hint = f"Write {elsewhere}." if elsewhere else did_you_mean(name, [*columns, *self.joins])
            raise InputError(f"{name!r} is not a column of {where}.", hint)
        self.used[alias, name] = None
        return Sql(f"{quote(alias) if alias else 's'}.{quote(name)}", "text")

    def _value(self, node: ast.expr) -> Sql:
        """A part of an expression; where its SQL names a part several times, nesting multiplies that."""
        value = self._part(node)
        if len(value.text) + len(value.fails or "") > _LONGEST:
            raise InputError("the expression is too long when it is written out as SQL.", "Divide it.")
        return value

    def _part(self, node: ast.expr) -> Sql:
        match node:
            case ast.Constant(value=value):
                return constant(value)
            case ast.Name(id=name):
                return self.column(name)
            case ast.Attribute(value=ast.Name(id=alias), attr=name):
                return self.column(f"{alias}.{name}")
            case ast.Attribute():
                raise InputError(f"the path {ast.unparse(node)!r} is not a column of a join.", "Write alias.column.")
            case ast.Set(elts=[ast.Name() | ast.Attribute() as inner]):
                return self._value(inner)
            case ast.Set():
                raise InputError(f"{ast.unparse(node)!r}: braces hold one column.", "Write a list: x in ['a', 'b'].")
            case ast.List():
                return self._list(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BoolOp():
                return self._logical(node)
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._branches([(self._value(test), self._value(body))], self._value(orelse), node)
            case ast.Call():
                return self._call(node)
        what = UNCOVERED.get(type(node), type(node).__name__)
        raise InputError(f"{ast.unparse(node)!r} uses {what}, which is not supported.")

    def _list(self, node: ast.List) -> Sql:
        """A list of values of one kind; it may hold NULL, which a hub slot then leaves out."""
        members = [self._value(member) for member in node.elts]
        kind = common_kind(member.kind for member in members)
        if kind in (None, "null", *LISTS):
            kinds = " and ".join(dict.fromkeys(named(member.kind) for member in members)) or "nothing"
            raise InputError(f"{ast.unparse(node)!r} is a list of {kinds}.", "A list holds values of one kind.")
        lost = [f"coalesce(NOT isfinite({member.text}), FALSE)" for member in members if member.unbounded]
        return Sql(
            f"[{', '.join(member.text for member in members)}]",
            f"{kind}[]",
            any_of(*(member.fails for member in members), *lost),
            nullable=False,
            choices=frozenset().union(*(member.choices for member in members)),
            closed=all(member.closed for member in members),
        )

    def _arithmetic(self, node: ast.BinOp) -> Sql:
        left, right = self._value(node.left), self._value(node.right)
        source = ast.unparse(node)
        operator = _ARITHMETIC.get(type(node.op))
        if operator is None:
            raise InputError(f"{source!r} uses an operator that is not supported.", "There are + - * /.")
        fails = any_of(left.fails, right.fails)
        if "null" in (left.kind, right.kind):
            raise InputError(f"{source!r} calculates with None and is always NULL.")
        if operator == "+" and left.kind == right.kind == "text":
            return Sql(f"({left.text} || {right.text})", "text", fails, left.nullable or right.nullable)
        for side in (left, right):
            if side.kind not in NUMERIC:
                raise InputError(f"{source!r} calculates with {named(side.kind)}.", _conversion_hint(side.kind))
        if operator == "/":
            text = f"(CAST({left.text} AS DOUBLE) / nullif(CAST({right.text} AS DOUBLE), 0))"
            zero = None if right.constant else f"(coalesce({right.text} = 0, FALSE) AND {left.text} IS NOT NULL)"
            return Sql(text, "number", any_of(fails, zero), unbounded=True)
        if left.kind == right.kind == "integer":
            text = f"TRY({left.text} {operator} {right.text})"
            lost = f"({text} IS NULL AND {left.text} IS NOT NULL AND {right.text} IS NOT NULL)"
            return Sql(text, "integer", any_of(fails, lost))
        return Sql(f"({left.text} {operator} {right.text})", "number", fails, unbounded=True)

    def _unary(self, node: ast.UnaryOp) -> Sql:
        operand = self._value(node.operand)
        if isinstance(node.op, ast.Not):
            return Sql(f"(NOT {truth(operand)})", "boolean", operand.fails, nullable=False)
        if operand.kind not in NUMERIC or isinstance(node.op, ast.Invert):
            raise InputError(f"{ast.unparse(node)!r}: a sign needs a number.", _conversion_hint(operand.kind))
        if isinstance(node.op, ast.UAdd):
            return operand
        if operand.is_constant:
            return constant(-operand.constant)
        return replace(operand, text=f"(-{operand.text})")

    def _logical(self, node: ast.BoolOp) -> Sql:
        """`a and b` is a where a is false, else b; `a or b` the other way round; b is not evaluated then."""
        parts = [self._value(value) for value in node.values]
        kind = common_kind(part.kind for part in parts)
        if kind is None:
            raise InputError(f"{ast.unparse(node)!r} joins {' and '.join(dict.fromkeys(p.kind for p in parts))}.")
        both = isinstance(node.op, ast.And)
        word = " AND " if both else " OR "
        truths = [truth(part) for part in parts]
        reached = [word.join(truths[:i]) for i in range(1, len(parts))]
        guards = [f"({before})" if both else f"(NOT ({before}))" for before in reached]
        fails = any_of(parts[0].fails, *(_guarded(g, p.fails) for g, p in zip(guards, parts[1:], strict=True)))
        if all(part.kind == "boolean" and not part.nullable for part in parts):
            return Sql(f"({word.join(truths)})", "boolean", fails, nullable=False)
        stop = "NOT " if both else ""
        whens = [f"WHEN {stop}{truths[i]} THEN {parts[i].text}" for i in range(len(parts) - 1)]
        return Sql(f"CASE {' '.join(whens)} ELSE {parts[-1].text} END", kind, fails)

    def condition(self, expression: str) -> Sql:
        """A boolean expression as a condition: never NULL, and short. Refused where it is not boolean."""
        compiled = self.compile(expression)
        if compiled.kind not in ("boolean", "null"):
            hint = "Compare it: x == 'Yes', notnull(x)."
            raise InputError(f"{expression.strip()!r} is {named(compiled.kind)} and no condition.", hint)
        return replace(compiled, text=truth(compiled), kind="boolean", nullable=False)

    def _compare(self, node: ast.Compare) -> Sql:
        source = ast.unparse(node)
        if len(node.ops) > 1:
            raise InputError(f"{source!r} chains comparisons.", "Write a < b and b < c.")
        operator, right_node = node.ops[0], node.comparators[0]
        if isinstance(operator, ast.In | ast.NotIn):
            return self._membership(node.left, right_node, isinstance(operator, ast.NotIn), source)
        left, right = self._value(node.left), self._value(right_node)
        fails = any_of(left.fails, right.fails)
        if isinstance(operator, ast.Is | ast.IsNot):
            if right.kind != "null":
                raise InputError(f"{source!r}: `is` is for None alone.", "Write ==.")
        elif common_kind((left.kind, right.kind)) is None:
            hint = next((_conversion_hint(side.kind) for side in (left, right) if side.kind == "text"), None)
            raise InputError(f"{source!r} compares {named(left.kind)} with {named(right.kind)}.", hint)
        if type(operator) in _ORDER:
            if {left.kind, right.kind} & {"boolean", "null", *LISTS}:
                raise InputError(f"{source!r} orders {named(left.kind)} and {named(right.kind)}.")
            return Sql(f"({left.text} {_ORDER[type(operator)]} {right.text})", "boolean", fails)
        negated = "" if isinstance(operator, ast.Eq | ast.Is) else "NOT "
        if right.kind == "null":
            return Sql(f"({left.text} IS {negated}NULL)", "boolean", fails, nullable=False)
        distinct = "NOT " if not negated else ""
        return Sql(f"({left.text} IS {distinct}DISTINCT FROM {right.text})", "boolean", fails, nullable=False)

    def _membership(self, left_node: ast.expr, right_node: ast.expr, negated: bool, source: str) -> Sql:
        left = self._value(left_node)
        word = "NOT " if negated else ""
        if not isinstance(right_node, ast.List | ast.Tuple):
            right = self._value(right_node)
            if LISTS.get(right.kind) == left.kind:
                text = f"({word}list_contains({right.text}, {left.text}))"
                if left.nullable:  # DuckDB says false for NULL in an empty list
                    text = f"CASE WHEN {left.text} IS NOT NULL THEN {text} END"
                return Sql(text, "boolean", any_of(left.fails, right.fails), left.nullable or right.nullable)
            if left.kind != "text" or right.kind != "text":
                raise InputError(f"{source!r}: `in` needs a list, or a text in a text.", "Write x in ['a', 'b'].")
            text = f"({word}contains({right.text}, {left.text}))"
            return Sql(text, "boolean", any_of(left.fails, right.fails))
        members = [self._value(member) for member in right_node.elts]
        if not members or any(not member.is_constant or member.kind == "null" for member in members):
            raise InputError(f"{source!r}: the list of `in` holds constants, and not None.", "Add `or x is None`.")
        if common_kind([left.kind, *(member.kind for member in members)]) in (None, "null"):
            raise InputError(f"{source!r} looks for {named(left.kind)} among others.", _conversion_hint(left.kind))
        return Sql(f"({left.text} {word}IN ({', '.join(m.text for m in members)}))", "boolean", left.fails)

    def _branches(self, pairs: Sequence[tuple[Sql, Sql]], otherwise: Sql, node: ast.AST, lazy: bool = True) -> Sql:
        """CASE over (test, value) pairs; `lazy` branches are evaluated, and fail, only where taken."""
        values = [*(value for _, value in pairs), otherwise]
        kind = common_kind(value.kind for value in values)
        if kind is None:
            kinds = " or ".join(dict.fromkeys(value.kind for value in values))
            raise InputError(f"{ast.unparse(node)!r} gives {kinds}.", "All branches give one kind.")
        tests = [truth(test) for test, _ in pairs]
        fails = [test.fails for test, _ in pairs]
        for position, value in enumerate(values):
            taken = " AND ".join([f"NOT {t}" for t in tests[:position]] + tests[position : position + 1])
            fails.append(_guarded(f"({taken})", value.fails) if lazy else value.fails)
        whens = " ".join(f"WHEN {t} THEN {value.text}" for t, (_, value) in zip(tests, pairs, strict=True))
        return Sql(
            f"CASE {whens} ELSE {otherwise.text} END",
            kind,
            any_of(*fails),
            nullable=any(value.nullable for value in values),
            choices=frozenset().union(*(value.choices for value in values)),
            closed=all(value.closed for value in values),
            unbounded=any(value.unbounded for value in values),
        )

    def _call(self, node: ast.Call) -> Sql:
        source = ast.unparse(node)
        if not isinstance(node.func, ast.Name):
            raise InputError(f"{source!r} calls a method.", "Functions are written name(value).")
        name = node.func.id
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise InputError(f"{source!r}: arguments have no names here.")
        if name == "case":
            return self._case(node)
        if name not in FUNCTIONS:
            instead = f"Use {_INSTEAD[name]}." if name in _INSTEAD else did_you_mean(name, [*FUNCTIONS, "case"])
            raise InputError(f"there is no function {name!r}.", instead)
        return call(FUNCTIONS[name], [self._value(arg) for arg in node.args], source)

    def _case(self, node: ast.Call) -> Sql:
        pairs = []
        for arg in node.args:
            if not isinstance(arg, ast.Tuple) or len(arg.elts) != 2:
                raise InputError(f"{ast.unparse(node)!r}: case takes pairs.", "Write case((condition, value), ...).")
            pairs.append((self._value(arg.elts[0]), self._value(arg.elts[1])))
        if not pairs:
            raise InputError("case() has no pairs.", "Write case((condition, value), ...).")
        return self._branches(pairs, constant(None), node, lazy=False)


def call(function: Function, args: Sequence[Sql], source: str) -> Sql:
    """A function applied to compiled arguments. Raises InputError where no variant of it takes them."""
    fitting = [v for v in function.variants if _fits(v, args)]
    if not fitting:
        hint = next((_conversion_hint(arg.kind) for arg in args if arg.kind == "text"), None)
        kinds = ", ".join(arg.kind for arg in args) or "nothing"
        raise InputError(f"{source!r}: {function.name} does not take ({kinds}). {function.help}", hint)
    variant = fitting[0]
    for arg, given in zip(_spread(variant, len(args)), args, strict=True):
        if arg.constant and not given.is_constant:
            raise InputError(f"{source!r}: {function.name} needs a constant in place of {given.text}.")
        complaint = arg.check(given.constant) if arg.check else None
        if complaint:
            raise InputError(f"{source!r}: {complaint}.")
    kind = variant.result
    if kind == "same":
        same = common_kind(arg.kind for arg in args)
        if same is None:
            raise InputError(f"{source!r} mixes {' and '.join(dict.fromkeys(arg.kind for arg in args))}.")
        kind = same
    texts = [_argument(arg, given) for arg, given in zip(_spread(variant, len(args)), args, strict=True)]
    no_nulls = " AND ".join(f"{text} IS NOT NULL" for text in texts)
    fill: Callable[[str, str], str] = lambda template, sql: template.format(  # noqa: E731
        *texts, all=", ".join(texts), no_nulls=f"({no_nulls})", sql=sql
    )
    text = fill(variant.sql, "")
    lost = f"({fill(variant.fails, text)})" if variant.fails else None
    sure = function.name in ("isnull", "notnull")
    unbounded = kind == "number" and any(arg.unbounded or arg.kind in NUMERIC for arg in args)
    return Sql(text, kind, any_of(*(arg.fails for arg in args), lost), nullable=not sure, unbounded=unbounded)


def _argument(arg: Arg, given: Sql) -> str:
    known = given.kind == "null" and len(arg.kinds) < len(KINDS)
    return null_of(min(arg.kinds)) if known else given.text


def _spread(variant: Variant, count: int) -> tuple[Arg, ...]:
    extra = count - len(variant.args)
    return (*variant.args, *([variant.rest] * extra if variant.rest else []))


def _fits(variant: Variant, args: Sequence[Sql]) -> bool:
    expected = _spread(variant, len(args))
    if len(expected) != len(args):
        return False
    return all(g.kind in a.kinds or (g.kind == "null" and not a.constant) for a, g in zip(expected, args, strict=True))


def _conversion_hint(kind: str) -> str | None:
    return "A column is text: number(x), whole(x) or to_date(x, format) converts it." if kind == "text" else None
