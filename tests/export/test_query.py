"""Analysts' SQL: what it may say, where it goes, how a mistake is explained."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.export.query import Outcome, query


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two CDM tables, a hub table of the same name as one of them, and a macro."""
    path = tmp_path_factory.mktemp("query") / "study.duckdb"
    with open_store(path, create=True) as store, store.transaction() as con:
        con.execute("CREATE SCHEMA omop")
        con.execute("CREATE SCHEMA midrc")
        con.execute("CREATE SCHEMA linked")
        con.execute("CREATE TABLE omop.person AS SELECT range AS person_id, range % 90 AS age FROM range(25000)")
        con.execute("CREATE TABLE omop.measurement AS SELECT 1 AS measurement_id")
        con.execute("CREATE TABLE midrc.measurement AS SELECT 'hub' AS submitter_id")
        con.execute("CREATE VIEW linked.old AS SELECT * FROM omop.person WHERE age > 80")
        con.execute("CREATE MACRO main.twice(x) AS TABLE SELECT x AS x FROM range(2)")
    return path


def _csv(db: Path, sql: str, capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    query(db, sql, format="csv")
    return list(csv.reader(capsys.readouterr().out.splitlines()))


def test_a_plan_is_printed_as_drawn(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query(db, "EXPLAIN SELECT age, count(*) FROM person GROUP BY age")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("╭")
    assert len(lines) > 5


def test_a_mistake_is_told_through_the_door(db: Path) -> None:
    with pytest.raises(InputError, match=r"Wrong SQL: .*line 2, column 6") as caught:
        query(db, "SELECT *\nFROM persn")
    assert caught.value.hint == "Did you mean omop.person?"


def test_a_table_is_limited_and_says_so(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert query(db, "FROM omop.person") == Outcome(10_000, True)
    assert len(capsys.readouterr().out.splitlines()) == 10_002
    assert query(db, "FROM omop.person", limit=25_000) == Outcome(25_000, False)
    assert query(db, "FROM omop.person LIMIT 10000") == Outcome(10_000, False)
    capsys.readouterr()


def test_files_hold_all_rows(db: Path, tmp_path: Path) -> None:
    sql = "SELECT person_id, age, DATE '2020-01-01' AS day FROM omop.person ORDER BY person_id"
    for kind in ("csv", "json", "parquet"):
        assert query(db, sql, format=kind, output=tmp_path / f"x.{kind}").rows == 25_000
    (last,) = list(csv.reader((tmp_path / "x.csv").open()))[-1:]
    assert last == ["24999", "69", "2020-01-01"]
    assert json.loads((tmp_path / "x.json").read_text())[-1] == {
        "person_id": 24999,
        "age": 69,
        "day": "2020-01-01",
    }
    rows = duckdb.sql(f"SELECT count(*), sum(age)::BIGINT FROM '{tmp_path}/x.parquet'").fetchall()
    assert rows == [(25_000, sum(i % 90 for i in range(25_000)))]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.csv", "x.json", "x.parquet"]


def test_parquet_limit_and_target(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "it's.parquet"
    assert query(db, "FROM person", format="parquet", limit=7, output=target) == Outcome(7, True)
    assert query(db, "FROM measurement", format="parquet", limit=1, output=target) == Outcome(1, False)
    with pytest.raises(InputError, match="file only"):
        query(db, "FROM person", format="parquet")


def test_a_failed_query_leaves_the_old_file(db: Path, tmp_path: Path) -> None:
    output = tmp_path / "x.csv"
    output.write_text("old")
    with pytest.raises(InputError):
        query(db, "SELECT 'a'::INTEGER", format="csv", output=output)
    with pytest.raises(InputError, match="columns are called"):
        query(db, "SELECT 1 AS a, 2 AS a", format="json", output=output)
    assert output.read_text() == "old"
    assert list(tmp_path.iterdir()) == [output]


def test_no_rows_as_json(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query(db, "SELECT 1 AS a LIMIT 0", format="json")
    assert json.loads(capsys.readouterr().out) == []


def test_nothing_is_written_beside_the_database(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = db.read_bytes()
    query(db, "SELECT DISTINCT md5(i::VARCHAR) FROM (SELECT unnest(range(100000)) AS i) LIMIT 1")
    capsys.readouterr()
    assert list(db.parent.iterdir()) == [db]
    assert db.read_bytes() == before


def test_missing_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        query(tmp_path / "none.duckdb", "SELECT 1")
