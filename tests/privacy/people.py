"""What a FHIR delivery says of its patients, and where it stands in what comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

_VOCABULARY = {
    "concept", "concept_synonym", "concept_relationship", "concept_ancestor", "vocabulary", "domain", "concept_class",
    "relationship", "drug_strength",
}  # fmt: skip


def needles(folder: Path) -> dict[str, str]:
    """Names, streets, telephone and record numbers of the patients and those around them, in small letters, with their
    kind. A number that is the Patient's id is left out: an id is a pseudonym."""
    found: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            resource = json.loads(line)
            if resource["resourceType"] in ("Patient", "RelatedPerson", "Person"):
                for person in (resource, *resource.get("contact", [])):
                    found |= {text.lower(): kind for kind, text in _told(person, resource["id"]) if text}
    return found


def _told(person: dict[str, Any], key: str) -> Iterator[tuple[str, str]]:
    for name in _listed(person.get("name")):
        for text in (name.get("family", ""), name.get("text", ""), *name.get("given", [])):
            yield "name", text
    for extension in person.get("extension", []):
        if extension["url"].endswith("mothersMaidenName"):
            yield from (("name", text) for text in extension["valueString"].split())
    for address in _listed(person.get("address")):
        yield from (("street", text) for text in address.get("line", []))
    for contact in person.get("telecom", []):
        yield "phone", contact["value"]
    for identifier in person.get("identifier", []):
        if identifier["value"] != key:
            yield "number", identifier["value"]


def _listed(value: Any) -> list[dict[str, Any]]:
    return value if isinstance(value, list) else [value] if value else []


def found_in(database: Path, told: dict[str, str]) -> set[tuple[str, str, str]]:
    """(kind, text, column) of each of them that stands in a text of the database, as words of their own."""
    alternatives = "|".join(map(re.escape, sorted(told, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![^\W_])(?:{alternatives})(?![^\W_])", re.IGNORECASE)
    return {(told[text.lower()], text, column) for column, value in _texts(database) for text in pattern.findall(value)}


def _texts(database: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(str(database), read_only=True) as con:
        columns = con.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
            "WHERE NOT internal AND data_type LIKE 'VARCHAR%' ORDER BY ALL"
        ).fetchall()
        for schema, table, column in columns:
            if table not in _VOCABULARY:
                asked = f'SELECT DISTINCT "{column}"::VARCHAR FROM "{schema}"."{table}" WHERE "{column}" IS NOT NULL'
                yield from ((f"{schema}.{table}.{column}", value) for (value,) in con.execute(asked).fetchall())
