"""A store with the CDM's vocabulary tables, and small invented Athena downloads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from athena_files import CONCEPT_HEAD, RELATIONSHIP_HEAD

from harmonize.schema.ddl import duckdb_ddl
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory store with empty vocabulary tables."""
    with duckdb.connect() as connection:
        connection.execute(duckdb_ddl(load_schema("omop"), "omop"))
        yield connection


@pytest.fixture
def download(tmp_path: Path) -> Callable[..., Path]:
    """Write a download folder from the lines of its CONCEPT.csv and CONCEPT_RELATIONSHIP.csv."""

    def write(concepts: list[str], relationships: list[str] | None = None, name: str = "athena") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "CONCEPT.csv").write_text("\n".join([CONCEPT_HEAD, *concepts]) + "\n", encoding="utf-8")
        if relationships is not None:
            text = "\n".join([RELATIONSHIP_HEAD, *relationships]) + "\n"
            (folder / "CONCEPT_RELATIONSHIP.csv").write_text(text, encoding="utf-8")
        return folder

    return write
