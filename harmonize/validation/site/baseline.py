"""Findings that are known and muted: a file that a validation writes (--write-baseline) and a later one reads.

A finding is known by its rule, what its file holds, its column and its value, hashed, so that lines may move and no
value stands in the file; hidden values are hashed as the asterisks that the report shows. Of findings that agree in all
of that as many are muted as were known.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, BinaryIO

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.text_file import check_regular
from harmonize.validation.report.model import Muted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.validation.report.model import ReportFile

HEADER = ("key", "count", "rule", "content", "column")


def write(con: DuckDBPyConnection, files: Sequence[ReportFile], out: BinaryIO) -> int:
    """Write all findings as a baseline (TSV) and return how many lines that took."""
    _key_findings(con, files)
    rows = con.execute(
        'SELECT key, count(*), rule, content, "column" FROM baseline_finding GROUP BY ALL ORDER BY 3, 4, 5, 1'
    )
    lines = 0
    out.write(("\t".join(HEADER) + "\n").encode())
    while some := rows.fetchmany(10_000):
        lines += len(some)
        for row in some:
            cells = ("" if cell is None else " ".join(str(cell).split()) for cell in row)
            out.write(("\t".join(cells) + "\n").encode())
    return lines


def mute(con: DuckDBPyConnection, files: Sequence[ReportFile], path: Path) -> Muted:
    """Remove the findings that the baseline knows. Raises InputError where the file is none."""
    known = read(path)
    _key_findings(con, files)
    con.execute(sql("validation/baseline_known"))
    con.execute(
        "INSERT INTO baseline_known SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[])",
        [list(known), list(known.values())],
    )
    con.execute(sql("validation/baseline_mute"))
    row = con.execute(
        "SELECT count(*) FILTER (severity = 'error'), count(*) FILTER (severity = 'warning') FROM baseline_muted"
    ).fetchone()
    con.execute("DELETE FROM harmonize.finding WHERE rowid IN (SELECT number FROM baseline_muted)")
    errors, warnings = row or (0, 0)
    return Muted(errors, warnings, sum(known.values()) - errors - warnings)


def _key_findings(con: DuckDBPyConnection, files: Sequence[ReportFile]) -> None:
    con.execute(sql("validation/baseline_file"))
    read = [file for file in files if file.file_id is not None]
    con.execute(
        "INSERT INTO baseline_file SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])",
        [[file.file_id for file in read], [file.content or file.name for file in read]],
    )
    con.execute(sql("validation/baseline_finding"))


def read(path: Path) -> dict[str, int]:
    """The keys that a baseline knows, and how many findings of each. Raises InputError where the file is none."""
    known: dict[str, int] = {}
    check_regular(path)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            if tuple(next(reader, ())) != HEADER:
                raise InputError(
                    f"{path}: is not a baseline.", "Write one with: harmonize validate ... --write-baseline FILE"
                )
            for number, row in enumerate(reader, start=2):
                if len(row) != len(HEADER) or not row[1].isdecimal():
                    raise InputError(f"{path}, line {number}: is not a line of a baseline.", "Write it anew.")
                known[row[0]] = known.get(row[0], 0) + int(row[1])
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: is not a baseline ({error}).") from error
    return known
