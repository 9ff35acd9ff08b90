"""What a resource says, whatever it looks like: the content by which two deliveries of it are compared.

Content is meaning: canonical JSON (https://hl7.org/fhir/R4/json.html#canonical) with keys in order and without white
space. The order of lists counts, as FHIR gives it a meaning, and so does the way in which a number is written (1.0 is
less exact than 1.00: https://hl7.org/fhir/R4/datatypes.html#decimal). Apart stand only what a server notes of a version
and the narrative that it makes: meta.lastUpdated, meta.versionId and the resource's own `text`.
"""

from __future__ import annotations

import json
from hashlib import md5
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

CONTENT = "content 2"
"""The version of this hash, part of every record's content; sql/fhir/former_content.sql knows the one before."""
_OF_A_VERSION = ("lastUpdated", "versionId")
_AS_WRITTEN = "\0"
"""Before a number that is kept as it is written; no text of FHIR begins so."""
_SAFE_DIGITS = 15
_PAGE = 1_000  # resources at a time


def content_hash(resource: Any, text: str, *, inexact: bool) -> str:
    """The hash of what a resource says, as 32 hex digits. `resource` is its JSON, parsed; `inexact` tells that some
    number of the `text` is not what it would be printed as (the macro fhir_inexact), so that it is read once more."""
    try:
        if inexact:
            resource = json.loads(text, parse_float=_written, parse_int=_written_whole)
        if isinstance(resource, dict):
            resource = _without_version(resource)
        canonical = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, RecursionError):  # nested too deeply to be read
        canonical = text.encode()
    return md5(canonical, usedforsecurity=False).hexdigest()


def note_contents(con: DuckDBPyConnection, found: Iterable[tuple[int, str]]) -> None:
    """Add hashes of contents, each with the rowid of its resource."""
    some = list(found)
    if some:
        con.execute(
            "INSERT INTO fhir_content_hash SELECT unnest($1::BIGINT[]), unnest($2::VARCHAR[])",
            [[key for key, _ in some], [told for _, told in some]],
        )


def note_other_contents(con: DuckDBPyConnection) -> None:
    """The hashes of the resources that have none yet: those that are not screened, or are not as they were sent."""
    con.execute(sql("fhir/without_content"))
    while rows := con.execute(f"SELECT * FROM fhir_without_content ORDER BY resource LIMIT {_PAGE}").fetchall():
        note_contents(con, ((key, _hash_of(text, inexact=inexact)) for key, text, inexact in rows))
        con.execute("DELETE FROM fhir_without_content WHERE resource <= ?", [rows[-1][0]])


def _hash_of(text: str, *, inexact: bool) -> str:
    try:
        return content_hash(orjson.loads(text), text, inexact=inexact)
    except orjson.JSONDecodeError:
        return md5(text.encode(), usedforsecurity=False).hexdigest()


def _without_version(resource: dict[str, Any]) -> dict[str, Any]:
    meta = resource.get("meta")
    noted = isinstance(meta, dict) and ("lastUpdated" in meta or "versionId" in meta or not meta)
    if not noted and "text" not in resource:
        return resource
    kept = resource.copy()
    kept.pop("text", None)
    if noted and isinstance(meta, dict):
        kept["meta"] = {name: value for name, value in meta.items() if name not in _OF_A_VERSION}
        if not kept["meta"]:
            del kept["meta"]
    return kept


def _written(number: str) -> float | str:
    value = float(number)
    return value if orjson.dumps(value).decode() == number else _AS_WRITTEN + number


def _written_whole(number: str) -> int | str:
    value = int(number) if len(number) <= _SAFE_DIGITS else None
    return value if value is not None and str(value) == number else _AS_WRITTEN + number
