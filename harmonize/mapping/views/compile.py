"""Compiles the views of one resource type to SQL: one parse of each resource, one unnest a level, nothing lateral.

The views are compiled twice. The first pass only learns which elements they read, from which the structure of the
parse is made; the second one writes the SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import quote
from harmonize.mapping.views.definitions import NUMBERS, PRIMITIVES, WHOLE_NUMBERS, elements, known_type
from harmonize.mapping.views.expression import Context, boolean, placed, single, value_of
from harmonize.mapping.views.fhirpath import Call, Index, Member
from harmonize.mapping.views.functions import call
from harmonize.mapping.views.known import as_known
from harmonize.mapping.views.leaves import Leaf, leaves
from harmonize.mapping.views.rows import PARSED, RESOURCE, Rows
from harmonize.mapping.views.shape import Present, Shape
from harmonize.mapping.views.value import Value, as_native, each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harmonize.mapping.views.fhirpath import Node
    from harmonize.mapping.views.view import Expression, View, ViewColumn

_NOTHING_OF_NOTHING = ("where", "first", "last", "ofType", "as", "extension", "getReferenceKey")


@dataclass(frozen=True)
class Source:
    """The staged resources that views read.

    `relation` has the JSON text in `json` and the type in `resource_type`; `keys` are its columns that every row of a
    view carries on, `place` is SQL over them that says which resource it is, for messages. `references` is a column
    of the relation: the references that only their delivery explains (urn:uuid) in the list `target`, and what each of
    them means as Type/id in the list `key`; "" without one.
    """

    relation: str
    keys: tuple[str, ...] = ("resource",)
    place: str = "resource"
    references: str = ""

    @property
    def carried(self) -> tuple[str, ...]:
        """The columns that expressions may read beside the resource."""
        return (*self.keys, self.references) if self.references else self.keys


@dataclass(frozen=True)
class CompiledView:
    """A view's columns (name, SQL type), the parts of its WITH and its SELECT, all over the relation `parsed`.

    A resource without one of the elements that are `needed` makes no row.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    query: str
    needed: tuple[str, ...]

    @property
    def select(self) -> str:
        """The statement over a table or view called `parsed`."""
        return f"WITH RECURSIVE {_with(self.steps)}\n{self.query}"


@dataclass(frozen=True)
class CompiledViews:
    """The views of one resource type, and the SELECT that parses its resources once for all of them.

    `structure` is what they read of a resource, as from_json() takes it; `leaves` are its ends.
    """

    resource: str
    structure: Any
    leaves: tuple[Leaf, ...]
    parse: str
    views: tuple[CompiledView, ...]

    def statement(self, view: CompiledView) -> str:
        """One statement that parses and selects, for a view that runs alone."""
        # To look for a name costs a tenth of a parse; a name may be written with escapes, too.
        found = "".join(f"\n AND (contains(json, '\"{name}\"') OR contains(json, '\\u'))" for name in view.needed)
        parsed = f"{PARSED} AS MATERIALIZED (\n{self.parse}{found}\n)"
        return f"WITH RECURSIVE {_with((parsed, *view.steps))}\n{view.query}"


def _with(steps: tuple[str, ...]) -> str:
    return ",\n".join(steps)


def compile_views(
    views: Sequence[View],
    source: Source,
    *,
    keys: bool = False,
    ordered: bool = False,
    text: bool = False,
    present: Present | None = None,
) -> CompiledViews:
    """Compile views of one resource type.

    keys: the rows carry the keys of the source before the view's columns. ordered: the rows come in the order of the
    resources and of what they hold. text: every column is text, as mappings read it, numbers as the resource has them.
    present: what the resources have, for views as text: the rows are the same, and nothing is looked for that is not
    there. A list of which no resource has more than one is a single element.
    Raises InputError, beginning with the place in the view, at the first thing that is wrong.
    """
    if any(view.resource != views[0].resource for view in views):
        raise ValueError("views of several resource types cannot share a parse")
    if present is not None and not text:
        raise ValueError("an element that is not there has no type: only views as text can leave it out")
    return _compiled(tuple(views), source, keys, ordered, text, present)


@lru_cache(maxsize=256)  # a load asks for the same views several times: for rows, for texts, for the ledger of elements
def _compiled(
    views: tuple[View, ...], source: Source, keys: bool, ordered: bool, text: bool, present: Present | None
) -> CompiledViews:
    resource = views[0].resource
    shape = Shape(present=present)
    repeated: list[dict[str, Shape]] = [{} for _ in views]

    def compiled() -> tuple[CompiledView, ...]:
        return tuple(
            _compile_view(view, source, shape, below, keys=keys, ordered=ordered, text=text)
            for view, below in zip(views, repeated, strict=True)
        )

    compiled()
    second = compiled()
    carried = "".join(f"{quote(key)}, " for key in source.carried)
    parse = (
        f"SELECT {carried}{shape.parsed('json')} AS {RESOURCE}\n"
        f"FROM {source.relation}\nWHERE resource_type = '{resource}'"
    )
    return CompiledViews(resource, shape.content(), leaves(shape, resource, views), parse, second)


def _compile_view(
    view: View, source: Source, shape: Shape, repeated: dict[str, Shape], *, keys: bool, ordered: bool, text: bool
) -> CompiledView:
    resource = Value(RESOURCE, view.resource, shape=shape)

    def context(this: Value, row_index: str, expression: Expression) -> Context:
        return Context(
            this, this, resource, view.constants, row_index, source.place, source.references, expression, call
        )

    types: dict[str, str] = {}

    def output(column: ViewColumn, this: Value, row_index: str) -> str:
        sql, kind = _column(column, context(this, row_index, column.path), text)
        known = types.setdefault(column.name, kind)
        if known != kind:
            raise InputError(f"Column {column.name} is {known} in one branch of a union and {kind} in another.")
        return sql

    def evaluate(expression: Expression, this: Value, row_index: str) -> Value:
        with placed(expression.place):
            return value_of(expression.node, context(this, row_index, expression))

    conditions = []
    for condition in view.where:
        with placed(condition.place):
            conditions.append(boolean(condition.node, context(resource, "0", condition)))
    rows = Rows(
        source.keys, source.carried, output, evaluate, repeated, ordered=ordered, pruned=shape.present is not None
    )
    query = rows.select(view.selects, resource, " AND ".join(conditions), keys=keys)
    columns = tuple((column.name, types[column.name]) for column in view.columns())
    return CompiledView(view.name, columns, tuple(rows.steps), query, needed(view))


def needed(view: View) -> tuple[str, ...]:
    """The elements without which a resource makes no row: those over which the view itself iterates, and not
    forEachOrNull."""
    known = elements(view.resource)
    paths = [select.each.node for select in view.selects if select.each is not None and not select.or_null]
    names = [node.name for path in paths if isinstance(node := _first(path), Member)]
    return tuple(  # a choice has other names in JSON, and a primitive without a value has only _name
        name for name in names if name in known and not known[name].choice and PRIMITIVES.isdisjoint(known[name].types)
    )


def _first(node: Node) -> Node:
    """What a path begins with, as far as nothing there leads to nothing; count() of nothing is a value."""
    while isinstance(node, Member | Call | Index) and node.base is not None:
        if isinstance(node, Call) and node.name not in _NOTHING_OF_NOTHING:
            break
        node = node.base
    return node


def _column(column: ViewColumn, context: Context, text: bool) -> tuple[str, str]:
    """(SQL, SQL type) of a column."""
    with placed(column.path.place):
        value = value_of(column.path.node, context)
        if not column.collection or value.choice is not None:
            value = single(value, context)
        if text and value.shape is not None and not value.primitive and column.type == value.type and not value.many:
            value.shape.raw = True  # a mapping reads a whole CodeableConcept as its JSON
            return as_known(f"CAST({value.sql} AS VARCHAR)", str(value.type)), "VARCHAR"
        if value.type is not None and not value.primitive:
            raise InputError(f"This is {value.named()} and no single value.", "Name the element of it that you need.")
    if not text:
        value = as_native(value)
    kind = "VARCHAR" if text else _sql_type(column.type or value.type)
    if value.type is not None and kind != (_sql_type(value.type) if value.native else "VARCHAR"):
        value = Value(each(value, lambda item: f"TRY_CAST({item.sql} AS {kind})"), value.type, value.many, native=True)
    if not column.collection:
        return f"CAST(NULL AS {kind})" if value.type is None else value.sql, kind
    items = value.sql if value.many else f"CASE WHEN {value.sql} IS NOT NULL THEN [{value.sql}] END"
    return f"coalesce(CAST({items} AS {kind}[]), [])", f"{kind}[]"


def _sql_type(fhir_type: str | None) -> str:
    """The SQL type of a FHIR type: partial dates and times stay text, as they are written."""
    known = known_type(fhir_type) if fhir_type else None
    if known == "boolean":
        return "BOOLEAN"
    if known in NUMBERS:
        return "BIGINT" if known in WHOLE_NUMBERS else "DOUBLE"
    return "VARCHAR"
