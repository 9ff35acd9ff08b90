"""Stage an export of MD.ai (JSON): its label groups, studies and annotations as three tables."""

from __future__ import annotations

import codecs
import shutil
from typing import TYPE_CHECKING

import duckdb
import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literals, quote
from harmonize.intake.table.dialect import to_utf8
from harmonize.intake.table.staged import StructureFinding

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.staged import Target

MAX_BYTES = 1 << 30
"""The largest export that is read: DuckDB parses a JSON document as a whole."""

COLLECTIONS = {
    "labelGroups": ("id", "name", "labels"),
    "studies": ("StudyInstanceUID",),
    "annotations": (
        "id", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "frameNumber", "labelId", "createdById",
        "createdAt", "data", "note",
    ),
}  # fmt: skip
"""The tables of an export, each with the keys that are columns even where no entry has them."""

_OWN = ("line_", "entry")


def stage_mdai(target: Target) -> None:
    """Fill the target's table with one collection of the export, the file's `sheet`; `line_` is an entry's number.

    Every key of its entries is a column; lists and objects are JSON text, null is NULL. An entry that is no object goes
    to stage.bad_line. Raises InputError for broken JSON, with line and column, for more than a gigabyte, and where
    something else stands in place of a list.
    """
    file = target.file
    if file.sheet not in COLLECTIONS:
        raise InputError(f"{file.name}: an MD.ai export has no {file.sheet!r}.", "One of: " + ", ".join(COLLECTIONS))
    if file.size > MAX_BYTES:
        raise InputError(
            f"{file.name}: {file.size / 2**30:,.1f} GiB; JSON of more than {MAX_BYTES / 2**30:.0f} GiB is not read.",
            "Export the datasets one by one.",
        )
    con = target.con
    path = _plain(target)
    try:
        _check_shape(con, path, file.name)
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE mdai_entry AS {sql(f'intake/mdai/{file.sheet}')}", {"path": str(path)}
        )
    except duckdb.InvalidInputException as error:
        place = _place(path.read_bytes())
        raise InputError(f"{file.name}{place}.", "Export it again; a part of it may be missing.") from error
    con.execute(
        "INSERT INTO stage.bad_line SELECT ?, line_, 'broken_entry', NULL, left(entry::VARCHAR, 200) FROM mdai_entry "
        "WHERE json_type(entry) <> 'OBJECT' ORDER BY line_",
        [target.file_id],
    )
    beside = [name for name, *_ in con.execute("DESCRIBE mdai_entry").fetchall() if name not in _OWN]
    found = con.execute(
        "SELECT key FROM (SELECT line_, unnest(json_keys(entry)) AS key FROM mdai_entry "
        "WHERE json_type(entry) = 'OBJECT') GROUP BY key ORDER BY min(line_), key"
    ).fetchall()
    keys = [key for key in dict.fromkeys([*COLLECTIONS[file.sheet], *(key for (key,) in found)]) if key not in beside]
    target.set_headers([*keys, *beside], 0)
    # JSON pointers: a path in $ notation cannot name every key
    pointers = literals(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)
    cells = [f"cells[{number}]" for number in range(1, len(keys) + 1)] + [quote(name) for name in beside]
    named = ", ".join(f"nullif({cells[i]}, '') AS {quote(target.names[i])}" for i in target.kept)
    con.execute(
        f"CREATE OR REPLACE TABLE {target.table} AS SELECT line_, {named} FROM (SELECT * EXCLUDE (entry), "
        f"json_extract_string(entry, [{pointers}]) AS cells FROM mdai_entry WHERE json_type(entry) = 'OBJECT') "
        "ORDER BY line_"
    )
    con.execute("DROP TABLE mdai_entry")


def _check_shape(con: DuckDBPyConnection, path: Path, name: str) -> None:
    """Refuse an export of another shape: DuckDB reads it as NULL, and no record would tell of it."""
    wrong = con.execute(sql("intake/mdai/misshapen"), {"path": str(path)}).fetchone()
    if wrong is not None:
        place, expected = wrong
        raise InputError(
            f"{name}: {place} must be {expected} in an export of MD.ai, and is something else.", "Export it again."
        )


def _plain(target: Target) -> Path:
    """The export in UTF-8, without a byte order mark."""
    path, encoding, bad_line = to_utf8(target.file.path, target.file.name, target.work)
    if bad_line is not None:
        target.findings.append(StructureFinding("encoding", bad_line, None, encoding))
    with path.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            return path
        plain = target.work / "plain"
        with plain.open("wb") as out:
            shutil.copyfileobj(stream, out)
    return plain


def _place(data: bytes) -> str:
    """Where the JSON is broken, and how."""
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return f", line {error.lineno}, column {error.colno}: the JSON is broken ({error.msg.partition(':')[0]})"
    return ": the JSON is broken"
