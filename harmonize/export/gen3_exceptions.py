"""In what a Gen3 export differs from the batches that were loaded, named cell by cell: export_exceptions.tsv."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

EXCEPTIONS_FILE = "export_exceptions.tsv"
KINDS = {
    "kept_out": "a rule kept the cell out when the batch was loaded, or no mapping made a value of it",
    "filled": "the batch left the cell blank, and it is filled",
    "excluded": "the hub holds no such record: it is of another kind than clinical data and images",
    "quarantined": "the record was refused when the batch was loaded",
    "duplicate": "the batch has the record twice",
    "column": "the hub holds no such property",
}
"""What an exception is, by the word in the column `kind`."""
_HEADER = ("project_id", "node", "submitter_id", "property", "kind", "reason", "cells")


def write_exceptions(
    con: DuckDBPyConnection, projects: Iterable[str], folder: Path, *, as_sent: bool
) -> Counter[tuple[str, str, str]]:
    """Write the exceptions of the projects into the folder; returns their number by (project, node, kind)."""
    counts: Counter[tuple[str, str, str]] = Counter()
    with (folder / EXCEPTIONS_FILE).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(_HEADER)
        for project in projects:
            found = con.execute(sql("export/gen3/exception"), {"project": project, "as_sent": as_sent})
            while rows := found.fetchmany(10_000):
                writer.writerows(rows)
                counts.update((row[0], row[1] or "", row[4]) for row in rows)
    return counts
