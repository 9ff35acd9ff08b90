"""How a cell of a staged table is read: which texts mean that it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.sql_text import literals, quote

if TYPE_CHECKING:
    from harmonize.schema.model import ClassDef, Slot


def missing_texts(cls: ClassDef) -> tuple[str, ...]:
    """Texts that mean an empty cell in this class (annotation missing_values, divided by `|`)."""
    return tuple(text for text in cls.annotations.get("missing_values", "").split("|") if text)


def cell_sql(slot: Slot, missing: tuple[str, ...], rows: str = "") -> str:
    """SQL for a staged cell, of the relation that is called `rows`, with missing texts as NULL; texts are compared as
    they are sent."""
    column = f"{rows}.{quote(slot.name)}" if rows else quote(slot.name)
    if not missing:
        return column
    return f"CASE WHEN {column} IN ({literals(missing)}) THEN NULL ELSE {column} END"
