"""The ends of what views read of a resource: every text that can reach a row of theirs comes through one of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING

from harmonize.mapping.views.definitions import properties
from harmonize.mapping.views.fhirpath import Call, Literal, Member, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harmonize.mapping.views.shape import Shape
    from harmonize.mapping.views.view import Select, View

ANYTHING = "*"
"""The url of a leaf's extensions where a view does not say which it reads."""
_FIELDS: dict[type, tuple[str, ...]] = {}
"""Those of each kind of node, once: asking dataclasses again takes a second of a delivery of many types."""


@dataclass(frozen=True)
class Leaf:
    """One end: its `steps` (name in JSON, whether JSON has a list of it) from the resource down, and its FHIR type
    (None for what FHIR does not have).

    `codes` are all that FHIR allows there; `whole` says that an object's JSON text is read with all below it. `urls`
    are the extensions that are read where it lies below one, `asked` the words that views ask of an identifier before
    they read it (a system, a code of its type); of others nothing is read.
    """

    steps: tuple[tuple[str, bool], ...]
    type: str | None
    codes: tuple[str, ...] = ()
    whole: bool = False
    urls: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """The element below its resource, without indices: component.code.text."""
        return ".".join(name for name, _ in self.steps)


def leaves(shape: Shape, resource: str, views: Sequence[View]) -> tuple[Leaf, ...]:
    """The ends of what `views` read of a resource of this type. What is only asked for, and not read, is none."""
    urls, asked = frozenset(_of_all(views, _named)), frozenset(_of_all(views, _asked))
    return tuple(replace(leaf, urls=urls, asked=asked) for leaf in _ends(shape, resource, ()))


def _ends(shape: Shape, kind: str | None, steps: tuple[tuple[str, bool], ...]) -> Iterator[Leaf]:
    known = properties(kind) if kind else {}
    for name, node in shape.fields.items():
        told = known.get(name)
        inner = told.type if told else None
        here = (*steps, (name, node.many))
        if node.raw:
            yield Leaf(here, inner, whole=True)
        elif node.fields:
            yield from _ends(node, inner, here)
        elif node.text:
            yield Leaf(here, inner, told.codes if told else ())


def _of_all(views: Sequence[View], words: Callable[[object], Iterator[str]]) -> Iterator[str]:
    """The words of every expression of the views."""
    for view in views:
        for node in [*(condition.node for condition in view.where), *_nodes(view.selects)]:
            yield from words(node)


def _nodes(selects: Sequence[Select]) -> Iterator[Node]:
    for select in selects:
        yield from (column.path.node for column in select.columns)
        yield from (path.node for path in (*select.repeat, *((select.each,) if select.each else ())))
        yield from _nodes((*select.selects, *select.union))


def _named(node: object) -> Iterator[str]:
    """The urls of the extensions that an expression names, ANYTHING where it reads an extension without naming it."""
    if isinstance(node, Call) and node.name == "extension":
        (argument,) = node.args
        yield argument.value if isinstance(argument, Literal) else ANYTHING
    elif isinstance(node, Member) and node.name == "extension":
        yield ANYTHING
    for part in _parts(node):
        yield from _named(part)


def _asked(node: object) -> Iterator[str]:
    """What an expression asks of identifiers by where(), ANYTHING where it reads one without asking."""
    base = node.base if isinstance(node, Call) and node.name == "where" else None
    if isinstance(node, Call) and isinstance(base, Member) and base.name == "identifier":
        yield from _literals(node.args)
        yield from _asked(base.base)
        return
    if isinstance(node, Member) and node.name == "identifier":
        yield ANYTHING
    for part in _parts(node):
        yield from _asked(part)


def _literals(node: object) -> Iterator[str]:
    if isinstance(node, Literal):
        yield node.value
    for part in _parts(node):
        yield from _literals(part)


def _parts(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        yield from node
    else:
        yield from (getattr(node, name) for name in _fields(type(node)))


def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a kind of node; a text or number has none."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
    return _FIELDS[kind]
