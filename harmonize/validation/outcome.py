"""What a load would make of a delivery that was validated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.errors import InputError
    from harmonize.intake.fhir.stage import FhirFile
    from harmonize.intake.table.staged import Staged
    from harmonize.mapping.plan import MappingPlan
    from harmonize.schema.model import ClassDef, Schema


@dataclass(frozen=True)
class Asked:
    """A delivery of which is asked what a load would make: `tables` are its staged files with their names and classes,
    `resources` its files where they are FHIR, `store` the prefix of the schemas of a store to compare with, `project`
    the one it is meant for, `without` the files that are left out of it on purpose."""

    con: DuckDBPyConnection
    plan: MappingPlan
    schema: Schema
    tables: Sequence[tuple[Staged, ClassDef, str]]
    store: str | None
    project: str | None
    submission: int
    resources: Sequence[FhirFile] = ()
    without: Sequence[str] = ()


@dataclass(frozen=True)
class LoadOutcome:
    """Why a load would refuse the delivery; else how many records it would quarantine, and how many errors it would
    find (others concern what it settles itself: links that wait for their other end), whether it would leave out
    something of records that it takes, how many records are of persons who were withdrawn, whether it can be told who
    is known, and how many records the rules of the mapping leave out (None: not told)."""

    refusals: tuple[InputError, ...] = ()
    quarantined: int = 0
    errors: int = 0
    leaves_out: bool = False
    withdrawn: int = 0
    knows_persons: bool = True
    excluded: int | None = None


Foresee = Callable[[Asked], LoadOutcome]
"""Adds to the findings what a load finds while it maps (`harmonize.pipeline.foresee`)."""
