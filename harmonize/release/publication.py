"""Publishing what may leave a store, and noting that it left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from harmonize.export.publish import PublishResult, publish
from harmonize.release.answer import read_for
from harmonize.release.leaving import note_left

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.export.publish import PublishOptions
    from harmonize.release.reading import Reading


def publish_for(
    db: Path,
    to: Path | str,
    reading: Reading,
    **options: Unpack[PublishOptions],
) -> PublishResult:
    """`export.publish.publish` of what may leave the store (with `reading.internal`: of all), told to the audit log."""

    def run(file: Path, internal: bool) -> PublishResult:
        return publish(
            db,
            to,
            rows_of=None if file == db else file,
            internal=internal,
            wait=reading.wait,
            memory=reading.memory,
            **options,
        )

    result = read_for(db, reading, run)
    kind = "limited data set" if result.limited_data_set else "de-identified"
    note_left(db, reading, {"forms": list(result.forms), "kind": kind, "rows": result.rows, "tables": result.tables})
    return result
