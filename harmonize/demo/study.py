"""The demo's study: its files, its store and its questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.demo.invent import Study
from harmonize.imaging.coverage import LinkResult
from harmonize.pipeline.load_result import LoadResult

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Query:
    """A shipped example query: its question, the SQL, and the copy that the demo leaves for the user."""

    question: str
    text: str
    path: Path


@dataclass(frozen=True)
class Run:
    """All that the page tells of: the invented study, what loading and linking gave, and the open store."""

    title: str
    study: Study
    loads: list[LoadResult]
    as_dated: LinkResult
    linked: LinkResult
    offset_days: int
    findings: list[dict[str, Any]]
    queries: list[Query]
    con: DuckDBPyConnection
