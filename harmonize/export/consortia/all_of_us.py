"""An EHR submission to All of Us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.export.consortia.form import read_form
from harmonize.export.consortia.source import Copying, open_source
from harmonize.export.consortia.write import exporting

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.export.consortia.write import ConsortiumExport


def export_all_of_us(db: Path, to: Path, *, copying: Copying | None = None) -> ConsortiumExport:
    """Write the CSV files of a submission into the folder `to`, and beside it what the rules refuse.

    `db` is a published file, or a store, of which a copy is published first unless `copying` says `internal`.
    Raises as `open_source` and `exporting`.
    """
    with (
        open_source(db, copying or Copying()) as source,
        exporting(source, read_form("all_of_us"), to) as (result, _),
    ):
        return result
