"""The manifest of a bulk export: which file holds output, deleted resources or errors, and what is missing.

https://hl7.org/fhir/uv/bulkdata/export.html#response---complete-status
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import orjson

from harmonize.intake.table.staged import StructureFinding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harmonize.intake.source_file import SourceFile

ROLES = ("output", "deleted", "error")


def read_manifest(
    file: SourceFile, delivered: Mapping[int, tuple[str, int]]
) -> tuple[dict[int, str], date | None, list[StructureFinding]]:
    """(role by file id, day of transactionTime, findings) of a manifest over the files, by id (name, resources).

    A file is found by the last part of its url; one that is not there, or holds another number of resources than its
    `count` says (of deleted ones it may count Bundles), is a finding.
    """
    manifest: dict[str, Any] = orjson.loads(file.path.read_bytes())
    roles: dict[int, str] = {}
    findings: list[StructureFinding] = []
    by_name = {_plain(name): (file_id, count) for file_id, (name, count) in delivered.items()}
    for role in ROLES:
        entries = manifest.get(role)
        for entry in entries if isinstance(entries, list) else ():
            url = entry.get("url") if isinstance(entry, dict) else None
            name = unquote(urlsplit(str(url)).path).rpartition("/")[2]
            met = by_name.get(_plain(name))
            if met is None:
                findings.append(StructureFinding("manifest_missing_file", None, None, name))
                continue
            roles[met[0]] = role
            count = entry.get("count")
            if role != "deleted" and isinstance(count, int) and count != met[1]:
                findings.append(StructureFinding("manifest_count", None, None, f"{name}: {count}, found {met[1]}"))
    pulled = _day(manifest.get("transactionTime"))
    if pulled is None:
        findings.append(StructureFinding("manifest_time", None, None, ""))
    return roles, pulled, findings


def _day(instant: Any) -> date | None:
    """The local day of a FHIR instant, as written; None where it is none."""
    try:
        return datetime.fromisoformat(instant).date() if isinstance(instant, str) else None
    except ValueError:
        return None


def _plain(name: str) -> str:
    """A file's name without its folders, archive and .gz."""
    return name.replace("!", "/").rpartition("/")[2].removesuffix(".gz")
