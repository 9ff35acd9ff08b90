"""Expressions of mappings in words, for people who do not read code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from harmonize.mapping.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harmonize.mapping.compiler.spec import ClassDerivation, SlotDerivation

# What a function gives, by name; {0}, {1} are its arguments in words, {all} all of them, {rest} those after the first.
FUNCTIONS = {
    "number": "the number in {0}",
    "whole": "the whole number in {0}",
    "float": "the number in {0}",
    "int": "{0} as a whole number",
    "str": "{0} as text",
    "abs": "{0} without its sign",
    "round": "{0} rounded",
    "floor": "{0} rounded down",
    "ceil": "{0} rounded up",
    "min": "the least of {all}",
    "max": "the greatest of {all}",
    "coalesce": "the first of {all} that is given",
    "nullif": "{0}, blank where it is {1}",
    "isnull": "{0} is blank",
    "notnull": "{0} is given",
    "upper": "{0} in capitals",
    "lower": "{0} in small letters",
    "strip": "{0} without blanks around it",
    "lstrip": "{0} without blanks before it",
    "rstrip": "{0} without blanks behind it",
    "strlen": "the length of {0}",
    "replace": "{0} with {2} for {1}",
    "startswith": "{0} begins with {1}",
    "endswith": "{0} ends with {1}",
    "contains": "{0} contains {1}",
    "substr": "the characters of {0} at {rest}",
    "part": "piece {2} of {0}, cut at {1}",
    "split": "the pieces of {0}, cut at {1}",
    "join": "{1} joined by {0}",
    "matches": "{0} has the form {1}",
    "to_date": "the date in {0}, written {rest}",
    "to_datetime": "the date and time in {0}, written {rest}",
    "partial_date": "the day of {0}, the first where only its month or year is given",
    "date_precision": "how exact {0} is",
    "local_time": "the date and time in {0} as written",
    "base64_text": "the text that {0} encodes",
    "fingerprint": "what stands for the identifier {0}, which is not kept",
    "add_days": "the day {1} days after {0}",
    "days_between": "the days from {0} to {1}",
    "year": "the year of {0}",
    "month": "the month of {0}",
    "day": "the day of the month of {0}",
    "fahrenheit_to_celsius": "{0} from degrees Fahrenheit to Celsius",
    "inches_to_cm": "{0} from inches to centimetres",
    "result_number": "the number of the result {0}",
    "result_operator": "the operator before the number of {0}",
    "feet_and_inches": "the inches that {0} writes as feet and inches",
    "pounds_to_kg": "{0} from pounds to kilograms",
    "short_code": "{0}, cut to a code of 50 characters",
    "ounces_to_kg": "{0} from ounces to kilograms",
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "is",
    ast.NotEq: "is not",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Lt: "is less than",
    ast.LtE: "is at most",
    ast.Gt: "is more than",
    ast.GtE: "is at least",
}
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATE: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "minus",
    ast.Mult: "times",
    ast.Div: "divided by",
}


def slot_in_words(slot: SlotDerivation, headers: Mapping[str, str]) -> str:
    """What a derivation makes of its columns. `headers` gives each column's name as the contributor writes it."""
    if slot.expr is not None:
        return in_words(slot.expr, headers)
    if slot.has_value:
        return f"always {_constant(slot.value)}"
    if slot.objects:
        return "; ".join(_object(one, headers) for one in slot.objects)
    name = headers.get(str(slot.populated_from), str(slot.populated_from))
    parts = [name]
    if slot.missing_values:
        parts.append(f"{', '.join(map(_constant, slot.missing_values))} count as blank")
    if slot.value_mappings is not None:
        parts += [f"{_constant(key)} becomes {_constant(value)}" for key, value in slot.value_mappings.items()]
    if slot.unit_conversion:
        parts.append(f"converted to {slot.unit_conversion.target}")
    return parts[0] + (": " + "; ".join(parts[1:]) if parts[1:] else "")


def _object(one: ClassDerivation, headers: Mapping[str, str]) -> str:
    return f"{one.name} of " + ", ".join(f"{name}: {slot_in_words(slot, headers)}" for name, slot in one.slots.items())


def in_words(expression: str, headers: Mapping[str, str]) -> str:
    """An expression of the mapping language in words; raises SyntaxError, or InputError, for what that refuses."""
    return _Words(headers).say(parse(" ".join(expression.split())))


def _constant(value: object) -> str:
    if value is None:
        return "blank"
    return f"“{value}”" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


class _Words:
    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = headers

    def say(self, node: ast.AST) -> str:
        match node:
            case ast.Constant(value=value):
                return _constant(value)
            case ast.Name(id=name):
                return self.headers.get(name, name)
            case ast.Attribute(value=owner, attr=name):
                return f"{name} of {self.say(owner)}"
            case ast.Set(elts=[only]):
                return self.say(only)
            case ast.List(elts=members) | ast.Tuple(elts=members):
                return ", ".join(map(self.say, members))
            case ast.BoolOp(op=op, values=values):
                word = " and " if isinstance(op, ast.And) else " or "
                return word.join(self._inner(value) for value in values)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(left=left, ops=[op], comparators=[right])) if (
                type(op) in _OPPOSITE
            ):
                return self._compare(ast.Compare(left, [_OPPOSITE[type(op)]()], [right]))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"not {self._inner(operand)}"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"−{self.say(operand)}"
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._either(test, body, orelse)
            case ast.BinOp(left=left, op=op, right=right):
                return f"{self._inner(left)} {_OPERATE[type(op)]} {self._inner(right)}"
            case ast.Call(func=ast.Name(id="case"), args=branches):
                return "; ".join(map(self._branch, branches))
            case ast.Call(func=ast.Name(id=name), args=args):
                said = [self.say(arg) for arg in args]
                return FUNCTIONS.get(name, f"{name} of {{all}}").format(
                    *said, all=", ".join(said), rest=", ".join(said[1:])
                )
        return ast.unparse(node)

    def _inner(self, node: ast.AST) -> str:
        """In brackets where it would be read together with what is around it."""
        text = self.say(node)
        return f"({text})" if isinstance(node, ast.BoolOp | ast.IfExp) else text

    def _compare(self, node: ast.Compare) -> str:
        left, op, right = self.say(node.left), node.ops[0], node.comparators[0]
        if isinstance(right, ast.Constant) and right.value is None:
            return f"{left} is {'blank' if isinstance(op, ast.Eq | ast.Is) else 'given'}"
        if isinstance(op, ast.In | ast.NotIn):
            negated = "" if isinstance(op, ast.In) else "not "
            if isinstance(node.left, ast.Constant):
                return f"{self.say(right)} {'does not contain' if negated else 'contains'} {left}"
            return f"{left} is {negated}one of {self.say(right)}"
        return f"{left} {_COMPARE[type(op)]} {self.say(right)}"

    def _either(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> str:
        if isinstance(orelse, ast.Constant) and orelse.value is None:
            return f"{self.say(body)}, if {self.say(test)}"
        if isinstance(body, ast.Constant) and body.value is None:
            return f"{self.say(orelse)}, unless {self.say(test)}"
        return f"{self.say(body)} if {self.say(test)}, else {self.say(orelse)}"

    def _branch(self, branch: ast.expr) -> str:
        if not isinstance(branch, ast.Tuple):
            return self.say(branch)
        test, value = branch.elts
        if isinstance(test, ast.Constant) and test.value is True:
            return f"else {self.say(value)}"
        return f"{self.say(value)} if {self.say(test)}"
