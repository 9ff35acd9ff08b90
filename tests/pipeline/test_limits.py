"""Limits that a load and a project keep, exactly at them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.paths import sql
from harmonize.engine.steps import Run
from harmonize.engine.store import Store
from harmonize.pipeline.hub import _capped_age, time_policy_refusal
from harmonize.pipeline.ledger import ledger
from harmonize.pipeline.project import Project, set_project


@pytest.fixture
def macros() -> Any:
    """A connection with the macros of the standardize step."""
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA omop; CREATE TABLE omop.concept (concept_id INTEGER, vocabulary_id VARCHAR, "
                    "concept_name VARCHAR)")  # fmt: skip
        Run(con).need("omop_date", "source_value", "dicom_age", "event_field")
        yield con


@pytest.mark.parametrize(("size", "works"), [(15, False), (16, True), (17, True)])
def test_a_key_has_sixteen_bytes(new_store: Store, tmp_path: Path, size: int, works: bool) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"x" * size)
    if works:
        assert set_project(new_store, "S", time="shifted", key_file=key)["time_policy"] == "shifted"
    else:
        with pytest.raises(InputError, match="has 15 bytes; 16 or more are needed"):
            set_project(new_store, "S", time="shifted", key_file=key)


def _refusal(slots: list[str], row: str, **project: str) -> str | None:
    """Why a row of the line 7 of a.csv cannot be dated."""
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA harmonize")
        con.execute("CREATE TABLE incoming AS SELECT 1 AS record_id, 3 AS file_id, 7 AS line")
        con.execute("CREATE TABLE harmonize.source_file AS SELECT 3 AS file_id, 'a.csv' AS name")
        refusal = time_policy_refusal(con, slots, Project("P", **project), f"(SELECT 1 AS record_id, {row})")
        return None if refusal is None else refusal.message


@pytest.mark.parametrize("slot", ["start_date", "start_datetime", "study_date", "series_date"])
@pytest.mark.parametrize(
    ("day", "is_told"), [("1900-01-01", False), ("1900-01-02", True), ("1969-12-31", True), ("1970-01-01", False)]
)
def test_dates_before_1970_need_a_policy(slot: str, day: str, is_told: bool) -> None:
    moment = f"TIMESTAMP '{day} 23:59'" if slot.endswith("time") else f"DATE '{day}'"
    row = f"{moment} AS {slot}, DATE '1950-01-01' AS birth_date"
    told = _refusal([slot, "birth_date"], row)
    assert (told is not None) == is_told
    if told is not None:
        assert "dates before 1970" in told
        assert "a.csv, line 7" in told
    assert _refusal([slot], row, time_policy="as_is") is None


@pytest.mark.parametrize("slot", ["start_day", "end_day", "study_day", "days_to_study"])
def test_days_need_a_policy_day_0_too(slot: str) -> None:
    assert _refusal([slot], f"NULL::INTEGER AS {slot}") is None
    assert "day offsets" in str(_refusal([slot], f"0 AS {slot}"))


def test_ages_are_cut_at_90() -> None:
    cells = _capped_age(["age_value", "age_at_index", "age_at_index_gt89"])
    rows = [  # age_value, age_at_index, the flag as stated → what is kept
        ((89.0, None, None), (89.0, None, None)),
        ((89.99, 89.0, "No"), (89.99, 89.0, "No")),
        ((90.0, None, None), (None, None, "Yes")),
        ((90.0, 89.0, "No"), (None, 89.0, "Yes")),
        ((89.0, 90.0, "No"), (89.0, None, "Yes")),
        ((None, 120.0, None), (None, None, "Yes")),
        ((None, None, "Yes"), (None, None, "Yes")),
        ((None, None, None), (None, None, None)),
    ]
    with duckdb.connect() as con:
        kept = [cells[name] for name in ("age_value", "age_at_index", "age_at_index_gt89")]
        query = f"SELECT {', '.join(kept)} FROM (SELECT ?::DOUBLE AS age_value, ?::DOUBLE AS age_at_index, "
        query += "?::VARCHAR AS age_at_index_gt89) m"
        assert [con.execute(query, list(sent)).fetchone() for sent, _ in rows] == [wanted for _, wanted in rows]


def test_a_shift_is_1_to_364_days_either_way(macros: duckdb.DuckDBPyConnection) -> None:
    def shifts(key: str, project: str, cases: int) -> list[int]:
        macros.execute("SET VARIABLE shift_key = ?", [key])
        rows = macros.execute("SELECT shift_days(?, range::VARCHAR) FROM range(?)", [project, cases]).fetchall()
        return [days for (days,) in rows]

    macros.execute(sql("hub/shift_days"))
    found = shifts("key", "P", 20_000)
    assert (min(found), max(found), len(set(found)), 0 in found) == (-364, 364, 728, False)
    for key, project in (("other", "P"), ("key", "Q")):
        same = [one == two for one, two in zip(found[:1000], shifts(key, project, 1000), strict=True)]
        assert sum(same) < 20, "key and project count, too"


@pytest.mark.parametrize("law", ["records", "state", "column", "column_records", "told"])
def test_neither_law_of_the_ledger_may_break(new_store: Store, law: str) -> None:
    con = new_store.con
    con.execute(
        "INSERT INTO harmonize.source_file VALUES (1, 1, 'a.csv', 1, '', '', 8, 1, 1, 1, 1, 1, 1, 1, 1); "
        "INSERT INTO harmonize.ledger_column VALUES (1, 1, 'x', NULL, 8, 2, 2, 1, 2, 1)"
    )
    ledger.check_laws(con)
    con.execute(
        {
            "records": "UPDATE harmonize.source_file SET records = 9",
            "state": "UPDATE harmonize.source_file SET superseded = 2",
            "column": "UPDATE harmonize.ledger_column SET context = 0",
            "told": "UPDATE harmonize.ledger_column SET records = 9",
            "column_records": "UPDATE harmonize.ledger_column SET records = 9, empty = 3",
        }[law]
    )
    with pytest.raises(InternalError, match=r"a\.csv"):
        ledger.check_laws(con)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("Observation 4; Observation.code 4 0 4 0 0 0", None),
        ("Observation 4; Observation.code 4 1 2 0 1 0", None),
        ("Observation 4; Observation.code 4 1 2 0 0 0", "element Observation.code"),
        ("Observation 4; Observation.code 4 5 -1 0 0 0", "element Observation.code"),
        ("Observation 4; Observation.code 3 0 3 0 0 0", "element Observation.code"),
        ("Observation 3; Observation.code 3 0 3 0 0 0", "submission 1"),
    ],
)
def test_the_second_law_of_elements(new_store: Store, table: str, told: str | None) -> None:
    """Of FHIR columns are elements: each has as many records as its type, all types as many as the files."""
    con = new_store.con
    con.execute(
        "INSERT INTO harmonize.source_file (file_id, submission_id, name, records, loaded) VALUES (1, 1, 'x', 4, 4)"
    )
    kind, element = table.split("; ")
    records = int(kind.split()[1])
    rows = [(kind.split()[0], records, 0, records, 0, 0, 0)]
    name, *counts = element.split()
    rows.append((name, *map(int, counts)))
    con.executemany("INSERT INTO harmonize.ledger_column VALUES (1, NULL, ?, NULL, ?, ?, ?, ?, ?, ?)", rows)
    if told is None:
        ledger.check_laws(con)
    else:
        with pytest.raises(InternalError, match=told):
            ledger.check_laws(con)


def test_a_day_that_the_source_counts_speaks_before_its_date() -> None:
    """Of an offset project: the day as it is, else the days from the source's day 0, at both ends of an event."""
    project = Project("P", "offset", source_anchor=date(2021, 3, 1))
    rows = [(7, "2021-03-05", 7), (None, "2021-03-05", 4), (None, "2021-02-28", -1), (0, None, 0), (None, None, None)]
    with duckdb.connect() as con:
        for side in ("start", "end"):
            made = project.time_columns([f"{side}_date", f"{side}_day"])
            assert list(made) == [f"{side}_day"]
            query = f"SELECT {made[f'{side}_day']} FROM (SELECT ?::INTEGER AS {side}_day, ?::DATE AS {side}_date) m"
            found = [con.execute(query, [day, when]).fetchone() for day, when, _ in rows]
            assert found == [(expected,) for *_, expected in rows]
