"""Analysts' SQL: what it may say, where it goes, how a mistake is explained."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.export.frames import Fetched
from harmonize.export.query import query


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


def test_lines_of_csv_end_in_a_line_feed_and_cells_keep_theirs(db: Path, capfd: pytest.CaptureFixture[str]) -> None:
    query(db, "SELECT 'a' || chr(13) || 'b' AS x, 'c' || chr(13) || chr(10) || 'd' AS y, 'e' AS z", format="csv")
    assert capfd.readouterr().out == 'x,y,z\n"a\rb","c\r\nd",e\n'


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
    assert query(db, "FROM omop.person") == Fetched(10_000, True)
    assert len(capsys.readouterr().out.splitlines()) == 10_002
    assert query(db, "FROM omop.person", limit=25_000) == Fetched(25_000, False)
    assert query(db, "FROM omop.person LIMIT 10000") == Fetched(10_000, False)
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
    assert query(db, "FROM person", format="parquet", limit=7, output=target) == Fetched(7, True)
    assert query(db, "FROM measurement", format="parquet", limit=1, output=target) == Fetched(1, False)
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


def test_json_has_numbers_for_numbers_and_texts_for_the_rest(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {
        "1::TINYINT": 1, "-5::BIGINT": -5, "1.50::DECIMAL(9, 2)": 1.5, "12.5::DECIMAL(38, 3)": 12.5,
        "0.25::FLOAT": 0.25, "2.5::DOUBLE": 2.5, "true": True, "NULL": None, "'a'": "a",
        "[1.5, 2.5]": [1.5, 2.5], "{'a': 1.25}": {"a": 1.25},
        "'\\xAB'::BLOB": "ab", "DATE '2020-01-02'": "2020-01-02", "TIME '03:04:05'": "03:04:05",
        "TIMESTAMP '2020-01-02 03:04:05'": "2020-01-02T03:04:05", "INTERVAL 1 DAY": "1 day, 0:00:00",
        "'00000000-0000-0000-0000-000000000001'::UUID": "00000000-0000-0000-0000-000000000001",
    }  # fmt: skip
    query(db, "SELECT " + ", ".join(f"{value} AS c{n}" for n, value in enumerate(told)), format="json")
    (row,) = json.loads(capsys.readouterr().out)
    assert dict(zip(told, row.values(), strict=True)) == told


def test_no_rows_as_json(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query(db, "SELECT 1 AS a LIMIT 0", format="json")
    assert json.loads(capsys.readouterr().out) == []


def test_json_of_every_kind_of_value(db: Path, tmp_path: Path) -> None:
    """One row by one writer, the same values beside what that writer does not know by the other."""
    values = "DATE '2020-01-02' AS d, TIMESTAMP '2020-01-02 03:04:05' AS t, 1.5::DECIMAL(4,2) AS n, 'nan'::FLOAT AS f, "
    values += "'a'::BLOB AS b, uuid '3f2504e0-4f89-11d3-9a0c-0305e82c3301' AS u, INTERVAL 1 DAY AS i, 'é' AS e"
    strange = "170141183460469231731687303715884105727::HUGEINT AS h, MAP {1: [2]} AS m, TIMETZ '12:00:00+01' AS z"
    for name, columns in (("usual", values), ("strange", f"{values}, {strange}")):
        query(db, f"SELECT {columns}", format="json", output=tmp_path / name)
    (usual,), (other,) = (json.loads((tmp_path / name).read_text()) for name in ("usual", "strange"))
    assert other == {**usual, "h": 2**127 - 1, "m": {"1": [2]}, "z": "12:00:00+01:00"}
    assert (usual["d"], usual["f"], usual["n"]) == ("2020-01-02", None, 1.5)


@pytest.mark.parametrize("limits", [{"seconds": float("inf")}, {"seconds": float("nan")}, {"wait": float("nan")}])
def test_a_time_that_nobody_can_wait_for(db: Path, limits: dict[str, float]) -> None:
    with pytest.raises(InputError, match=r"--(wait|seconds) \w+ is no time"):
        query(db, "SELECT 1", **limits)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_not_replaced(db: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / kind
    target.mkdir() if kind == "folder" else os.mkfifo(target)
    with pytest.raises(InputError, match="cannot be written: it is") as caught:
        query(db, "SELECT 1", format="csv", output=target)
    assert caught.value.hint == "Give the name of a file."
    assert list(tmp_path.iterdir()) == [target]
    assert not target.is_file()


def test_nothing_is_written_beside_the_database(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = db.read_bytes()
    query(db, "SELECT DISTINCT md5(i::VARCHAR) FROM (SELECT unnest(range(100000)) AS i) LIMIT 1")
    capsys.readouterr()
    assert list(db.parent.iterdir()) == [db]
    assert db.read_bytes() == before


def test_missing_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        query(tmp_path / "none.duckdb", "SELECT 1")
