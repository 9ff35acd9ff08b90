"""Which case gives a person of several cases its id: chosen by project and case key, then kept."""

from __future__ import annotations

import shutil
from itertools import permutations
from pathlib import Path

import pytest
from two_hospitals import HEADER, Hospitals

from harmonize.engine.store import open_store
from harmonize.pipeline.acts.withdraw_person import withdraw_person
from harmonize.pipeline.project import set_project

DATED = HEADER + ",day_difference"
PATIENT = "patient_id,birth_year,age,sex,zip3\n"
STAY = "stay_id,patient_id,kind,admitted,discharged,outcome\n"
CHOICE = "SELECT case_key, person_id, chosen_case_key FROM harmonize.person_case ORDER BY project_id, case_key"


def patients(*keys: str) -> str:
    return PATIENT + "".join(f"{key},1950,,F,021\n" for key in keys)


@pytest.fixture
def hospitals(empty_store: Path, tmp_path: Path) -> Hospitals:
    """Hospitals whose projects share a calendar. Pairs with a project of which nothing is known merge nothing."""
    made = Hospitals(open_store(shutil.copy(empty_store, tmp_path / "store.duckdb")), tmp_path)
    for project in "ABC":
        set_project(made.store, project, time="as_is")
    return made


def own_ids(hospitals: Hospitals) -> dict[str, int]:
    """The id that each case has on its own, by its key in the registry."""
    keys = "('A', 'a0'), ('A', 'a1'), ('B', 'b1'), ('B', 'b2'), ('C', 'c1'), ('C', 'c2')"
    return dict(
        hospitals.rows(
            f"SELECT k.case_key, i.omop_id FROM (VALUES {keys}) k (project_id, case_key) "
            "JOIN (FROM harmonize.row_id UNION ALL FROM harmonize.row_id_retired) i "
            "ON i.omop_table = 'person' AND i.row_key = md5('person|' || project_id || '|' || k.case_key)::UUID"
        )
    )


def chosen(hospitals: Hospitals) -> dict[str, str]:
    """Case → the case that was chosen for its person, whose own id the person has; persons and registry agree."""
    own, found = own_ids(hospitals), hospitals.rows(CHOICE)
    for _, person, case in found:
        assert own[case] == person
    live = "SELECT omop_id FROM harmonize.row_id WHERE omop_table = 'person' ORDER BY 1"
    assert hospitals.rows(live) == hospitals.rows("SELECT person_id FROM omop.person ORDER BY 1")
    assert hospitals.rows(live) == [(number,) for number in sorted({person for _, person, _ in found})]
    assert len(set(own.values())) == len(own)
    return {case: choice for case, _, choice in found}


@pytest.mark.parametrize("order", list(permutations("ABX")), ids="".join)
def test_the_order_of_loads_makes_no_difference(hospitals: Hospitals, order: tuple[str, ...]) -> None:
    for step in order:
        if step == "X":
            hospitals.crosswalk("B,b1,A,a1", "B,b2,B,b1")
        else:
            hospitals.load(step, patient=patients("a1") if step == "A" else patients("b1", "b2"))
    assert chosen(hospitals) == {"a1": "a1", "b1": "a1", "b2": "a1"}


def test_a_case_that_comes_later_changes_no_id(hospitals: Hospitals) -> None:
    """The first of all cases that the pairs join is chosen, though it is not loaded: its id waits for it."""
    hospitals.crosswalk("A,a0,B,b1", "B,b1,C,c1")
    hospitals.load("C", patient=patients("c1"))
    assert chosen(hospitals) == {"c1": "c1"}  # a person of one case is nobody's but its own
    hospitals.load("B", patient=patients("b1"))
    assert chosen(hospitals) == {"b1": "a0", "c1": "a0"}
    persons = hospitals.rows("SELECT person_id FROM omop.person")
    hospitals.load("A", patient=patients("a0", "a1"))
    assert chosen(hospitals) == {"a0": "a0", "a1": "a1", "b1": "a0", "c1": "a0"}
    assert persons[0] in hospitals.rows("SELECT person_id FROM omop.person")
    hospitals.crosswalk("A,a0,B,b1", remove=True)
    assert chosen(hospitals) == {"a0": "a0", "a1": "a1", "b1": "b1", "c1": "b1"}


def test_a_chosen_case_stays_chosen(hospitals: Hospitals) -> None:
    hospitals.load("A", patient=patients("a1"))
    hospitals.load("B", patient=patients("b1", "b2"))
    hospitals.load("C", patient=patients("c1", "c2"))
    hospitals.crosswalk("B,b1,C,c1")
    hospitals.crosswalk("B,b2,C,c2")
    assert chosen(hospitals) == {"a1": "a1", "b1": "b1", "b2": "b2", "c1": "b1", "c2": "b2"}
    hospitals.crosswalk("A,a1,C,c2")  # an earlier case joins a person that there is
    assert chosen(hospitals) == {"a1": "b2", "b1": "b1", "b2": "b2", "c1": "b1", "c2": "b2"}
    hospitals.crosswalk("C,c1,C,c2")  # two such persons become one
    assert set(chosen(hospitals).values()) == {"b1"}
    hospitals.crosswalk("B,b1,C,c1", remove=True)  # the chosen case leaves
    assert chosen(hospitals) == {"a1": "a1", "b1": "b1", "b2": "a1", "c1": "a1", "c2": "a1"}


def test_a_withdrawn_case_is_not_chosen(hospitals: Hospitals) -> None:
    hospitals.load("A", patient=patients("a1"))
    hospitals.load("B", patient=patients("b1", "b2"))
    hospitals.crosswalk("A,a1,B,b1", "B,b1,B,b2")
    assert set(chosen(hospitals).values()) == {"a1"}
    withdraw_person(hospitals.store, "A", "a1")
    assert chosen(hospitals) == {"b1": "b1", "b2": "b1"}
    assert "a1" not in own_ids(hospitals)


def test_the_chosen_case_gives_the_time_base(hospitals: Hospitals) -> None:
    stays = {
        "A": "s1,a1,clinic,2021-03-01,,home\n",
        "B": "s1,b1,clinic,2021-06-01,,home\ns2,b2,clinic,2021-06-11,,home\n",
    }
    hospitals.load("B", patient=patients("b1", "b2"), stay=STAY + stays["B"])
    hospitals.crosswalk("B,b2,B,b1,100", header=DATED)  # b1 is chosen: 100 days less for b2
    dated = "SELECT visit_start_date::VARCHAR FROM omop.visit_occurrence ORDER BY visit_occurrence_id"
    assert hospitals.rows(dated) == [("2021-06-01",), ("2021-03-03",)]
    hospitals.load("A", patient=patients("a1"), stay=STAY + stays["A"])
    hospitals.crosswalk("A,a1,B,b1,5", header=DATED)  # a1 comes before b1, and its dates move to those of b1
    assert set(chosen(hospitals).values()) == {"b1"}
    assert hospitals.rows(dated) == [("2021-06-01",), ("2021-03-03",), ("2021-02-24",)]
