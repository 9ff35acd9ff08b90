"""The ends of what views read of a resource: every text that can reach a row of theirs comes through one of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING

from harmonize.mapping.views.definitions import properties
from harmonize.mapping.views.fhirpath import Call, Literal, Member, Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harmonize.mapping.views.shape import Shape
    from harmonize.mapping.views.view import Select, View

ANYTHING = "*"
"""The url of a leaf's extensions where a view does not say which it reads."""


@dataclass(frozen=True)
class Leaf:
    """One end: its `steps` (name in JSON, whether JSON has a list of it) from the resource down, and its FHIR type
    (None for what FHIR does not have).

    `codes` are all that FHIR allows there; `whole` says that an object's JSON text is read with all below it. `urls`
    are the extensions that are read where it lies below one.
    """

    steps: tuple[tuple[str, bool], ...]
    type: str | None
    codes: tuple[str, ...] = ()
    whole: bool = False
    urls: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """The element below its resource, without indices: component.code.text."""
        return ".".join(name for name, _ in self.steps)


def leaves(shape: Shape, resource: str, views: Sequence[View]) -> tuple[Leaf, ...]:
    """The ends of what `views` read of a resource of this type. What is only asked for, and not read, is none."""
    return tuple(_ends(shape, resource, (), frozenset(_urls(views))))


def _ends(shape: Shape, kind: str | None, steps: tuple[tuple[str, bool], ...], urls: frozenset[str]) -> Iterator[Leaf]:
    known = properties(kind) if kind else {}
    for name, node in shape.fields.items():
        told = known.get(name)
        inner = told.type if told else None
        here = (*steps, (name, node.many))
        if node.raw:
            yield Leaf(here, inner, whole=True, urls=urls)
        elif node.fields:
            yield from _ends(node, inner, here, urls)
        elif node.text:
            yield Leaf(here, inner, told.codes if told else (), urls=urls)


def _urls(views: Sequence[View]) -> Iterator[str]:
    """The urls of the extensions that the views name, ANYTHING where one reads an extension without naming it."""
    for view in views:
        for node in [*(condition.node for condition in view.where), *_nodes(view.selects)]:
            yield from _named(node)


def _nodes(selects: Sequence[Select]) -> Iterator[Node]:
    for select in selects:
        yield from (column.path.node for column in select.columns)
        yield from (path.node for path in (*select.repeat, *((select.each,) if select.each else ())))
        yield from _nodes((*select.selects, *select.union))


def _named(node: object) -> Iterator[str]:
    if isinstance(node, Call) and node.name == "extension":
        (argument,) = node.args
        yield argument.value if isinstance(argument, Literal) else ANYTHING
    elif isinstance(node, Member) and node.name == "extension":
        yield ANYTHING
    if isinstance(node, tuple):
        for part in node:
            yield from _named(part)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _named(getattr(node, field.name))
