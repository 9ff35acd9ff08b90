"""Publishing: what goes along, what stays behind, and that readers and the old file are safe."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import InputError, InternalError, StoreError
from harmonize.engine.store import open_store
from harmonize.export import publish as module
from harmonize.export.publish import publish

TABLES = """
CREATE SCHEMA omop; CREATE SCHEMA midrc; CREATE SCHEMA linked; CREATE SCHEMA stage;
CREATE TYPE harmonize.kind AS ENUM ('a', 'b');
CREATE TABLE omop.person (person_id BIGINT NOT NULL, kind harmonize.kind, "offset" INTEGER);
COMMENT ON TABLE omop.person IS 'One row a person';
COMMENT ON COLUMN omop.person."offset" IS 'the patient''s offset';
INSERT INTO omop.person VALUES (1, 'a', 3), (2, NULL, NULL);
CREATE TABLE omop.death (person_id BIGINT NOT NULL);
CREATE TABLE midrc."case" (record_id BIGINT, row_key UUID, mapping_id USMALLINT, submitter_id VARCHAR NOT NULL);
INSERT INTO midrc."case" VALUES (1, uuid(), 1, 'c1');
CREATE VIEW linked.people AS SELECT p.person_id, p."offset" FROM omop.person AS p;
CREATE VIEW linked.first AS FROM linked.people WHERE person_id = 1;
CREATE TABLE harmonize.submission (submission_id INTEGER);
INSERT INTO harmonize.submission VALUES (1);
CREATE TABLE harmonize.mapping (mapping_id USMALLINT, name VARCHAR);
CREATE TABLE harmonize.project (project_id VARCHAR, shift_key_file VARCHAR, shift_key_fingerprint VARCHAR);
INSERT INTO harmonize.project VALUES ('P', 'secret.key', 'ff');
CREATE TABLE harmonize.record (record_id BIGINT, record_key VARCHAR);
CREATE TABLE harmonize.row_source (omop_id BIGINT, record_id BIGINT);
CREATE TABLE harmonize.person_case (case_key VARCHAR, person_id BIGINT);
CREATE TABLE harmonize.finding (value VARCHAR);
CREATE TABLE stage.f1 (line_ BIGINT, name VARCHAR);
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a little of everything."""
    path = tmp_path / "store.duckdb"
    with open_store(path, create=True) as opened, opened.transaction() as con:
        con.execute(TABLES)
    return path


def _names(path: Path) -> set[str]:
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute(
            "SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    return {row[0] for row in rows}


def test_what_goes_along_and_what_stays(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "public.duckdb"
    assert publish(store, target) == (6, 5)
    assert _names(target) == {
        "omop.person.person_id",
        "omop.person.kind",
        "omop.person.offset",
        "omop.death.person_id",
        "midrc.case.submitter_id",
        "linked.people.person_id",
        "linked.people.offset",
        "linked.first.person_id",
        "linked.first.offset",
        "harmonize.submission.submission_id",
        "harmonize.mapping.mapping_id",
        "harmonize.mapping.name",
        "harmonize.project.project_id",
        "harmonize.store_version.version",
        "harmonize.store_version.kind",
    }
    with duckdb.connect(str(target), read_only=True) as con:
        assert con.execute("FROM omop.person ORDER BY person_id").fetchall() == [(1, "a", 3), (2, None, None)]
        assert con.execute("FROM linked.first").fetchall() == [(1, 3)]
        tables = con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'person'").fetchall()
        columns = con.execute(
            "SELECT is_nullable, comment FROM duckdb_columns() WHERE table_name = 'person' ORDER BY column_index"
        ).fetchall()
    assert tables == [("One row a person",)]
    assert columns == [(False, None), (True, None), (True, "the patient's offset")]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["public.duckdb", "store.duckdb"]


def test_the_secret_is_nowhere_in_the_file(store: Path, tmp_path: Path) -> None:
    publish(store, tmp_path / "public.duckdb")
    assert b"secret.key" in store.read_bytes()
    assert b"secret.key" not in (tmp_path / "public.duckdb").read_bytes()


def test_another_cdm_schema(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "public.duckdb"
    publish(store, target, cdm_schema="main")
    with duckdb.connect(str(target), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM main.person").fetchone() == (2,)
        assert con.execute("FROM linked.first").fetchall() == [(1, 3)]
        assert con.execute("SELECT count(*) FROM duckdb_schemas() WHERE schema_name = 'omop'").fetchone() == (0,)


def test_open_readers_go_on_and_new_ones_see_the_new_file(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "public.duckdb"
    publish(store, target)
    with duckdb.connect(str(target), read_only=True) as reader:
        with open_store(store) as opened, opened.transaction() as con:
            con.execute("INSERT INTO omop.person VALUES (3, 'b', 1)")
        publish(store, target)
        assert reader.execute("SELECT count(*) FROM omop.person").fetchone() == (2,)
    with duckdb.connect(str(target), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM omop.person").fetchone() == (3,)


def test_a_failed_publish_leaves_the_old_file(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "public.duckdb"
    publish(store, target)
    before = target.read_bytes()
    monkeypatch.setattr(module, "_copy_table", lambda _con, _table: 7)
    with pytest.raises(InternalError):
        publish(store, target)
    assert target.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["public.duckdb", "store.duckdb"]


def test_the_check_counts_rows(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = module._copy_table
    monkeypatch.setattr(module, "_copy_table", lambda con, table: copy(con, table) + 1)
    with pytest.raises(InternalError, match="instead of"):
        publish(store, tmp_path / "public.duckdb")


def test_a_locked_store(store: Path, tmp_path: Path) -> None:
    with open_store(store), pytest.raises(StoreError):
        publish(store, tmp_path / "public.duckdb", wait=0)


def test_not_onto_itself_and_not_nowhere(store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is the store itself"):
        publish(store, store)
    with pytest.raises(InputError, match="folder"):
        publish(store, tmp_path / "none" / "public.duckdb")
    with pytest.raises(InputError, match="does not exist"):
        publish(tmp_path / "none.duckdb", tmp_path / "public.duckdb")
