"""The forms of a publication hold what the published file holds, and take their places whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import small

from harmonize.cli.main import main
from harmonize.engine.errors import InputError, InternalError
from harmonize.export.forms import folder as folder_module
from harmonize.export.forms import write as write_module
from harmonize.export.forms.checksum import is_object
from harmonize.export.forms.places import FORMS
from harmonize.export.publish import publish

FILES = ("duckdb", "duckdb1", "ohdsi", "parquet", "csv")
OTHER_DUCKDB = Path(os.environ.get("HARMONIZE_OTHER_DUCKDB") or Path.home() / ".cache/midrc-harmonize/duckdb")
"""Folders 1.4 and 1.5 with DuckDB's Python packages of these releases, which .ci/run installs."""


@pytest.fixture(scope="module")
def store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.make(empty_store, tmp_path_factory.mktemp("forms"), *small.ODD)


@pytest.fixture(scope="module")
def made(store: Path) -> Path:
    """A folder with every form that is a file or folder."""
    to = store.parent / "made"
    result = publish(store, to, forms=FILES)
    assert {form: told["to"] for form, told in result.forms.items()} == {form: str(to / FORMS[form]) for form in FILES}
    assert sorted(path.name for path in to.iterdir()) == sorted(FORMS[form] for form in FILES)
    return to


def _relations(con: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str]]:
    return con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = $1 UNION ALL "
        "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = $1 AND NOT internal ORDER BY ALL",
        [database],
    ).fetchall()


def _differences(con: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    row = con.execute(
        f"SELECT count(*) FROM ((FROM {one} EXCEPT ALL FROM {other}) UNION ALL (FROM {other} EXCEPT ALL FROM {one}))"
    ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(("form", "least"), [("duckdb1", 80), ("ohdsi", 41)])
def test_a_file_of_duckdb_1_holds_the_same(made: Path, form: str, least: int) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{made / FORMS['duckdb']}' AS one (READ_ONLY)")
        con.execute(f"ATTACH '{made / FORMS[form]}' AS other (READ_ONLY)")
        compared = [(s, t) for s, t in _relations(con, "other") if s != "results"]
        assert len(compared) >= least
        for schema, table in compared:
            named = "omop" if schema == "main" else schema
            assert _differences(con, f'one."{named}"."{table}"', f'other."{schema}"."{table}"') == 0, table
        if form == "duckdb1":
            assert compared == _relations(con, "one")
        tags = con.execute(
            "SELECT DISTINCT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'other'"
        )
        assert str(tags.fetchone()).startswith("('v1.2.0")


def test_ohdsi_has_the_cdm_in_main_and_a_place_for_results(made: Path) -> None:
    with duckdb.connect(str(made / FORMS["ohdsi"])) as con:
        schemas = con.execute("SELECT DISTINCT schema_name FROM duckdb_tables() ORDER BY 1").fetchall()
        assert schemas == [("main",), ("results",)]
        assert con.execute("SELECT count(*) FROM person").fetchone() == (2,)
        columns = con.execute("SELECT column_name FROM duckdb_columns() WHERE schema_name = 'results'").fetchall()
    assert [name for (name,) in columns] == [
        "cohort_definition_id", "subject_id", "cohort_start_date", "cohort_end_date",
    ]  # fmt: skip


def test_parquet_holds_the_same_types_and_rows(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made / "parquet")
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{made / FORMS['duckdb']}' AS one (READ_ONLY)")
        con.execute(Path("views.sql").read_text(encoding="utf-8"))
        relations = _relations(con, "one")
        assert relations == _relations(con, "memory")
        for schema, table in relations:
            assert _differences(con, f'one."{schema}"."{table}"', f'memory."{schema}"."{table}"') == 0, table
        typed = (
            "SELECT schema_name, table_name, column_name, regexp_replace(data_type, '^ENUM.*', 'VARCHAR') "
            "FROM duckdb_columns() WHERE database_name = '{}' AND NOT internal ORDER BY ALL"
        )
        assert con.execute(typed.format("one")).fetchall() == con.execute(typed.format("memory")).fetchall()


def test_csv_holds_the_same_cells(made: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{made / FORMS['duckdb']}' AS one (READ_ONLY)")
        for schema, table in _relations(con, "one"):
            columns = con.execute(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'one' AND schema_name = $1 "
                "AND table_name = $2 ORDER BY column_index",
                [schema, table],
            ).fetchall()
            file = made / "csv" / ("" if schema == "omop" else schema) / f"{table}.csv"
            asked = ", ".join(
                f'CAST(to_json("{name}") AS VARCHAR)'
                if is_object(kind) or kind.endswith("[]")
                else f'"{name}"::VARCHAR'
                for name, kind in columns
            )
            names = [name for name, _ in columns]
            read = f"read_csv('{file}', header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
            assert [row[0] for row in con.execute(f"DESCRIBE FROM {read}").fetchall()] == names, table
            assert _differences(con, f'(SELECT {asked} FROM one."{schema}"."{table}")', read) == 0, table


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_manifest_says_what_each_file_holds(made: Path, form: str) -> None:
    told = json.loads((made / form / "manifest.json").read_bytes())
    assert (told["form"], told["kind"], told["cdm_version"]) == (form, "de-identified", "v5.4")
    assert told["tool"].startswith("midrc-harmonize ")
    files = {file["path"]: file for table in told["tables"] for file in table["files"]}
    there = {path.relative_to(made / form).as_posix() for path in (made / form).rglob(f"*.{form}")}
    assert set(files) == there
    for name, file in files.items():
        content = (made / form / name).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    person = next(table for table in told["tables"] if (table["schema"], table["table"]) == ("omop", "person"))
    assert (person["rows"], person["columns"][0]["name"], person["columns"][0]["type"]) == (2, "person_id", "BIGINT")
    assert person["description"]


def test_large_tables_are_several_files(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "LARGE", 3)
    publish(store, tmp_path / "large", forms=("parquet",))
    told = json.loads((tmp_path / "large" / "manifest.json").read_bytes())
    measurement = next(t for t in told["tables"] if (t["schema"], t["table"]) == ("omop", "measurement"))
    assert measurement["rows"] >= 3
    assert all(file["path"].startswith("omop/measurement/") for file in measurement["files"])
    monkeypatch.chdir(tmp_path / "large")
    with duckdb.connect() as con:
        con.execute(Path("views.sql").read_text(encoding="utf-8"))
        assert con.execute("SELECT count(*) FROM omop.measurement").fetchone() == (measurement["rows"],)


@pytest.mark.parametrize("release", ["1.4", "1.5"])
def test_duckdb_of_before_opens_it(made: Path, release: str) -> None:
    """Every table and view, by the Python package of that release."""
    if not (OTHER_DUCKDB / release / "duckdb").is_dir():
        if os.environ.get("HARMONIZE_REQUIRE_DATA"):
            pytest.fail(f"DuckDB {release} is missing; .ci/run installs it into {OTHER_DUCKDB / release}")
        pytest.skip(f"pip install --target {OTHER_DUCKDB / release} 'duckdb=={release}.*'")
    asked = (
        "import duckdb, sys\n"
        "print(duckdb.__version__)\n"
        "con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "for schema, name in con.execute('SELECT schema_name, table_name FROM duckdb_tables() UNION ALL '\n"
        "        'SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal').fetchall():\n"
        '    con.execute(f\'SELECT * FROM "{schema}"."{name}"\').fetchall()\n'
        "    print(schema, name)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(OTHER_DUCKDB / release)}
    for form, least in (("duckdb1", 80), ("ohdsi", 42)):
        command = [sys.executable, "-c", asked, str(made / FORMS[form])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        version, *read = done.stdout.splitlines()
        assert version.startswith(release)
        assert len(read) >= least


def test_one_form_is_written_to_the_place_itself(store: Path, tmp_path: Path) -> None:
    result = publish(store, tmp_path / "v1.duckdb", forms=("duckdb1",))
    assert result.forms["duckdb1"]["to"] == str(tmp_path / "v1.duckdb")
    publish(store, tmp_path / "tables", forms=("csv",))
    publish(store, tmp_path / "tables", forms=("csv",))  # in the place of the former
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tables", "v1.duckdb"]


def test_a_folder_with_other_files_is_left_alone(store: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.csv").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="holds files that no publication wrote"):
        publish(store, tmp_path / "mine", forms=("csv",))
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.csv"]


def test_a_failure_leaves_every_form_as_it_was(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store, tmp_path, forms=("duckdb1", "parquet"))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}

    def broken(*_: object) -> int:
        raise InternalError("as if a disk were full")

    monkeypatch.setattr(write_module, "write_csv", broken)
    with pytest.raises(InternalError):
        publish(store, tmp_path, forms=("duckdb", "duckdb1", "parquet", "csv"))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_failure_leaves_no_folder_behind(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise InternalError("as if a disk were full")

    monkeypatch.setattr(write_module, "write_csv", broken)
    with pytest.raises(InternalError):
        publish(store, tmp_path / "new", forms=("duckdb", "parquet", "csv"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--for", "parket"], "Did you mean 'parquet'?"),
        (["--for", "postgres", "--for", "csv"], "A PostgreSQL database is published by itself"),
        (["--for", "postgres"], "takes the address of a PostgreSQL database"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["publish", "--db", str(store), "--to", str(tmp_path / "x"), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
