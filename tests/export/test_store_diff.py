"""`harmonize diff`: rows that one store lacks, rows that changed, and nothing where nothing differs."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.export.diff import diff


def store(path: Path, persons: list[tuple[int, int]], zips: list[str], extra: str = "") -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA omop; CREATE SCHEMA harmonize")
        con.execute(f"CREATE TABLE omop.person (person_id BIGINT, year_of_birth INTEGER{extra})")
        con.execute("CREATE TABLE omop.metadata_of (zip VARCHAR)")
        con.execute("CREATE TABLE harmonize.record (n INTEGER)")
        for person in persons:
            con.execute("INSERT INTO omop.person (person_id, year_of_birth) VALUES (?, ?)", person)
        con.execute("INSERT INTO omop.metadata_of SELECT unnest(?::VARCHAR[])", [zips])
    return path


def test_rows_are_known_by_their_key(tmp_path: Path) -> None:
    a = store(tmp_path / "a.duckdb", [(1, 1950), (2, 1960), (3, 1970)], ["021", "021"])
    b = store(tmp_path / "b.duckdb", [(1, 1950), (2, 1961), (4, 1980), (5, 1990)], ["021"])
    person, rest = (table for table in sorted(diff(a, b), key=lambda t: t.table != "omop.person"))
    assert (person.only_a, person.only_b, person.changed) == (1, 2, 1)
    assert (person.rows_a, person.rows_b) == (3, 4)
    assert (rest.only_a, rest.only_b, rest.changed) == (1, 0, 0)  # a row that is there once less


def test_changed_rows_are_told_by_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {
        "a": "(1, 7, 100, DATE '2021-01-01', 5.0, 'x'), (2, 7, 100, DATE '2021-01-01', 5.0, 'x'), "
        "(3, 7, 100, DATE '2021-01-01', 5.0, 'x'), (4, 7, 100, DATE '2021-01-01', 5.0, 'x'), "
        "(5, 7, 100, DATE '2021-01-01', 5.0, 'x'), (6, 7, 100, DATE '2021-01-01', 5.0, 'x')",
        # the same, re-coded, re-dated and re-valued at once, re-valued, of another person, changed otherwise; one new
        "b": "(1, 7, 100, DATE '2021-01-01', 5.0, 'x'), (2, 7, 101, DATE '2021-01-01', 5.0, 'x'), "
        "(3, 7, 100, DATE '2021-01-02', NULL, 'x'), (4, 7, 100, DATE '2021-01-01', 6.0, 'x'), "
        "(5, 8, 100, DATE '2021-01-01', 5.0, 'x'), (6, 7, 100, DATE '2021-01-01', 5.0, 'y'), "
        "(9, 7, 100, DATE '2021-01-01', 5.0, 'x')",
    }
    paths = []
    for name, values in rows.items():
        paths.append(tmp_path / f"{name}.duckdb")
        with duckdb.connect(str(paths[-1])) as con:
            con.execute(
                "CREATE SCHEMA omop; CREATE TABLE omop.measurement (measurement_id BIGINT, person_id BIGINT, "
                "measurement_concept_id INTEGER, measurement_date DATE, value_as_number DOUBLE, provider VARCHAR)"
            )
            con.execute(f"INSERT INTO omop.measurement VALUES {values}")
    [found] = diff(paths[0], paths[1])
    assert (found.only_a, found.only_b, found.changed) == (0, 1, 5)
    assert (found.recoded, found.redated, found.revalued, found.moved, found.otherwise) == (1, 1, 2, 1, 1)
    assert main(["diff", *map(str, paths)]) == 1
    assert "re-coded" in capsys.readouterr().out


def test_equal_stores_do_not_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(store(tmp_path / f"{name}.duckdb", [(1, 1950)], ["021"])) for name in "ab"]
    assert main(["diff", *paths]) == 0
    assert "No difference in 2 tables." in "".join(capsys.readouterr())


def test_a_difference_is_a_negative_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = store(tmp_path / "a.duckdb", [(1, 1950)], [])
    b = store(tmp_path / "b.duckdb", [(1, 1951)], [], extra=", added VARCHAR")
    assert main(["diff", str(a), str(b), "--json"]) == 1
    found = {table["table"]: table for table in json.loads(capsys.readouterr().out)}
    assert found["omop.person"]["changed"] == 1


def test_files_without_a_common_table_are_refused(tmp_path: Path) -> None:
    a = store(tmp_path / "a.duckdb", [], [])
    with duckdb.connect(str(tmp_path / "b.duckdb")) as con:
        con.execute("CREATE TABLE other (x INTEGER)")
    with pytest.raises(InputError, match="no table in common"):
        diff(a, tmp_path / "b.duckdb")
    with pytest.raises(InputError):
        diff(a, tmp_path / "absent.duckdb")


def test_a_concept_of_the_stores_own_is_compared_by_its_code(tmp_path: Path) -> None:
    """Its id depends on what a store met first, and says nothing."""
    a, b = (store(tmp_path / f"{name}.duckdb", [], [], extra=", race_concept_id INTEGER") for name in "ab")
    first, second, third = (2_000_000_000 + n for n in range(3))
    for path, concepts, races in (
        (a, [("X", first), ("Y", second)], [first, second, 8515]),
        (b, [("Y", first), ("X", second), ("Z", third)], [second, third, 8515]),
    ):
        with duckdb.connect(str(path)) as con:
            con.execute("CREATE TABLE omop.concept (concept_id INTEGER, vocabulary_id VARCHAR, concept_code VARCHAR)")
            con.executemany("INSERT INTO omop.concept VALUES (?, 'site', ?)", [(i, code) for code, i in concepts])
            rows = [(n, 1950, race) for n, race in enumerate(races)]
            con.executemany("INSERT INTO omop.person VALUES (?, ?, ?)", rows)
    found = {table.table: table for table in diff(a, b)}
    assert (found["omop.concept"].only_a, found["omop.concept"].only_b) == (0, 1)  # Z
    assert (found["omop.person"].only_a, found["omop.person"].only_b, found["omop.person"].changed) == (0, 0, 1)
