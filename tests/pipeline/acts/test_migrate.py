"""Stores of past releases open, are migrated and go on; a migration is whole or has not been."""

from __future__ import annotations

import csv
import lzma
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmonize.cli.main import main
from harmonize.engine.errors import InputError, InternalError, StoreError
from harmonize.engine.paths import root
from harmonize.engine.store import STORE_VERSION, open_store
from harmonize.export.diff import diff
from harmonize.pipeline import store_schema
from harmonize.pipeline.acts import migrate
from harmonize.pipeline.stores import open_current

FOLDER = Path(__file__).parents[2] / "store_versions"
sys.path.insert(0, str(FOLDER))
from steps import INPUTS, commands  # noqa: E402

STORES = sorted(path.name.removesuffix(".duckdb.xz") for path in FOLDER.glob("*.xz"))
LATEST = "v3-b75357f"
LIKE_FRESH = ("v3-b75357f", "v4-f6580d0")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that this release makes by the steps of the others."""
    path = tmp_path_factory.mktemp("fresh") / "fresh.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(INPUTS)
        patch.setenv("HARMONIZE_DB", str(path))
        for command in commands():
            assert main(["-q", *command]) in (0, 1), command
    return path


@pytest.fixture(scope="module", params=STORES)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of each past release, migrated; not to be written to."""
    path = old_store(tmp_path_factory.mktemp("migrated"), request.param)
    open_current(path).close()
    return path


@pytest.fixture
def not_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that does not derive OMOP anew, for tests of all else."""
    monkeypatch.setattr(migrate, "_derive", lambda con: None)


def old_store(folder: Path, name: str = LATEST) -> Path:
    """The store of a past release, unpacked."""
    path = folder / "study.duckdb"
    path.write_bytes(lzma.decompress((FOLDER / f"{name}.duckdb.xz").read_bytes()))
    return path


def held(path: Path) -> dict[str, list[str]]:
    """Every row of every table, as the file holds them."""
    with duckdb.connect(str(path), read_only=True) as con:
        names = con.execute("SELECT schema_name || '.\"' || table_name || '\"' FROM duckdb_tables()").fetchall()
        return {name: sorted(map(repr, con.execute(f"FROM {name}").fetchall())) for (name,) in names}


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(query).fetchall()


def test_there_are_stores_of_the_releases_that_are_read() -> None:
    assert {"v3-7f62ce4", *LIKE_FRESH} <= set(STORES)
    assert all((FOLDER / f"{name}.duckdb.xz").stat().st_size < 300_000 for name in STORES)


# What the migrated store is


def test_a_migrated_store_equals_a_fresh_one(migrated: Path, fresh: Path, request: pytest.FixtureRequest) -> None:
    with duckdb.connect(str(fresh), read_only=True) as con:
        wanted = store_schema.columns(con), store_schema.tables_digest(con)
    with duckdb.connect(str(migrated), read_only=True) as con:
        assert (store_schema.columns(con), store_schema.tables_digest(con)) == wanted
    if any(name in request.node.name for name in LIKE_FRESH):
        differing = {found.table for found in diff(migrated, fresh) if found.differs}
        # metadata names the versions of the mappings that rows came by, cdm_source the days and the release
        assert differing <= {"omop.metadata", "omop.cdm_source"}
        source = "SELECT * EXCLUDE (source_release_date, cdm_release_date, cdm_etl_reference) FROM omop.cdm_source"
        assert rows(migrated, source) == rows(fresh, source)
    assert without_ids(migrated) == without_ids(fresh)


def without_ids(path: Path) -> dict[str, list[str]]:
    """The rows of OMOP's clinical tables and the hub without generated ids; a concept of ours by its code."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute(
            "CREATE TEMP MACRO code_of(id) AS coalesce((SELECT max(vocabulary_id || ':' || concept_code) "
            "FROM omop.concept WHERE concept_id = id AND concept_id >= 2000000000), id::VARCHAR)"
        )
        tables = con.execute(
            "SELECT schema_name || '.\"' || table_name || '\"', list(column_name ORDER BY column_index) "
            "FROM duckdb_columns() WHERE schema_name IN ('omop', 'midrc') AND table_name NOT IN "
            "('concept', 'source_to_concept_map', 'vocabulary', 'metadata', 'cdm_source') GROUP BY ALL"
        ).fetchall()
        return {
            name: sorted(map(repr, con.execute(f"SELECT {chosen(c)} FROM {name}").fetchall())) for name, c in tables
        }


def chosen(columns: list[str]) -> str:
    concepts = [c for c in columns if c.endswith("concept_id")]
    plain = [c for c in columns if not c.endswith("_id") or c in ("record_id", "submitter_id", "project_id")]
    return ", ".join([*(f'code_of("{c}")' for c in concepts), *(f'"{c}"' for c in plain), "1"])


def test_a_migrated_store_goes_on(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(shutil.copy(migrated, tmp_path))
    monkeypatch.chdir(INPUTS)
    monkeypatch.setenv("HARMONIZE_DB", str(path))
    persons = rows(path, "SELECT project_id, case_key, person_id FROM harmonize.person_case ORDER BY ALL")
    assert main(["-q", "load", "b_later", "--source", "ehr", "--mapping", "hospital", "--project", "B"]) == 0
    assert main(["-q", "link"]) == 0
    assert main(["-q", "submission", "withdraw", "3"]) == 0
    assert rows(path, "SELECT project_id, case_key, person_id FROM harmonize.person_case ORDER BY ALL") == persons
    # submission 3 had corrected the result of 140 mmol/L
    sodium = "SELECT value_as_number FROM omop.measurement WHERE unit_source_value = 'mmol/L' ORDER BY 1"
    assert rows(path, sodium) == [(133,), (140,), (150,), (151,)]


# Its persons keep their ids


def test_persons_of_several_cases_keep_the_id_that_they_have(tmp_path: Path) -> None:
    """Of version 3 the case of the lowest id was the person's, be its key the first or not."""
    path = old_store(tmp_path)
    key = "md5('person|' || ? || '|' || ?)::UUID"
    with duckdb.connect(str(path)) as con:
        for case, taken in ((("B", "b1"), 1), (("A", "a1"), 3)):  # as if B had been loaded first
            for table in ("row_id", "row_id_retired"):
                con.execute(f"DELETE FROM harmonize.{table} WHERE omop_table = 'person' AND row_key = {key}", case)
            table = "row_id" if taken == 1 else "row_id_retired"
            con.execute(f"INSERT INTO harmonize.{table} SELECT 'person', {key}, {taken}", case)
    open_current(path).close()
    assert rows(
        path,
        "SELECT case_key, person_id, chosen_project_id, chosen_case_key FROM harmonize.person_case "
        "WHERE project_id IN ('A', 'B') AND person_id = 1 ORDER BY 1",
    ) == [("a1", 1, "B", "b1"), ("b1", 1, "B", "b1")]


# Copy, space, refusals


@pytest.mark.usefixtures("not_derived")
def test_a_copy_is_kept_unless_it_is_not_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = old_store(tmp_path)
    before = held(path)
    assert main(["migrate", "--db", str(path)]) == 0
    copy = tmp_path / "study.v3.duckdb"
    assert f"a copy of version 3 is {copy}" in capsys.readouterr().err
    assert held(copy) == before
    shutil.copy(copy, path)
    assert main(["migrate", "--db", str(path)]) == 0
    stores = sorted(file.name for file in tmp_path.glob("*.duckdb"))
    assert stores == ["study.duckdb", "study.v3-2.duckdb", "study.v3.duckdb"]
    shutil.copy(copy, path)
    assert main(["project", "set", "A", "--time", "as_is", "--db", str(path), "--no-backup"]) == 0
    assert len(list(tmp_path.glob("*.duckdb"))) == 3


def test_migrate_of_a_store_of_this_version_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "study.duckdb"
    open_current(path, create=True).close()
    assert main(["migrate", "--db", str(path)]) == 0
    assert f"{path} is of store version {STORE_VERSION}" in capsys.readouterr().out


def test_without_space_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = old_store(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(migrate.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    with pytest.raises(StoreError, match=r"needs .* of free disk") as told:
        open_current(path)
    assert told.value.exit_code == 4
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["study.duckdb"]


def test_a_reader_is_told_what_to_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = old_store(tmp_path)
    assert main(["ledger", "--db", str(path)]) == 2
    assert f"harmonize migrate --db {path}" in capsys.readouterr().err
    assert rows(path, "SELECT version FROM harmonize.store_version") == [(3,)]


@pytest.mark.parametrize(("version", "said"), [(STORE_VERSION + 1, "knows up to"), (2, "knows 3 to")])
def test_newer_and_much_older_stores_are_refused(tmp_path: Path, version: int, said: str) -> None:
    path = old_store(tmp_path)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE harmonize.store_version SET version = ?", [version])
    with pytest.raises(InputError, match=said) as told:
        open_current(path)
    assert told.value.exit_code == 2


# Whole or not at all


def test_a_column_of_which_no_migration_speaks_is_not_lost(tmp_path: Path) -> None:
    path = old_store(tmp_path)
    with duckdb.connect(str(path)) as con:
        con.execute("ALTER TABLE harmonize.submission ADD COLUMN note VARCHAR")
    before = held(path)
    with pytest.raises(InternalError, match=r"harmonize\.submission\.note"):
        open_current(path, keep_copy=False)
    assert held(path) == before


@pytest.mark.usefixtures("not_derived")
def test_types_that_have_grown_are_made_anew(tmp_path: Path) -> None:
    """A release with fewer tables in its CDM: the enum of their names is shorter."""
    path = old_store(tmp_path)
    ids = "SELECT omop_table::VARCHAR, row_key, omop_id FROM harmonize.row_id ORDER BY ALL"
    before = rows(path, ids)
    registries = ("row_id", "row_id_retired", "row_source", "imputation")
    fewer = "(SELECT DISTINCT omop_table::VARCHAR FROM harmonize.row_source ORDER BY 1)"
    with duckdb.connect(str(path)) as con:
        again = (
            "CREATE OR REPLACE TABLE harmonize.{} AS SELECT * REPLACE (omop_table::{} AS omop_table) FROM harmonize.{}"
        )
        for table in registries:
            con.execute(again.format(table, "VARCHAR", table) + f" WHERE omop_table::VARCHAR IN {fewer}")
        con.execute("DROP TYPE harmonize.omop_table")
        con.execute(f"CREATE TYPE harmonize.omop_table AS ENUM {fewer}")
        for table in registries:
            con.execute(again.format(table, "harmonize.omop_table", table))
    open_current(path).close()
    assert rows(path, ids) == before
    with duckdb.connect(str(path)) as con:
        con.execute("INSERT INTO harmonize.row_id SELECT 'episode', uuid(), 1")


KILLED = """
import os, signal, sys
from harmonize.pipeline.acts import migrate
from harmonize.pipeline.stores import open_current

def fatal(*_):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(migrate, sys.argv[2], fatal)
open_current(sys.argv[1])
"""


@pytest.mark.parametrize("step", ["_keep_copy", "_run", "_conform", "renew_views", "_derive"])
def test_a_migration_that_is_killed_has_not_been(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = old_store(tmp_path)
    before = held(path)
    repository = FOLDER.parent.parent
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path), step], env=environment, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert held(path) == before
    monkeypatch.setattr(migrate, "_derive", lambda con: None)
    open_current(path).close()
    assert rows(path, "SELECT version FROM harmonize.store_version") == [(STORE_VERSION,)]
    assert sorted(file.name for file in tmp_path.iterdir() if "-" not in file.name) == [path.name, "study.v3.duckdb"]


# What the source alone can give


def test_a_project_to_be_loaded_again(
    migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(shutil.copy(migrated, tmp_path))
    flagged = "SELECT project_id FROM harmonize.needs_reload ORDER BY 1"
    assert rows(path, flagged) == [("A",), ("B",), ("D",), ("F",), ("Open-R1",), ("R",)]
    monkeypatch.chdir(INPUTS)
    monkeypatch.setenv("HARMONIZE_DB", str(path))
    assert main(["project", "list"]) == 0
    reason = "it was loaded before every text was screened for what identifies people."
    said = f"Load the files of the project B again: {reason}"
    assert said in capsys.readouterr().err
    ids = "SELECT * FROM harmonize.row_id ORDER BY ALL"
    before = rows(path, ids)
    hospital = ["--source", "ehr", "--mapping", "hospital", "--json"]
    assert main(["load", "b/patient.csv", "b/stay.csv", *hospital, "--project", "B"]) == 0
    # what was read in the old way counts as changed, and of one file nothing has come yet
    assert '"unchanged": 0' in capsys.readouterr().out
    assert main(["ledger"]) == 0
    assert said in capsys.readouterr().err
    assert main(["load", "b/result.csv", *hospital, "--project", "B"]) == 0
    assert '"unchanged": 0' in capsys.readouterr().out
    assert main(["ledger"]) == 0
    assert said not in capsys.readouterr().err
    assert ("B",) not in rows(path, flagged)
    assert rows(path, ids) == before
    assert main(["load", "b/result.csv", *hospital, "--project", "B"]) == 0
    assert '"unchanged": 2' in capsys.readouterr().out


# The version stands for the tables and views


def test_the_version_stands_for_tables_and_views(empty_store: Path) -> None:
    """Who changes a table or a view of the store gives it a new version and its line in sql/store/versions.tsv; the
    line of a version that was released stays as it is."""
    with (root("sql") / "store" / "versions.tsv").open(encoding="utf-8", newline="") as file:
        lines = {int(line["version"]): (line["tables"], line["views"]) for line in csv.DictReader(file, delimiter="\t")}
    with duckdb.connect(str(empty_store), read_only=True) as con:
        found = store_schema.tables_digest(con), store_schema.views_digest()
    assert max(lines) == STORE_VERSION
    assert lines[STORE_VERSION] == found
    for name in STORES:
        version = int(name.partition("-")[0].removeprefix("v"))
        if version in lines:
            with lzma.open(FOLDER / f"{name}.duckdb.xz") as packed:
                path = empty_store.with_name(f"{name}.duckdb")
                path.write_bytes(packed.read())
            with duckdb.connect(str(path), read_only=True) as con:
                assert store_schema.tables_digest(con) == lines[version][0], name


def test_views_of_another_release_are_renewed_when_a_store_is_opened_for_writing(
    tmp_path: Path, empty_store: Path
) -> None:
    path = Path(shutil.copy(empty_store, tmp_path / "study.duckdb"))
    wanted = rows(path, "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL")
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE OR REPLACE VIEW linked.person_summary AS SELECT 1 AS person_id")
        con.execute("CREATE VIEW linked.of_old AS SELECT 1 AS one")
        con.execute("UPDATE harmonize.store_version SET views = 'another'")
    open_current(path, read_only=True).close()
    assert rows(path, "FROM linked.of_old") == [(1,)]
    open_current(path).close()
    assert rows(path, "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL") == wanted


def test_a_store_without_the_hook_is_opened_as_it_is(tmp_path: Path) -> None:
    path = old_store(tmp_path)
    with pytest.raises(InputError, match="reads and writes version") as told:
        open_store(path)
    assert told.value.hint == f"Bring it up to date, keeping a copy, with: harmonize migrate --db {path}"
