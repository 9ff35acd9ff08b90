"""`harmonize export gen3` of an invented Gen3 batch of 10,000 cases (100,000 rows, 19 nodes, every property filled),
beside a bare copy of the same files by DuckDB; and whether the batch comes out as it went in."""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

import duckdb
from command import run

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
CASES = 10_000
PROJECT = "Open-R1"


def measure(folder: Path) -> dict[str, float]:
    """Invent the batch, load it, export it, and compare: seconds, memory, files that differ."""
    from gen3_batch import write_batch
    from gen3_cases import cases_batch

    batch = cases_batch(CASES)
    sent, out, db = write_batch(folder / "sent", batch), folder / "out", str(folder / "store.duckdb")
    memory = ("--memory", "2GB")
    load = run("load", str(sent), "--source", "gen3", "--project", PROJECT, "--db", db, *memory)
    export = run("export", "gen3", "--db", db, "--to", str(out), "--as-sent", *memory)
    copy_seconds = _bare_copy(sent, folder / "copy")
    differing = sum(
        _canonical(next(sent.glob(f"{node}_*.tsv"))) != _canonical(out / f"{node}_{PROJECT}.tsv") for node in batch
    )
    return {
        "cases": CASES,
        "rows": sum(map(len, batch.values())),
        "load_seconds": load.seconds,
        "export_seconds": export.seconds,
        "bare_copy_seconds": copy_seconds,
        "ratio_to_bare_copy": copy_seconds / export.seconds,
        "files_that_differ": differing,
        "export_peak_rss_gib": export.peak_gib,
    }


def _bare_copy(source: Path, target: Path) -> float:
    """Seconds that DuckDB takes to read the files as text and write them again."""
    target.mkdir()
    began = time.perf_counter()
    with duckdb.connect() as con:
        for path in sorted(source.iterdir()):
            con.execute(
                f"COPY (FROM read_csv('{path}', all_varchar = true, delim = '\t', header = true)) "
                f"TO '{target / path.name}' (HEADER, DELIMITER '\t')"
            )
    return time.perf_counter() - began


def _canonical(path: Path) -> list[str]:
    """The lines of a TSV with columns and lines in order, without columns that have no value."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    names = sorted({name for row in rows for name, cell in row.items() if cell})
    return ["\t".join(names), *sorted("\t".join(row.get(name) or "" for name in names) for row in rows)]
