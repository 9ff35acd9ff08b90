"""What a mapping does with each source column, in the words of its specification; read by `mapping show`."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import root
from harmonize.mapping.compiler.compile import load_mapping, mapping_folder, source_schema, spec_file
from harmonize.mapping.compiler.spec import read_spec
from harmonize.mapping.explain.words import in_words, slot_in_words

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.mapping.compiler.spec import SlotDerivation
    from harmonize.mapping.plan import DerivedColumn, MappingPlan


def summary(plan: MappingPlan) -> dict[str, Any]:
    """name, source classes, number of derivations, of columns mapped and of columns excluded."""
    return {
        "mapping": plan.name,
        "classes": sorted({entry.source for entry in plan.entries}),
        "derivations": len(plan.entries),
        "mapped": len({(row["class"], row["column"]) for row in columns_of(plan.name) if row["column"]}),
        "excluded": sum(len(columns) for columns in plan.excluded.values()),
    }


def columns_of(name_or_path: str | Path) -> list[dict[str, Any]]:
    """One row for each source column that a derived slot reads, constants with an empty column.

    class, column (the header as sent), target (hub class.slot), omop and note (where that goes, see
    `hub_to_omop`), how and when (as the specification says them), words and condition (the same in words),
    line, and first_line of its derivation. A column that only a condition reads has the target when_.
    """
    folder = mapping_folder(name_or_path)
    spec = read_spec(spec_file(folder))
    plan = load_mapping(name_or_path)
    source = source_schema(folder, plan.source_schema)
    rows = []
    for entry, derivation in zip(plan.entries, spec.classes, strict=True):
        headers = {slot.name: slot.header for slot in source.classes[entry.source].slots.values()}
        condition = (derivation.slots["when_"].expr or "") if "when_" in derivation.slots else ""
        control = {"when_": entry.when, "reason_": entry.reason}
        columns: dict[str, DerivedColumn] = entry.columns | {n: c for n, c in control.items() if c and c.sources}
        for slot, column in columns.items():
            for name in column.sources or ("",):
                rows.append(
                    {
                        "class": entry.source,
                        "column": headers.get(name, name),
                        "target": f"{entry.target}.{slot}",
                        "part": entry.part,
                        "omop": hub_to_omop().get((entry.target, slot), ("", ""))[0],
                        "note": hub_to_omop().get((entry.target, slot), ("", ""))[1],
                        "how": how(derivation.slots[slot]),
                        "words": slot_in_words(derivation.slots[slot], headers),
                        "when": condition,
                        "condition": in_words(condition, headers) if condition else "",
                        "line": column.line,
                        "first_line": entry.line,
                    }
                )
    return rows


@cache
def hub_to_omop() -> dict[tuple[str, str], tuple[str, str]]:
    """For each (class, slot) of the hub its OMOP columns (table.column | ...) and a note; mappings/hub_to_omop.tsv."""
    with (root("mappings") / "hub_to_omop.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["class"], row["slot"]): (row["omop"], row["note"]) for row in rows}


def excluded_of(name_or_path: str | Path) -> list[dict[str, str]]:
    """class, column (the header as sent) and reason of each excluded column."""
    plan = load_mapping(name_or_path)
    source = source_schema(mapping_folder(name_or_path), plan.source_schema)
    return [
        {"class": owner, "column": source.classes[owner].slots[name].header, "reason": reason}
        for owner, columns in plan.excluded.items()
        for name, reason in columns.items()
    ]


def how(slot: SlotDerivation) -> str:
    """A slot derivation in one line; objects as Class(slot: derivation, ...)."""
    if slot.objects:
        objects = (
            (o.name, ", ".join(f"{name}: {how(inner)}" for name, inner in o.slots.items())) for o in slot.objects
        )
        return "; ".join(f"{name}({inner})" for name, inner in objects)
    if slot.expr is not None:
        return " ".join(slot.expr.split())
    if slot.has_value:
        return f"= {slot.value}"
    parts = [str(slot.populated_from)]
    if slot.missing_values:
        parts.append(f"without {', '.join(slot.missing_values)}")
    if slot.value_mappings is not None:
        parts.append("; ".join(f"{key} → {value}" for key, value in slot.value_mappings.items()))
    if slot.unit_conversion:
        parts.append(f"in {slot.unit_conversion.target}")
    return ", ".join(parts)
