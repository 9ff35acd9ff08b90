"""What the scan of one table found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harmonize.onboarding.column import OF_PERSONS, ColumnScan

if TYPE_CHECKING:
    from harmonize.intake.table.header import HeaderRows
    from harmonize.intake.table.staged import Staged


@dataclass
class FileScan:
    """One table. `header_rows` where the header is not the first row alone; `keys` are columns that together tell its
    records apart, none where nothing short does; `repeated` counts records that are there twice, cell for cell. `size`
    in bytes and `sha256` are of the file as sent, of the workbook where it is a sheet of one."""

    name: str
    records: int
    bad_lines: int
    header_rows: HeaderRows | None
    columns: list[ColumnScan]
    keys: list[tuple[str, ...]] = field(default_factory=list)
    repeated: int = 0
    staged: Staged | None = None
    size: int | None = None
    sha256: str | None = None

    @property
    def tells_of_persons(self) -> int:
        """How many columns tell what a patient is."""
        return len(OF_PERSONS & {column.meaning for column in self.columns})
