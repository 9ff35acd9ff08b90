"""What is done in one project is done there alone, though another one has the same files, keys and cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stores import copied
from two_hospitals import FILES, HEADER, Hospitals

from harmonize.engine.store import Store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.acts.withdraw_person import reinstate_person, withdraw_person
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project

MINE = "SELECT person_id FROM harmonize.person_case WHERE project_id = 'A'"
NEWEST = "(SELECT max(submission_id) FROM harmonize.submission WHERE project_id = 'B')"
FEWER = FILES["A"]["result"].splitlines(keepends=True)[0] + FILES["A"]["result"].splitlines(keepends=True)[2]
OTHERS = FILES["A"]["result"].replace(",140,", ",149,").replace(",141,mmol/L,", ",,,delete")


@pytest.fixture(scope="module")
def loaded(module_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two projects with the files of one hospital, to be copied."""
    made = Hospitals(module_store, tmp_path_factory.mktemp("files"))
    for project in "AB":
        made.load("A", project=project)
    made.store.con.execute("CHECKPOINT")
    return made.store.path


@pytest.fixture
def hospitals(loaded: Path, tmp_path: Path) -> Iterator[Hospitals]:
    with copied(loaded, tmp_path) as store:
        yield Hospitals(store, tmp_path)


def of_a(hospitals: Hospitals) -> dict[str, list[str]]:
    """Every row of the first project: of the hub, of its persons, and of its submissions."""
    tables = hospitals.rows(
        "SELECT schema_name || '.\"' || table_name || '\"', list(column_name) FROM duckdb_columns() "
        "WHERE schema_name IN ('omop', 'midrc', 'archive', 'linked', 'harmonize') GROUP BY ALL"
    )
    found = {}
    for name, columns in tables:
        if "project_id" in columns:
            where = "project_id = 'A'"
        elif "person_id" in columns:
            where = f"person_id IN ({MINE})"
        elif "submission_id" in columns:
            where = "submission_id IN (SELECT submission_id FROM harmonize.submission WHERE project_id = 'A')"
        else:
            continue
        found[name] = sorted(map(repr, hospitals.rows(f"SELECT * FROM {name} WHERE {where}")))
    return found


def snapshot(hospitals: Hospitals) -> None:
    path = hospitals.folder / "result.csv"
    path.write_text(FEWER, encoding="utf-8")
    mapping = str(Path(__file__).parent / "data" / "hospital")
    load(hospitals.store, [path], source="ehr", mapping=mapping, project="B", mode="snapshot")


def withdrawn(hospitals: Hospitals) -> None:
    ((number,),) = hospitals.rows(f"SELECT {NEWEST}")
    withdraw(hospitals.store, number)


def person(hospitals: Hospitals) -> None:
    withdraw_person(hospitals.store, "B", "a1")


def person_and_back(hospitals: Hospitals) -> None:
    person(hospitals)
    reinstate_person(hospitals.store, "B", "a1")


DONE: dict[str, Callable[[Hospitals], object]] = {
    "changes and orders to delete": lambda h: h.load("A", project="B", result=OTHERS),
    "a snapshot": snapshot,
    "a withdrawal": withdrawn,
    "a person": person,
    "a person who comes back": person_and_back,
    "a merge": lambda h: h.crosswalk("B,a1,B,a2", header=HEADER),
    "another calendar": lambda h: set_project(h.store, "B", time="offset", source_anchor="2021-03-01", rebuild=True),
}


@pytest.mark.parametrize("done", DONE.values(), ids=DONE)
def test_the_other_project_stays_as_it_was(hospitals: Hospitals, done: Callable[[Hospitals], object]) -> None:
    before = of_a(hospitals)
    assert len(before['omop."person"']) == 2
    mine = hospitals.rows("SELECT count(*), sum(loaded) FROM harmonize.source_file WHERE submission_id = 1")
    done(hospitals)
    after = of_a(hospitals)
    for name, rows in before.items():
        assert after[name] == rows, name
    assert hospitals.rows("SELECT count(*), sum(loaded) FROM harmonize.source_file WHERE submission_id = 1") == mine


def test_who_comes_back_comes_back_in_one_project(hospitals: Hospitals) -> None:
    """What a load left out of the other project, for the same reason, stays out."""
    left_out = (
        "SELECT project_id, count(*) FROM harmonize.record JOIN harmonize.submission USING (submission_id) "
        "JOIN harmonize.reason USING (reason_id) WHERE is_current AND reason = 'person_withdrawn' GROUP BY 1 ORDER BY 1"
    )
    for project in "AB":
        withdraw_person(hospitals.store, project, "a1")
        hospitals.load("A", project=project)
    assert hospitals.rows(left_out) == [("A", 3), ("B", 3)]
    reinstate_person(hospitals.store, "B", "a1")
    assert hospitals.rows(left_out) == [("A", 3)]
