"""Every linked view says of which project and site a row is, and whose days its dates are. Columns are explained."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection
from rows_by_hand import covid_test, day, people, put, study

from harmonize.engine.store import open_store
from harmonize.export.publish import publish

SILENT = """
SELECT schema_name, table_name, column_name FROM duckdb_columns()
WHERE schema_name IN ('omop', 'midrc', 'linked') AND coalesce(comment, '') = '' ORDER BY ALL
"""
WITHOUT_PLACE = """
SELECT view_name FROM duckdb_views() v
WHERE schema_name = 'linked' AND (SELECT count(*) FROM duckdb_columns() c
    WHERE c.schema_name = 'linked' AND c.table_name = v.view_name
      AND c.column_name IN ('project_id', 'site_id', 'dates')) <> 3
"""
PROJECTS = {"P": (None, None), "Q": ("offset", None), "R": ("shifted", True), "S": ("as_is", True)}
DATES = {"P": "real", "Q": "offset", "R": "shifted", "S": "shifted_by_source"}


def fill(con: DuckDBPyConnection) -> None:
    """Person 1 to 4 in a project each, person 5 in P and Q, with the key of Q. Each has a study and a test."""
    put(
        con, "harmonize.project",
        [
            {"project_id": name, "time_policy": policy, "shifted_by_source": moved, "imaging_date_offset_days": 2}
            for name, (policy, moved) in PROJECTS.items()
        ],
    )  # fmt: skip
    cases = [*zip(PROJECTS, range(1, 5), strict=True), ("P", 5), ("Q", 5)]
    keys = {(project, n): f"c{n}" if (project, n) != ("P", 5) else "other" for project, n in cases}
    people(con, range(1, 6))
    put(
        con, "harmonize.person_case",
        [
            {"project_id": project, "case_key": keys[project, n], "person_id": n, "basis": "clinical",
             "chosen_project_id": project, "chosen_case_key": keys[project, n]}
            for project, n in cases
        ],
    )  # fmt: skip
    put(
        con, 'midrc."case"',
        [
            {"type": "case", "submitter_id": key, "project_id": project, "case_key": key, "record_id": n,
             "mapping_id": 1, "site_id": f"{project}-site" if n != 4 else None}
            for (project, n), key in keys.items()
        ],
    )  # fmt: skip
    for n, project in enumerate(["P", "Q", "R", "S", "Q"], 1):
        study(con, n, 10, project_id=project, case_key=f"c{n}", imaging_date_offset_days=2)
    put(
        con, "midrc.imaging_study",
        [
            {"project_id": "Q", "case_key": f"c{n}", "cases": f"c{n}", "submitter_id": f"1.{n}", "days_to_study": 3.7}
            for n in (2, 5)
        ],
    )  # fmt: skip
    put(con, "omop.measurement", [covid_test(n, n, 4) for n in range(1, 6)])


@pytest.fixture
def con(hand: DuckDBPyConnection) -> DuckDBPyConnection:
    fill(hand)
    return hand


EXPECTED = [
    (n, project, f"{project}-site" if n != 4 else None, DATES[project])
    for n, project in enumerate(["P", "Q", "R", "S", "Q"], 1)
]


@pytest.mark.parametrize("view", ["imaging_timeline", "imaging_study_clinical", "longitudinal_series"])
def test_a_study_stands_on_its_stored_day_and_on_that_of_the_records(con: DuckDBPyConnection, view: str) -> None:
    rows = con.execute(
        "SELECT person_id, project_id, site_id, dates, study_date, clinical_date, study_day "
        f"FROM linked.{view} ORDER BY person_id"
    ).fetchall()
    assert [row[:4] for row in rows] == EXPECTED
    # days_to_study 3.7 is in the fourth day of the case, and the project's images are moved by two
    assert [row[4:] for row in rows] == [
        (day(10), day(12), 5 if project == "Q" else None) for _, project, *_ in EXPECTED
    ]


@pytest.mark.parametrize("view", ["person_summary", "covid_test", "event"])
def test_what_is_of_a_person_is_of_the_project_whose_key_the_person_has(con: DuckDBPyConnection, view: str) -> None:
    rows = con.execute(
        f"SELECT DISTINCT person_id, project_id, site_id, dates FROM linked.{view} ORDER BY 1"
    ).fetchall()
    assert rows == EXPECTED
    # a person of two projects has each row once
    assert con.execute(f"SELECT count(*) FROM linked.{view} WHERE person_id = 5").fetchone() == (
        2 if view == "event" else 1,
    )


def test_a_sign_is_of_each_project_of_its_person(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT person_id, project_id, site_id, dates, date_basis FROM linked.covid_status ORDER BY 1, 2"
    ).fetchall()
    assert [row[:4] for row in rows] == sorted([*EXPECTED, (5, "P", "P-site", "real")])
    assert {row[3:] for row in rows} == {
        ("real", "real"), ("offset", "shifted"), ("shifted", "shifted"), ("shifted_by_source", "shifted"),
    }  # fmt: skip


def test_readings_and_series(con: DuckDBPyConnection) -> None:
    for reader in ("a", "b"):
        put(
            con, "midrc.annotation",
            [{"project_id": "Q", "case_key": "c2", "study_uid": "1.2", "submitter_id": reader, "reader_key": reader,
              "label_group": reader, "question": "q", "answer": "yes", "coding": None}],
        )  # fmt: skip
    put(
        con, "omop.image_occurrence",
        [{"image_occurrence_id": 1, "person_id": 2, "procedure_occurrence_id": 2, "image_study_uid": "1.2",
          "image_series_uid": "1.2.1", "image_occurrence_date": day(11), "modality_concept_id": 0,
          "anatomic_site_concept_id": 0}],
    )  # fmt: skip
    put(
        con, "midrc.imaging_series",
        [{"project_id": "Q", "case_key": "c2", "submitter_id": "s", "study_uid": "1.2", "series_uid": "1.2.1",
          "modality": "XC", "body_part_examined": "CHEST"}],
    )  # fmt: skip
    place = "project_id, site_id, dates, clinical_date, study_day"
    expected = ("Q", "Q-site", "offset", day(12), 5)
    for view, count in (("annotation_read", 2), ("annotation_consensus", 1)):
        assert con.execute(f"SELECT {place} FROM linked.{view}").fetchall() == [expected] * count
    assert con.execute(
        f"SELECT {place}, series_date, modality_concept_name, anatomic_site_name FROM linked.imaging_series"
    ).fetchall() == [("Q", "Q-site", "offset", day(13), 5, day(11), "XC", "CHEST")]
    kappa = con.execute("SELECT DISTINCT project_id, site_id, dates FROM linked.reader_agreement").fetchall()
    assert kappa == [("Q", None, "offset")]


def test_an_answer_without_a_concept_is_told_as_the_source_wrote_it(hand: DuckDBPyConnection) -> None:
    people(hand, [1])
    answers: list[tuple[float | None, str | None]] = [(None, "rarely"), (4.5, "4.5"), (None, None)]
    for number, (value, text) in enumerate(answers, 1):
        put(
            hand, "omop.measurement",
            [{"measurement_id": number, "person_id": 1, "measurement_date": date(2021, 3, 1), "value_as_number": value,
              "value_source_value": text}],
        )  # fmt: skip
    found = hand.execute("SELECT value_concept_name FROM linked.event ORDER BY omop_id").fetchall()
    assert found == [("rarely",), (None,), (None,)]


@pytest.fixture(scope="module")
def files(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    store = folder / "store.duckdb"
    store.write_bytes(empty_store.read_bytes())
    with open_store(store) as opened, opened.transaction() as con:
        fill(con)
        for number, project in enumerate(PROJECTS, 1):
            con.execute(
                "INSERT INTO harmonize.submission VALUES (?, ?, 'ehr', 'x', 'v1', 'upsert', 'loaded', "
                "TIMESTAMP '2026-01-01', '0.1', NULL, NULL)",
                [number, project],
            )
            con.execute(
                "INSERT INTO harmonize.record VALUES (?, ?, 1, 2, 1, 'k', uuid(), uuid(), 'loaded', NULL, true, NULL)",
                [number, number],
            )
    publish(store, folder / "published", forms=("duckdb", "duckdb1"), limited_data_set=True)
    return {"store": store, **{path.stem: path for path in (folder / "published").iterdir()}}


def test_every_column_is_explained_in_the_store_and_in_the_published_files(files: dict[str, Path]) -> None:
    assert len(files) == 3
    for path in files.values():
        with duckdb.connect(str(path), read_only=True) as con:
            assert con.execute(SILENT).fetchall() == []
            assert con.execute(WITHOUT_PLACE).fetchall() == []
            assert con.execute("SELECT count(*) FROM duckdb_columns() WHERE comment <> ''").fetchone() > (1300,)


def test_a_published_file_tells_the_same_dates_and_a_pseudonym_of_the_site(files: dict[str, Path]) -> None:
    found = {}
    for name, path in files.items():
        with duckdb.connect(str(path), read_only=True) as con:
            found[name] = con.execute(
                "SELECT project_id, dates, study_day, count(DISTINCT site_id) FROM linked.imaging_timeline "
                "GROUP BY ALL ORDER BY project_id"
            ).fetchall()
            sites = con.execute("SELECT list(DISTINCT site_id) FROM linked.imaging_timeline").fetchone()
            assert (name == "store") == ("Q-site" in (sites or [()])[0])
    assert [*found.values()] == [found["store"]] * 3
    assert ("Q", "offset", 5, 1) in found["store"]
