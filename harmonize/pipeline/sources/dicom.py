"""Imaging deliveries as records: a series, a file that gives none, a line of a manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.intake.dicom.stage import FILE, SERIES
from harmonize.pipeline.ledger.records import StagedFile
from harmonize.pipeline.sources.tables import StagedTables, last_numbers, span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.intake.dicom.stage import ImagingTable
    from harmonize.pipeline.project import Project
    from harmonize.pipeline.sources.delivery import Delivery
    from harmonize.schema.model import Schema


@dataclass(frozen=True)
class StagedImages(StagedTables):
    """The series of an imaging delivery, its other files and its manifests, as tables."""

    found: Sequence[ImagingTable]

    def record_types(self) -> list[str]:
        """The types of the records that a snapshot replaces: series alone."""
        return [file.record_type for file in self.tables if file.cls.name == SERIES]

    def ask_names(self, con: DuckDBPyConnection, delivery: Delivery) -> bool:
        """Whether the store knows what people of the project are called: headers tell nothing of it themselves."""
        from harmonize.validation.privacy import identity

        identity.begin(con)
        return identity.know(con, delivery.project_id)

    def check_each(self, con: DuckDBPyConnection, delivery: Delivery, *, tokens: bool) -> None:
        """Check each table by itself, the headers by the PS3.15 profile, and the manifests against the series."""
        from harmonize.validation.dicom import check_tables

        check_tables(con, self.found, delivery.submission, tokens=tokens)

    def read_incoming(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """Make the temp table `incoming`; a series that another project holds is a duplicate."""
        super().read_incoming(con, delivery)
        series = self._table(SERIES)
        if series is not None:
            con.execute(sql("dicom/other_project"), {"project": delivery.project_id, "file": series.staged.file_id})
            con.execute(sql("dicom/other_project_finding"), {"submission": delivery.submission})

    def source_rows(self, con: DuckDBPyConnection, delivery: Delivery, project: Project) -> dict[str, str]:
        """The new and changed series; what gives no row gets its state."""
        views = super().source_rows(con, delivery, project)
        series = self._table(SERIES)
        if series is not None:
            for name in ("image_privacy_gone", "image_privacy"):
                told = sql(f"dicom/{name}").replace("{series}", series.staged.table)
                con.execute(told, {"project": delivery.project_id})
        others = self._table(FILE)
        nothing = "(SELECT 0::BIGINT AS line_, NULL::VARCHAR AS reason WHERE false)"
        con.execute(
            sql("dicom/other_state")
            .replace("{file}", str(others.staged.file_id if others else 0))
            .replace("{others}", others.staged.table if others else nothing)
        )
        return {name: view for name, view in views.items() if name == SERIES}

    def _table(self, name: str) -> StagedFile | None:
        return next((file for file in self.tables if file.cls.name == name), None)


def stage_imaging(
    store: Store, paths: list[Path], schema: Schema, notes: list[str], note: Callable[[str], None]
) -> StagedImages:
    """Read the headers of a delivery and stage its series, other files and manifests.

    Headers are kept in the store even where the load fails: they are not read again while their files stay as they are.
    """
    from harmonize.validation.dicom import stage_delivery

    last_file, base = last_numbers(store.con)
    found = stage_delivery(store.con, paths, schema, last_file + 1, store.transaction, note)
    files = []
    for table in found:
        name = f"{schema.name}.{table.cls.name}"
        files.append(StagedFile(table.staged, table.source, table.cls, name, base))
        base += span(store.con, table.staged.table) + table.staged.bad_lines + 1
    others = store.con.execute("SELECT reason, count(*) FROM dicom_other GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
    if others:
        notes.append("Files that give no series: " + ", ".join(f"{count:,} {reason}" for reason, count in others) + ".")
    return StagedImages(files, [], notes, found)
