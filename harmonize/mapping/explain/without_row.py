"""Codes of a site's own that a mapping makes and that have no row in its value sets: nothing gives them a name or
concept.

What an expression makes is told by its constants and by the values that the schema lists for a column; of a column
without a list any value may come, and the load counts what is not mapped (`harmonize unmapped`).
"""

from __future__ import annotations

import ast
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from harmonize.mapping.explain.possible import UNKNOWN, possible
from harmonize.mapping.syntax import parse
from harmonize.vocabulary.sssom import read_sssom, sssom_files
from harmonize.vocabulary.value_set_check import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harmonize.mapping.compiler.spec import ClassDerivation, SlotDerivation, Spec
    from harmonize.schema.model import Schema
    from harmonize.vocabulary.sssom import MappingSet

_SHOWN = 5
_MOST = 10_000
"""Combinations of listed values that are tried for one slot."""


def without_row(folder: Path, spec: Spec, schema: Schema) -> Iterator[Problem]:
    """A warning for each slot that makes such codes, at its line."""
    sets = [read_sssom(path) for path in sssom_files(folder)]
    known = {row["subject_id"] for one in sets for row in one.rows}
    own = {f"{prefix}:" for one in sets for prefix in _own_prefixes(one)}
    file = spec.file.replace("\\", "/").rpartition("/")[2]
    for entry, slot in _slots(spec.classes):
        cls = schema.classes.get(entry.source)
        slots = {} if cls is None else cls.slots
        lists = {name: tuple(one.permissible_values) for name, one in slots.items() if one.permissible_values}
        made = dict.fromkeys(_codes(entry, slot, lists))
        lacking = [code for code in made if code not in known and any(map(code.startswith, own))]
        if lacking:
            more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
            yield Problem(
                file,
                slot.line,
                "warning",
                f"slot {slot.name}: no row of the value sets has {', '.join(lacking[:_SHOWN])}{more}; such values have "
                "no name and no concept.",
                "Add a row for each; where no concept fits, with object_id sssom:NoTermFound.",
            )


def _own_prefixes(one: MappingSet) -> Iterator[str]:
    """The prefixes of a set's subjects, and those that its curie_map declares for codes of the mapping's own."""
    yield from (row["subject_id"].partition(":")[0] for row in one.rows)
    declared = one.head.get("curie_map")
    for prefix, address in declared.items() if isinstance(declared, dict) else ():
        if str(address).endswith(f"/vocabulary/{prefix}/"):
            yield str(prefix)


def _slots(entries: tuple[ClassDerivation, ...]) -> Iterator[tuple[ClassDerivation, SlotDerivation]]:
    for entry in entries:
        for slot in entry.slots.values():
            if slot.name.endswith("coding"):
                yield entry, slot
            yield from _slots(slot.objects)


def _codes(entry: ClassDerivation, slot: SlotDerivation, lists: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The codes that the slot makes, as far as constants and lists tell, of rows that the entry makes."""
    if slot.value_mappings is not None:
        yield from (str(value) for value in slot.value_mappings.values() if value is not None)
    elif slot.has_value:
        yield str(slot.value)
    elif slot.expr is not None:
        tree = parse(slot.expr)
        when = entry.slots.get("when_")
        test = ast.Constant(True) if when is None or when.expr is None else parse(when.expr)
        read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        listed = {name: values for name, values in lists.items() if name in read}
        if prod(map(len, listed.values())) > _MOST:
            listed = {}
        for values in product(*listed.values()):
            known = dict(zip(listed, values, strict=True))
            if any(possible(test, known)):
                yield from (code for code in possible(tree, known) if isinstance(code, str) and code != UNKNOWN)
