"""Cases that are one person: by crosswalk and by token, with and without a shared time base, in any order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from two_hospitals import FILES, HEADER, RESULT, Hospitals

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import Store, open_store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.pipeline.store_schema import create

DATED = HEADER + ",day_difference"
CONFLICTS = (
    "SELECT value FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE rule = 'merge_conflict' ORDER BY 1"
)


@pytest.fixture
def hospitals(new_store: Store, tmp_path: Path) -> Hospitals:
    return Hospitals(new_store, tmp_path)


def test_cases_of_one_calendar_become_one_person(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    assert hospitals.persons() == [["a1"], ["a2"], ["b1"], ["b2"]]
    result = hospitals.crosswalk("A,a1,B,b1")
    assert (result.added, result.merged_persons, result.same_as, result.waiting) == (1, 1, 0, 0)
    assert hospitals.persons() == [["a1", "b1"], ["a2"], ["b2"]]
    assert hospitals.rows("SELECT person_id FROM omop.person ORDER BY 1") == [(1,), (2,), (4,)]
    visits = "SELECT person_id, visit_start_date::VARCHAR FROM omop.visit_occurrence WHERE person_id = 1 ORDER BY 2"
    assert hospitals.rows(visits) == [(1, "2021-03-01"), (1, "2021-06-01")]
    assert hospitals.rows("SELECT person_id, death_date::VARCHAR FROM omop.death") == [(1, "2021-06-03")]
    period = (
        "SELECT observation_period_start_date::VARCHAR, observation_period_end_date::VARCHAR "
        "FROM omop.observation_period"
    )
    assert hospitals.rows(f"{period} WHERE person_id = 1") == [("2021-03-01", "2021-06-03")]
    # the year of birth is better than the age, and the zip is kept though the later hospital has none
    known = (
        "SELECT year_of_birth, precision, location_id IS NOT NULL "
        "FROM omop.person JOIN harmonize.person_age USING (person_id)"
    )
    assert hospitals.rows(f"{known} WHERE person_id = 1") == [(1950, "birth_year", True)]
    assert hospitals.rows("SELECT count(*) FROM omop.observation WHERE observation_source_value = 'age_precision'") == [
        (1,)
    ]


def test_removing_the_file_restores_the_persons(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    before = hospitals.everything()
    hospitals.crosswalk("A,a1,B,b1", "B,b2,A,a2")
    merged = hospitals.everything()
    assert merged != before
    again = hospitals.crosswalk("A,a1,B,b1", "A,a2,B,b2")  # the same pairs, one the other way round
    assert (again.added, again.unchanged) == (0, 2)
    assert hospitals.everything() == merged
    result = hospitals.crosswalk("A,a1,B,b1", "B,b2,A,a2", "A,a1,B,b9", remove=True)
    assert (result.removed, result.unknown, result.merged_persons) == (2, 1, 0)
    after = hospitals.everything()
    changed = {name for name in before if before[name] != after[name]}
    # ids that only the merged persons' rows had stay retired
    assert changed <= {'harmonize."row_id_retired"'}


def test_order_does_not_matter(hospitals: Hospitals, tmp_path: Path) -> None:
    hospitals.load("A")
    hospitals.load("B")
    hospitals.crosswalk("A,a1,B,b1")
    with open_store(tmp_path / "other.duckdb", create=True, initialise=create) as store:
        other = Hospitals(store, tmp_path)
        first = other.crosswalk("B,b1,A,a1")
        assert (first.added, first.waiting) == (1, 1)
        other.load("A")
        other.load("B")
        assert other.rows("FROM harmonize.person_case ORDER BY ALL") == hospitals.rows(
            "FROM harmonize.person_case ORDER BY ALL"
        )
        left, right = hospitals.everything(ids=False), other.everything(ids=False)
        for registry in ("row_id", "row_id_retired"):
            persons = f"SELECT row_key, omop_id FROM harmonize.{registry} WHERE omop_table = 'person' ORDER BY omop_id"
            assert other.rows(persons) == hospitals.rows(persons)
            del left[f'harmonize."{registry}"'], right[f'harmonize."{registry}"']
        assert left == right


def test_a_case_that_is_withdrawn_and_comes_again(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    hospitals.crosswalk("A,a1,B,b1")
    withdraw(hospitals.store, 1)
    # what is left is the person that b1 is on its own, with the id that it had
    assert hospitals.rows("SELECT case_key, person_id FROM harmonize.person_case ORDER BY 1") == [("b1", 3), ("b2", 4)]
    hospitals.load("A")
    assert hospitals.rows("SELECT case_key, person_id FROM harmonize.person_case ORDER BY 1") == [
        ("a1", 1), ("a2", 2), ("b1", 1), ("b2", 4)]  # fmt: skip


def test_pairs_merge_over_cases_that_are_not_there(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    result = hospitals.crosswalk("A,a1,A,a9", "A,a9,B,b1", "B,b1,B,b2")
    assert result.waiting == 2
    assert hospitals.persons() == [["a1", "b1", "b2"], ["a2"]]
    hospitals.crosswalk("B,b1,B,b2", remove=True)
    assert hospitals.persons() == [["a1", "b1"], ["a2"], ["b2"]]


def test_without_a_shared_time_base_two_persons_stay(hospitals: Hospitals) -> None:
    set_project(hospitals.store, "B", time="offset", source_anchor=date(2021, 6, 1))
    hospitals.load("A")
    hospitals.load("B")
    result = hospitals.crosswalk("A,a1,B,b1")
    assert (result.merged_persons, result.same_as) == (0, 1)
    assert len(hospitals.persons()) == 4
    assert hospitals.rows("FROM harmonize.person_same_as") == [(1, 3, "crosswalk")]
    # the file says by how many days the two calendars differ: visit on day 0 was on 2021-06-01
    days = (date(2021, 6, 1) - date(2020, 1, 1)).days
    changed = hospitals.crosswalk(f"A,a1,B,b1,{days}", header=DATED)
    assert (changed.changed, changed.merged_persons, changed.same_as) == (1, 1, 0)
    dated = "SELECT visit_start_date::VARCHAR FROM omop.visit_occurrence WHERE person_id = 1 ORDER BY 1"
    assert hospitals.rows(dated) == [("2021-03-01",), ("2021-06-01",)]
    measured = "SELECT measurement_date::VARCHAR FROM omop.measurement WHERE value_as_number >= 150 ORDER BY 1"
    assert hospitals.rows(measured) == [("2020-01-05",), ("2021-06-02",)]  # b2 is nobody else and keeps its dates
    assert hospitals.rows("SELECT death_date::VARCHAR FROM omop.death") == [("2021-06-03",)]
    with pytest.raises(InputError, match="1 day differences to the present dates of B"):
        set_project(hospitals.store, "B", time="offset", source_anchor=date(2021, 5, 1), rebuild=True)
    hospitals.crosswalk("A,a1,B,b1", remove=True)
    assert hospitals.rows("SELECT death_date::VARCHAR FROM omop.death") == [("2020-01-03",)]


def test_the_surviving_person_gives_the_time_base(hospitals: Hospitals) -> None:
    """The file names the younger person first: its dates are moved, the other way."""
    hospitals.load("A")
    hospitals.load("B")
    hospitals.crosswalk("B,b1,A,a1,10", header=DATED)
    dated = "SELECT visit_start_date::VARCHAR FROM omop.visit_occurrence WHERE person_id = 1 ORDER BY 1"
    assert hospitals.rows(dated) == [("2021-03-01",), ("2021-05-22",)]


def test_a_time_base_can_be_stated_or_denied(hospitals: Hospitals) -> None:
    set_project(hospitals.store, "B", time="offset", source_anchor=date(2021, 6, 1))
    hospitals.load("A")
    hospitals.load("B")
    header = HEADER + ",same_time_base,basis"
    hospitals.crosswalk("A,a1,B,b1,true,registry", header=header)
    assert hospitals.persons()[0] == ["a1", "b1"]
    hospitals.crosswalk("A,a1,B,b1,false,registry", header=header)
    assert hospitals.rows("FROM harmonize.person_same_as") == [(1, 3, "registry")]


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [("day_difference", "5", "6"), ("same_time_base", "true", "false"), ("basis", "registry", "honest broker")],
)
def test_a_pair_of_which_anything_else_is_said_is_changed(
    hospitals: Hospitals, column: str, one: str, other: str
) -> None:
    header, stored = f"{HEADER},{column}", f"SELECT {column}::VARCHAR FROM harmonize.crosswalk"
    for said, what in ((one, "added"), (one, "unchanged"), (other, "changed"), (other, "unchanged")):
        result = hospitals.crosswalk(f"A,a1,B,b1,{said}", header=header)
        assert (getattr(result, what), hospitals.rows(stored)) == (1, [(said,)])


@pytest.mark.parametrize(
    "lines",
    [
        ["A,a1,A,a2,10", "A,a2,B,b1,20"],  # from one to the next
        ["A,a1,B,b1,30", "A,a2,B,b1,20"],  # and back from the last
        ["B,b1,A,a1,-30", "B,b1,A,a2,-20"],  # said the other way round
    ],
)
def test_days_add_up_along_the_pairs(hospitals: Hospitals, lines: list[str]) -> None:
    """Whichever way a case is reached, its dates move by the same days."""
    hospitals.load("A")
    hospitals.load("B")
    result = hospitals.crosswalk(*lines, header=DATED)
    assert (result.merged_persons, result.contradictory) == (1, 0)
    moved = "SELECT value_as_number::INTEGER, measurement_date::VARCHAR FROM omop.measurement ORDER BY 1"
    assert dict(hospitals.rows(moved)) == {
        140: "2021-03-02", 141: "2021-04-12", 150: "2021-07-02", 151: "2021-06-05"
    }  # fmt: skip


def test_day_differences_that_contradict_each_other_merge_nothing(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    lines = ["A,a1,B,b1,1", "B,b1,B,b2,1", "A,a1,B,b2,5"]
    result = hospitals.crosswalk(*lines, header=DATED)
    assert (result.merged_persons, result.same_as, result.contradictory) == (0, 3, 3)
    assert any("two ways" in line for line in result.summary_lines())
    result = hospitals.crosswalk("A,a1,B,b2,2", header=DATED)
    assert (result.merged_persons, result.contradictory) == (1, 0)
    assert hospitals.persons() == [["a1", "b1", "b2"], ["a2"]]


def test_differences_between_merged_cases_are_findings(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    hospitals.crosswalk("A,a1,B,b2")
    # the latest clinical case wins, whichever id survives
    assert hospitals.rows(CONFLICTS) == [("case a1: birth about 1950, kept 1980",), ("case a1: sex F, kept M",)]
    assert hospitals.rows("SELECT gender_concept_id, year_of_birth FROM omop.person WHERE person_id = 1") == [
        (8507, 1980)
    ]
    hospitals.crosswalk("A,a1,B,b2", remove=True)
    assert hospitals.rows(CONFLICTS) == []


def test_a_clinical_case_beats_images_of_another_project(hospitals: Hospitals, tmp_path: Path) -> None:
    hospitals.load("A")
    index = tmp_path / "index.csv"
    index.write_text(
        "collection_id,PatientID,SeriesInstanceUID,StudyInstanceUID,PatientAge,PatientSex,StudyDate,SeriesDate,Modality\n"
        "c,x1,1.2,1,040Y,M,2021-03-05,2021-03-05,CR\n"
    )
    load(hospitals.store, [index], source="idc", project="I")
    hospitals.crosswalk("I,x1,A,a1")
    assert hospitals.rows("SELECT gender_concept_id, year_of_birth FROM omop.person WHERE person_id = 1") == [
        (8532, 1950)
    ]
    # the image belongs to the visit of the other project that contains its day
    linked = "SELECT person_id, tier, visit_occurrence_id IS NOT NULL FROM harmonize.image_link"
    assert hospitals.rows(linked) == [(1, "contained", True)]
    assert hospitals.rows(CONFLICTS) == [("case x1: birth about 1981, kept 1950",), ("case x1: sex M, kept F",)]


def test_equal_tokens_of_two_projects_are_one_person(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    con = hospitals.store.con
    con.execute("UPDATE midrc.\"case\" SET token_record_id = 't1' WHERE case_key IN ('a1', 'b1')")
    hospitals.load("A", result=RESULT + "r9,a1,s1,2951-2,2021-03-03,142,mmol/L,\n")
    assert hospitals.persons() == [["a1", "b1"], ["a2"], ["b2"]]
    # the crosswalk may say that the two do not share a time base
    hospitals.crosswalk("A,a1,B,b1,false", header=HEADER + ",same_time_base")
    assert hospitals.rows("FROM harmonize.person_same_as") == [(1, 3, "crosswalk")]


def test_equal_tokens_of_one_project_say_nothing(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.store.con.execute("UPDATE midrc.\"case\" SET token_record_id = 't'")
    hospitals.load("A", result=RESULT + "r9,a1,s1,2951-2,2021-03-03,142,mmol/L,\n")
    assert hospitals.persons() == [["a1"], ["a2"]]


def test_a_long_chain(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.crosswalk("A,a1,X,x0", *(f"X,x{i},X,x{i + 1}" for i in range(40)), "X,x40,A,a2")
    # x is no project yet: nothing is known of its dates
    assert hospitals.rows("FROM harmonize.person_same_as") == [(1, 2, "crosswalk")]
    set_project(hospitals.store, "X", time="as_is")
    hospitals.load("A", result=RESULT + "r9,a1,s1,2951-2,2021-03-03,142,mmol/L,\n")
    assert hospitals.persons() == [["a1", "a2"]]


@pytest.mark.parametrize(
    ("header", "line", "message"),
    [
        (HEADER, "A,a1,B,", "line 2: case_key_2 is empty; expected: the key of a case"),
        (HEADER, "A,a1,A,a1", "line 2: case_key_2 is 'a1'; expected: another case"),
        (DATED, "A,a1,B,b1,2.5", "line 2: day_difference is '2.5'; expected: a whole number of days"),
        (HEADER + ",same_time_base", "A,a1,B,b1,maybe", "line 2: same_time_base is 'maybe'; expected: true, false"),
        (DATED + ",same_time_base", "A,a1,B,b1,3,true", "line 2: day_difference is '3'; expected: 0 or nothing"),
        (HEADER, "A,a1,B", "line 2: the line cannot be read"),
        (HEADER + ",day_differnce", "A,a1,B,b1,3", "line 1: 'day_differnce' is no column"),
        ("project_id_1,case_key_1,project_id_2", "A,a1,B", "line 1: the column case_key_2 is missing"),
        (DATED, "A,a1,B,b1,3\nB,b1,A,a1,3", "line 3: the pair 'a1' and 'b1' stands on several lines that differ"),
    ],
)
def test_bad_files_are_told_and_change_nothing(hospitals: Hospitals, header: str, line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        hospitals.crosswalk("A,ok,B,ok" + "," * header[len(HEADER) :].count(","), line, header=header) if (
            "line 1" in message
        ) else hospitals.crosswalk(*line.split("\n"), header=header)
    assert hospitals.rows("SELECT count(*) FROM harmonize.crosswalk") == [(0,)]
    assert hospitals.rows("SELECT count(*) FROM duckdb_databases() WHERE database_name = 'stage'") == [(0,)]


def test_the_command(hospitals: Hospitals, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hospitals.load("A", **FILES["A"])
    path = hospitals.store.path
    hospitals.store.con.close()
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text(HEADER.replace(",", "\t") + "\nA\ta1\tA\ta2\n")
    assert main(["crosswalk", "load", str(pairs), "--db", str(path), "--json"]) == 0
    assert '"merged_persons": 1' in capsys.readouterr().out
    assert main(["crosswalk", "remove", str(pairs), "--db", str(path)]) == 0
    assert "Pairs of cases: 1 removed" in capsys.readouterr().out
