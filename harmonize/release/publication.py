"""Publishing what may leave a store, and noting that it left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.export.publish import PublishResult, publish
from harmonize.release.answer import read_for
from harmonize.release.leaving import note_left

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harmonize.release.reading import Reading


def publish_for(
    db: Path,
    to: Path | str,
    reading: Reading,
    *,
    forms: Sequence[str] = ("duckdb",),
    cdm_schema: str = "omop",
    key_file: Path | None = None,
    new_key: bool = False,
    limited_data_set: bool = False,
) -> PublishResult:
    """`export.publish.publish` of what may leave the store (with `reading.internal`: of all), told to the audit log."""

    def run(file: Path, internal: bool) -> PublishResult:
        return publish(
            db, to, forms=forms, cdm_schema=cdm_schema, key_file=key_file, new_key=new_key,
            limited_data_set=limited_data_set, rows_of=None if file == db else file, internal=internal,
            wait=reading.wait, memory=reading.memory,
        )  # fmt: skip

    result = read_for(db, reading, run)
    kind = "limited data set" if result.limited_data_set else "de-identified"
    note_left(db, reading, {"forms": list(result.forms), "kind": kind, "rows": result.rows, "tables": result.tables})
    return result
