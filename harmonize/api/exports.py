"""Files as other consortia take them in: `harmonize.exports`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.api.shapes import AnyPath, as_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from harmonize.export.consortia.source import Copying
    from harmonize.export.consortia.write import ConsortiumExport
    from harmonize.release.reading import Reading

__all__ = ["all_of_us", "n3c"]


def all_of_us(
    db: AnyPath,
    to: AnyPath,
    *,
    internal: bool = False,
    who: str | None = None,
    key_file: AnyPath | None = None,
    limited_data_set: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
) -> ConsortiumExport:
    """Write the CSV files of an All of Us EHR submission into the folder `to`, checked by their rules.

    `db` is a published file, or a store, of which a copy is published first unless `internal`.
    """
    from harmonize.export.consortia.all_of_us import export_all_of_us
    from harmonize.release.reading import Reading

    file, folder = Path(db), Path(to)
    reading = Reading("export.all_of_us", internal, who, wait, memory)
    return _export(
        file, reading, lambda copying: export_all_of_us(file, folder, copying=copying), key_file, limited_data_set
    )


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
    who: str | None = None,
    key_file: AnyPath | None = None,
    limited_data_set: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
) -> ConsortiumExport:
    """Write an N3C extract into the folder `to`: MANIFEST.csv, DATA_COUNTS.csv, DATAFILES/ with OMOP 5.3.1.

    `db` as of `all_of_us`. `run_date` is today where it is not given.
    """
    from harmonize.export.consortia.n3c import Site, export_n3c
    from harmonize.release.reading import Reading

    told = Site(site, site_name, contact, email, run_date or date.today(), next_submission, max_shift_days)
    file, folder = Path(db), Path(to)
    reading = Reading("export.n3c", internal, who, wait, memory)
    return _export(
        file, reading, lambda copying: export_n3c(file, folder, told, copying=copying), key_file, limited_data_set
    )


def _export(
    db: Path,
    reading: Reading,
    export: Callable[[Copying], ConsortiumExport],
    key_file: AnyPath | None,
    limited_data_set: bool,
) -> ConsortiumExport:
    from harmonize.release.consortia import export_for

    said: list[str] = []
    reading = replace(reading, tell=said.append)
    result = export_for(db, reading, export, key_file=as_path(key_file), limited_data_set=limited_data_set)
    result.warnings += said
    return result
