"""FHIRPath to SQL: the subset of the shareable profile of SQL on FHIR, checked against R4's types."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.sql_text import literal
from harmonize.mapping.views.definitions import (
    NUMBERS,
    TEXTS,
    TIMES,
    WHOLE_NUMBERS,
    known_type,
    resource_types,
    type_names,
)
from harmonize.mapping.views.fhirpath import (
    RESOURCE_VARIABLES,
    Binary,
    Call,
    Index,
    Literal,
    Member,
    Node,
    Unary,
    Variable,
)
from harmonize.mapping.views.value import NOTHING, Value, as_list, as_native, exists, item, native, navigate, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from harmonize.mapping.views.view import Expression

_COMPARISONS = ("<", "<=", ">", ">=")
_ARITHMETIC = ("+", "-", "*", "/", "div", "mod")


@dataclass(frozen=True)
class Context:
    """Where an expression is evaluated.

    `this`, `start` (what the whole expression began with, %context) and `resource` are values, `row_index` the SQL of
    %rowIndex, `place` the SQL that says which resource it is, `references` the column that resolves references,
    `expression` the text and place of the whole expression; `call` compiles a function.
    """

    this: Value
    start: Value
    resource: Value
    constants: Mapping[str, Literal]
    row_index: str
    place: str
    references: str
    expression: Expression
    call: Callable[[Call, Context], Value]


@contextmanager
def placed(place: str) -> Iterator[None]:
    """An InputError from inside begins with the place in the view."""
    try:
        yield
    except InputError as error:
        raise type(error)(f"{place}: {error.message}", error.hint) from error


def single(value: Value, context: Context) -> Value:
    """The one value of a collection; where there are several the statement fails and says of which resource."""
    if value.choice is not None:
        raise InputError(f"{value.named()} needs ofType() to say which.", _of_type_hint(value))
    if not value.many:
        return value
    text = f"{context.expression.place}: {context.expression.text} gives several values in resource "
    message = f"error({literal(text)} || {context.place})"
    return replace(value, sql=f"CASE WHEN len({value.sql}) > 1 THEN {message} ELSE ({value.sql})[1] END", many=False)


def boolean(node: Node, context: Context) -> str:
    """SQL of a criterion, true, false or NULL. Raises InputError where it is of another type."""
    value = single(value_of(node, context), context)
    if value.type not in (None, "boolean"):
        raise InputError(
            f"This is {value.named()} and not true or false.", "Write .exists() to ask whether it is there."
        )
    return as_native(value).sql


def _of_type_hint(value: Value) -> str:
    choice = value.choice
    return f"Write {choice.name}.ofType({choice.types[0]}), for example." if choice else ""


def value_of(node: Node, context: Context) -> Value:
    """A part of an expression."""
    match node:
        case Literal():
            return _literal(node)
        case Variable(name=name):
            return _variable(name, context)
        case Member(base=None, name=name):
            # A path may begin with the type that it starts from: Patient.name
            return context.this if name == context.this.type else navigate(context.this, name)
        case Member(base=base, name=name) if base is not None:
            return navigate(value_of(base, context), name)
        case Index():
            return _index(node, context)
        case Unary():
            return _arithmetic("-" if node.operator == "-" else "+", native("0", "integer"), node.operand, context)
        case Binary():
            return _binary(node, context)
        case Call():
            return context.call(node, context)
    raise InputError(f"{type(node).__name__} is no expression.")


def _literal(node: Literal) -> Value:
    if node.type is None:
        return NOTHING
    if node.type == "boolean" or node.type in NUMBERS:
        sql = node.value if node.type in ("boolean", *WHOLE_NUMBERS) else f"{node.value}::DOUBLE"
        return native(sql, node.type)
    return Value(literal(node.value), node.type)


def _variable(name: str, context: Context) -> Value:
    if name == "$this":
        return context.this
    if name == "%context":
        return context.start
    if name in RESOURCE_VARIABLES:
        return context.resource
    if name == "%rowIndex":
        return native(context.row_index, "integer")
    constant = context.constants.get(name[1:])
    if constant is None:
        raise InputError(
            f"The view has no constant {name[1:]!r}.", did_you_mean(name[1:], [*context.constants, "rowIndex"])
        )
    return _literal(constant)


def _index(node: Index, context: Context) -> Value:
    base, index = value_of(node.base, context), single(value_of(node.index, context), context)
    if index.type not in WHOLE_NUMBERS:
        raise InputError(f"A place in a list is a whole number, not {index.named()}.")
    number = as_native(index).sql
    if base.many:
        return item(base, f"({base.sql})[{number} + 1]")
    return replace(base, sql=f"CASE WHEN {number} = 0 THEN {base.sql} END")


def _binary(node: Binary, context: Context) -> Value:
    operator = node.operator
    if operator in ("and", "or"):
        left, right = boolean(node.left, context), boolean(node.right, context)
        return native(f"({left} {operator.upper()} {right})", "boolean")
    if operator == "xor":
        return native(f"({boolean(node.left, context)} <> {boolean(node.right, context)})", "boolean")
    if operator == "implies":
        return native(f"(NOT {boolean(node.left, context)} OR {boolean(node.right, context)})", "boolean")
    if operator in ("is", "as"):
        value = one_of(value_of(node.left, context), type_name(node.right))
        return native(exists(value), "boolean") if operator == "is" else value
    left_value = value_of(node.left, context)
    if operator in ("=", "!="):
        return _equal(operator, left_value, value_of(node.right, context))
    if operator in _COMPARISONS:
        return _compared(operator, left_value, value_of(node.right, context), context)
    if operator in _ARITHMETIC:
        return _arithmetic(operator, left_value, node.right, context)
    if operator == "&":
        texts = [single(value, context).sql for value in (left_value, value_of(node.right, context))]
        return Value(f"(coalesce({texts[0]}, '') || coalesce({texts[1]}, ''))", "string")
    raise InputError(f"Views do not have the operator {operator!r}.")


def type_name(node: Node) -> str:
    """The FHIR type that an argument names, as `Quantity` or `FHIR.Quantity`. Raises InputError where there is none."""
    if isinstance(node, Member) and (node.base is None or isinstance(node.base, Member)):
        kind = known_type(node.name)
        if kind is None:
            raise InputError(f"FHIR R4 has no type {node.name!r}.", did_you_mean(node.name, type_names()))
        return kind
    raise InputError("This argument is the name of a type, such as Quantity.")


def resource_name(node: Node) -> str:
    """The resource type that an argument names, with quotes or without."""
    name = node.value if isinstance(node, Literal) and node.type == "string" else ""
    if isinstance(node, Member) and node.base is None:
        name = node.name
    if name not in resource_types():
        raise InputError(f"FHIR R4 has no resource {name!r}.", did_you_mean(name, resource_types()))
    return name


def _family(value: Value) -> str:
    """What a value can be compared with: number, boolean, time or text."""
    if value.type in NUMBERS:
        return "number"
    if value.type in TEXTS:
        return "text"
    if value.type in TIMES:
        return "time of day" if value.type == "time" else "time"
    return str(value.type)


def _same_family(left: Value, right: Value, operator: str) -> str:
    for value in (left, right):
        if value.choice is not None:
            raise InputError(f"{value.named()} needs ofType() to say which.", _of_type_hint(value))
        if value.type is not None and not value.primitive:
            raise InputError(f"{operator} compares single values, and this is {value.named()}.")
    families = {_family(value) for value in (left, right)}
    if len(families) > 1 and families - {"time", "time of day", "text"}:
        raise InputError(f"{operator} cannot compare {left.named()} with {right.named()}.")
    return min(families - {"text"}, default="text")


def _equal(operator: str, left: Value, right: Value) -> Value:
    if None in (left.type, right.type) and left.choice is None and right.choice is None:
        return replace(NOTHING, type="boolean", native=True)
    family = _same_family(left, right, operator)
    left, right = as_native(left), as_native(right)
    if not left.many and not right.many:
        sql = f"({_difference(left.sql, right.sql)} = 0)" if family == "time" else f"({left.sql} = {right.sql})"
    else:
        sql = (
            f"CASE WHEN len({as_list(left)}) > 0 AND len({as_list(right)}) > 0 "
            f"THEN {as_list(left)} = {as_list(right)} END"
        )
    return native(f"(NOT {sql})" if operator == "!=" else sql, "boolean")


def _difference(left: str, right: str) -> str:
    return f"fhir_compare({left}, {right})"


def _compared(operator: str, left: Value, right: Value, context: Context) -> Value:
    if None in (left.type, right.type) and left.choice is None and right.choice is None:
        return replace(NOTHING, type="boolean", native=True)
    family = _same_family(left, right, operator)
    if family == "boolean":
        raise InputError(f"{operator} cannot order true and false.")
    left, right = as_native(single(left, context)), as_native(single(right, context))
    if family == "time":
        return native(f"({_difference(left.sql, right.sql)} {operator} 0)", "boolean")
    return native(f"({left.sql} {operator} {right.sql})", "boolean")


def _arithmetic(operator: str, left: Value, right_node: Node, context: Context) -> Value:
    left, right = (single(value, context) for value in (left, value_of(right_node, context)))
    if None in (left.type, right.type):
        return NOTHING
    if operator == "+" and _family(left) == _family(right) == "text":
        return Value(f"({left.sql} || {right.sql})", "string")
    for value in (left, right):
        if value.type not in NUMBERS:
            raise InputError(f"{operator} calculates with numbers, and this is {value.named()}.")
    whole = left.type in WHOLE_NUMBERS and right.type in WHOLE_NUMBERS
    a, b = as_native(left).sql, as_native(right).sql
    if operator in ("div", "mod"):
        sql = f"TRY_CAST(trunc({a} / nullif({b}, 0)) AS BIGINT)" if operator == "div" else f"({a} % nullif({b}, 0))"
        return native(sql, "integer" if whole or operator == "div" else "decimal")
    if operator == "/":
        return native(f"round({a} / nullif({b}, 0), 8)", "decimal")
    if whole:
        return native(f"TRY({a} {operator} {b})", "integer")
    return native(f"round({a} {operator} {b}, 8)", "decimal")
