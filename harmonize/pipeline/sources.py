"""The sources that can be loaded, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass

from harmonize.engine.errors import InputError, did_you_mean


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
        raise InputError(f"There is no source {name!r} that can be loaded.", did_you_mean(name, SOURCES))
    return SOURCES[name]
