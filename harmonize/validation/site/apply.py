"""What a site asks of a validation besides the rules: its configuration, its baseline, a fixed copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.files import replacing
from harmonize.validation.delivery import SUBMISSION
from harmonize.validation.report.model import Muted
from harmonize.validation.site import fixed
from harmonize.validation.site.baseline import mute, read, write
from harmonize.validation.site.config import Config, apply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef
    from harmonize.validation.report.model import ReportFile


@dataclass(frozen=True)
class Site:
    """Files that a site keeps or wants: `settings` (read_config), `baseline` to read, `new_baseline` to write, and the
    folder `copy` for a copy of the delivery with the safe fixes applied."""

    settings: Config | None = None
    baseline: Path | None = None
    new_baseline: Path | None = None
    copy: Path | None = None

    @property
    def decides(self) -> bool:
        """Whether the site says itself which findings count: by severities of its own, or by what is known."""
        return self.settings is not None or self.baseline is not None

    def check(self, paths: Sequence[Path]) -> None:
        """Raise InputError for what cannot be used, before any work is done."""
        if self.copy is not None:
            fixed.check_folder(self.copy, paths)
        if self.baseline is not None:
            read(self.baseline)

    def prepare(self, con: DuckDBPyConnection) -> None:
        """Bring the settings that the rules themselves use into the database."""
        if self.settings is not None and self.settings.restricted_zip3 is not None:
            areas = ", ".join(f"'{area}'" for area in self.settings.restricted_zip3)
            con.execute(f"SET VARIABLE restricted_zip3 = [{areas}]::VARCHAR[]")

    def apply_config(self, con: DuckDBPyConnection) -> list[str]:
        """Apply severities and switches; returns sentences for people."""
        return apply(con, self.settings, SUBMISSION) if self.settings is not None else []

    def write_fixed(
        self,
        con: DuckDBPyConnection,
        files: Sequence[SourceFile],
        shown: Sequence[str],
        checked: Sequence[tuple[Staged, ClassDef]],
    ) -> list[str]:
        """Write the fixed copy where one is asked for; returns sentences for people."""
        if self.copy is None:
            return []
        result = fixed.write_fixed(con, files, shown, checked, self.copy)
        cells = "1 cell" if result.cells == 1 else f"{result.cells:,} cells"
        return [f"{cells} mended in the copy {result.folder}; each is listed in {result.log}.", *result.notes]

    def mute(self, con: DuckDBPyConnection, files: Sequence[ReportFile]) -> Muted | None:
        """Write the new baseline from all findings, then mute those that the old one knows."""
        if self.new_baseline is not None:
            with replacing(self.new_baseline) as partial, partial.open("wb") as out:
                write(con, files, out)
        return None if self.baseline is None else mute(con, files, self.baseline)
