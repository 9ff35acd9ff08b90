"""A publication in PostgreSQL: equal table by table, with the CDM's keys, put in place whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import postgres
import psycopg
import pytest
import small

from harmonize.cli.main import main
from harmonize.engine.errors import InputError, InternalError, StoreError
from harmonize.export.forms import postgres as module
from harmonize.export.publish import publish


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    """An empty database."""
    with psycopg.connect(server, autocommit=True) as con:
        con.execute("DROP DATABASE IF EXISTS one WITH (FORCE)")
        con.execute("CREATE DATABASE one")
    return server.replace("/midrc?", "/one?")


@pytest.fixture(scope="module")
def store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.make(empty_store, tmp_path_factory.mktemp("postgres"), *small.ODD)


def _asked(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as con:
        return con.execute(query).fetchall()


def test_it_is_equal_table_by_table(store: Path, url: str, tmp_path: Path) -> None:
    """Compared here by every cell, and not by the checksums that the command compares."""
    result = publish(store, url, forms=("postgres",))
    publish(store, tmp_path / "public.duckdb")
    rows = 0
    with duckdb.connect(str(tmp_path / "public.duckdb"), read_only=True) as ours, psycopg.connect(url) as theirs:
        relations = ours.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() UNION ALL SELECT schema_name, view_name FROM "
            "duckdb_views() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        assert len(relations) > 80
        for schema, name in relations:
            told = ours.execute(f'DESCRIBE "{schema}"."{name}"').fetchall()
            columns = ", ".join(f'"{row[0]}"' for row in told)
            one = ours.execute(f'SELECT {columns} FROM "{schema}"."{name}"').fetchall()
            other = theirs.execute(f'SELECT {columns} FROM "{schema}"."{name}"').fetchall()
            assert sorted(map(_cells, one)) == sorted(map(_cells, other)), f"{schema}.{name}"
            rows += len(one)
    assert rows == result.forms["postgres"]["rows"]


def _cells(row: tuple[Any, ...]) -> str:
    """The cells as both spell them: PostgreSQL gives the CDM's numbers as decimals."""

    def cell(value: Any) -> Any:
        if isinstance(value, list):
            return [cell(item) for item in value]
        is_number = type(value).__name__ in ("Decimal", "float")
        return float(value) + 0.0 if is_number else value

    return repr([cell(value) for value in row])


def test_the_cdm_has_its_keys_indexes_and_comments(store: Path, url: str) -> None:
    publish(store, url, forms=("postgres",))
    keys = dict(_asked(url, "SELECT contype, count(*) FROM pg_constraint WHERE contype IN ('p', 'f') GROUP BY contype"))
    assert keys["p"] > 25
    assert keys["f"] > 170
    person = "SELECT indexname FROM pg_indexes WHERE schemaname = 'omop' AND tablename = 'measurement'"
    assert ("idx_measurement_person_id",) in _asked(url, person)
    [(comment,)] = _asked(url, "SELECT obj_description('omop.person'::regclass)")
    assert comment
    [(said,)] = _asked(url, "SELECT obj_description('omop'::regnamespace)")
    assert said.startswith("Published by midrc-harmonize: de-identified.")


def test_the_next_publication_takes_the_place(store: Path, url: str) -> None:
    publish(store, url, forms=("postgres",))
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("CREATE TABLE public.mine AS SELECT 1 AS x")
        con.execute("DELETE FROM linked.person_summary")
    publish(store, url, forms=("postgres",))
    assert _asked(url, "SELECT count(*) FROM linked.person_summary") == [(2,)]
    assert _asked(url, "SELECT x FROM public.mine") == [(1,)]
    schemas = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)' ORDER BY 1"
    assert _asked(url, schemas) == [("harmonize",), ("linked",), ("midrc",), ("omop",), ("public",)]


def test_somebody_elses_schema_is_left_alone(store: Path, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("CREATE SCHEMA omop")
        con.execute("CREATE TABLE omop.person AS SELECT 1 AS mine")
    with pytest.raises(InputError, match="has a schema omop with tables that no publication made"):
        publish(store, url, forms=("postgres",))
    assert _asked(url, "SELECT mine FROM omop.person") == [(1,)]
    publish(store, url, forms=("postgres",), cdm_schema="cdm")
    assert _asked(url, "SELECT count(*) FROM cdm.person") == [(2,)]


def test_another_row_is_found_and_nothing_is_put_in_place(
    store: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, url, forms=("postgres",))
    before = _asked(url, "SELECT oid FROM pg_class WHERE relname = 'person'")
    add = module._add_indexes

    def spoiled(target: Any) -> None:
        add(target)
        target.connection.exec_driver_sql(
            "UPDATE harmonize_new_omop.measurement SET value_as_number = value_as_number + 0.5 WHERE measurement_id ="
            " (SELECT min(measurement_id) FROM harmonize_new_omop.measurement WHERE value_as_number IS NOT NULL)"
        )

    monkeypatch.setattr(module, "_add_indexes", spoiled)
    with pytest.raises(InternalError, match=r"omop.measurement in PostgreSQL is not what was published.*other values"):
        publish(store, url, forms=("postgres",))
    assert _asked(url, "SELECT oid FROM pg_class WHERE relname = 'person'") == before


def test_what_the_cdm_has_no_room_for_and_keys_that_rows_break_are_told(
    empty_store: Path, tmp_path: Path, url: str
) -> None:
    store = small.make(
        empty_store,
        tmp_path,
        f"UPDATE omop.measurement SET measurement_source_value = '{'long ' * 19}text' WHERE measurement_id = 1",
        "UPDATE omop.measurement SET unit_concept_id = 1999999999 WHERE measurement_id = 2",
    )
    result = publish(store, url, forms=("postgres",))
    texts = "\n".join(result.warnings)
    assert (
        "omop.measurement.measurement_source_value holds texts of up to 99 characters, and the CDM gives it 50" in texts
    )
    assert "omop.measurement.unit_concept_id has no foreign key in PostgreSQL" in texts
    assert _asked(url, "SELECT max(length(measurement_source_value)) FROM omop.measurement")[0][0] >= 99


def test_a_password_is_shown_nowhere(store: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    secret = url.replace("postgres@", "postgres:hidden-word@")
    assert main(["publish", "--db", str(store), "--for", "postgres", "--to", secret, "--json"]) == 0
    said = capsys.readouterr()
    assert "hidden-word" not in said.out + said.err
    nowhere = secret.replace("/one?", "/no_such_one?")
    assert main(["publish", "--db", str(store), "--for", "postgres", "--to", nowhere]) == 4
    said = capsys.readouterr()
    assert "no_such_one" in said.err
    assert "hidden-word" not in said.out + said.err


def test_no_server_is_said_in_a_sentence(store: Path) -> None:
    with pytest.raises(StoreError, match="PostgreSQL refused"):
        publish(store, "postgresql://nobody@localhost:1/none", forms=("postgres",))
