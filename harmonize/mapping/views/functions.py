"""The FHIRPath functions that views have, those of the shareable profile and a few of texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.sql_text import literal
from harmonize.mapping.views.definitions import NUMBERS, TEXTS, TIMES, resource_types
from harmonize.mapping.views.expression import (
    Context,
    boolean,
    resource_name,
    single,
    type_name,
    value_of,
)
from harmonize.mapping.views.fhirpath import Literal
from harmonize.mapping.views.value import (
    NOTHING,
    Value,
    as_native,
    each,
    exists,
    filtered,
    item,
    member,
    native,
    navigate,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harmonize.mapping.views.fhirpath import Call, Node

    Body = Callable[[Value, Sequence[Node], Context], Value]


@dataclass(frozen=True)
class Function:
    """A function: how many arguments it takes, and its translation."""

    least: int
    most: int
    body: Body


def call(node: Call, context: Context) -> Value:
    """A function's value. Raises InputError for one that views do not have, and for wrong arguments."""
    function = FUNCTIONS.get(node.name)
    if function is None:
        raise InputError(f"Views do not have the function {node.name}().", did_you_mean(node.name, FUNCTIONS))
    if not function.least <= len(node.args) <= function.most:
        wanted = str(function.least) if function.least == function.most else f"{function.least} or {function.most}"
        raise InputError(f"{node.name}() takes {wanted} arguments, not {len(node.args)}.")
    base = context.this if node.base is None else value_of(node.base, context)
    return function.body(base, node.args, context)


def _where(base: Value, args: Sequence[Node], context: Context) -> Value:
    if base.choice is not None:
        raise InputError(f"{base.named()} needs ofType() before where().")
    if base.type is None:
        return NOTHING
    return filtered(base, lambda one: boolean(args[0], replace(context, this=one)))


def _exists(base: Value, args: Sequence[Node], context: Context) -> Value:
    return native(exists(_where(base, args, context) if args else base), "boolean")


def _empty(base: Value, args: Sequence[Node], context: Context) -> Value:
    return native(f"(NOT {exists(base)})", "boolean")


def _all(base: Value, args: Sequence[Node], context: Context) -> Value:
    if base.type is None:
        return native("true", "boolean")
    failing = filtered(base, lambda one: f"NOT coalesce({boolean(args[0], replace(context, this=one))}, false)")
    return native(f"(NOT {exists(failing)})", "boolean")


def _not(base: Value, args: Sequence[Node], context: Context) -> Value:
    value = single(base, context)
    if value.type not in (None, "boolean"):
        raise InputError(f"not() turns true and false around, and this is {value.named()}.")
    return native(f"(NOT {as_native(value).sql})", "boolean")


def _first(base: Value, args: Sequence[Node], context: Context) -> Value:
    return item(base, f"({base.sql})[1]") if base.many else base


def _last(base: Value, args: Sequence[Node], context: Context) -> Value:
    return item(base, f"({base.sql})[-1]") if base.many else base


def _count(base: Value, args: Sequence[Node], context: Context) -> Value:
    if base.many:
        return native(f"coalesce(len({base.sql}), 0)", "integer")
    return native(f"CAST({exists(base)} AS BIGINT)", "integer")


def _extension(base: Value, args: Sequence[Node], context: Context) -> Value:
    url = _text(args[0], context)
    found = navigate(base, "extension")
    if found.type is None:
        return NOTHING
    return filtered(found, lambda one: f"{navigate(one, 'url').sql} = {url}")


def _join(base: Value, args: Sequence[Node], context: Context) -> Value:
    if base.type is None and base.choice is None:
        return NOTHING
    if base.type not in TEXTS:
        raise InputError(f"join() is of texts, and this is {base.named()}.")
    separator = _text(args[0], context) if args else "''"
    fixed = [literal(constant.value) for constant in context.constants.values()]
    if args and not isinstance(args[0], Literal) and separator not in fixed:  # DuckDB joins by a constant only
        raise InputError("join() takes its separator as a text in quotes or a constant of the view.")
    if not base.many:
        return Value(base.sql, "string")
    return Value(f"CASE WHEN len({base.sql}) > 0 THEN array_to_string({base.sql}, {separator}) END", "string")


def _of_type(base: Value, args: Sequence[Node], context: Context) -> Value:
    return one_of(base, type_name(args[0]))


def _resource_key(base: Value, args: Sequence[Node], context: Context) -> Value:
    if base.type not in resource_types():
        raise InputError(f"getResourceKey() is of a resource, and this is {base.named()}.")
    key = each(base, lambda one: f"({literal(f'{base.type}/')} || {member(one, 'id', 'id', many=False).sql})")
    return Value(key, "string", base.many)


def _reference_key(base: Value, args: Sequence[Node], context: Context) -> Value:
    if base.type is None and base.choice is None:
        return NOTHING
    if base.type != "Reference":
        raise InputError(f"getReferenceKey() is of a Reference, and this is {base.named()}.")
    kind = literal(resource_name(args[0])) if args else "NULL"
    if not context.references:
        reference = navigate(base, "reference")
        return Value(each(reference, lambda one: f"fhir_reference_key({one.sql}, {kind})"), "string", base.many)

    def key(one: Value) -> str:
        identifier = navigate(one, "identifier")
        known = ", ".join(navigate(identifier, name).sql for name in ("system", "value"))
        reference, of_type = navigate(one, "reference").sql, navigate(one, "type").sql
        return f"fhir_meant_key({context.references}, {reference}, {kind}, {of_type}, {known})"

    return Value(each(base, key), "string", base.many)


def _boundary(side: str) -> Body:
    def body(base: Value, args: Sequence[Node], context: Context) -> Value:
        kind = base.type
        if kind is None and base.choice is None:
            return NOTHING
        if kind == "Period":
            return body(navigate(base, "start" if side == "low" else "end"), args, context)
        if kind in NUMBERS:
            direction = -1 if side == "low" else 1
            sql = each(base, lambda one: f"fhir_decimal_boundary(CAST({one.sql} AS VARCHAR), {direction})")
            return Value(sql, "decimal", base.many, native=True)
        if kind in TIMES:
            name = {"date": "date", "time": "time"}.get(str(kind), "datetime")
            return Value(each(base, lambda one: f"fhir_{name}_{side}({one.sql})"), kind, base.many)
        raise InputError(f"{side}Boundary() is of numbers, dates, times and periods, and this is {base.named()}.")

    return body


def _text(node: Node, context: Context) -> str:
    value = single(value_of(node, context), context)
    if value.type is not None and value.type not in TEXTS:
        raise InputError(f"This argument is a text in quotes, not {value.named()}.")
    return value.sql


def _of_text(template: str, kind: str) -> Body:
    """A function of one text and texts, as a SQL template."""

    def body(base: Value, args: Sequence[Node], context: Context) -> Value:
        value = single(base, context)
        if value.type is None and value.choice is None:
            return NOTHING
        if value.type not in (*TEXTS, *TIMES):
            raise InputError(f"This function is of a text, and this is {value.named()}.")
        sql = template.format(value.sql, *(_text(arg, context) for arg in args))
        return Value(sql, kind, native=kind != "string")

    return body


def _iif(base: Value, args: Sequence[Node], context: Context) -> Value:
    then = value_of(args[1], context)
    otherwise = value_of(args[2], context) if len(args) == 3 else NOTHING
    kinds = {value.type for value in (then, otherwise) if value.type is not None}
    if len(kinds) > 1 and not kinds <= set(TEXTS):
        raise InputError(f"Both values of iif() are of one type, not {then.named()} and {otherwise.named()}.")
    then, otherwise = (as_native(single(value, context)) for value in (then, otherwise))
    sql = f"CASE WHEN {boolean(args[0], context)} THEN {then.sql} ELSE {otherwise.sql} END"
    chosen = otherwise if then.type is None else then
    return replace(chosen, sql=sql, type="string" if len(kinds) > 1 else chosen.type, shape=None, parent=None)


FUNCTIONS = {
    "where": Function(1, 1, _where),
    "exists": Function(0, 1, _exists),
    "empty": Function(0, 0, _empty),
    "all": Function(1, 1, _all),
    "not": Function(0, 0, _not),
    "first": Function(0, 0, _first),
    "last": Function(0, 0, _last),
    "count": Function(0, 0, _count),
    "extension": Function(1, 1, _extension),
    "join": Function(0, 1, _join),
    "ofType": Function(1, 1, _of_type),
    "as": Function(1, 1, _of_type),
    "getResourceKey": Function(0, 0, _resource_key),
    "getReferenceKey": Function(0, 1, _reference_key),
    "lowBoundary": Function(0, 0, _boundary("low")),
    "highBoundary": Function(0, 0, _boundary("high")),
    "iif": Function(2, 3, _iif),
    "startsWith": Function(1, 1, _of_text("starts_with({}, {})", "boolean")),
    "endsWith": Function(1, 1, _of_text("ends_with({}, {})", "boolean")),
    "contains": Function(1, 1, _of_text("contains({}, {})", "boolean")),
    "matches": Function(1, 1, _of_text("regexp_matches({}, {})", "boolean")),
    "replace": Function(2, 2, _of_text("replace({}, {}, {})", "string")),
    "upper": Function(0, 0, _of_text("upper({})", "string")),
    "lower": Function(0, 0, _of_text("lower({})", "string")),
    "length": Function(0, 0, _of_text("length({})", "integer")),
}
