"""harmonize vocabulary status and search on a store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from harmonize.cli.vocabulary import app
from harmonize.engine.store import open_store
from harmonize.schema.ddl import duckdb_ddl
from harmonize.schema.load import load_schema
from harmonize.vocabulary.load import ensure_vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection


def vocabulary_only(con: DuckDBPyConnection) -> None:
    con.execute(duckdb_ddl(load_schema("omop"), "omop"))
    ensure_vocabulary(con)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.duckdb"
    with open_store(path, create=True, initialise=vocabulary_only) as opened, opened.transaction():
        pass
    return path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_search_prints_the_best_fit_first(store: Path) -> None:
    text = run("search", "COVID-19", "--db", str(store))
    first = next(line for line in text.splitlines() if ":" in line)
    assert "37311061" in first
    assert "SNOMED:840539006" in first
    rows = json.loads(run("search", "sodium", "--db", str(store), "--domain", "Measurement", "--json"))
    assert [row["concept_code"] for row in rows] == ["2951-2"]


def test_search_without_a_fit_prints_nothing_to_stdout(store: Path) -> None:
    assert run("search", "zzz-no-such-concept", "--db", str(store)) == ""


def test_status_names_release_and_layers(store: Path) -> None:
    text = run("status", "--db", str(store))
    assert "v5.0 29-FEB-24" in text
    assert "0 download" in text
    assert json.loads(run("status", "--db", str(store), "--json"))["source"] == "starter"
