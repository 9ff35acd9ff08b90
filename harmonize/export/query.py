"""One analyst's question to a store or a published file: checked, run in a sandbox, streamed out."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import duckdb

from harmonize.engine.errors import HarmonizeError, InputError, nearest
from harmonize.engine.files import replacing
from harmonize.engine.interrupt import interruptible, time_limit
from harmonize.engine.translate import first_line, translate
from harmonize.export.rows import WRITERS, Batches
from harmonize.export.sandbox import checked, open_sandbox

Format = Literal["table", "csv", "json", "parquet"]
TABLE_LIMIT = 10_000
_BATCH = 10_000
_WITH_ZONE = "TIMESTAMP WITH TIME ZONE"
# DuckDB shows the place of a mistake as `LINE 2: the text` above a line with carets.
_PLACE = re.compile(r"^LINE (?P<line>\d+): (?P<text>.*)\n(?P<pad> *)\^", re.MULTILINE)
_UNKNOWN_TABLE = re.compile(r'Table with name "?(?P<name>[^"]+?)"? does not exist')
_UNKNOWN_COLUMN = re.compile(r'(?:column|Column) (?:with name )?"?(?P<name>[^" ]+)"? ')
_CANDIDATES = re.compile(r"Candidate bindings: (?P<names>.*)")


@dataclass(frozen=True)
class Outcome:
    """How many rows were written, and whether the limit left some out."""

    rows: int
    truncated: bool


def query(
    path: Path,
    sql: str,
    *,
    limit: int | None = None,
    seconds: float | None = None,
    format: Format = "table",
    output: Path | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Outcome:
    """Run one reading statement on the file `path` and write its rows to `output` (None: stdout).

    A table holds at most 10,000 rows unless `limit` says otherwise; the other formats stream all.
    Raises InputError for wrong or forbidden SQL and for a query over `seconds`, StoreError for a locked file.
    """
    if format == "parquet" and output is None:
        raise InputError("Parquet is written to a file only.", "Add -o FILE.")
    if not path.is_file():
        raise InputError(f"{path} does not exist.", "Give the store or the published file with --db.")
    if limit is None and format == "table":
        limit = TABLE_LIMIT
    with tempfile.TemporaryDirectory(prefix="harmonize-") as spill, _target(output) as target:
        con = open_sandbox(path, wait=wait, spill=Path(spill), memory=memory, output=target)
        with closing(con), interruptible(con), time_limit(con, seconds) as expired:
            try:
                text = checked(con, sql)
                if target is not None and format == "parquet":
                    return _write_parquet(con, text, limit, target)
                return _write(con, text, limit, format, target)
            except (duckdb.Error, RuntimeError) as problem:
                if expired.is_set():
                    raise InputError(
                        f"The query was stopped after {seconds:g} s.", "Allow it longer with --seconds."
                    ) from problem
                raise translate(problem) or _wrong_sql(con, problem) from problem


@contextmanager
def _target(output: Path | None) -> Iterator[Path | None]:
    if output is None:
        yield None
    else:
        with replacing(output) as partial:
            yield partial


def _write(
    con: duckdb.DuckDBPyConnection, text: str, limit: int | None, format: Format, target: Path | None
) -> Outcome:
    con.execute(_zones_as_text(con, text))
    names = [column[0] for column in con.description or ()]
    written = 0

    def batches() -> Batches:
        nonlocal written
        while batch := con.fetchmany(_BATCH if limit is None else min(_BATCH, limit - written)):
            written += len(batch)
            yield batch

    with _opened(target) as out:
        WRITERS[format](out, names, batches())
    return Outcome(written, written == limit and con.fetchone() is not None)


def _write_parquet(con: duckdb.DuckDBPyConnection, text: str, limit: int | None, target: Path) -> Outcome:
    name = str(target).replace("'", "''")
    clause = "" if limit is None else f"LIMIT {limit}"
    con.execute(f"COPY (FROM (\n{text}\n) {clause}) TO '{name}' (FORMAT parquet)")
    (rows,) = con.fetchone() or (0,)
    if rows != limit:
        return Outcome(rows, False)
    con.execute(f"FROM (\n{text}\n) LIMIT 1 OFFSET {limit}")
    return Outcome(rows, con.fetchone() is not None)


@contextmanager
def _opened(target: Path | None) -> Iterator[IO[str]]:
    if target is None:
        yield sys.stdout
    else:
        with target.open("w", encoding="utf-8", newline="") as out:
            yield out


def _zones_as_text(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """The statement with its timestamps with time zone as text: without pytz duckdb cannot hand them over."""
    try:
        relation = con.sql(text)
    except duckdb.Error:
        con.execute(text)  # says the same and, unlike sql(), where the mistake is
        raise
    columns = zip(relation.columns, relation.types, strict=True) if relation else ()
    zoned = ['"' + name.replace('"', '""') + '"' for name, kind in columns if str(kind) == _WITH_ZONE]
    if not zoned:
        return text
    casts = ", ".join(f"{name}::VARCHAR AS {name}" for name in zoned)
    return f"SELECT * REPLACE ({casts}) FROM (\n{text}\n)"


def _wrong_sql(con: duckdb.DuckDBPyConnection, problem: BaseException) -> HarmonizeError:
    """The user's mistake in one sentence with its place, and the nearest right name as the hint."""
    text = str(problem)
    place = _PLACE.search(text)
    where = ""
    if place is not None:
        column = len(place["pad"]) - len(f"LINE {place['line']}: ") + 1
        cut = place["text"].startswith("...")  # of a long line DuckDB shows a part
        where = f" (line {place['line']})" if cut else f" (line {place['line']}, column {column})"
    return InputError(f"Wrong SQL: {first_line(problem).rstrip('.!')}{where}.", _nearest_name(con, text))


def _nearest_name(con: duckdb.DuckDBPyConnection, text: str) -> str | None:
    table = _UNKNOWN_TABLE.search(text)
    if table is not None:
        rows = con.execute(
            "SELECT table_name, schema_name || '.' || table_name FROM duckdb_tables() UNION ALL "
            "SELECT view_name, schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        full = dict(reversed(rows)) | {path: path for _, path in rows}
        near = nearest(table["name"], full)
        return f"Did you mean {full[near]}?" if near else "List the tables with: SHOW ALL TABLES"
    column, candidates = _UNKNOWN_COLUMN.search(text), _CANDIDATES.search(text)
    if column is not None and candidates is not None:
        names = re.findall(r'"([^"]+)"', candidates["names"])
        near = nearest(column["name"], names) or (names[0] if names else None)
        return f"Did you mean {near}?" if near else None
    return None
