"""The file check of All of Us: every rule by a planted fault, and their erroneous files with the errors they expect."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from harmonize.export.consortia import check
from harmonize.export.consortia.check import Problem, check_file
from harmonize.export.consortia.form import read_form

HEADER = (
    '"death_date","person_id"',
    '"person_id","death_date","death_datetime","death_type_concept_id","cause_concept_id","cause_source_value",'
    '"cause_source_concept_id"',
)
GOOD = '"7","2020-02-29","2020-02-29 23:59:59","32817","","I46","0"'
FAULTS = {
    '"","2020-01-01","","1","","",""': (check.NULL, "person_id", None),
    '" ","2020-01-01","","1","","",""': (check.NULL, "person_id", None),
    '"seven","2020-01-01","","1","","",""': (check.TYPE, "person_id", 2),
    '"7.5","2020-01-01","","1","","",""': (check.TYPE, "person_id", 2),
    '"7e3","2020-01-01","","1","","",""': (check.SCIENTIFIC, "person_id", 2),
    '"7","2020-1-5","","1","","",""': (check.DATE, "death_date", 2),
    '"7","20200105","","1","","",""': (check.DATE, "death_date", 2),
    '"7","2021-02-29","","1","","",""': (check.DATE, "death_date", 2),
    '"7","2020-01-01","2020-01-01","1","","",""': (check.TIMESTAMP, "death_datetime", 2),
    '"7","2020-01-01","2020-01-01 24:00:00","1","","",""': (check.TIMESTAMP, "death_datetime", 2),
    '"7","2020-01-01","2020-01-01 05:00:00.5","1","","",""': (check.TIMESTAMP, "death_datetime", 2),
    '"7","2020-01-01","","1","","two\nlines",""': (check.NEWLINE, "cause_source_value", 2),
}  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def _checked(con: duckdb.DuckDBPyConnection, folder: Path, text: str, name: str = "death.csv") -> list[Problem]:
    path = folder / name
    path.write_bytes(text.encode())
    return check_file(con, read_form("all_of_us"), path)


def test_a_sound_file_has_no_problem(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert _checked(con, tmp_path, f"{HEADER[1]}\n{GOOD}\n{GOOD}\n") == []
    assert _checked(con, tmp_path, f"{HEADER[1]}\n") == []


@pytest.mark.parametrize("row", FAULTS)
def test_each_fault_is_found_where_it_is(con: duckdb.DuckDBPyConnection, tmp_path: Path, row: str) -> None:
    message, column, line = FAULTS[row]
    found = _checked(con, tmp_path, f"{HEADER[1]}\n{GOOD}\n{row}\n{GOOD}\n")
    assert [(one.message, one.column, one.line) for one in found] == [(message, column, line)]


def test_faults_of_the_whole_file(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert [one.message for one in _checked(con, tmp_path, HEADER[1], "deaths.csv")] == [f"{check.NO_TABLE}: deaths"]
    assert [one.message for one in _checked(con, tmp_path, "\ufeff" + HEADER[1])] == [check.MARK]
    swapped = _checked(con, tmp_path, HEADER[1].replace('"person_id","death_date"', '"death_date","person_id"'))
    assert [(one.message, one.column, one.expected) for one in swapped] == [(check.ORDER, "death_date", "person_id")]
    other = _checked(con, tmp_path, HEADER[1].replace("cause_concept_id", "cause_id"))
    assert {(one.message, one.column) for one in other} == {
        (check.NOT_DEFINED, "cause_id"), (check.MISSING, "cause_concept_id"), (check.ORDER, "cause_id"),
    }  # fmt: skip
    blank = _checked(con, tmp_path, f"{HEADER[1]}\n{GOOD}\n,,,,,,\n")
    assert (check.BLANK, 2) in {(one.message, one.line) for one in blank}
    wide = _checked(con, tmp_path, f'{HEADER[1]}\n{GOOD}\n{GOOD},"one more"\n')
    assert [(one.message, one.line) for one in wide] == [(check.WIDTH, 2)]
    narrow = _checked(con, tmp_path, f'{HEADER[1]}\n{GOOD}\n{GOOD}\n"7","2020-01-01"\n')
    assert [(one.message, one.line) for one in narrow] == [(check.WIDTH, 3)]
    stray = _checked(con, tmp_path, f'{HEADER[1]}\n{GOOD}\n"7","2020-01-01","","1","","wound of 1" length",""\n')
    assert [(one.message, one.line) for one in stray] == [(check.QUOTE, 2)]
    path = tmp_path / "death.csv"
    path.write_bytes(HEADER[1].encode() + b'\n"7","\xff"\n')
    assert check.NOT_UTF8 in {one.message for one in check_file(con, read_form("all_of_us"), path)}


@pytest.mark.realdata
def test_their_erroneous_files_give_the_errors_that_they_expect(con: duckdb.DuckDBPyConnection, shared: Path) -> None:
    folder = shared / "consortia" / "all_of_us" / "ehr_file_check" / "tests"
    form = read_form("all_of_us")
    with (folder / "expected_errors" / "results.csv").open(encoding="utf-8", newline="") as stream:
        expected = {
            (row["File Name"], row["Message"].partition(" line number ")[0], row["Column Name"])
            for row in csv.DictReader(stream)
        }
    found = {
        (one.file, one.message, one.column)
        for path in sorted(folder.glob("*.csv"))
        for one in check_file(con, form, path)
    }
    assert len(expected) == 7
    assert expected <= found


@pytest.mark.realdata
def test_the_columns_are_those_of_their_schemas(shared: Path) -> None:
    folder = shared / "consortia" / "all_of_us" / "ehr_file_check" / "omop"
    for table in read_form("all_of_us").tables:
        theirs = json.loads((folder / f"{table.name}.json").read_text(encoding="utf-8"))
        assert [(column.name, column.type, column.required) for column in table.columns] == [
            (one["name"], one["type"], one["mode"] == "required") for one in theirs
        ], table.name
    sent = {table.name for table in read_form("all_of_us").tables}
    assert {path.stem for path in folder.glob("*.json")} - sent == {"relationship", "source_to_concept_map"}
