"""The invented laboratory table, staged and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from lab_table import LAB

from harmonize.intake.discover import discover
from harmonize.intake.table.stage import stage_file
from harmonize.intake.table.staged import Staged
from harmonize.schema.model import ClassDef
from harmonize.validation.settle import settle
from harmonize.validation.table.findings import check, create_tables


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_tables(connection)
        yield connection


@pytest.fixture
def stage(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., Staged]:
    """Stages a text as lab.csv."""

    def run(text: str, file_id: int = 1) -> Staged:
        (tmp_path / "lab.csv").write_text(text, encoding="utf-8", newline="")
        (file,) = discover([tmp_path / "lab.csv"])
        return stage_file(con, file, file_id)

    return run


@pytest.fixture
def findings(con: duckdb.DuckDBPyConnection, stage: Callable[..., Staged]) -> Callable[..., list[tuple]]:
    """Checks a text as lab.csv and gives (rule, line, header, value) of its findings."""

    def run(text: str, cls: ClassDef | None = LAB) -> list[tuple]:
        check(con, stage(text), cls, 1)
        settle(con, 1)
        return con.execute(
            "SELECT rule, line, header, value FROM harmonize.finding JOIN harmonize.rule USING (rule_id)"
            " LEFT JOIN harmonize.file_column USING (file_id, column_id) ORDER BY line, rule, column_id"
        ).fetchall()

    return run
