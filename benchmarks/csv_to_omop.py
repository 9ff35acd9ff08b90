"""CSV to OMOP: `harmonize load` of 1,000,000 rows x 16 columns, beside DuckDB's bare read of the same file; then
`harmonize publish` of them, beside DuckDB's bare copy of the same tables."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
from command import run

ROWS = 1_000_000
# 25 results a patient, about as many as in a real extract (COVID-19-NY-SBU: 34,702 of 1,384 patients).
PATIENTS = 40_000
MAPPING = Path(__file__).parent / "mapping"
# Codes that the shipped starter vocabulary holds.
CODES = ["1742-6", "1751-7", "14804-9"]


def measure(folder: Path) -> dict[str, float]:
    """Make the files in `folder`, load them, and return what was measured."""
    results, patients = write_feed(folder, ROWS, PATIENTS)
    read_seconds = _bare_read(results)
    load_seconds, peak = load_feed(folder, results, patients, (ROWS, PATIENTS))
    publish_seconds, publish_peak, published = _publish(folder)
    copy_seconds = _bare_copy(folder)
    return {
        "rows": ROWS,
        "load_rows_per_s": ROWS / load_seconds,
        "bare_read_rows_per_s": ROWS / read_seconds,
        "ratio_to_bare_read": read_seconds / load_seconds,
        "peak_rss_gib": peak,
        "publish_rows_per_s": published / publish_seconds,
        "publish_ratio_to_bare_copy": copy_seconds / publish_seconds,
        "publish_peak_rss_gib": publish_peak,
    }


def write_feed(folder: Path, rows: int, persons: int) -> tuple[Path, Path]:
    """The invented feed; the same on every machine, as every value is a hash of its row number."""
    results, patients = folder / "result.csv", folder / "patient.csv"
    codes = ", ".join(f"'{code}'" for code in CODES)
    with duckdb.connect() as con:
        con.execute("CREATE MACRO pick(list, i, salt) AS list[1 + (hash(i + salt) % len(list))::INTEGER]")
        con.execute(
            f"""
            COPY (SELECT format('R{{:08d}}', range) AS result_id, format('P{{:06d}}', range % {persons}) AS patient,
                         DATE '2020-01-01' + (hash(range) % 700)::INTEGER AS collected,
                         pick([{codes}], range, 1) AS code, (hash(range + 2) % 1000)::INTEGER / 10 AS value,
                         pick(['U/L', 'g/dL', NULL], range, 3) AS unit, 5 AS low, 50 AS high,
                         pick(['H', 'L', NULL], range, 4) AS flag, pick(['serum', 'plasma'], range, 5) AS specimen,
                         'photometry' AS method, pick(['A1', 'B2', 'C3'], range, 6) AS device,
                         pick(['routine', 'stat'], range, 7) AS priority,
                         pick(['ICU', 'ED', 'W1', 'W2'], range, 8) AS ward, (range % 20) AS panel,
                         pick(['hemolytic, repeated', NULL, NULL], range, 9) AS comment
                  FROM range({rows})) TO '{results}' (HEADER)
            """
        )
        con.execute(
            f"""
            COPY (SELECT format('P{{:06d}}', range) AS patient_id, pick(['F', 'M'], range, 1) AS sex,
                         1930 + (hash(range) % 80)::INTEGER AS birth_year FROM range({persons}))
            TO '{patients}' (HEADER)
            """
        )
    return results, patients


def _bare_read(results: Path) -> float:
    with duckdb.connect() as con:
        began = time.perf_counter()
        con.execute(f"CREATE TABLE t AS FROM read_csv('{results}', all_varchar = true)")
        return time.perf_counter() - began


def load_feed(folder: Path, results: Path, patients: Path, expected: tuple[int, int]) -> tuple[float, float]:
    """(seconds, peak GiB) of the command in a process of its own, a new store with its vocabulary included."""
    used = run(
        *("load", str(results), str(patients), "--source", "ehr", "--mapping", str(MAPPING), "--project", "BENCH"),
        *("--memory", "2GB", "--json", "--db", str(folder / "bench.duckdb")),
    )
    _check(folder / "bench.duckdb", expected)
    return used.seconds, used.peak_gib


def _publish(folder: Path) -> tuple[float, float, int]:
    """(seconds, peak GiB, rows) of the command, its scan included; the dates of the feed are real."""
    used = run(
        *("publish", "--db", str(folder / "bench.duckdb"), "--to", str(folder / "public.duckdb")),
        *("--limited-data-set", "--memory", "2GB"),
    )
    with duckdb.connect(str(folder / "public.duckdb"), read_only=True) as con:
        tables = con.execute("SELECT sum(estimated_size)::BIGINT FROM duckdb_tables()").fetchone()
    _check(folder / "public.duckdb", (ROWS, PATIENTS))
    return used.seconds, used.peak_gib, tables[0] if tables else 0


def _bare_copy(folder: Path) -> float:
    """Seconds of the two large tables alone, as they are, into a new file."""
    with duckdb.connect(str(folder / "copy.duckdb")) as con:
        con.execute(f"ATTACH '{folder / 'bench.duckdb'}' AS store (READ_ONLY)")
        began = time.perf_counter()
        for table in ("omop.measurement", "midrc.measurement"):
            con.execute(f"CREATE TABLE {table.replace('.', '_')} AS FROM store.{table}")
        con.execute("CHECKPOINT")
        return time.perf_counter() - began


def _check(store: Path, expected: tuple[int, int]) -> None:
    """A fast load of the wrong rows counts for nothing."""
    with duckdb.connect(str(store), read_only=True) as con:
        con.execute("SELECT (SELECT count(*) FROM omop.measurement), (SELECT count(*) FROM omop.person)")
        found = con.fetchone()
    if found != expected:
        raise SystemExit(f"{found} measurements and persons instead of {expected}")
