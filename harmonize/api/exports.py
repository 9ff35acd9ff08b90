"""Files as other consortia take them in: `harmonize.exports`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.api.shapes import AnyPath, as_path

if TYPE_CHECKING:
    from harmonize.export.consortia.write import ConsortiumExport

__all__ = ["all_of_us", "n3c"]


def all_of_us(
    db: AnyPath,
    to: AnyPath,
    *,
    internal: bool = False,
    key_file: AnyPath | None = None,
    limited_data_set: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
) -> ConsortiumExport:
    """Write the CSV files of an All of Us EHR submission into the folder `to`, checked by their rules.

    `db` is a published file, or a store, of which a copy is published first unless `internal`.
    """
    from harmonize.export.consortia.all_of_us import export_all_of_us
    from harmonize.export.consortia.source import Copying

    copying = Copying(internal, as_path(key_file), limited_data_set, wait, memory)
    return export_all_of_us(Path(db), Path(to), copying=copying)


def n3c(
    db: AnyPath,
    to: AnyPath,
    *,
    site: str,
    site_name: str,
    contact: str,
    email: str,
    run_date: date | None = None,
    next_submission: date | None = None,
    max_shift_days: int | None = None,
    internal: bool = False,
    key_file: AnyPath | None = None,
    limited_data_set: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
) -> ConsortiumExport:
    """Write an N3C extract into the folder `to`: MANIFEST.csv, DATA_COUNTS.csv, DATAFILES/ with OMOP 5.3.1.

    `db` as of `all_of_us`. `run_date` is today where it is not given.
    """
    from harmonize.export.consortia.n3c import Site, export_n3c
    from harmonize.export.consortia.source import Copying

    told = Site(site, site_name, contact, email, run_date or date.today(), next_submission, max_shift_days)
    copying = Copying(internal, as_path(key_file), limited_data_set, wait, memory)
    return export_n3c(Path(db), Path(to), told, copying=copying)
