"""What analysts get of a large store: `harmonize quality` of 10,000,000 measurements, and `harmonize publish` of them
in each form, beside a bare copy of the two large tables into that form by DuckDB."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import duckdb
from command import run
from csv_to_omop import load_feed, write_feed

ROWS = int(os.environ.get("ANALYSTS_BENCH_ROWS", "10000000"))
PATIENTS = max(ROWS // 25, 1)
TABLES = ("omop.measurement", "midrc.measurement")
FORMS = ("duckdb", "duckdb1", "ohdsi", "parquet", "csv")
_OF_1 = "(STORAGE_VERSION 'v1.2.0')"
MEMORY = ("--memory", "3GB")


def measure(folder: Path) -> dict[str, float]:
    """Invent and load the rows, then time each command in a process of its own; peaks are GiB."""
    load_feed(folder, *write_feed(folder, ROWS, PATIENTS), (ROWS, PATIENTS))
    store = folder / "bench.duckdb"
    report = ("--format", "json", "-o", str(folder / "quality.json"))
    quality = run("quality", "--db", str(store), *report, *MEMORY, codes=(0, 1))  # 1: invented rows fail a check
    found: dict[str, float] = {
        "rows": ROWS,
        "quality_seconds": quality.seconds,
        "quality_peak_rss_gib": quality.peak_gib,
    }
    for form in FORMS:
        to = folder / form
        used = run(*("publish", "--db", str(store), "--for", form, "--to", str(to), "--limited-data-set", *MEMORY))
        bare = _bare_copy(store, form, folder / f"bare_{form}")
        found |= {
            f"publish_{form}_seconds": used.seconds,
            f"publish_{form}_ratio_to_bare_copy": bare / used.seconds,
            f"publish_{form}_peak_rss_gib": used.peak_gib,
        }
        shutil.rmtree(to) if to.is_dir() else to.unlink()
    return found


def _bare_copy(store: Path, form: str, to: Path) -> float:
    """Seconds of the large tables alone, as they are, as files of the form."""
    began = time.perf_counter()
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{store}' AS store (READ_ONLY)")
        if form in ("parquet", "csv"):
            for table in TABLES:
                con.execute(f"COPY (FROM store.{table}) TO '{to}_{table}.{form}' (FORMAT {form})")
        else:
            con.execute(f"ATTACH '{to}' AS copy {'' if form == 'duckdb' else _OF_1}")
            for table in TABLES:
                con.execute(f"CREATE TABLE copy.{table.replace('.', '_')} AS FROM store.{table}")
            con.execute("CHECKPOINT copy")
    return time.perf_counter() - began
