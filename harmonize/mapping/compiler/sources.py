"""What a class derivation reads: columns of its source row, of the rows that it joins, of those merged to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.mapping.compiler.expression import Compiler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harmonize.mapping.compiler.spec import ClassDerivation, EnumDerivation, JoinSpec
    from harmonize.schema.model import ClassDef, Slot


class PlacedError(InputError):
    """A fault with its own line: that of a join, or of a slot of a nested class derivation."""

    def __init__(self, fault: InputError, line: int, slot: str = "", owner: str = "") -> None:
        super().__init__(fault.message, fault.hint)
        self.place = f"{line} slot {slot} of class {owner}" if slot else f"{line}"


@dataclass(frozen=True)
class Sources:
    """What a class derivation reads: its source class, the joined classes by alias, the enum derivations.

    A nested derivation that is populated from a joined class reads that class's row, `own`, merged with the rows
    around it: `rows` are these by class, the source row first, and the columns `unclear` are in several of them.
    """

    source: ClassDef
    joined: Mapping[str, ClassDef]
    enums: Mapping[str, EnumDerivation]
    classes: Mapping[str, ClassDef] = field(default_factory=dict)
    joins: tuple[JoinSpec, ...] = ()
    own: str | None = None
    rows: Mapping[str, ClassDef] = field(default_factory=dict)
    unclear: frozenset[str] = frozenset()

    def compiler(self, used: dict[tuple[str | None, str], None] | None = None) -> Compiler:
        """A compiler of expressions over these columns, which notes what it reads in `used`."""
        named = {**self.rows, **self.joined}
        barred = {
            (alias, slot.name): (
                f"{slot.header!r} is an object of {slot.range} in its schema, and a column is one text.",
                f"Declare its fields as columns, or join the class {slot.range}.",
            )
            for alias, owner in [(None, self.source), *named.items()]
            for slot in owner.slots.values()
            if slot.inlined
        } | {
            (None, name): (f"{name!r} is a column of several of the rows merged here.", f"Write {self.own}.{name}.")
            for name in self.unclear
        }
        columns = {alias: list(owner.slots) for alias, owner in named.items()}
        compiler = Compiler(list(self.source.slots), columns, self.own, next(iter(self.rows), None), barred)
        compiler.used = compiler.used if used is None else used
        return compiler

    def slot(self, path: str) -> Slot:
        """The source slot of a column, or of alias.column."""
        alias, dot, name = path.rpartition(".")
        return ({**self.rows, **self.joined}[alias] if dot else self.source).slots[name]

    def is_joined(self, path: str) -> bool:
        """Whether a column is that of a join, whose schema linkml-map does not look at."""
        return path.rpartition(".")[0] in self.joined

    def nested(self, derivation: ClassDerivation) -> Sources:
        """What a class derivation nested in this one reads. Its joins are its own, those around it are not seen.

        Raises InputError, without its place, where it is populated from a class that this one does not join.
        """
        inner = self if derivation.source in (self.source.name, self.own) else self._merged(derivation.source)
        return inner.joining(derivation.joins)

    def _merged(self, name: str) -> Sources:
        join = next((join for join in self.joins if join.alias == name), None)
        if join is None:
            of_class = next((join.alias for join in self.joins if join.source == name), None)
            hint = f"Call the join {of_class!r} {name}." if of_class else did_you_mean(name, self.joined)
            fault = f"the nested derivation is populated from {name!r}, which the derivation around it does not join"
            raise InputError(f"{fault}.", hint or f"Declare it there under joins: {name}.")
        if join.source != name:
            fault = f"the nested derivation is populated from {name!r}, and linkml-map looks for a class of that name"
            raise InputError(f"{fault}.", f"Call the join {join.source}.")
        source = self.joined[name]
        rows = self.rows or {self.source.name: self.source}
        around = {column for row in rows.values() for column in row.slots}
        both = around & set(source.slots) - ({join.source_key} if join.source_key == join.lookup_key else set())
        return replace(self, source=source, own=name, rows={**rows, name: source}, unclear=self.unclear | both)

    def joining(self, joins: tuple[JoinSpec, ...]) -> Sources:
        """The same with these joins in place of others. Raises PlacedError for a wrong join."""
        joined = {}
        for join in joins:
            try:
                joined[join.alias] = self._joined(join)
            except InputError as fault:
                raise PlacedError(fault, join.line) from fault
        return replace(self, joins=joins, joined=joined)

    def _joined(self, join: JoinSpec) -> ClassDef:
        looked_up = usable(self.classes, join.source, f"class {join.source!r} of the source, joined as {join.alias!r}")
        first = next(iter(self.rows.values()), self.source)
        rows = self.rows.values() or (self.source,)
        if join.alias in {"s", *self.rows, *(column for row in rows for column in row.slots)}:
            raise InputError(f"the join {join.alias!r} has the name of a column.", "Give it another alias.")
        for key, owner in ((join.source_key, first), (join.lookup_key, looked_up)):
            if not key.isidentifier():
                fault = f"join {join.alias!r}: the key {key!r} is computed, and a key is one column of {owner.name}"
                raise InputError(f"{fault}.", "Look up by a column that is sent.")
            if key not in owner.slots:
                hint = did_you_mean(key, owner.slots)
                raise InputError(f"join {join.alias!r}: {key!r} is not a column of {owner.name}.", hint)
        if join.source_key in self.unclear:
            fault = f"join {join.alias!r}: the key {join.source_key!r} is a column of several of the rows merged here"
            raise InputError(f"{fault}.", f"Declare the join where only {first.name} is read.")
        return looked_up


def usable(classes: Mapping[str, ClassDef], name: str, what: str) -> ClassDef:
    """A class that has rows or objects of its own. Raises InputError, without its place, where there is none."""
    concrete = {key: c for key, c in classes.items() if not c.mixin and not c.abstract}
    if name not in concrete:
        raise InputError(f"there is no {what}.", did_you_mean(name, concrete))
    return concrete[name]


def all_joins(derivation: ClassDerivation) -> tuple[JoinSpec, ...]:
    """The joins of a class derivation and of those nested in it, each once.

    Raises PlacedError where one alias stands for two joins, which linkml-map refuses as well.
    """
    found: dict[str, JoinSpec] = {}
    nested = (inner for slot in derivation.slots.values() for inner in slot.objects)
    for join in (*derivation.joins, *(join for inner in nested for join in all_joins(inner))):
        known = found.setdefault(join.alias, join)
        if replace(join, line=known.line) != known:
            fault = f"the join {join.alias!r} is another than that of line {known.line}"
            raise PlacedError(InputError(f"{fault}.", "Give it another alias."), join.line)
    return tuple(found.values())
