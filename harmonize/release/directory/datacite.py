"""datacite.json of a release: what a registry of DOIs asks for (DataCite 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from pathlib import Path

NAME = "datacite.json"


def write_datacite(folder: Path, about: dict[str, str], told: dict[str, Any]) -> None:
    """Write the record; it has no DOI yet, which the registry gives."""
    record = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "titles": [{"title": f"{about['title']}: {told['project']} {told['version']}"}],
        "creators": [{"name": about["creator"], "nameType": "Organizational"}],
        "publisher": {"name": about["publisher"]},
        "publicationYear": told["built_at"][:4],
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Clinical and imaging data"},
        "version": told["version"],
        "dates": [{"date": told["built_at"][:10], "dateType": "Issued"}],
        "descriptions": [{"description": about["description"], "descriptionType": "Abstract"}],
        "rightsList": [{"rights": about["license"]}],
        "formats": told["forms"],
        "language": "en",
        "url": about["url"],
    }
    (folder / NAME).write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n")
