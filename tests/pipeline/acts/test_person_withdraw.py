"""A person is withdrawn: nothing of the case is left, nobody else loses anything, and later loads leave it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from two_hospitals import FILES, RESULT, Hospitals

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.acts.withdraw_person import reinstate_person, withdraw_person
from harmonize.pipeline.load import load


@pytest.fixture
def hospitals(new_store: Store, tmp_path: Path) -> Hospitals:
    return Hospitals(new_store, tmp_path)


def states(hospitals: Hospitals, submission: int) -> dict[str, tuple[str, str | None]]:
    found = hospitals.rows(f"SELECT record_key, state, reason FROM harmonize.ledger WHERE submission_id = {submission}")
    return {key: (state, reason) for key, state, reason in found}


def traces(hospitals: Hospitals, case: str) -> dict[str, int]:
    """Rows that name the case, by table; the record's own line in the ledger and the list of withdrawn cases apart."""
    tables = hospitals.rows(
        "SELECT table_schema || '.\"' || table_name || '\"' FROM information_schema.columns "
        "WHERE column_name = 'case_key' AND table_name <> 'withdrawn_case' AND table_schema <> 'main'"
    )
    found = {name: hospitals.rows(f"SELECT count(*) FROM {name} WHERE case_key = '{case}'")[0][0] for (name,) in tables}
    found["findings"] = hospitals.rows(f"SELECT count(*) FROM harmonize.finding WHERE value LIKE '%{case}%'")[0][0]
    return {name: count for name, count in found.items() if count}


def test_everything_of_the_case_goes(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("A", result=RESULT + "r1,a1,s1,2951-2,2021-03-02,139,mmol/L,\n")  # a1's result has two versions
    assert traces(hospitals, "a1")
    result = withdraw_person(hospitals.store, "A", "a1")
    assert (result.cases, result.records) == ([("A", "a1")], 4)
    assert traces(hospitals, "a1") == {}
    withdrawn = ("deleted", "person_withdrawn")
    assert states(hospitals, 1) == {"a1": withdrawn, "s1": withdrawn, "r1": withdrawn,
                                    "a2": ("loaded", None), "s2": ("loaded", None), "r2": ("loaded", None)}  # fmt: skip
    assert states(hospitals, 2) == {"r1": withdrawn}
    for table in ("person", "visit_occurrence", "measurement", "observation_period"):
        assert hospitals.rows(f"SELECT person_id FROM omop.{table}") == [(2,)], table
    assert hospitals.rows("SELECT count(*) FROM harmonize.person_age") == [(1,)]
    # what the registry knows are ids that live, and the highest ones without the key that they stood for
    kept = hospitals.rows(
        "SELECT omop_table, omop_id FROM harmonize.row_id_retired WHERE omop_table NOT IN ('location') ORDER BY ALL"
    )
    assert kept == []
    with pytest.raises(InputError, match="was withdrawn already"):
        withdraw_person(hospitals.store, "A", "a1")


def test_ids_are_not_given_out_again(hospitals: Hospitals) -> None:
    hospitals.load("A")
    highest = hospitals.rows("SELECT omop_table, max(omop_id) FROM harmonize.row_id GROUP BY ALL")
    withdraw_person(hospitals.store, "A", "a2")
    hospitals.load("B")
    top = dict(highest)
    ids = hospitals.rows("SELECT r.omop_table, min(r.omop_id) FROM harmonize.row_id r JOIN harmonize.row_source s "
                         "USING (omop_table, omop_id) WHERE s.record_id IN (SELECT record_id FROM harmonize.record "
                         "WHERE submission_id = 2) GROUP BY ALL")  # fmt: skip
    assert {table for table, _ in ids} >= {"person", "measurement", "visit_occurrence"}
    for table, first in ids:
        assert first > top.get(table, 0), table


def test_a_later_load_leaves_the_records_out(hospitals: Hospitals) -> None:
    hospitals.load("A")
    withdraw_person(hospitals.store, "A", "a1")
    again = hospitals.load("A")
    assert (again.states["excluded"], again.states["unchanged"]) == (3, 3)
    assert set(states(hospitals, 2).values()) == {("excluded", "person_withdrawn")}
    assert traces(hospitals, "a1") == {}
    third = hospitals.load("A")
    assert third.states["unchanged"] == third.records == 6
    # another project's case of the same key is someone else
    hospitals.load("A", project="C")
    assert hospitals.rows("SELECT case_key FROM harmonize.person_case WHERE project_id = 'C' ORDER BY 1") == [
        ("a1",), ("a2",)]  # fmt: skip


def test_findings_of_records_that_are_left_out_hold_no_values(hospitals: Hospitals) -> None:
    hospitals.load("A")
    withdraw_person(hospitals.store, "A", "a1")
    hospitals.load(
        "A", result=RESULT + "r1,a1,s1,2951-2,2021-03-02,secret,mmol/L,\nr2,a2,s2,2951-2,2021-04-02,shown,,\n"
    )
    values = [value for (value,) in hospitals.rows("SELECT value FROM harmonize.finding WHERE line IS NOT NULL")]
    assert "secret" not in values
    assert "shown" in values


def test_findings_are_emptied(hospitals: Hospitals) -> None:
    bad = RESULT + "r1,a1,s1,2951-2,2021-03-02,secret,mmol/L,\n"
    hospitals.load("A", **{**FILES["A"], "result": bad})
    assert "secret" in [value for (value,) in hospitals.rows("SELECT value FROM harmonize.finding")]
    withdraw_person(hospitals.store, "A", "a1")
    assert "secret" not in [value for (value,) in hospitals.rows("SELECT value FROM harmonize.finding")]


def test_a_reinstated_person_comes_again_with_the_next_load(hospitals: Hospitals) -> None:
    hospitals.load("A")
    before = hospitals.everything(ids=False)
    withdraw_person(hospitals.store, "A", "a1")
    hospitals.load("A")
    result = reinstate_person(hospitals.store, "A", "a1")
    assert result.records == 3
    assert hospitals.rows("SELECT count(*) FROM omop.person") == [(1,)]
    back = hospitals.load("A")
    assert (back.states["loaded"], back.states["unchanged"]) == (3, 3)
    after = hospitals.everything(ids=False)
    for name in ('omop."measurement"', 'omop."visit_occurrence"', 'omop."person"'):
        assert len(after[name]) == len(before[name]), name
    assert hospitals.rows("SELECT person_id FROM omop.person ORDER BY 1") == [
        (2,),
        (3,),
    ]  # a new id: the old is forgotten
    with pytest.raises(InputError, match="is not withdrawn"):
        reinstate_person(hospitals.store, "A", "a1")


def test_withdrawing_a_submission_brings_nothing_back(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("A", result=FILES["A"]["result"].replace(",140,", ",139,").replace(",141,", ",138,"))
    withdraw_person(hospitals.store, "A", "a1")
    withdraw(hospitals.store, 2)
    assert traces(hospitals, "a1") == {}
    assert hospitals.rows("SELECT value_as_number FROM omop.measurement") == [(141.0,)]  # a2's first version is back
    assert states(hospitals, 1)["r1"] == ("deleted", "person_withdrawn")


def test_a_record_that_changed_its_patient_stays_with_the_other(hospitals: Hospitals) -> None:
    hospitals.load("A")
    moved = {name: FILES["A"][name].replace("1,a1,", "1,a2,") for name in ("stay", "result")}
    hospitals.load("A", **moved)
    retired = "SELECT count(*) FROM harmonize.row_id_retired WHERE omop_table = 'visit_occurrence'"
    assert hospitals.rows(retired) == [(1,)]  # a1's visit, which is a2's now
    withdraw_person(hospitals.store, "A", "a1")
    assert hospitals.rows(retired) == [(0,)]
    assert states(hospitals, 2) == {"s1": ("loaded", None), "r1": ("loaded", None)}
    assert traces(hospitals, "a1") == {}
    assert hospitals.rows("SELECT count(*) FROM omop.measurement WHERE person_id = 2") == [(2,)]


def test_a_merged_person_keeps_its_other_case(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    hospitals.crosswalk("A,a1,B,b1")
    withdraw_person(hospitals.store, "A", "a1")
    assert hospitals.rows("SELECT case_key, person_id FROM harmonize.person_case ORDER BY 1") == [
        ("a2", 2), ("b1", 3), ("b2", 4)]  # fmt: skip
    assert hospitals.rows("SELECT value_as_number FROM omop.measurement WHERE person_id = 3") == [(150.0,)]
    assert traces(hospitals, "a1") == {}


def test_all_projects(hospitals: Hospitals) -> None:
    hospitals.load("A")
    hospitals.load("B")
    # b1 is merged with a1; X's case is not even loaded
    hospitals.crosswalk("A,a1,B,b1", "B,b1,X,x1")
    result = withdraw_person(hospitals.store, "A", "a1", all_projects=True)
    assert result.cases == [("A", "a1"), ("B", "b1"), ("X", "x1")]
    assert result.to_json()["cases"][0] == {"project": "A", "case": "a1"}
    assert hospitals.persons() == [["a2"], ["b2"]]
    assert hospitals.rows("SELECT count(*) FROM omop.death") == [(0,)]
    blocked = hospitals.load("A", project="X", patient="patient_id,birth_year,age,sex,zip3\nx1,1950,,F,021\n")
    assert blocked.states["excluded"] == 1


def test_images_go_too(hospitals: Hospitals, tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    header = (
        "collection_id,PatientID,SeriesInstanceUID,StudyInstanceUID,PatientAge,PatientSex,"
        "StudyDate,SeriesDate,Modality\n"
    )
    index.write_text(
        header + "c,a1,1.2,1,040Y,M,2021-03-05,2021-03-05,CR\nc,a2,2.2,2,061Y,M,2021-04-02,2021-04-02,CR\n"
    )
    hospitals.load("A")
    load(hospitals.store, [index], source="idc", project="A")
    assert traces(hospitals, "a1")["findings"] == 1  # the sex differs
    withdraw_person(hospitals.store, "A", "a1")
    assert traces(hospitals, "a1") == {}
    assert hospitals.rows("SELECT image_series_uid FROM omop.image_occurrence") == [("2.2",)]
    assert hospitals.rows(
        "SELECT count(*) FROM harmonize.row_id_retired WHERE omop_table = 'procedure_occurrence'"
    ) == [(0,)]


@pytest.mark.parametrize(
    ("arguments", "message"), [(("A", "a9"), "has no case 'a9'"), (("Z", "a1"), "There is no project 'Z'")]
)
def test_unknown_cases(hospitals: Hospitals, arguments: tuple[Any, ...], message: str) -> None:
    hospitals.load("A")
    with pytest.raises(InputError, match=message):
        withdraw_person(hospitals.store, *arguments)
    assert hospitals.rows("SELECT count(*) FROM harmonize.withdrawn_case") == [(0,)]


def test_the_commands(hospitals: Hospitals, capsys: pytest.CaptureFixture[str]) -> None:
    hospitals.load("A")
    db = str(hospitals.store.path)
    hospitals.store.con.close()
    assert main(["person", "withdraw", "A", "a1", "--db", db]) == 0
    assert "Withdrawn: A a1; 3 records ended" in capsys.readouterr().out
    assert main(["person", "withdraw", "A", "a1", "--db", db]) == 2
    capsys.readouterr()
    assert main(["person", "reinstate", "A", "a1", "--db", db, "--json"]) == 0
    assert '"action": "reinstated"' in capsys.readouterr().out
