"""Which form of FHIR a file has, by its content: NDJSON, a document (a Bundle or one resource), a manifest."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.intake.table.dialect import MAX_LINE_BYTES

if TYPE_CHECKING:
    from harmonize.intake.source_file import SourceFile

NDJSON, DOCUMENT, MANIFEST = "ndjson", "document", "manifest"
_ENDINGS = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
_SMALL = 1 << 20
_FORMATS = ("json", "unknown", "csv", "tsv")  # a broken NDJSON file may look like a table


def fhir_form(file: SourceFile) -> tuple[str | None, str]:
    """(form, why) of a file; the form is None where it holds no FHIR, and `why` is then a sentence for people."""
    named = file.name.lower().endswith(_ENDINGS)
    if file.format not in _FORMATS or (file.format != "json" and not named):
        return None, file.why
    if file.size == 0:
        return (NDJSON, "It is an empty NDJSON file.") if named else (None, "The file is empty.")
    with file.path.open("rb") as stream:
        first = b""
        while not first.strip() and (line := stream.readline(MAX_LINE_BYTES)):
            first = line.removeprefix(codecs.BOM_UTF8)
        second = b""
        while not second.strip() and (line := stream.readline(MAX_LINE_BYTES)):
            second = line
    head = _object(first)
    if head is not None and (second.strip() or (named and head.get("resourceType") != "Bundle")):
        return NDJSON, "Its first line is a JSON object."
    if head is None and _object(second) is not None:
        return NDJSON, "Its second line is a JSON object."
    if head is None and named and not first.rstrip().endswith((b"{", b"[", b",")):
        return NDJSON, "Its name says NDJSON."
    whole = head if head is not None else _object(file.path.read_bytes()) if file.size <= _SMALL else None
    if whole is None or "resourceType" in whole:
        return DOCUMENT, "It is one JSON document."
    if "transactionTime" in whole and isinstance(whole.get("output"), list):
        return MANIFEST, "It is the manifest of a bulk export."
    return None, "It is JSON, but neither a FHIR resource nor a manifest: it has no resourceType."


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
