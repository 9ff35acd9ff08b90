"""Stage NDJSON: every physical line a row of fhir_resource, a line that is a Bundle as its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal
from harmonize.intake.fhir.bundle import expand_bundles
from harmonize.intake.table.dialect import MAX_LINE_BYTES, to_utf8
from harmonize.intake.table.stage import in_order
from harmonize.intake.table.staged import StructureFinding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile

_MARK = "\x01"  # a control character, which no valid JSON text holds
_CHUNK = 1 << 22
_USUAL_LINE = 1 << 21


def stage_ndjson(con: DuckDBPyConnection, file: SourceFile, file_id: int, work: Path) -> list[StructureFinding]:
    """Stage a file and return what is wrong with it as a whole.

    DuckDB reads the lines. Where it cannot, or sees other lines than the file has, Python reads them one by one.
    """
    findings: list[StructureFinding] = []
    with in_order(con):
        if not _by_duckdb(con, file, file_id):
            con.execute("DELETE FROM fhir_staging.resource WHERE file_id = ?", [file_id])
            path, encoding, bad_line = to_utf8(file.path, file.name, work)
            if bad_line is not None:
                findings.append(StructureFinding("encoding", bad_line, None, encoding))
            _one_by_one(con, path, file_id, work)
    bundles = con.execute("SELECT 1 FROM fhir_resource WHERE file_id = ? AND resource_type = 'Bundle'", [file_id])
    if bundles.fetchone():
        con.execute(sql("fhir/line_bundle").format(file=file_id))
        expand_bundles(con)
    return findings


def _by_duckdb(con: DuckDBPyConnection, file: SourceFile, file_id: int) -> bool:
    """Stage the file by DuckDB's reader; False where that fails or does not see the lines that are there."""
    for line_size in (_USUAL_LINE, MAX_LINE_BYTES):  # the reader's buffers grow with it
        lines = f"SELECT row_number() OVER () AS line, l FROM {_reader(file.path, {'l': 'VARCHAR'}, line_size)}"
        try:
            con.execute(sql("fhir/ndjson").format(lines=lines), {"file": file_id})
        except duckdb.Error:  # a long line, a control character, not UTF-8
            continue
        row = con.execute("SELECT max(line) FROM fhir_resource WHERE file_id = ?", [file_id]).fetchone()
        return (row[0] if row else None) == _last_line(file.path)
    return False


def _reader(path: Path, columns: dict[str, str], line_size: int) -> str:
    return (
        f"read_csv({literal(str(path))}, columns={columns}, header=false, auto_detect=false, quote='', escape='',"
        f" delim={literal(_MARK)}, max_line_size={line_size})"
    )


def _last_line(path: Path) -> int | None:
    """The number of the last line that is not blank."""
    lines, last = 0, None
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if text := chunk.rstrip():
                last = lines + text.count(b"\n") + 1
            lines += chunk.count(b"\n")
    return last


def _one_by_one(con: DuckDBPyConnection, path: Path, file_id: int, work: Path) -> None:
    """Stage a UTF-8 file by way of a clean one of (line, text); a line over 20 MB is a problem of its own."""
    clean = work / "clean"
    longest = 0
    with clean.open("w", encoding="utf-8", newline="\n") as out:
        for line, text in _texts(path):
            if text is None:
                con.execute(
                    "INSERT INTO fhir_staging.resource (file_id, line, problem) VALUES (?, ?, 'long_line')",
                    [file_id, line],
                )
            else:
                longest = max(longest, len(text))
                out.write(f"{line}{_MARK}{text}\n")
    if longest:
        reader = _reader(clean, {"line": "BIGINT", "l": "VARCHAR"}, 4 * longest + 1000)
        con.execute(sql("fhir/ndjson").format(lines=f"SELECT line, l FROM {reader}"), {"file": file_id})


def _texts(path: Path) -> Iterator[tuple[int, str | None]]:
    """(line, text) of every line that is not blank; the text is None where it is over 20 MB.

    Control characters become one that DuckDB can read and that JSON forbids, too; a carriage return is a blank to JSON.
    """
    controls = {code: " " if code in (9, 13) else "\x02" for code in range(32)}
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES):
            number += 1
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_LINE_BYTES)
                yield number, None
                continue
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n").translate(controls)
            if text.strip():
                yield number, text
