"""Stage JSON documents: Bundles as their entries, single resources as they are, many small files at a time.

DuckDB parses a document as a whole, so a large Bundle is first cut between entries into parts that are Bundles too.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import IO, TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.intake.table.dialect import to_utf8
from harmonize.intake.table.staged import StructureFinding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile

PART_BYTES = 8 << 20
_BATCH_BYTES = 64 << 20
_BATCH_FILES = 2_000
# https://hl7.org/fhir/R4/bundle.html#resource
_WRAPPER = (
    "resourceType", "id", "meta", "implicitRules", "language", "identifier", "type", "timestamp", "total", "link",
    "signature",
)  # fmt: skip
_SHAPE = json.dumps(
    {
        **dict.fromkeys(_WRAPPER, "JSON"),
        "entry": [
            {
                "fullUrl": "VARCHAR",
                "resource": "JSON",
                "request": {"method": "VARCHAR", "url": "VARCHAR"},
                "response": {"lastModified": "VARCHAR", "etag": "VARCHAR"},
            }
        ],
    }
)
WHOLE_BYTES = 256 << 20  # what is parsed as a whole
_ENTRIES = re.compile(rb'"entry"\s*:\s*(?P<open>\[)\s*\{\s*(?P<key>"[^"\\]*")\s*:')
_COMMA = re.compile(rb"\}\s*,\s*(?P<next>\{)\s*$")
_OPEN = b'{"entry":['
_TRIES = 20


class _NoBundleError(Exception):
    """A document is no Bundle, or none that can be cut between its entries."""


def stage_documents(
    con: DuckDBPyConnection, files: Sequence[tuple[int, SourceFile]], work: Path
) -> list[tuple[int, StructureFinding]]:
    """Stage (file_id, file) into fhir_resource; returns what is wrong with a file as a whole, with its id."""
    findings: list[tuple[int, StructureFinding]] = []
    for batch in _batches(files):
        texts = [_text(file, work) for _, file in batch]
        _stage_texts(con, [file_id for file_id, _ in batch], [text for text, _ in texts])
        findings += [(file_id, told) for (file_id, _), (_, told) in zip(batch, texts, strict=True) if told]
    for file_id, file in files:
        if file.size > PART_BYTES:
            told = _stage_large(con, file_id, file, work)
            findings += [(file_id, told)] if told else []
    return findings


def expand_bundles(con: DuckDBPyConnection) -> None:
    """Move the Bundles of fhir_bundle to fhir_resource: each wrapper, and each entry."""
    _stage(con, "FROM fhir_bundle")
    con.execute("DELETE FROM fhir_bundle")


def _stage(con: DuckDBPyConnection, documents: str) -> None:
    wrapper = "{" + ", ".join(f"{literal(name)}: d.{quote(name)}" for name in _WRAPPER) + "}"
    con.execute(sql("fhir/document").format(documents=documents, shape=_SHAPE, wrapper=wrapper))


def _batches(files: Sequence[tuple[int, SourceFile]]) -> Iterator[list[tuple[int, SourceFile]]]:
    """Groups of files that are read together; large ones are left out."""
    batch: list[tuple[int, SourceFile]] = []
    size = 0
    for file_id, file in files:
        if file.size > PART_BYTES:
            continue
        if batch and (size + file.size > _BATCH_BYTES or len(batch) == _BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append((file_id, file))
        size += file.size
    if batch:
        yield batch


def _text(file: SourceFile, work: Path) -> tuple[str, StructureFinding | None]:
    """A file's text, and what is wrong with its encoding."""
    try:
        return file.path.read_bytes().decode(), None
    except UnicodeDecodeError:
        path, encoding, bad_line = to_utf8(file.path, file.name, work)
        told = None if bad_line is None else StructureFinding("encoding", bad_line, None, encoding)
        return path.read_bytes().decode(), told


def _stage_texts(con: DuckDBPyConnection, file_ids: Sequence[int], texts: Sequence[str]) -> None:
    """Stage documents that are parsed as a whole. Python reads them: read_text() takes seven times as long for files of
    a kilobyte."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE fhir_text AS SELECT unnest(?::INTEGER[]) AS file_id, NULL::BIGINT AS line,"
        " 1 AS first_position, false AS part, unnest(?::VARCHAR[]) AS content",
        [list(file_ids), [text.removeprefix("\ufeff") for text in texts]],
    )
    _stage(con, "FROM fhir_text")
    con.execute("DROP TABLE fhir_text")


def _stage_large(con: DuckDBPyConnection, file_id: int, file: SourceFile, work: Path) -> StructureFinding | None:
    """Stage a large Bundle part by part; a document that cannot be cut is read as a whole up to a bound. What is wrong
    with its encoding is told."""
    try:
        with file.path.open("rb") as stream:
            wrapper = _stage_parts(con, file_id, stream)
    except (_NoBundleError, ValueError):  # ValueError: the text around the entries is not JSON, or not UTF-8
        con.execute("DELETE FROM fhir_staging.resource WHERE file_id = ?", [file_id])
        if file.size > WHOLE_BYTES:
            raise InputError(
                f"{file.name}: a JSON document of {file.size / 2**20:,.0f} MiB that is no sound Bundle cannot be read.",
                "Send a Bundle, or NDJSON (one resource a line); check that the export ran to its end.",
            ) from None
        text, told = _text(file, work)
        _stage_texts(con, [file_id], [text])
        return told
    else:
        con.execute(
            "INSERT INTO fhir_staging.resource (file_id, position, resource_type, id, json) "
            "VALUES (?, 0, 'Bundle', ?, ?)",
            [file_id, wrapper.get("id"), orjson.dumps(wrapper).decode()],
        )
        return None


def _stage_parts(con: DuckDBPyConnection, file_id: int, stream: IO[bytes]) -> dict[str, Any]:
    """Stage the entries of a Bundle in parts of some megabytes, and return the Bundle without them.

    A comma is a right place to cut exactly where the text before it is valid JSON, which is tried.
    """
    text = stream.read(PART_BYTES).removeprefix(codecs.BOM_UTF8)
    begin = _ENTRIES.search(text)
    if begin is None:
        raise _NoBundleError
    head, text, key = text[: begin.end("open")], text[begin.end("open") :], begin["key"]
    wanted = PART_BYTES
    position = 1
    while block := stream.read(wanted):
        text += block
        wanted = PART_BYTES
        for end, start in _commas(text, key):
            entries = _stage_part(con, file_id, position, text[:end] + b"]}")
            if entries is not None:
                position, text = position + entries, text[start:]
                break
        else:  # an entry larger than a part, or broken text
            if len(text) > WHOLE_BYTES:
                raise _NoBundleError
            wanted = len(text)
    last = orjson.loads(_OPEN + text)
    wrapper = {**orjson.loads(head + b"]}"), **last}
    del wrapper["entry"]
    if wrapper.get("resourceType") != "Bundle":
        raise _NoBundleError
    _stage_part(con, file_id, position, text)
    return wrapper


def _commas(text: bytes, key: bytes) -> Iterator[tuple[int, int]]:
    """(end of one entry, start of the next one) where the text may be cut, the last places first."""
    at = len(text)
    for _ in range(_TRIES):
        at = text.rfind(key, 0, at)
        if at <= 0:
            return
        comma = _COMMA.search(text, max(0, at - 1000), at)
        if comma is not None:
            yield comma.start() + 1, comma.start("next")


def _stage_part(con: DuckDBPyConnection, file_id: int, position: int, text: bytes) -> int | None:
    """Stage the entries of a part, which begin with number `position`, and return how many they are; None where the
    part is not valid JSON, which then was not the place to cut.
    """
    con.execute("INSERT INTO fhir_bundle VALUES (?, NULL, ?, true, ?)", [file_id, position, (_OPEN + text).decode()])
    row = con.execute("SELECT TRY(json_array_length(content, '$.entry')) FROM fhir_bundle").fetchone()
    if row is None or row[0] is None:
        con.execute("DELETE FROM fhir_bundle")
        return None
    expand_bundles(con)
    return int(row[0])
