"""What a new release of a data dictionary changes: nodes, properties, values, bounds, required, links."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.schema.gen3 import import_gen3
from harmonize.schema.load import schema_plan
from harmonize.schema.model import Schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.schema.model import ClassDef, Slot

PREFIX = "gen3_"
GROUPS = ("required_any_of", "required_one_of", "any_of", "one_of")


@dataclass(frozen=True)
class Change:
    """One difference of two releases; `slot` is the property, empty for a whole node.

    `what` is node, property, value, type, several, required, minimum, maximum, pattern, link or link_group; `old` and
    `new` are texts, None where there is nothing. A change is breaking where a record that was valid may no longer be.
    """

    node: str
    slot: str
    what: str
    old: str | None
    new: str | None
    breaking: bool

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        return "added" if self.old is None else "removed" if self.new is None else "changed"

    def __str__(self) -> str:
        name = f"{self.node}.{self.slot}" if self.slot else self.node
        if self.what in ("node", "property"):
            return f"{name}: {self.what} {self.kind}" + (", required" if self.breaking and self.old is None else "")
        if self.what == "required":
            return f"{name}: {'now' if self.new else 'no longer'} required"
        values = self.new if self.old is None else self.old if self.new is None else f"{self.old} → {self.new}"
        return f"{name}: {self.what.replace('_', ' ')} {self.kind}: {values}"


def read_dictionary(path: Path) -> Schema:
    """A dictionary: a folder of Gen3 YAML files, or a LinkML file. Raises InputError where it cannot be read."""
    if not path.is_dir():
        return Schema.from_json(schema_plan(path)[2]())
    with tempfile.TemporaryDirectory(prefix="harmonize-dictionary-") as folder:
        file = Path(folder) / "gen3.yaml"
        file.write_text(import_gen3(path), encoding="utf-8")
        return Schema.from_json(schema_plan(file)[2]())


def compare(old: Schema, new: Schema) -> list[Change]:
    """The changes from one release to the next, by node and property in the order of the releases."""
    before, after = _nodes(old), _nodes(new)
    changes: list[Change] = []
    for node in dict.fromkeys((*before, *after)):
        if node not in after:
            changes.append(Change(node, "", "node", node, None, True))
        elif node not in before:
            changes.append(Change(node, "", "node", None, node, False))
        else:
            changes += _node_changes(node, before[node], after[node])
    return changes


def _nodes(schema: Schema) -> dict[str, ClassDef]:
    """The classes that hold records, by node name."""
    return {
        cls.annotations.get("gen3_node", name.removeprefix(PREFIX)): cls
        for name, cls in schema.classes.items()
        if not (cls.mixin or cls.abstract)
    }


def _node_changes(node: str, old: ClassDef, new: ClassDef) -> Iterator[Change]:
    for name in dict.fromkeys((*old.slots, *new.slots)):
        if name not in new.slots:
            yield Change(node, name, "property", name, None, True)
        elif name not in old.slots:
            yield Change(node, name, "property", None, name, new.slots[name].required)
        else:
            yield from _slot_changes(node, old.slots[name], new.slots[name])
    for group in GROUPS:
        before, after = old.annotations.get(group), new.annotations.get(group)
        if before != after:
            gone = set((before or "").split("|")) - set((after or "").split("|"))
            demanded = group.startswith("required") and (before is None or (after is not None and bool(gone)))
            yield Change(node, "", "link_group", before and f"{group} {before}", after and f"{group} {after}", demanded)


def _slot_changes(node: str, old: Slot, new: Slot) -> Iterator[Change]:
    def change(what: str, before: str | None, after: str | None, breaking: bool) -> Change:
        return Change(node, new.name, what, before, after, breaking)

    closed, open_ = new.permissible_values is not None, old.permissible_values is None
    if closed == open_ or (not closed and old.range != new.range):
        before, after = (_type(slot) for slot in (old, new))
        # any text holds what a value of a list was, and a number what a whole number was
        wider = (before, after) in (("list of values", "string"), ("integer", "double"))
        yield change("type", before, after, not wider)
    for value in old.permissible_values or ():
        if closed and value not in (new.permissible_values or ()):
            yield change("value", value, None, True)
    for value in new.permissible_values or ():
        if not open_ and value not in (old.permissible_values or ()):
            yield change("value", None, value, False)
    if old.multivalued != new.multivalued:
        yield change("several", _yes(old.multivalued), _yes(new.multivalued), True)
    if old.required != new.required:
        yield change(
            "required", "required" if old.required else None, "required" if new.required else None, new.required
        )
    for what, bound, later, sign in (
        ("minimum", old.minimum, new.minimum, 1),
        ("maximum", old.maximum, new.maximum, -1),
    ):
        if bound != later:
            tighter = later is not None and (bound is None or (later - bound) * sign > 0)
            yield change(what, _number(bound), _number(later), tighter)
    if old.pattern != new.pattern:
        yield change("pattern", old.pattern, new.pattern, new.pattern is not None)
    links = [_link(slot) for slot in (old, new)]
    if links[0] != links[1]:
        yield change("link", links[0], links[1], True)


def _type(slot: Slot) -> str:
    return "list of values" if slot.permissible_values is not None else slot.range


def _yes(several: bool) -> str:
    return "several values" if several else "one value"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _link(slot: Slot) -> str | None:
    target = slot.annotations.get("link")
    if target is None:
        return None
    need = "required" if slot.annotations.get("link_required") == "true" else "optional"
    return f"{target} {slot.annotations.get('multiplicity', '')} {need}"
