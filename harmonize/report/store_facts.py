"""What a page of a store is of: projects, files with sizes and sums, versions of mappings and vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.report.blocks import SentFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

MOST_FILES = 100
"""So many files are listed; how many more there are is said."""


@dataclass(frozen=True)
class StoreFacts:
    """What is told of a store: facts for the header, the first files, and how many more there are."""

    facts: tuple[tuple[str, str], ...]
    files: tuple[SentFile, ...]
    more: int = 0


def store_facts(con: DuckDBPyConnection, projects: Sequence[str]) -> StoreFacts:
    """What the store holds of these projects; of many files those of the latest loads, in the order of the loads."""
    rows = con.execute(sql("report/store_file"), {"projects": list(projects), "most": MOST_FILES}).fetchall()
    files = tuple(
        SentFile(name, size, sum256, content, records) for name, size, sum256, content, records, _ in reversed(rows)
    )
    every = rows[0][-1] if rows else 0
    return StoreFacts(header_facts(con, projects), files, every - len(files))


def header_facts(con: DuckDBPyConnection, projects: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Projects, mappings and vocabulary of a store or a published file, which knows no files."""
    given = {"projects": list(projects)}
    mappings = con.execute(sql("report/store_mapping"), given).fetchall()
    vocabulary = con.execute(
        "SELECT max(vocabulary_version) FROM omop.vocabulary WHERE vocabulary_id = 'None'"
    ).fetchone()
    facts = (
        ("Project" if len(projects) == 1 else "Projects", ", ".join(projects)),
        ("Mapping" if len(mappings) == 1 else "Mappings", "; ".join(_mapping(*row) for row in mappings)),
        ("Vocabulary", vocabulary[0] if vocabulary else None),
    )
    return tuple((name, fact) for name, fact in facts if fact)


def _mapping(name: str, versions: Sequence[str]) -> str:
    known = [version for version in versions if version]
    return f"{name} (version {', '.join(known)})" if known else name
