"""Stage an export of MD.ai (JSON): its label groups, studies and annotations as three tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.intake.dialect import to_utf8
from harmonize.intake.layout import identifier, literal
from harmonize.intake.stage import StructureFinding

if TYPE_CHECKING:
    from harmonize.intake.stage import Target

MAX_BYTES = 1 << 30
"""The largest export that is read: DuckDB parses a JSON document as a whole."""

COLLECTIONS = {
    "labelGroups": ("id", "name", "labels"),
    "studies": ("StudyInstanceUID", "dataset.id"),
    "annotations": (
        "id", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "frameNumber", "labelId", "createdById",
        "createdAt", "data", "note", "label.name", "label.scope", "label.type", "label.annotationMode", "label.parent",
        "labelGroup.id", "labelGroup.name", "dataset.id",
    ),
}  # fmt: skip
"""The tables of an export, each with the columns that it has even where no entry has such a key."""


def stage_mdai(target: Target) -> None:
    """Fill the target's table with one collection of the export, the file's `sheet`; `line_` is an entry's number.

    Every key of its entries is a column; lists and objects are JSON text, null is NULL. An entry that is no object goes
    to stage.bad_line. Raises InputError for broken JSON, with line and column, and for more than a gigabyte.
    """
    file = target.file
    if file.sheet not in COLLECTIONS:
        raise InputError(f"{file.name}: an MD.ai export has no {file.sheet!r}.", "One of: " + ", ".join(COLLECTIONS))
    if file.size > MAX_BYTES:
        raise InputError(
            f"{file.name}: {file.size / 2**30:,.1f} GiB; JSON of more than {MAX_BYTES / 2**30:.0f} GiB is not read.",
            "Export the datasets one by one.",
        )
    _read(target)
    con = target.con
    con.execute(f"CREATE OR REPLACE TEMP TABLE mdai_entry AS {sql(f'intake/mdai/{file.sheet}')}")
    con.execute(
        "INSERT INTO stage.bad_line SELECT ?, line_, 'broken_entry', NULL, left(entry::VARCHAR, 200) FROM mdai_entry "
        "WHERE json_type(entry) <> 'OBJECT' ORDER BY line_",
        [target.file_id],
    )
    con.execute("DELETE FROM mdai_entry WHERE json_type(entry) <> 'OBJECT'")
    found = con.execute(
        "SELECT key FROM (SELECT line_, unnest(json_keys(entry)) AS key FROM mdai_entry) "
        "GROUP BY key ORDER BY min(line_), key"
    ).fetchall()
    target.set_headers(list(dict.fromkeys([*COLLECTIONS[file.sheet], *(key for (key,) in found)])), 0)
    # JSON pointers: a path in $ notation cannot name every key
    pointers = [f"/{target.headers[i].replace('~', '~0').replace('/', '~1')}" for i in target.kept]
    cells = ", ".join(
        f"nullif(cells[{number}], '') AS {identifier(target.names[i])}" for number, i in enumerate(target.kept, start=1)
    )
    con.execute(
        f"CREATE OR REPLACE TABLE {target.table} AS SELECT line_, {cells} FROM (SELECT line_, "
        f"json_extract_string(entry, [{', '.join(map(literal, pointers))}]) AS cells FROM mdai_entry) ORDER BY line_"
    )
    con.execute("DROP TABLE mdai_entry")
    con.execute("DROP TABLE mdai_document")


def _read(target: Target) -> None:
    """The document in mdai_document; InputError where it is no JSON object."""
    file = target.file
    path, encoding, bad_line = to_utf8(file.path, file.name, target.work)
    if bad_line is not None:
        target.findings.append(StructureFinding("encoding", bad_line, None, encoding))
    try:
        target.con.execute(sql("intake/mdai/document"), {"path": str(path)})
        row = target.con.execute("SELECT json_type(document) FROM mdai_document WHERE json_valid(document)").fetchone()
    except duckdb.Error as error:
        raise InputError(f"{file.name}: the JSON cannot be read ({str(error).splitlines()[0]}).") from error
    if row is None:
        raise InputError(f"{file.name}{_place(path.read_bytes())}.", "Export it again; a part of it may be missing.")
    if row[0] != "OBJECT":
        raise InputError(f"{file.name}: an MD.ai export is a JSON object with labelGroups and datasets.")


def _place(data: bytes) -> str:
    """Where the JSON is broken, and how."""
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return f", line {error.lineno}, column {error.colno}: the JSON is broken ({error.msg.partition(':')[0]})"
    return ": the JSON is broken"
