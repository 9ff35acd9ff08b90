"""What a FHIRPath expression becomes: SQL with its FHIR type and whether it is a list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.sql_text import quote
from harmonize.mapping.views.definitions import (
    BASE_TYPES,
    NUMBERS,
    PRIMITIVES,
    WHOLE_NUMBERS,
    Element,
    elements,
    json_name,
    resource_types,
)
from harmonize.mapping.views.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

_PARAMETER = re.compile(r"\bx([0-9]+)\b")
_NEVER_EMPTY = frozenset({"code", "uri"})
"""Types of which an empty text is no value: by it a coding would be chosen that says nothing."""


class UnknownElementError(InputError):
    """A type of FHIR R4 does not have the element of this name."""


@dataclass(frozen=True)
class Value:
    """A value of an expression.

    `sql` is the JSON text of a primitive (VARCHAR), a struct, or a list of these without NULLs; of a computed
    number or truth (`native`) a DOUBLE, BIGINT or BOOLEAN. `type` is a FHIR type, None that of nothing.
    `shape` is where in the resource an element lies. `parent` and `key` say whose element it is.
    `choice` is an element such as value[x] while ofType() has not said which.
    """

    sql: str
    type: str | None
    many: bool = False
    native: bool = False
    shape: Shape | None = None
    parent: Value | None = None
    key: str = ""
    choice: Element | None = None

    @property
    def primitive(self) -> bool:
        """Whether it can be compared, joined or written."""
        return self.type in PRIMITIVES

    def named(self) -> str:
        """What it is, for a message."""
        if self.choice is not None:
            return f"{self.choice.name}, which may be {listed(self.choice.types)},"
        return with_article(self.type) if self.type else "nothing"


NOTHING = Value("NULL", None)
ABSENT = Value("NULL::VARCHAR", None)
"""An element that no resource of the delivery has."""


def native(sql: str, kind: str) -> Value:
    """A computed value."""
    return Value(sql, kind, native=True)


def with_article(type_name: str) -> str:
    """`a string`, `an integer`, `a uri`."""
    return f"{'an' if type_name[0] in 'aeioAEIO' or type_name.startswith('unsigned') else 'a'} {type_name}"


def listed(names: tuple[str, ...]) -> str:
    """`a, b or c`; of many the first six."""
    if len(names) > 6:
        return ", ".join(names[:6]) + " …"
    return ", ".join(names[:-1]) + " or " + names[-1] if len(names) > 1 else "".join(names)


def over(items: str, body: Callable[[str], str], function: str = "list_transform") -> str:
    """list_transform or list_filter, the parameter named other than those in `items`."""
    name = f"x{max(map(int, _PARAMETER.findall(items)), default=0) + 1}"
    return f"{function}({items}, lambda {name}: {body(name)})"


def item(value: Value, sql: str) -> Value:
    """One of the values of a list, whose place beside its extensions is not known."""
    return replace(value, sql=sql, many=False, parent=None)


def compact(items: str) -> str:
    """A list without its NULLs."""
    return over(items, lambda x: f"{x} IS NOT NULL", "list_filter")


def each(value: Value, body: Callable[[Value], str]) -> str:
    """SQL over one value, or over each of a list, NULLs left out."""
    if not value.many:
        return body(value)
    return compact(over(value.sql, lambda x: body(item(value, x))))


def member(value: Value, key: str, kind: str, many: bool) -> Value:
    """The element of this JSON name of a value or of each of a list."""
    if value is ABSENT:
        return ABSENT
    if value.shape is None:
        raise InputError(f"{value.named()} has no elements.")
    if value.shape.lacks(key):
        return ABSENT
    shape = value.shape.child(key, many, kind in PRIMITIVES)
    source = value.shape
    one = many and kind not in PRIMITIVES and source.has_one(key)
    many = many and not one

    def field(sql: str) -> str:
        found = f"{source.parsed(sql) if source.raw else sql}.{quote(key)}"
        found = f"({found})[1]" if one else found
        return f"nullif({found}, '')" if kind in _NEVER_EMPTY and not many else found

    if not value.many:
        sql = field(value.sql)
        sql = compact(sql) if many and kind in PRIMITIVES else sql
    elif many:
        sql = compact(f"flatten({over(value.sql, field)})")
    else:
        sql = compact(over(value.sql, field))
    return Value(sql, kind, value.many or many, shape=shape, parent=value, key=key)


def navigate(value: Value, name: str) -> Value:
    """The element `name`. Raises InputError where the type has none, with the nearest that it has."""
    if value.type is None and value.choice is None:
        return NOTHING
    if value.choice is not None:
        raise InputError(
            f"{value.named()} has the element {name!r} only as one of them.",
            f"Write {value.choice.name}.ofType({value.choice.types[0]}).{name}, for example.",
        )
    kind = str(value.type)
    known = elements(kind)
    if kind in PRIMITIVES and name == "extension":
        return _extensions(value)
    if kind in PRIMITIVES or name not in known:
        raise UnknownElementError(f"{kind} has no element {name!r}.", _meant(name, known))
    element = known[name]
    if element.choice:
        return Value("", None, value.many, parent=value, choice=element)
    return member(value, name, element.types[0], element.many)


def _extensions(value: Value) -> Value:
    """The extensions of a primitive, which JSON has in an object beside it: _birthDate."""
    if value.parent is None or value.shape is None:
        raise InputError(
            "The extensions of a value that stands alone cannot be read.", "Begin with the element that holds it."
        )
    beside = member(value.parent, f"_{value.key}", "Element", value.shape.many)
    return member(beside, "extension", "Extension", many=True)


def _meant(name: str, known: dict[str, Element]) -> str | None:
    for element in known.values():
        for kind in element.types if element.choice else ():
            if name == json_name(element.name, kind):
                return f"Write {element.name}.ofType({kind})."
    return did_you_mean(name, known) if known else None


def one_of(value: Value, kind: str) -> Value:
    """ofType(): of a choice the element of that type, of contained the resources of it; a code is a string, too."""
    if value.type is None and value.choice is None:
        return NOTHING
    if value.choice is not None and value.parent is not None:
        if kind not in value.choice.types:
            raise InputError(
                f"{value.parent.type}.{value.choice.name} is never {with_article(kind)}.",
                f"It is {listed(value.choice.types)}.",
            )
        return member(value.parent, json_name(value.choice.name, kind), kind, many=False)
    if value.type == "Resource" and kind in resource_types() and value.shape is not None:
        is_kind = f".{quote('resourceType')} = '{kind}'"
        value.shape.child("resourceType", many=False, text=True)
        source = value.shape
        of_kind = filtered(value, lambda x: (source.parsed(x.sql) if source.raw else x.sql) + is_kind)
        return replace(of_kind, type=kind)
    if kind not in (value.type, BASE_TYPES.get(str(value.type))):
        raise InputError(f"{value.named()} is never {with_article(kind)}.")
    return value


def filtered(value: Value, condition: Callable[[Value], str]) -> Value:
    """The value, or those of the list, for which the condition is true."""
    if not value.many:
        return replace(value, sql=f"CASE WHEN {condition(value)} THEN {value.sql} END")

    def kept(x: str) -> str:
        return f"coalesce({condition(item(value, x))}, false)"

    return replace(value, sql=over(value.sql, kept, "list_filter"))


def exists(value: Value) -> str:
    """SQL that is true where there is a value, never NULL."""
    if value.choice is not None:
        return "(" + " OR ".join(exists(one_of(value, kind)) for kind in value.choice.types) + ")"
    if value.type is None:
        return "false"
    return f"coalesce(len({value.sql}) > 0, false)" if value.many else f"({value.sql} IS NOT NULL)"


def as_list(value: Value) -> str:
    """SQL of the value as a list; NULL or empty for none."""
    return value.sql if value.many else f"CASE WHEN {value.sql} IS NOT NULL THEN [{value.sql}] END"


def as_native(value: Value) -> Value:
    """Numbers and truths as what they are in SQL, all else as its text."""
    if value.native or value.type is None:
        return value
    if value.type == "boolean":
        truth = each(value, lambda x: f"CASE {x.sql} WHEN 'true' THEN true WHEN 'false' THEN false END")
        return replace(value, sql=truth, native=True)
    if value.type in NUMBERS:
        function = "fhir_integer" if value.type in WHOLE_NUMBERS else "fhir_decimal"
        return replace(value, sql=each(value, lambda x: f"{function}({x.sql})"), native=True)
    return value
