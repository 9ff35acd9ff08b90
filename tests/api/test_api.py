"""`harmonize.open()`: a call for every command."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from small_study import MAPPING, PATIENTS, RESULTS

import harmonize
from harmonize.engine.errors import InputError
from harmonize.export.publish import publish


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two patients and two results, one of an unknown code."""
    folder = tmp_path_factory.mktemp("api")
    (folder / "patient.csv").write_text(PATIENTS)
    (folder / "result.csv").write_text(RESULTS)
    path = folder / "study.duckdb"
    with harmonize.open(str(path), create=True) as db:
        result = db.load(
            [folder / "patient.csv", folder / "result.csv"], source="ehr", project="P", mapping=str(MAPPING)
        )
        assert not result.negative
        linked = db.link().to_json()
        assert (linked["persons"], linked["persons_without_images"], linked["studies"]) == (2, 2, 0)
    return path


def test_sql(path: Path) -> None:
    with harmonize.open(str(path), read_only=True) as db:
        relation = db.sql("SELECT person_source_value AS p, year_of_birth AS y FROM omop.person ORDER BY 1")
        assert relation.fetchall() == [("P1", 1950), ("P2", 1961)]
        assert list(relation.df()["p"]) == ["P1", "P2"]


def test_ledger_lineage_and_unmapped(path: Path) -> None:
    with harmonize.open(str(path), read_only=True) as db:
        assert {(row["file"], row["records"], row["loaded"]) for row in db.ledger()} == {
            ("patient.csv", 2, 2),
            ("result.csv", 2, 2),
        }
        ((row_id,),) = db.sql(
            "SELECT measurement_id FROM omop.measurement WHERE measurement_concept_id <> 0"
        ).fetchall()
        (origin,) = (row for row in db.lineage("measurement", row_id) if row["role"] == "primary")
        assert (origin["file"], origin["line"], origin["record_key"]) == ("result.csv", 2, "R1")
        assert "0000-0" in {row["code"] for row in db.unmapped()}


def test_read_only_refuses_writing(path: Path) -> None:
    with harmonize.open(str(path), read_only=True) as db, pytest.raises(duckdb.Error, match="read-only"):
        db.sql("CREATE TABLE x (i INTEGER)")


@pytest.fixture(scope="module")
def public(path: Path) -> Path:
    """What is published of it; its dates are real."""
    publish(path, path.with_name("public.duckdb"), limited_data_set=True)
    return path.with_name("public.duckdb")


def test_a_published_file_answers_sql_and_says_where_the_records_are(path: Path, public: Path) -> None:
    with harmonize.open(str(public), read_only=True) as db:
        assert db.sql("SELECT count(*) FROM linked.person_summary").fetchall() == [(2,)]
        assert [(row["file"], row["loaded"]) for row in db.ledger()] == [("file 1", 2), ("file 2", 2)]
        for ask in (lambda: db.ledger(records=True), db.unmapped, lambda: db.lineage("person", 1)):
            with pytest.raises(InputError, match="published"):
                ask()
        ((row_id,),) = db.sql("SELECT measurement_id FROM omop.measurement WHERE value_as_number = 31").fetchall()
    with harmonize.open(str(path), read_only=True) as db:
        assert [row["record_key"] for row in db.lineage("measurement", row_id, published=True)] == ["R1"]
        with pytest.raises(InputError, match="does not exist"):
            db.lineage("measurement", row_id, published=True, key_file=path.with_name("none.key"))


def test_suggest(path: Path, public: Path) -> None:
    for file in (path, public):
        with harmonize.open(str(file), read_only=True) as db:
            found = db.suggest(["Not detected", "zzz", "Not detected"], limit=1)
        assert [suggestion.concept for suggestion in found["Not detected"]] == ["LOINC:LA6577-6"]
        assert found["zzz"] == []


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        harmonize.open(str(tmp_path / "none.duckdb"), read_only=True)


def test_a_store_is_made_only_when_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    with pytest.raises(harmonize.InputError, match="does not exist") as told:
        harmonize.open(path)
    assert "create=True" in str(told.value.hint)
    assert list(tmp_path.iterdir()) == []
    with harmonize.open(path, create=True) as db:
        assert repr(db) == f"<store {path}>"
        assert db.ledger() == []
    assert path.exists()
