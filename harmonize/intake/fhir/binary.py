"""Texts that attachments name by url and a Binary of the delivery holds: read as if they stood in the attachment.

They are put there when the delivery is staged, so that privacy looks at them as at any other text of a document, and
the content of a document changes with its text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duckdb import DuckDBPyConnection

_PAGE = 50  # documents at a time; a Binary may have megabytes


def read_binaries(con: DuckDBPyConnection) -> None:
    """Give attachments whose url names a Binary of the delivery its data; fhir_named_binary(resource, url, held) tells
    which."""
    con.execute(sql("fhir/named_binary"))
    row = con.execute("SELECT count(DISTINCT resource) FROM fhir_named_binary").fetchone()
    for first in range(0, row[0] if row else 0, _PAGE):
        found = con.execute(sql("fhir/with_binary"), {"page": _PAGE, "first": first}).fetchall()
        con.execute(
            "UPDATE fhir_staging.resource SET json = n.json "
            "FROM (SELECT unnest($1::BIGINT[]) AS resource, unnest($2::VARCHAR[]) AS json) n "
            "WHERE resource.rowid = n.resource",
            [
                [resource for resource, *_ in found],
                [_filled(text, dict(zip(urls, texts, strict=True))) for _, text, urls, texts in found],
            ],
        )


def _filled(text: str, binaries: Mapping[str, str]) -> str:
    """A resource's JSON with the data of these Binaries in the attachments that name them by url and have none."""
    resource = orjson.loads(text)
    for attachment in _attachments(resource):
        if isinstance(told := binaries.get(str(attachment.get("url"))), str) and "data" not in attachment:
            binary = orjson.loads(told)
            attachment["data"] = binary["data"]
            attachment.setdefault("contentType", binary["contentType"])
    return orjson.dumps(resource).decode()


def _attachments(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "url" in value:
            yield value
        for inner in value.values():
            yield from _attachments(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _attachments(inner)
