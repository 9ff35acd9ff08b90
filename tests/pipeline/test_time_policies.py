"""Each time policy of a project, for every source, through the command line and in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmonize.engine.store import open_store
from harmonize.pipeline.project import EVENT_DATES, EVENT_TIMES, set_project

REPOSITORY = Path(__file__).parent.parent.parent
INPUTS = REPOSITORY / "tests" / "store_versions" / "inputs"
SOURCES = {
    "ehr": ["a", "--mapping", "hospital"],
    "fhir": ["fhir"],
    "gen3": ["batch"],
    "idc": ["ricord/index.csv"],
    "ricord": ["ricord/export.json"],
    "dicom": ["dicom"],
}
PROJECT = {"ricord": "idc"}  # readings belong to the studies of the index
POLICIES: dict[str, dict[str, Any]] = {
    "as_is": {},
    "offset": {"source_anchor": date(2004, 1, 1), "anchor": date(2020, 1, 1)},
    "shifted": {"key_file": True},
}
STATED_BY_GEN3 = {"created_datetime", "updated_datetime"}
"""When a node was written into a data commons, which says nothing of a patient."""
DAYS = """
    WITH day AS (
        SELECT c.project_id, c.case_key, e.omop_table, e.start_date AS day
        FROM linked.event e JOIN harmonize.person_case c USING (person_id)
        UNION ALL
        SELECT project_id, case_key, 'image', study_date FROM linked.imaging_timeline
    )
    SELECT project_id, case_key, omop_table,
           row_number() OVER (PARTITION BY project_id, case_key, omop_table ORDER BY day), day
    FROM day
"""


def harmonize(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user types it."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "harmonize", "-q", *arguments, "--db", str(folder / "store.duckdb")]
    return subprocess.run(command, cwd=INPUTS, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def days(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[tuple[Any, ...], date]]:
    """Policy → the day of every event and study as OMOP shows it, by project, case, table and number."""
    found = {}
    for policy, options in POLICIES.items():
        folder = tmp_path_factory.mktemp(policy)
        key = folder / "key"
        key.write_bytes(bytes(range(32)))
        with open_store(Path(shutil.copy(empty_store, folder / "store.duckdb"))) as store:
            for project in SOURCES.keys() - PROJECT.keys():
                given = {name: key if name == "key_file" else value for name, value in options.items()}
                set_project(store, project, time=policy, **given)
        for source, paths in SOURCES.items():
            done = harmonize(folder, "load", *paths, "--source", source, "--project", PROJECT.get(source, source))
            assert done.returncode in (0, 1), (policy, source, done.stderr)
            assert "(balanced)" in done.stdout
        with duckdb.connect(str(folder / "store.duckdb"), read_only=True) as con:
            found[policy] = {tuple(row[:4]): row[4] for row in con.execute(DAYS).fetchall()}
    return found


def test_every_date_of_the_hub_is_moved_or_known_to_be_none_of_a_patient(empty_store: Path) -> None:
    with duckdb.connect(str(empty_store), read_only=True) as con:
        rows = con.execute(
            "SELECT DISTINCT column_name FROM duckdb_columns() WHERE schema_name = 'midrc' "
            "AND regexp_matches(data_type, '^(DATE|TIME)')"
        ).fetchall()
    assert {name for (name,) in rows} == {*EVENT_DATES, *EVENT_TIMES, *STATED_BY_GEN3}


@pytest.mark.parametrize("source", SOURCES)
def test_rows_come_of_every_source(days: dict[str, dict[tuple[Any, ...], date]], source: str) -> None:
    for policy, found in days.items():
        has_rows = any(row[0] == PROJECT.get(source, source) for row in found)
        assert has_rows == (source != "gen3" or policy == "offset"), policy  # Gen3 has days and no dates


def test_offset_dates_count_from_the_anchor(days: dict[str, dict[tuple[Any, ...], date]]) -> None:
    moved = date(2020, 1, 1) - date(2004, 1, 1)
    found = {row: day for row, day in days["offset"].items() if row[0] != "gen3"}
    assert found == {row: day + moved for row, day in days["as_is"].items()}


def test_shifted_dates_move_by_days_of_each_person(days: dict[str, dict[tuple[Any, ...], date]]) -> None:
    assert days["shifted"].keys() == days["as_is"].keys()
    shifts: dict[tuple[Any, ...], set[int]] = {}
    for row, day in days["as_is"].items():
        shifts.setdefault(row[:2], set()).add((days["shifted"][row] - day).days)
    assert {len(found) for found in shifts.values()} == {1}, shifts
    moved = [found.copy().pop() for found in shifts.values()]
    assert 1 <= min(map(abs, moved)) <= max(map(abs, moved)) <= 364
    assert len(set(moved)) > len(moved) / 2  # a person has days of its own


def test_no_message_shows_a_key(tmp_path: Path) -> None:
    """Errors of the database quote statements; the key stands in none."""
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    assert harmonize(tmp_path, "project", "set", "P", "--time", "shifted", "--key-file", str(key)).returncode == 0
    key.write_bytes(bytes(range(33)))
    done = harmonize(tmp_path, "load", "a", "--source", "ehr", "--mapping", "hospital", "--project", "P")
    assert done.returncode == 2
    assert "is not the key" in done.stderr
