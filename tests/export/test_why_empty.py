"""What is told of SQL that finds nothing, by the command, by `harmonize.query` and by `db.sql`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rows_by_hand import people, put, study

import harmonize
from harmonize.cli.main import main
from harmonize.engine.store import open_store
from harmonize.export.frames import says_nothing

TESTS = "Project P has no tests of the virus with a result."
SHIFTED = "The days of project P are shifted: a date of the calendar is another day there."
MOVED = (
    "In project P the days of images are 1 day before those of the clinical records (imaging_date_offset_days): "
    "beside clinical days take clinical_date."
)
NO_DRUGS = "Project P has no drugs."


@pytest.fixture(scope="module")
def db(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shifted project with one person, who has one study and a condition."""
    path = tmp_path_factory.mktemp("why") / "store.duckdb"
    path.write_bytes(empty_store.read_bytes())
    with open_store(path) as store, store.transaction() as con:
        put(
            con, "harmonize.project",
            [{"project_id": "P", "time_policy": "shifted", "imaging_date_offset_days": 1}],
        )  # fmt: skip
        people(con, [1])
        put(
            con, "harmonize.person_case",
            [{"project_id": "P", "case_key": "c1", "person_id": 1, "basis": "clinical", "chosen_project_id": "P",
              "chosen_case_key": "c1"}],
        )  # fmt: skip
        study(con, 1)
        put(con, "omop.condition_occurrence", [
            {"condition_occurrence_id": 1, "person_id": 1, "condition_start_date": "2021-03-01"},
        ])  # fmt: skip
    return path


@pytest.fixture(scope="module")
def opened(db: Path) -> Iterator[harmonize.Database]:
    with harmonize.open(db, read_only=True) as database:
        yield database


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT * FROM linked.covid_test", [TESTS]),
        ("SELECT count(*), sum(person_id) FROM linked.covid_test", [TESTS]),
        ("WITH t AS (SELECT * FROM linked.covid_test) SELECT * FROM t WHERE result = 'Positive'", [TESTS]),
        ("SELECT * FROM linked.person_summary WHERE project_id = 'Q'", ["There is no project Q; there are P."]),
        ("SELECT * FROM linked.person_summary WHERE project_id IN ('Q', 'P') AND sex = 'x'",
         ["There is no project Q; there are P."]),
        ("SELECT * FROM linked.imaging_timeline WHERE study_date = DATE '2021-04-01'", [SHIFTED]),
        ("SELECT * FROM linked.event WHERE omop_table = 'drug_exposure'", [NO_DRUGS]),
        ("SELECT * FROM linked.imaging_timeline t JOIN omop.condition_occurrence c "
         "ON c.person_id = t.person_id AND c.condition_start_date = t.study_date + 5", [MOVED]),
        # the reason is not known
        ("SELECT 1 WHERE false", []),
        ("SELECT * FROM linked.imaging_timeline WHERE modality = 'MR'", []),
        ("SELECT name FROM harmonize.source_file", []),
        # something is found
        ("SELECT count(*) FROM linked.person_summary", []),
        ("SELECT p.person_id FROM linked.person_summary p LEFT JOIN linked.covid_test t USING (person_id)", []),
        ("SELECT * FROM (VALUES (0), (0)) v WHERE 0 < (SELECT count(*) + 1 FROM linked.covid_test)", []),
    ],
)  # fmt: skip
def test_what_is_told_of_an_answer(opened: harmonize.Database, sql: str, told: list[str]) -> None:
    answer = opened.sql(sql)
    assert answer.notes == told
    if not answer.fetchall():
        assert repr(opened.sql(sql)).splitlines()[1:] == told
        assert opened.sql(sql)._repr_html_().count("<p>") == len(told)


def test_the_command_tells_it_on_stderr(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for sql, told in (("SELECT count(*) AS n FROM linked.covid_test", f"Warning: {TESTS}\n"), ("SELECT 1 AS n", "")):
        assert main(["query", sql, "--db", str(db), "--format", "csv"]) == 0
        out = capsys.readouterr()
        assert (out.out, out.err) == (f"n\n{0 if told else 1}\n", told)


def test_a_file_of_an_answer_is_told_of_too(db: Path, tmp_path: Path) -> None:
    found = harmonize.query(db, "FROM linked.covid_test", format="parquet", output=tmp_path / "rows.parquet")
    assert found.notes == [TESTS]


def test_a_file_of_others_tells_nothing(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "other.duckdb")) as con:
        con.execute("CREATE SCHEMA linked; CREATE TABLE linked.covid_test (person_id INTEGER)")
    told = harmonize.query(tmp_path / "other.duckdb", "FROM linked.covid_test")
    assert (list(told), told.notes) == ([], [])


def test_the_rows_that_say_nothing() -> None:
    assert [says_nothing(rows) for rows in ([], [(0,)], [(None, 0)], [(0, "a")], [([],)], [(0,), (0,)])] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
