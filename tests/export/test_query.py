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


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT count(*) AS n FROM omop.person", [["n"], ["25000"]]),
        ("select 1 as a; -- the end; really\n", [["a"], ["1"]]),
        ("WITH x AS (SELECT 5 AS i) FROM x", [["i"], ["5"]]),
        ("FROM measurement", [["measurement_id"], ["1"]]),
        ("FROM midrc.measurement", [["submitter_id"], ["hub"]]),
        ("FROM twice(3)", [["x"], ["3"], ["3"]]),
        ("VALUES (1, NULL)", [["col0", "col1"], ["1", ""]]),
        ("SELECT TIMESTAMPTZ '2020-01-02 03:04:05+00' AS t", [["t"], ["2020-01-02 03:04:05+00"]]),
        ("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'person'", [["n"], ["1"]]),
        ("SELECT table_name FROM information_schema.tables WHERE table_schema = 'linked'", [["table_name"], ["old"]]),
    ],
)
def test_what_may_be_asked(db: Path, sql: str, expected: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert _csv(db, sql, capsys) == expected


@pytest.mark.parametrize("sql", ["DESCRIBE omop.person", "SHOW ALL TABLES", "SUMMARIZE person"])
def test_describing_statements(db: Path, sql: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert any("person" in cell for row in _csv(db, sql, capsys) for cell in row) or sql.startswith("SUMM")


def test_a_plan_is_printed_as_drawn(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query(db, "EXPLAIN SELECT age, count(*) FROM person GROUP BY age")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("╭")
    assert len(lines) > 5


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO omop.person VALUES (1, 2)",
        "DELETE FROM omop.person",
        "CREATE TABLE x (i INTEGER)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "COPY omop.person TO '/tmp/x.csv'",
        "ATTACH 'other.duckdb'",
        "SET memory_limit = '1GB'",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "INSTALL httpfs",
        "LOAD httpfs",
        "EXPORT DATABASE 'x'",
        "CHECKPOINT",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE omop.person",
        "",
        "-- nothing",
        "EXPLAIN DELETE FROM omop.person",
        "EXPLAIN ANALYZE INSERT INTO omop.person VALUES (1, 2)",
    ],
)
def test_what_is_no_single_read_is_refused(db: Path, sql: str) -> None:
    with pytest.raises(InputError) as caught:
        query(db, sql)
    assert "SELECT" in str(caught.value.hint)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM duckdb_settings()",
        "FROM duckdb_databases()",
        "FROM duckdb_databases",
        'FROM "DUCKDB_DATABASES"',
        "FROM system.main.duckdb_databases",
        "FROM pragma_database_list",
        "FROM pg_catalog.pg_settings",
        "FROM duckdb_secrets()",
        "FROM duckdb_extensions()",
        "FROM duckdb_logs",
        "SELECT current_setting('temp_directory')",
        "SELECT 'temp_directory'.current_setting()",
        "SELECT list_transform(['home_directory'], lambda x: current_setting(x))",
        "SELECT person_id FROM person WHERE current_setting('threads') > 0 LIMIT 1",
        "SELECT (SELECT path FROM duckdb_databases() LIMIT 1)",
        "WITH x AS (FROM duckdb_databases()) FROM x",
        "SELECT 1 UNION ALL SELECT count(*) FROM duckdb_settings()",
        "DESCRIBE SELECT current_setting('secret_directory')",
        "SUMMARIZE duckdb_databases",
        "EXPLAIN SELECT current_setting('secret_directory')",
        "/* a comment */ EXPLAIN SELECT current_setting('secret_directory')",
        "FROM query('FROM duckdb_settings()')",
        "FROM query_table('duckdb_databases')",
        "FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_settings()'))",
        "FROM read_csv('/etc/passwd')",
        "FROM read_text('/etc/passwd')",
        "FROM glob('/*')",
        "FROM sniff_csv('/etc/passwd')",
        "FROM parquet_metadata('x.parquet')",
        "FROM read_duckdb('other.duckdb', table_name = 'x')",
    ],
)
def test_settings_paths_and_files_are_closed(db: Path, sql: str) -> None:
    with pytest.raises(InputError, match="is not allowed here"):
        query(db, sql)


@pytest.mark.parametrize("name", ["/etc/passwd", "data.csv", "https://example.org/x.parquet"])
def test_a_file_is_no_table(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text("a\n1\n")
    with pytest.raises(InputError):
        query(db, f"FROM '{name}'")


@pytest.mark.parametrize(
    ("sql", "place", "hint"),
    [
        ("SELECT *\nFROM persn", "line 2, column 6", "Did you mean omop.person?"),
        ("SELECT * FROM omop.persons", "line 1, column 15", "Did you mean omop.person?"),
        ("SELECT agee FROM person", "line 1, column 8", "Did you mean age?"),
        ("SELEC 1", "line 1, column 1", None),
        ("SELECT 'a'::INTEGER", "line 1", None),
        ("SELECT agee FROM person WHERE " + "age > 0 AND " * 30 + "ag = 1", "line 1)", "Did you mean age?"),
    ],
)
def test_a_mistake_is_explained(db: Path, sql: str, place: str, hint: str | None) -> None:
    with pytest.raises(InputError, match="Wrong SQL") as caught:
        query(db, sql)
    assert place in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint == hint


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


def test_time_limit(db: Path) -> None:
    long = "SELECT sum(a.range * 2 + b.range) FROM range(1000000) a, range(3000) b"
    with pytest.raises(InputError, match=r"stopped after 0\.5 s"):
        query(db, long, seconds=0.5)


def test_nothing_is_written_beside_the_database(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = db.read_bytes()
    query(db, "SELECT DISTINCT md5(i::VARCHAR) FROM (SELECT unnest(range(100000)) AS i) LIMIT 1")
    capsys.readouterr()
    assert list(db.parent.iterdir()) == [db]
    assert db.read_bytes() == before


def test_missing_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        query(tmp_path / "none.duckdb", "SELECT 1")
