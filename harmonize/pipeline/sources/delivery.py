"""What is loaded, and what a load asks of it: tables and FHIR resources answer in their own ways."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import MappingPlan
    from harmonize.pipeline.project import Project
    from harmonize.schema.model import Schema


@dataclass(frozen=True)
class Delivery:
    """How something is loaded: the mapping with its schema and folder, the project, and the submission's number;
    whether a snapshot may delete as many records as it lacks; whether its project is to match days from now on."""

    plan: MappingPlan
    schema: Schema
    folder: Path
    project_id: str
    submission: int
    mode: str
    strict_row: bool
    allow_deletions: bool = False
    match_days: str | None = None


class Part(ABC):
    """What a store of some cases loads of a delivery that was staged as a whole; `submission` is its number there."""

    submission: int

    @abstractmethod
    def stage(self, con: DuckDBPyConnection, notes: list[str]) -> Staged:
        """Stage it, with the files, lines and record ids of the whole."""


class Staged(ABC):
    """A delivery as it was staged, before the load's transaction; `are_tables`: its cells are texts of a schema."""

    are_tables: ClassVar[bool] = False

    def data_pull(self) -> date | None:
        """The day up to which the data reach, where the delivery itself states it; never one found in the data."""
        return None

    def require_lookups(
        self, con: DuckDBPyConnection, plan: MappingPlan, schema: Schema, project: str, without: Sequence[str]
    ) -> None:
        """Refuse a delivery that lacks what its mapping looks up, unless that is left out on purpose.

        Raises InputError, also for a name in `without` that nothing looks up.
        """
        if without:
            raise no_lookup(without[0])

    @abstractmethod
    def files(self) -> int:
        """How many files were read."""

    @abstractmethod
    def record_types(self) -> list[str]:
        """The types of the records that the delivery holds."""

    @abstractmethod
    def check(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """Write the files to harmonize.source_file and what is wrong with them to harmonize.finding."""

    @abstractmethod
    def refuse_lost(self, con: DuckDBPyConnection) -> None:
        """Refuse a delivery that replaces records by such whose patient nobody knows, so that rows would go. Needs the
        temp tables incoming and ended."""

    @abstractmethod
    def read_incoming(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """Make the temp table `incoming` (see records.py), one row a record."""

    @abstractmethod
    def source_rows(self, con: DuckDBPyConnection, delivery: Delivery, project: Project) -> dict[str, str]:
        """Source class → temp relation of its new and changed records: RECORD_ID, RECORD_KEY, the columns as text."""

    @abstractmethod
    def note_lookups(self, con: DuckDBPyConnection, delivery: Delivery, views: dict[str, str]) -> None:
        """Findings of what records look up in each other."""

    @abstractmethod
    def left_out(self) -> list[str]:
        """SELECTs of record_id, mapping_id, reason: why records made no hub row, beyond what the mapping says."""

    @abstractmethod
    def write_columns(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """harmonize.ledger_column: what became of the cells."""


def no_lookup(name: str) -> InputError:
    """The refusal of a file that is left out on purpose where the source has nothing that is looked up."""
    return InputError(f"--without names tables that a mapping looks up; nothing here looks up {name}.")
