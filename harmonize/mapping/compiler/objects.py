"""Nested class derivations compiled: a slot's object as a STRUCT, the objects of a multivalued slot as a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.sql_text import quote
from harmonize.mapping.compiler.derive import column, derive
from harmonize.mapping.compiler.sources import PlacedError, usable
from harmonize.mapping.compiler.value import Sql, any_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harmonize.mapping.compiler.sources import Sources
    from harmonize.mapping.compiler.spec import ClassDerivation, SlotDerivation
    from harmonize.mapping.plan import DerivedColumn
    from harmonize.schema.model import ClassDef, Slot


@dataclass(frozen=True)
class SlotCompiler:
    """Compiles slot derivations, nested ones included. `classes` are those of the target schema; `used` notes what is
    read, as the `used` of a Compiler does."""

    classes: Mapping[str, ClassDef]
    used: dict[tuple[str | None, str], None]

    def column(self, slot: SlotDerivation, target: Slot, owner: ClassDef, sources: Sources) -> DerivedColumn:
        """The column for `target`, a slot of `owner`, that `slot` says: a value, an object or a list of objects.

        Raises InputError without its place, PlacedError where it lies deeper, for what cannot be had.
        """
        before = set(self.used)
        value = self._value(slot, target, owner, sources)
        read = tuple(name for alias, name in self.used if alias is None and (alias, name) not in before)
        return column(value, read, slot.line)

    def _value(self, slot: SlotDerivation, target: Slot, owner: ClassDef, sources: Sources) -> Sql:
        if not slot.objects:
            if target.inlined:
                hint = f"Write class_derivations: [{{name: {target.range}, slot_derivations: ...}}]."
                raise InputError(f"{target.name} holds objects of {target.range}, and this is a value.", hint)
            return derive(slot, target, sources, sources.compiler(self.used))
        if not target.inlined:
            _refuse_objects(slot, target, owner)
        made = [self._object(derivation, slot, target, owner, sources) for derivation in slot.objects]
        return _list(made) if target.multivalued else _first(made, slot, owner)

    def _object(
        self, derivation: ClassDerivation, slot: SlotDerivation, target: Slot, owner: ClassDef, sources: Sources
    ) -> tuple[str | None, Sql]:
        """One object, and the condition under which it is there: that the row exists which it is populated from.

        linkml-map makes the object of every such row, of blanks too: then all its slots are NULL.
        """
        try:
            made = _class_of(derivation, target, self.classes)
            inner = sources.nested(derivation)
            _check_required(derivation, made)
        except PlacedError:
            raise
        except InputError as fault:
            raise PlacedError(fault, derivation.line, slot.name, owner.name) from fault
        fields: dict[str, Sql] = {}
        for nested in derivation.slots.values():
            try:
                fields[nested.name] = self._value(nested, _field(nested, made), made, inner)
            except PlacedError:
                raise
            except InputError as fault:
                raise PlacedError(fault, nested.line, nested.name, made.name) from fault
        packed = ", ".join(f"{quote(name)} := {field.text}" for name, field in fields.items())
        fails = any_of(*(field.fails for field in fields.values()))
        lost = any_of(*(field.lost for field in fields.values()))
        item = Sql(f"struct_pack({packed})", "object", fails, lost=lost)
        if inner.own is None or inner.own == sources.own:
            return None, item
        key = next(join.lookup_key for join in sources.joins if join.alias == inner.own)
        return f"({quote(inner.own)}.{quote(key)} IS NOT NULL)", item


def _refuse_objects(slot: SlotDerivation, target: Slot, owner: ClassDef) -> None:
    holding = [other.name for other in owner.slots.values() if other.inlined]
    hint = did_you_mean(slot.name, holding) or f"No slot of {owner.name} holds objects."
    raise InputError(f"{target.name} holds {target.range} and no objects.", hint)


def _class_of(derivation: ClassDerivation, target: Slot, classes: Mapping[str, ClassDef]) -> ClassDef:
    """The class of a nested derivation: the range of the slot, or one that inherits it."""
    fitting = {name: cls for name, cls in classes.items() if target.range in _ancestors(name, classes)}
    return usable(fitting, derivation.name, f"class {derivation.name!r} of objects in {target.name}")


def _ancestors(name: str, classes: Mapping[str, ClassDef]) -> set[str]:
    cls = classes[name]
    parents = [*([cls.is_a] if cls.is_a else []), *cls.mixins]
    return {name}.union(*(_ancestors(parent, classes) for parent in parents))


def _check_required(derivation: ClassDerivation, made: ClassDef) -> None:
    if not derivation.slots:
        raise InputError(f"the object of {made.name} has no slot_derivations.")
    missing = [slot.name for slot in made.slots.values() if slot.required and slot.name not in derivation.slots]
    if missing:
        raise InputError(f"an object of {made.name} needs {', '.join(missing)}, and it is not derived.")


def _field(nested: SlotDerivation, made: ClassDef) -> Slot:
    if nested.name in ("part_", "when_", "reason_"):
        hint = "A nested derivation populated from a join has objects only where the join finds a row."
        raise InputError("this slot is the row's; linkml-map makes an object of every row.", hint)
    if nested.name not in made.slots:
        raise InputError(f"the class {made.name} has no such slot.", did_you_mean(nested.name, made.slots))
    return made.slots[nested.name]


def _list(made: Sequence[tuple[str | None, Sql]]) -> Sql:
    """The objects that are there; NULL where none is, as for every list of the hub."""
    objects = [f"CASE WHEN {there} THEN {item.text} END" if there else item.text for there, item in made]
    listed = f"[{', '.join(objects)}]"
    text = f"members({listed})" if any(there for there, _ in made) else listed
    fails = any_of(*(_guarded(there, item.fails) for there, item in made))
    lost = any_of(*(_guarded(there, item.lost) for there, item in made))
    return Sql(text, "object[]", fails, lost=lost)


def _first(made: Sequence[tuple[str | None, Sql]], slot: SlotDerivation, owner: ClassDef) -> Sql:
    """The first object that is there, as linkml-map takes it for a slot of one; it makes all, and each may fail."""
    for (there, _), unreached in zip(made, slot.objects[1:], strict=False):
        if there is None:
            fault = f"{slot.name} holds one object, and the one before this is always there"
            unplaced = InputError(f"{fault}.", "Only a list keeps both.")
            raise PlacedError(unplaced, unreached.line, slot.name, owner.name)
    whens = "".join(f" WHEN {there} THEN {item.text}" for there, item in made if there)
    always = made[-1][1].text if made[-1][0] is None else "NULL"
    text = f"CASE{whens} ELSE {always} END" if whens else always
    fails = any_of(*(_guarded(there, item.fails) for there, item in made))
    before = [" AND ".join(f"NOT {there}" for there, _ in made[:place]) for place in range(len(made))]
    taken = [" AND ".join(filter(None, (none, there))) for none, (there, _) in zip(before, made, strict=True)]
    lost = any_of(*(_guarded(when, item.lost) for when, (_, item) in zip(taken, made, strict=True)))
    return Sql(text, "object", fails, lost=lost)


def _guarded(there: str | None, wrong: str | None) -> str | None:
    return f"({there} AND {wrong})" if there and wrong else wrong
