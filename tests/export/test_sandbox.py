"""What SQL may say: of the one statement, and of what the file brings along."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import InputError
from harmonize.export import door_process
from harmonize.export.frames import Fetched, Limits
from harmonize.export.rows import write_csv
from harmonize.export.sandbox import checked, open_sandbox

# Each is one way of a file to bring along what an analyst may not ask, and how it is asked.
STORED = {
    "macro": ("CREATE MACRO told() AS current_setting('temp_directory')", "SELECT told()"),
    "macro as method": ("CREATE MACRO told(x) AS current_setting('temp_directory') || x", "SELECT 'a'.told()"),
    "macro in a schema": ("CREATE MACRO omop.told() AS getvariable('x')", "SELECT omop.told()"),
    "macro with two forms": ("CREATE MACRO told(a) AS a, (a, b) AS current_setting('threads')", "SELECT told(1, 2)"),
    "macro of a macro": ("CREATE MACRO inner_() AS getvariable('x'); CREATE MACRO told() AS inner_()", "SELECT TOLD()"),
    "operator": ("CREATE MACRO \"^@\"(a, b) AS current_setting('threads')", "SELECT 'a' ^@ 'b'"),
    "table macro": ("CREATE MACRO told() AS TABLE FROM duckdb_settings()", "FROM told()"),
    "table macro of pragma": ("CREATE MACRO told() AS TABLE FROM pragma_database_list", "FROM told()"),
    "table macro of a text": ("CREATE MACRO told() AS TABLE FROM query('FROM duckdb_settings()')", "FROM told()"),
    "table macro with a built-in name": ("CREATE MACRO duckdb_settings() AS TABLE SELECT 1", "FROM duckdb_settings()"),
    "view": ("CREATE VIEW told AS FROM duckdb_settings()", "FROM told"),
    "view named in other letters": (
        "CREATE VIEW ééééééééééé AS SELECT 'as select 1 --' AS a, current_setting('threads') AS b",
        "FROM ééééééééééé",
    ),
    "view in a schema": ("CREATE VIEW linked.told AS SELECT current_setting('threads') AS a", "FROM linked.told"),
    "view with columns": (
        "CREATE VIEW told (\"as a\") AS SELECT current_setting('threads')",
        'SELECT "as a" FROM told',
    ),
    "view of a view": ("CREATE VIEW deep AS FROM pg_settings; CREATE VIEW told AS FROM deep", "FROM told"),
    "view of a macro": ("CREATE MACRO m() AS getvariable('x'); CREATE VIEW told AS SELECT m() AS a", 'FROM "Told"'),
    "view, described": ("CREATE VIEW told AS SELECT current_setting('threads') AS a", "SUMMARIZE told"),
    "view, explained": ("CREATE VIEW told AS FROM duckdb_databases()", "EXPLAIN FROM told"),
    "view of a file": ("CREATE VIEW told AS FROM read_text('/etc/passwd')", "FROM told"),
    "view of a secret": ("CREATE TABLE store_key (key VARCHAR); CREATE VIEW told AS FROM store_key", "FROM told"),
    "computed column": (
        "CREATE TABLE told (a INTEGER, b VARCHAR AS (current_setting('threads')))",
        "SELECT b FROM told",
    ),
}


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DuckDB file of somebody: two CDM tables, a hub table of the same name as one of them, a view and macros."""
    path = tmp_path_factory.mktemp("sandbox") / "study.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA omop; CREATE SCHEMA midrc; CREATE SCHEMA linked")
        con.execute("CREATE TABLE omop.person AS SELECT range AS person_id, range % 90 AS age FROM range(25000)")
        con.execute("CREATE TABLE omop.measurement AS SELECT 1 AS measurement_id")
        con.execute("CREATE TABLE midrc.measurement AS SELECT 'hub' AS submitter_id")
        con.execute("CREATE MACRO twice(x) AS 2 * x")
        con.execute("CREATE VIEW linked.old AS SELECT * FROM omop.person WHERE twice(age) > 160")
        con.execute("CREATE MACRO main.rows(x) AS TABLE SELECT x AS x FROM range(2)")
        con.execute("CREATE TABLE computed (a INTEGER, b INTEGER AS (a + 1))")
    return path


@pytest.fixture(scope="module")
def con(foreign: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sandbox of that file."""
    with open_sandbox(foreign, wait=0, spill=tmp_path_factory.mktemp("spill"), threads=1) as con:
        yield con


def _csv(con: duckdb.DuckDBPyConnection, sql: str) -> list[list[str]]:
    out = io.StringIO()

    def write(text: str) -> Fetched:
        return door_process.write_rows(con, text, None, partial(write_csv, out))

    door_process.run(con, sql, Limits(), write)
    return list(csv.reader(out.getvalue().splitlines()))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT count(*) AS n FROM omop.person", [["n"], ["25000"]]),
        ("select 1 as a; -- the end; really\n", [["a"], ["1"]]),
        ("WITH x AS (SELECT 5 AS i) FROM x", [["i"], ["5"]]),
        ("SELECT 'é; 肺' AS \"größe\";", [["größe"], ["é; 肺"]]),
        ("-- größer; 🫁\nSELECT '🫁🫁🫁🫁🫁' AS a ; -- é;", [["a"], ["🫁🫁🫁🫁🫁"]]),
        ("FROM measurement", [["measurement_id"], ["1"]]),
        ("FROM midrc.measurement", [["submitter_id"], ["hub"]]),
        ("FROM rows(3)", [["x"], ["3"], ["3"]]),
        ("SELECT twice(4) AS a", [["a"], ["8"]]),
        ("SELECT count(*) AS n FROM linked.old", [["n"], ["2493"]]),
        ("SELECT count(b) AS n FROM computed", [["n"], ["0"]]),
        ("VALUES (1, NULL)", [["col0", "col1"], ["1", ""]]),
        ("SELECT TIMESTAMPTZ '2020-01-02 03:04:05+00' AS t", [["t"], ["2020-01-02 03:04:05+00"]]),
        ("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'person'", [["n"], ["1"]]),
        ("SELECT table_name FROM information_schema.tables WHERE table_schema = 'linked'", [["table_name"], ["old"]]),
    ],
)
def test_what_may_be_asked(con: duckdb.DuckDBPyConnection, sql: str, expected: list[list[str]]) -> None:
    assert _csv(con, sql) == expected


@pytest.mark.parametrize("sql", ["DESCRIBE omop.person", "SHOW ALL TABLES", "SUMMARIZE person"])
def test_describing_statements(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert any("person" in cell for row in _csv(con, sql) for cell in row)


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
def test_what_is_no_single_read_is_refused(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(con, sql)
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
        "FROM harmonize.store_key",
        'SELECT p.person_id FROM person p, "Day_Zero"',
    ],
)
def test_settings_paths_and_files_are_closed(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(InputError, match="is not allowed here"):
        checked(con, sql)


@pytest.mark.parametrize("kind", STORED)
def test_what_a_file_brings_along_is_closed_too(kind: str, foreign: Path, tmp_path: Path) -> None:
    brought, asked = STORED[kind]
    path = Path(shutil.copy(foreign, tmp_path / "x.duckdb"))
    with duckdb.connect(str(path)) as con:
        con.execute(brought)
    with open_sandbox(path, wait=0, spill=tmp_path, threads=1) as con:
        with pytest.raises(InputError, match="is not allowed here"):
            checked(con, asked)
        assert checked(con, "FROM omop.person") == "FROM omop.person"


def test_a_refusal_says_where_the_name_is(con: duckdb.DuckDBPyConnection, foreign: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(foreign, tmp_path / "x.duckdb"))
    with duckdb.connect(str(path)) as writer:
        writer.execute("CREATE VIEW told AS FROM duckdb_settings()")
    with open_sandbox(path, wait=0, spill=tmp_path, threads=1) as con, pytest.raises(InputError) as caught:
        checked(con, "FROM told")
    assert caught.value.message.startswith("duckdb_settings (in told) is not allowed here")


def test_a_view_that_cannot_be_read_is_closed(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.export.stored_sql._select_of_view", lambda _: "")
    with pytest.raises(InputError, match="old is not allowed here"):
        checked(con, "FROM linked.old")


def test_settings_tell_nothing_of_the_machine(con: duckdb.DuckDBPyConnection) -> None:
    home = str(Path.home())
    assert [row for row in con.execute("FROM duckdb_settings()").fetchall() if home in str(row)] == []


def test_a_variable_of_the_program_is_no_table(con: duckdb.DuckDBPyConnection) -> None:
    secret = duckdb.sql("SELECT 1 AS a")
    with pytest.raises(duckdb.CatalogException, match="secret does not exist"):
        con.execute("FROM secret")
    assert secret.columns == ["a"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "1 + " * 5000 + "1",
        "SELECT " + "(SELECT " * 400 + "1" + ")" * 400,
        f"SELECT '{'é' * 5000}', " + "(" * 1000,
    ],
)
def test_a_statement_that_is_nested_too_deeply(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(InputError, match=r"deep|depth"):
        _csv(con, sql)


@pytest.mark.parametrize("name", ["/etc/passwd", "data.csv", "https://example.org/x.parquet"])
def test_a_file_is_no_table(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text("a\n1\n")
    with pytest.raises(InputError):
        _csv(con, f"FROM '{name}'")


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
def test_a_mistake_is_explained(con: duckdb.DuckDBPyConnection, sql: str, place: str, hint: str | None) -> None:
    with pytest.raises(InputError, match="Wrong SQL") as caught:
        _csv(con, sql)
    assert place in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint == hint
