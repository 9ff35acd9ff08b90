"""The rows of a view: a chain of SELECTs, each of which evaluates what one context holds and unnests one list.

Sibling selects cross and nested ones multiply, since each list is unnested after the one before it; a union carries
what stands around it into each of its branches.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import quote
from harmonize.mapping.views.fhirpath import RESOURCE_VARIABLES
from harmonize.mapping.views.shape import Shape
from harmonize.mapping.views.value import ABSENT, UnknownElementError, Value, as_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harmonize.mapping.views.view import Expression, Select, ViewColumn

PARSED = "parsed"
RESOURCE = "_resource"
_ORDER = "_order"


@dataclass
class _Each:
    """An iteration: the list that the context around it holds, under this name."""

    select: Select
    list_name: str
    value: Value
    repeated: tuple[Expression, ...] = ()


@dataclass
class _Union:
    """The branches of a unionAll: iterations of their own, or more of the context around them."""

    branches: list[_Each | _Block]


@dataclass
class _Block:
    """What one context holds: its columns by name, their SQL, and what is below it."""

    columns: dict[str, str] = field(default_factory=dict)
    computed: dict[str, str] = field(default_factory=dict)
    children: list[_Each | _Union] = field(default_factory=list)


class Rows:
    """Writes the rows of one view.

    `output` compiles a column, `evaluate` another expression; `repeated` holds, from the first pass to the second,
    what is read of the elements of each repeat. `pruned`: what resources do not have is left out, so that an iteration
    may lead nowhere.
    """

    def __init__(
        self,
        keys: Sequence[str],
        carried: Sequence[str],
        output: Callable[[ViewColumn, Value, str], str],
        evaluate: Callable[[Expression, Value, str], Value],
        repeated: dict[str, Shape],
        *,
        ordered: bool,
        pruned: bool,
    ) -> None:
        self.pruned = pruned
        self.keys = [quote(key) for key in keys]
        self.carried = [quote(key) for key in carried]
        self.output = output
        self.evaluate = evaluate
        self.repeated = repeated
        self.ordered = ordered
        self.steps: list[str] = []
        self.numbers = 0

    def select(self, selects: Sequence[Select], resource: Value, where: str, *, keys: bool) -> str:
        """The SELECT of the rows; what it selects from is in `steps`, the parts of its WITH over `parsed`."""
        self.ordered = self.ordered or any(_repeats(select) for select in selects)
        block = self._block(selects, resource, "0")
        alive = [*self.carried, *([_ORDER] if self.ordered else ())]
        if any(_reads_resource(select) for select in selects):
            alive.append(RESOURCE)
        order = f", []::BIGINT[] AS {_ORDER}" if self.ordered else ""
        source = f"(SELECT *{order} FROM {PARSED}{f' WHERE {where}' if where else ''})"
        relation, alive = self._step(source, alive, block)
        relation, alive, columns = self._expand(relation, alive, block)
        shown = self.keys if keys else []
        names = [*shown, *(f"{columns[name]} AS {quote(name)}" for name in _names(selects))]
        tail = f"\nORDER BY {', '.join([*self.keys, _ORDER])}" if self.ordered else ""
        return f"SELECT {', '.join(names)}\nFROM {relation}{tail}"

    def _name(self, prefix: str) -> str:
        self.numbers += 1
        return f"_{prefix}{self.numbers}"

    def _step(self, source: str, alive: Sequence[str], block: _Block) -> tuple[str, list[str]]:
        """A SELECT that evaluates what a block holds; (its name, its columns)."""
        name, computed = self._name("s"), block.computed
        columns = [*alive, *(f"{sql} AS {column}" for column, sql in computed.items())]
        # What forEach would leave nothing of need not be evaluated.
        needed = [
            computed[child.list_name]
            for child in block.children
            if isinstance(child, _Each) and not child.select.or_null
        ]
        where = f"\n  WHERE {' AND '.join(f'len({items}) > 0' for items in needed)}" if needed else ""
        # A list that is unnested beside its numbers would be evaluated twice.
        kept = "MATERIALIZED " if any(column.startswith("_l") for column in computed) else ""
        self.steps.append(f"{name} AS {kept}(\n  SELECT {', '.join(columns)}\n  FROM {source}{where}\n)")
        return name, [*alive, *computed]

    def _block(self, selects: Sequence[Select], this: Value, row_index: str) -> _Block:
        """What these selects need of one context; those that do not iterate belong to it."""
        block = _Block()
        for select in selects:
            self._add(block, select, this, row_index)
        return block

    def _add(self, block: _Block, select: Select, this: Value, row_index: str) -> None:
        if not select.iterates:
            self._add_content(block, select, this, row_index)
        elif select.or_null and self._leads_nowhere(select, this, row_index):
            self._add_content(block, select, ABSENT, "0")  # the one row of forEachOrNull
        else:
            block.children.append(self._each(block.computed, select, this, row_index))

    def _leads_nowhere(self, select: Select, this: Value, row_index: str) -> bool:
        """Whether a select iterates over what no resource has."""
        return self.pruned and select.each is not None and _is_nothing(self.evaluate(select.each, this, row_index))

    def _add_content(self, block: _Block, select: Select, this: Value, row_index: str) -> None:
        for column in select.columns:
            name = self._name("c")
            block.columns[column.name] = name
            block.computed[name] = self.output(column, this, row_index)
        for nested in select.selects:
            self._add(block, nested, this, row_index)
        if select.union:
            branches: list[_Each | _Block] = []
            for branch in self._branches(select, this, row_index):
                if branch.iterates:
                    branches.append(self._each(block.computed, branch, this, row_index))
                else:
                    inner = self._block([branch], this, row_index)
                    block.computed |= inner.computed
                    branches.append(inner)
            block.children.append(_Union(branches))

    def _branches(self, select: Select, this: Value, row_index: str) -> Sequence[Select]:
        """The branches of a union that may give rows; one of them where none does."""
        told = [b for b in select.union if b.or_null or not self._leads_nowhere(b, this, row_index)]
        return told or select.union[:1]

    def _each(self, computed: dict[str, str], select: Select, this: Value, row_index: str) -> _Each:
        """An iteration, whose list is evaluated with the context around it."""
        name = self._name("l")
        if select.repeat:
            value, computed[name] = self._children(select.repeat, this, row_index)
            return _Each(select, name, value, select.repeat)
        if select.each is None:
            raise ValueError("a select without iteration")
        value = self.evaluate(select.each, this, row_index)
        if self.pruned and _is_nothing(value):
            value = replace(ABSENT, sql="[]::VARCHAR[]", many=True)
        elif value.choice is not None or value.type is None:
            raise InputError(f"{select.place}: {select.each.text} gives {value.named()} and no list.")
        items = as_list(value)
        computed[name] = f"CASE WHEN len({items}) > 0 THEN {items} ELSE [NULL] END" if select.or_null else items
        return _Each(select, name, value)

    def _children(self, paths: Sequence[Expression], this: Value, row_index: str) -> tuple[Value, str]:
        """(Type of the elements, SQL of the list of their JSON) of the paths of a repeat."""
        found = []
        for path in paths:
            try:
                value = self.evaluate(path, this, row_index)
            except UnknownElementError:
                continue  # answer.item leads on from an item, and nowhere from the resource
            if value.type is None and value.choice is None:
                continue
            if value.shape is None or value.primitive:
                raise InputError(f"{path.place}: {path.text} gives {value.named()}, which has no elements.")
            value.shape.raw = True
            found.append(value)
        if len({value.type for value in found}) > 1:
            raise InputError(f"{paths[0].place}: the elements are of several types.", "Use a union.")
        lists = [f"coalesce({as_list(value)}, [])" for value in found]
        sql = lists[0] if len(lists) == 1 else f"flatten([{', '.join(lists)}])"
        return (found[0], sql) if found else (Value("NULL", None), "[]::JSON[]")

    def _expand(self, relation: str, alive: list[str], block: _Block) -> tuple[str, list[str], dict[str, str]]:
        """Unnest all that is below a block; (relation, its columns, where each column of the view is)."""
        columns = dict(block.columns)
        for child in block.children:
            if isinstance(child, _Each):
                relation, alive, found = self._iterate(relation, alive, child)
            else:
                relation, alive, found = self._unite(relation, alive, child)
            columns |= found
        return relation, alive, columns

    def _iterate(self, relation: str, alive: list[str], each: _Each) -> tuple[str, list[str], dict[str, str]]:
        rest = [name for name in alive if name != each.list_name]
        item, index = self._name("e"), self._name("i")
        if each.repeated:
            return self._descend(relation, rest, each, item, index)
        block = _Block()
        this = Value(item, each.value.type, native=each.value.native, shape=each.value.shape)
        self._add_content(block, each.select, this, index)
        inner = f"unnest({each.list_name}) AS {item}"
        if self.ordered or any(index in sql for sql in block.computed.values()):
            inner += f", generate_subscripts({each.list_name}, 1) - 1 AS {index}"
        source = f"(SELECT {', '.join([*rest, inner])} FROM {relation})"
        shown = [f"list_append({_ORDER}, {index}) AS {_ORDER}" if name == _ORDER else name for name in rest]
        relation, alive = self._step(source, shown, block)
        alive = [*rest, *block.computed]
        return self._expand(relation, alive, block)

    def _descend(
        self, relation: str, rest: list[str], each: _Each, item: str, index: str
    ) -> tuple[str, list[str], dict[str, str]]:
        """A repeat: a recursion over JSON text, as deep as it goes, then the elements in document order."""
        shape, carried = self.repeated.setdefault(each.select.place, Shape()), ", ".join(rest)
        this = Value(item, each.value.type, shape=shape)
        block = _Block()
        self._add_content(block, each.select, this, index)
        _, below = self._children(each.repeated, this, index)
        name = self._name("r")
        parsed = f"(SELECT {carried}, _path, {shape.parsed('_json')} AS {item} FROM {name})"
        self.steps.append(
            f"{name} AS (\n"
            f"  SELECT {carried}, [_at] AS _path, _json FROM (\n"
            f"    SELECT {carried}, unnest({each.list_name}) AS _json, "
            f"generate_subscripts({each.list_name}, 1) AS _at FROM {relation})\n"
            f"  UNION ALL\n"
            f"  SELECT {carried}, list_append(_path, _at), _json FROM (\n"
            f"    SELECT {carried}, _path, unnest(_below) AS _json, generate_subscripts(_below, 1) AS _at FROM (\n"
            f"      SELECT {carried}, _path, {below} AS _below FROM {parsed}))\n)"
        )
        number = f"row_number() OVER (PARTITION BY {', '.join([*self.keys, _ORDER])} ORDER BY _path) - 1 AS {index}"
        source = f"(SELECT *, {number} FROM {parsed})"
        shown = [f"list_append({_ORDER}, {index}) AS {_ORDER}" if column == _ORDER else column for column in rest]
        relation, _ = self._step(source, shown, block)
        return self._expand(relation, [*rest, *block.computed], block)

    def _unite(self, relation: str, alive: list[str], union: _Union) -> tuple[str, list[str], dict[str, str]]:
        own = {name for branch in union.branches for name in _own(branch)}
        kept = [name for name in alive if name not in own and name != _ORDER]
        order = [_ORDER] if self.ordered else []
        names: dict[str, str] = {}
        selects = []
        for number, branch in enumerate(union.branches):
            source, carried = relation, self._without(alive, own, branch)
            if self.ordered:  # the rows of a branch stay together: its number comes before what it iterates over
                numbered = f"list_append({_ORDER}, {number}) AS {_ORDER}"
                source = f"(SELECT * REPLACE ({numbered}) FROM {relation})"
            if isinstance(branch, _Each):
                branch_relation, _, columns = self._iterate(source, carried, branch)
            else:
                branch_relation, _, columns = self._expand(source, carried, branch)
            names = names or {column: self._name("c") for column in columns}
            shown = [*kept, *(f"{columns[column]} AS {name}" for column, name in names.items())]
            selects.append(f"SELECT {', '.join([*shown, *order])} FROM {branch_relation}")
        name = self._name("u")
        self.steps.append(f"{name} AS (\n  " + "\n  UNION ALL\n  ".join(selects) + "\n)")
        return name, [*kept, *names.values(), *order], names

    @staticmethod
    def _without(alive: list[str], own: set[str], branch: _Each | _Block) -> list[str]:
        """The columns that one branch carries: not those of its siblings."""
        mine = set(_own(branch))
        return [name for name in alive if name not in own or name in mine]


def _is_nothing(value: Value) -> bool:
    return value.type is None and value.choice is None


def _own(branch: _Each | _Block) -> list[str]:
    """The columns of a relation that only this branch reads."""
    return [branch.list_name] if isinstance(branch, _Each) else list(branch.computed)


def _repeats(select: Select) -> bool:
    return bool(select.repeat) or any(_repeats(inner) for inner in (*select.selects, *select.union))


def _reads_resource(select: Select) -> bool:
    """Whether a path below an iteration goes back to the resource."""
    paths = [column.path for column in select.columns] + ([select.each] if select.each else [])
    inner = (*select.selects, *select.union)
    return any(name in path.text for path in paths for name in RESOURCE_VARIABLES) or any(map(_reads_resource, inner))


def _names(selects: Sequence[Select]) -> list[str]:
    return [name for select in selects for name in select.column_names()]
