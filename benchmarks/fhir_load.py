"""`harmonize load --source fhir` on NDJSON and on Bundles, beside DuckDB's bare parse and projection of the same.

The files are Synthea's of the shared data, written again and again with fresh ids (HARMONIZE_SHARED says where they
are); FHIR_BENCH_MB sets how much. Everything counts: finding, staging, all checks, views, hub, OMOP, ledger, lineage
and the commit.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from command import run

if TYPE_CHECKING:
    from command import Used

MEGABYTES = int(os.environ.get("FHIR_BENCH_MB", "1000"))
UUID = re.compile(rb"[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
PATHS = (
    "['$.resourceType', '$.id', '$.status', '$.subject.reference', '$.encounter.reference', '$.code.coding[0].code', "
    "'$.code.coding[0].system', '$.effectiveDateTime', '$.valueQuantity.value', '$.valueQuantity.code']"
)


def measure(folder: Path) -> dict[str, float]:
    """Write the files in `folder`, load them, and return what was measured."""
    shared = Path(os.environ.get("HARMONIZE_SHARED") or Path(__file__).resolve().parents[2] / "shared" / "data")
    measured: dict[str, float] = {}
    for name, export in (("ndjson", "synthea_ndjson"), ("bundles", "synthea_bundles")):
        size = replicate(shared / "fhir" / export, folder / name)
        bare = _bare(folder / name, name == "bundles")
        used, told = _load(folder / name, folder / f"{name}.duckdb")
        measured |= {
            f"{name}_mb": size,
            f"{name}_mb_per_s": size / used.seconds,
            f"{name}_mb_per_core_s": size / used.core_seconds,
            f"{name}_resources_per_s": told["records"] / used.seconds,
            f"{name}_omop_rows_per_s": sum(change["total"] for change in told["rows"].values()) / used.seconds,
            f"{name}_peak_rss_gib": used.peak_gib,
            f"{name}_bare_mb_per_s": size / bare,
            f"{name}_ratio_to_bare": bare / used.seconds,
        }
    return measured


def replicate(source: Path, target: Path) -> float:
    """Copies of the export until it has so many megabytes, every id with the copy's number; its size in MB."""
    target.mkdir()
    files = sorted(source.iterdir())
    copies = max(1, round(MEGABYTES * 1e6 / sum(file.stat().st_size for file in files)))
    size = 0
    for file in files:
        text = file.read_bytes()
        lines = file.suffix == ".ndjson"
        for number in range(copies):
            copy = UUID.sub(b"%08x" % number, text) if number else text
            path = target / (file.name if lines else f"{number:05d}_{len(file.name)}_{file.name[:8]}.json")
            with path.open("ab") as out:
                size += out.write(copy)
    return size / 1e6


def _bare(folder: Path, is_bundle: bool) -> float:
    """Seconds of reading the files and taking ten values out of each resource."""
    files = str(folder / "*").replace("'", "''")
    with duckdb.connect() as con:
        if is_bundle:
            inner = 'SELECT unnest(from_json(content, \'{"entry": [{"resource": "JSON"}]}\').entry).resource AS l'
            source = f"({inner} FROM read_text('{files}'))"
        else:
            source = (
                f"read_csv('{files}', columns = {{'l': 'VARCHAR'}}, delim = '\x01', quote = '', escape = '', "
                "header = false, auto_detect = false, max_line_size = 20000000)"
            )
        began = time.perf_counter()
        con.execute(f"CREATE TEMP TABLE parsed AS SELECT json_extract_string(l, {PATHS}) AS x FROM {source}")
        return time.perf_counter() - began


def _load(folder: Path, store: Path) -> tuple[Used, dict[str, Any]]:
    """What the command took, its start included, and what it says of the load."""
    out = store.with_suffix(".json")
    used = run(
        *("--quiet", "load", str(folder), "--source", "fhir", "--project", "Bench", "--db", str(store), "--json"),
        *("--memory", "3GB"),
        out=out,
        codes=(0, 1),  # 1: there are findings
    )
    return used, json.loads(out.read_text(encoding="utf-8"))
