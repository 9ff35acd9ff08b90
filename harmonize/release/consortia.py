"""Exports to other consortia of what may leave the store, and noting that it left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.export.consortia.source import Copying
from harmonize.release.answer import read_for
from harmonize.release.leaving import note_left

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from harmonize.export.consortia.write import ConsortiumExport
    from harmonize.release.reading import Reading


def export_for(
    db: Path,
    reading: Reading,
    export: Callable[[Copying], ConsortiumExport],
    *,
    key_file: Path | None = None,
    limited_data_set: bool = False,
) -> ConsortiumExport:
    """`export` of what may leave the store (with `reading.internal`: of the store as it is), told to the audit log."""

    def run(file: Path, internal: bool) -> ConsortiumExport:
        rows_of = None if file == db else file
        return export(Copying(internal, key_file, limited_data_set, rows_of, reading.wait, reading.memory))

    result = read_for(db, reading, run)
    note_left(db, reading, {"kind": result.kind, "rows": sum(result.files.values())})
    return result
