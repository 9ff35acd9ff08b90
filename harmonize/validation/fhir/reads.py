"""What a load reads of FHIR resources, by the views of its mapping, and the SQL that lists the texts among it.

Nothing here is kept by hand: the elements whose texts are screened are the ends of what the views read. An element with
a form of its own (a date, a number, a code of a closed list) is checked by JSON Schema; its value is looked at only
where it breaks that form.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from harmonize.engine.sql_text import literal, literals, quote
from harmonize.mapping.views.compile import Source, compile_views
from harmonize.mapping.views.definitions import properties
from harmonize.mapping.views.leaves import ANYTHING, Leaf
from harmonize.mapping.views.view import read_view
from harmonize.validation.class_reads import class_reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from harmonize.mapping.plan import MappingPlan
    from harmonize.mapping.views.view import Select, View

CONTAINED = "Medication"
"""The type of which contained resources are read."""
NUMBERS = frozenset({"decimal", "integer", "integer64", "positiveInt", "unsignedInt"})
FORMED = NUMBERS | {"boolean", "date", "dateTime", "instant", "time", "oid", "uuid"}
"""Types whose form leaves no room for a text."""
ADDRESSES = frozenset({"uri", "url", "canonical"})
_WRITTEN = frozenset({"string", "markdown", "base64Binary"})
# What nothing reads and is told all the same, so that it is mended where it comes from. Narratives (text.div) and
# contacts are none of it: they are never loaded, and in every export made for people they identify a person.
_TOLD = (
    ("note", "text"), ("valueString",), ("conclusion",), ("description",), ("comment",), ("component", "valueString"),
)  # fmt: skip


@dataclass(frozen=True)
class Reads:
    """Of one resource type: `texts` are screened, `formed` have a form; `documents` are the paths of notes."""

    texts: tuple[Leaf, ...]
    formed: tuple[Leaf, ...] = ()
    documents: frozenset[str] = frozenset()

    @property
    def structure(self) -> Any:
        """The texts as from_json() takes them."""
        return structure_of(self.texts)


def mapping_views(folder: Path, plan: MappingPlan) -> dict[str, list[View]]:
    """Resource type → the views of it that a mapping reads."""
    views: dict[str, list[View]] = {}
    for name in dict.fromkeys(entry.source for entry in plan.entries):
        view = read_view(folder / "load" / f"{name}.json")
        views.setdefault(view.resource, []).append(view)
    return views


def reads_of(folder: Path, plan: MappingPlan, types: Iterable[str]) -> dict[str, Reads]:
    """What a load reads of each of these resource types, and what is told of it beside; of CONTAINED always."""
    views = mapping_views(folder, plan)
    notes = {name: reads.notes for name, reads in class_reads(plan).items()}
    found = {}
    for name in sorted({*types, CONTAINED}):
        own = tuple(views.get(name, ()))
        found[name] = _reads(name, own, frozenset(n for v in own for n in notes.get(v.name, ())))
    return found


def _reads(resource: str, views: tuple[View, ...], notes: frozenset[str]) -> Reads:
    leaves = _leaves(views)
    notes_only = [_leaves((_only(view, notes),)) for view in views if notes]
    documents = frozenset(leaf.path for some in notes_only for leaf in some if leaf.type in _WRITTEN)
    texts = [leaf for leaf in leaves if not is_formed(leaf) and not _is_reference(leaf)]
    known = {leaf.path for leaf in texts}
    texts += [leaf for steps in _TOLD if (leaf := _leaf(resource, steps)) and leaf.path not in known]
    return Reads(tuple(texts), tuple(leaf for leaf in leaves if is_formed(leaf)), documents)


@cache
def _leaves(views: tuple[View, ...]) -> tuple[Leaf, ...]:
    """What they read; a view is compiled once as long as it does not change."""
    return compile_views(views, Source("resource"), keys=True, text=True).leaves if views else ()


def is_formed(leaf: Leaf) -> bool:
    """Whether FHIR says what its values look like, so that JSON Schema tells every other one."""
    return leaf.type in FORMED or bool(leaf.codes)


def _is_reference(leaf: Leaf) -> bool:
    """The reference of a Reference: an id, see fhir_ids."""
    return leaf.steps[-1][0] == "reference"


def _only(view: View, columns: frozenset[str]) -> View:
    """The view with these columns alone."""

    def cut(select: Select) -> Select:
        return replace(
            select,
            columns=tuple(column for column in select.columns if column.name in columns),
            selects=tuple(map(cut, select.selects)),
            union=tuple(map(cut, select.union)),
        )

    return replace(view, selects=tuple(map(cut, view.selects)), where=())


def _leaf(resource: str, names: Sequence[str]) -> Leaf | None:
    """The leaf of an element, None where the type has no such element."""
    steps: list[tuple[str, bool]] = []
    kind = resource
    for name in names:
        told = properties(kind).get(name)
        if told is None:
            return None
        steps.append((name, told.many))
        kind = told.type
    return Leaf(tuple(steps), kind)


def structure_of(leaves: Sequence[Leaf]) -> dict[str, Any]:
    """The structure that from_json() takes to read just these leaves."""
    root: dict[str, Any] = {}
    for leaf in leaves:
        node = root
        for name, many in leaf.steps[:-1]:
            inner = node.setdefault(name, [{}] if many else {})
            node = inner[0] if many else inner
            if name == "extension" and ANYTHING not in leaf.urls:
                node["url"] = "VARCHAR"
            if _is_asked(name, leaf):
                node["system"] = "VARCHAR"
                node.setdefault("type", {}).setdefault("coding", [{}])[0]["code"] = "VARCHAR"
        name, many = leaf.steps[-1]
        kind = "JSON" if leaf.whole else "VARCHAR"
        node[name] = [kind] if many else kind
    return root


def _is_asked(name: str, leaf: Leaf) -> bool:
    """Whether a step is an identifier of which the views read some alone: by its system, or a code of its type."""
    return name == "identifier" and bool(leaf.asked) and ANYTHING not in leaf.asked


def listed(leaves: Sequence[tuple[int, Leaf]], resource: str = "r") -> str:
    """SQL of the list of (number of the leaf, text) of all these leaves of the parsed `resource`."""
    return f"list_concat({', '.join(_values(leaf, number, resource) for number, leaf in leaves)})"


def _values(leaf: Leaf, number: int, resource: str) -> str:
    sql, is_list = resource, False
    for name, many in leaf.steps:
        if is_list:
            sql = f"list_transform({sql}, lambda x: x.{quote(name)})"
            sql = f"flatten({sql})" if many else sql
        else:
            sql, is_list = f"{sql}.{quote(name)}", many
        if is_list and (wanted := _wanted(name, leaf, "x")):
            sql = f"list_filter({sql}, lambda x: {wanted})"
    if is_list:
        return f"list_transform({sql}, lambda x: {{'leaf': {number}, 'value': x::VARCHAR}})"
    return f"[{{'leaf': {number}, 'value': {sql}::VARCHAR}}]"


def _wanted(name: str, leaf: Leaf, item: str) -> str | None:
    """SQL of whether an item of a list is one that is read: an extension of some urls, an identifier of some kinds."""
    if name == "extension" and ANYTHING not in leaf.urls:
        return f"{item}.url IN ({literals(sorted(leaf.urls))})"
    if _is_asked(name, leaf):
        words = literals(sorted(leaf.asked))
        return f"{item}.system IN ({words}) OR len(list_filter({item}.type.coding, lambda c: c.code IN ({words}))) > 0"
    return None


def placed(leaves: Sequence[tuple[int, Leaf]], resource: str = "r") -> str:
    """SQL of the list of (number of the leaf, text, path as json_tree() writes it) of all these leaves of the parsed
    `resource`. json_tree() itself would be joined to its resource by the whole text of the resource.
    """
    return f"list_concat({', '.join(_places(leaf, number, resource) for number, leaf in leaves)})"


def _places(leaf: Leaf, number: int, resource: str) -> str:
    sql, path, is_list = resource, "$", False
    for name, many in leaf.steps:
        if is_list:
            value, at = f"e.v.{quote(name)}", f"e.p || {literal('.' + name)}"
            if many:
                # a lambda within would hold a copy of `e` for each of its items; what stands beside them does not
                beside = f"list_resize([]::VARCHAR[], len({value}), {at})"
                items = f"list_transform(list_zip({value}, {beside}), lambda x, i: {_item('x[1]', 'x[2]')})"
                sql = f"flatten(list_transform({sql}, lambda e: {items}))"
            else:
                sql = f"list_transform({sql}, lambda e: {{'v': {value}, 'p': {at}}})"
        else:
            sql, path = f"{sql}.{quote(name)}", f"{path}.{name}"
            if many:
                sql, is_list = f"list_transform({sql}, lambda x, i: {_item('x', literal(path))})", True
        if is_list and (wanted := _wanted(name, leaf, "e.v")):
            sql = f"list_filter({sql}, lambda e: {wanted})"
    if is_list:
        return f"list_transform({sql}, lambda e: {{'leaf': {number}, 'value': e.v::VARCHAR, 'path': e.p}})"
    return f"[{{'leaf': {number}, 'value': {sql}::VARCHAR, 'path': {literal(path)}}}]"


def _item(value: str, path: str) -> str:
    return f"{{'v': {value}, 'p': {path} || '[' || (i - 1) || ']'}}"


def parsed(leaves: Sequence[Leaf], json_sql: str = "json") -> str:
    """SQL that parses just these leaves out of a resource's JSON."""
    return f"from_json({json_sql}, {literal(json.dumps(structure_of(leaves)))})"


def element_of(path: str) -> str:
    """An element of a path: without indices, and of a contained resource that of its own type."""
    return re.sub(r"^[A-Za-z]+\.contained\.", f"{CONTAINED}.", re.sub(r"\[\d+\]", "", path))
