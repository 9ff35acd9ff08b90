"""The sources that can be loaded, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass

from harmonize.engine.errors import InputError


@dataclass(frozen=True)
class Source:
    """`mapping` is the shipped mapping that a source uses unless another is named; `collection_column` the staged
    column that --collection chooses by."""

    mapping: str | None = None
    collection_column: str | None = None


SOURCES = {"ehr": Source(), "idc": Source("dicom/idc", "collection_id")}


def find_source(name: str) -> Source:
    """The source of that name. Raises InputError with the nearest one."""
    if name not in SOURCES:
        raise InputError(f"--source {name} is not a source that can be read.", "One of: " + ", ".join(SOURCES))
    return SOURCES[name]
