"""A million findings written as CSV and as JSON lines, beside DuckDB's bare copy of a table of the same text."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from harmonize.validation.report.findings import report
from harmonize.validation.report.model import ReportFile
from harmonize.validation.table.findings import create_tables

FINDINGS = 1_000_000
REPEATS = 3


def measure(folder: Path) -> dict[str, float]:
    """Seconds of the fastest of some runs, and the share that a bare copy of the finished text takes of them."""
    with duckdb.connect(str(folder / "findings.duckdb")) as con:
        _invent(con)
        files = [ReportFile(1, "lab.csv", "lab", FINDINGS)]
        measured: dict[str, float] = {"findings": FINDINGS}
        for format, options in (("csv", "FORMAT csv, HEADER true"), ("jsonl", "FORMAT json")):
            path = folder / f"report.{format}"

            def write(path: Path = path, format: str = format) -> None:
                with path.open("wb") as out:
                    report(con, files, out, format=format)

            measured[f"{format}_seconds"] = _fastest(write)
            con.execute("CREATE OR REPLACE TABLE said AS SELECT * FROM finding_text ORDER BY line")
            bare = _fastest(lambda options=options: con.execute(f"COPY said TO '{folder / 'bare'}' ({options})"))
            measured[f"{format}_ratio_to_bare_copy"] = bare / measured[f"{format}_seconds"]
        return measured


def _invent(con: duckdb.DuckDBPyConnection) -> None:
    """Findings of two rules in two columns: wrong values of a list, and texts that are no numbers."""
    create_tables(con)
    rules = dict(con.execute("SELECT rule, rule_id FROM harmonize.rule").fetchall())
    con.execute("INSERT INTO harmonize.file_column VALUES (1, 1, 'sex', 'sex'), (1, 2, 'value', 'value')")
    con.execute(
        "INSERT INTO harmonize.expectation VALUES (1, 1, ?, 'Male, Female', ['Male', 'Female'])", [rules["enum"]]
    )
    con.execute(
        "INSERT INTO harmonize.finding SELECT 0, CASE WHEN i % 2 = 0 THEN $enum ELSE $number END, 1, i + 2, 1 + i % 2,"
        f" CASE WHEN i % 2 = 0 THEN 'mal' || (i % 50) ELSE '<' || i END FROM range({FINDINGS}) t(i)",
        {"enum": rules["enum"], "number": rules["type_number"]},
    )


def _fastest(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return min(seconds)
