"""Several files joined, several lines of one visit, and slots with several values, from files to OMOP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import Store, open_store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.acts.withdraw_person import withdraw_person
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult
from harmonize.pipeline.store_schema import create

MAPPING = Path(__file__).parents[1] / "data" / "orders"
HEADERS = {
    "patient": "patient_id,races",
    "order": "order_id,patient_id,encounter,kind,admitted,discharged,outcome,ward_code",
    "ward": "code,ward_name,beds",
}
PATIENTS = ["p1,Asian;White", "p2,"]
WARDS = ["W1,ICU,4", "W2,Surgery,20", "W3,Closed,0"]
ORDERS = [
    "o1,p1,e1,inpatient,2021-03-02,2021-03-09,home,W1",
    "o2,p1,e1,clinic,2021-03-01,,,W2",
    "o3,p1,e1,inpatient,2021-03-02,2021-03-12,nursing home,W1",
    "o4,p2,e1,clinic,2021-05-01,,,",
    "o5,p2,e2,clinic,2021-06-01,2021-06-01,home,W1",
    "o6,p2,e2,clinic,2021-06-01,2021-06-01,home,W1",
]


def load_lines(store: Store, folder: Path, without: Sequence[str] = (), **lines: list[str]) -> LoadResult:
    paths = []
    for name, rows in lines.items():
        path = folder / f"{name}.csv"
        path.write_text("\n".join([HEADERS[name], *rows]) + "\n", encoding="utf-8")
        paths.append(path)
    return load(store, paths, source="ehr", mapping=str(MAPPING), project="O", without=without)


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.con.execute(query).fetchall()


def findings(store: Store, submission: int) -> list[tuple[Any, ...]]:
    return rows(
        store,
        "SELECT r.rule, s.name, f.line, f.value FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id) "
        f"JOIN harmonize.source_file s USING (file_id) WHERE f.submission_id = {submission} ORDER BY ALL",
    )


VISITS = """
    SELECT p.person_source_value, v.* EXCLUDE (visit_occurrence_id, person_id, preceding_visit_occurrence_id)
    FROM omop.visit_occurrence v JOIN omop.person p USING (person_id) ORDER BY ALL
"""


@contextmanager
def another_store(path: Path) -> Iterator[Store]:
    with open_store(path, create=True, initialise=create) as store:
        yield store


def test_lines_of_one_visit(new_store: Store, tmp_path: Path) -> None:
    """Six lines are three visits (e1 of p1 and e1 of p2 are two); every line is a source of its visit."""
    result = load_lines(new_store, tmp_path, patient=PATIENTS, order=ORDERS, ward=WARDS)
    visits = rows(
        new_store,
        "SELECT p.person_source_value, visit_concept_id, visit_start_date::VARCHAR, visit_end_date::VARCHAR, "
        "visit_source_value, discharged_to_source_value, admitted_from_source_value "
        "FROM omop.visit_occurrence JOIN omop.person p USING (person_id) ORDER BY 1, 3",
    )
    assert visits == [
        ("p1", 9202, "2021-03-01", "2021-03-12", "clinic", "nursing home", "Surgery"),
        ("p2", 9202, "2021-05-01", "2021-05-01", "clinic", None, None),
        ("p2", 9202, "2021-06-01", "2021-06-01", "clinic", "home", "ICU"),
    ]
    assert rows(new_store, "SELECT count(*) FROM midrc.visit") == [(6,)]
    sources = (
        "SELECT omop_id, count(*), count(*) FILTER (role = 'primary') FROM harmonize.row_source "
        "WHERE omop_table = 'visit_occurrence' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    assert [counts for _, *counts in rows(new_store, sources)] == [[3, 1], [2, 1], [1, 1]]
    conflict = "visit e1: class clinic, inpatient; start 2021-03-01, 2021-03-02"
    assert findings(new_store, result.submission) == [("visit_conflict", "order.csv", 4, conflict)]
    assert not result.negative


def test_the_order_of_lines_does_not_matter(new_store: Store, tmp_path: Path) -> None:
    load_lines(new_store, tmp_path, patient=PATIENTS, order=ORDERS, ward=WARDS)
    expected = rows(new_store, VISITS)
    for number, lines in enumerate((ORDERS[::-1], ORDERS[1:3] + ORDERS[:1] + ORDERS[3:])):
        with another_store(tmp_path / f"{number}.duckdb") as store:
            result = load_lines(store, tmp_path, patient=PATIENTS, order=lines, ward=WARDS)
            assert rows(store, VISITS) == expected
            assert [finding[0] for finding in findings(store, result.submission)] == ["visit_conflict"]
    with another_store(tmp_path / "one_by_one.duckdb") as store:
        for line in ORDERS[::-1]:
            load_lines(store, tmp_path, patient=PATIENTS, order=[line], ward=WARDS)
        assert rows(store, VISITS) == expected


def test_a_conflict_ends_with_its_line(new_store: Store, tmp_path: Path) -> None:
    load_lines(new_store, tmp_path, patient=PATIENTS, order=ORDERS, ward=WARDS)
    corrected = [ORDERS[1].replace("clinic,2021-03-01", "inpatient,2021-03-02")]
    result = load_lines(new_store, tmp_path, order=corrected, ward=WARDS)
    assert findings(new_store, 1) == findings(new_store, result.submission) == []


def test_a_list_in_the_hub(new_store: Store, tmp_path: Path) -> None:
    result = load_lines(new_store, tmp_path, patient=[*PATIENTS, "p3,Asian;Asain"])
    held = rows(new_store, 'SELECT case_key, race_ethnicity FROM midrc."case" ORDER BY 1')
    assert held == [("p1", ["Asian", "White"]), ("p2", None), ("p3", None)]
    assert findings(new_store, result.submission) == [
        ("mapping_error", "patient.csv", 4, "race_ethnicity: races=Asian;Asain")
    ]


def test_looked_up_records(new_store: Store, tmp_path: Path) -> None:
    """A ward that a loaded order looks up is context, another one unreferenced; cells that are read are loaded."""
    load_lines(new_store, tmp_path, patient=PATIENTS, order=ORDERS, ward=WARDS)
    states = "SELECT record_key, state, reason FROM harmonize.ledger WHERE file = 'ward.csv' ORDER BY 1"
    assert rows(new_store, states) == [
        ("W1", "context", None),
        ("W2", "context", None),
        ("W3", "excluded", "unreferenced"),
    ]
    cells = (
        "SELECT c.column_name, c.loaded, c.excluded FROM harmonize.ledger_column c "
        "JOIN harmonize.source_file s USING (file_id) WHERE s.name = 'ward.csv'"
    )
    assert sorted(rows(new_store, cells)) == [("beds", 0, 3), ("code", 2, 1), ("ward_name", 2, 1)]


def test_looked_up_records_of_a_withdrawn_delivery_are_context_again(new_store: Store, tmp_path: Path) -> None:
    load_lines(new_store, tmp_path, patient=PATIENTS, order=ORDERS, ward=WARDS)
    first = "submission_id = 1 AND file = 'ward.csv' ORDER BY 1"
    states = f"SELECT record_key, state, reason FROM harmonize.ledger WHERE {first}"
    before = rows(new_store, states)
    later = load_lines(new_store, tmp_path, order=ORDERS, ward=[line.replace(",", ",New ", 1) for line in WARDS])
    assert {state for _, state, _ in rows(new_store, states)} == {"superseded"}
    withdraw(new_store, later.submission)
    assert rows(new_store, states) == before
    sums = "SELECT context, loaded, excluded FROM harmonize.source_file WHERE name = 'ward.csv' AND submission_id = 1"
    assert rows(new_store, sums) == [(2, 0, 1)]


def test_what_only_a_withdrawn_person_looks_up_goes_too(new_store: Store, tmp_path: Path) -> None:
    """In all its versions, with what findings say of it; a line that another person looks up stays."""
    orders = ["o1,p1,e1,clinic,2021-03-01,,,P1", "o2,p1,e2,clinic,2021-03-01,,,W1", "o3,p2,e3,clinic,2021-03-01,,,W1"]
    for ward in ("Home of p1", "New home of p1"):
        load_lines(new_store, tmp_path, patient=PATIENTS, order=orders, ward=[f"P1,{ward},x", "W1,ICU,4", "W2,Free,4"])
    result = withdraw_person(new_store, "O", "p1")
    assert result.records == 1 + 2 + 1 + 2  # the case, two versions of an order, an order, two versions of its ward
    found = rows(
        new_store, "SELECT record_key, state, reason FROM harmonize.ledger WHERE file = 'ward.csv' ORDER BY ALL"
    )
    assert found == [
        ("P1", "deleted", "person_withdrawn"),
        ("P1", "deleted", "person_withdrawn"),
        ("W1", "context", None),
        ("W2", "excluded", "unreferenced"),
    ]
    assert rows(new_store, "SELECT count(*) FROM harmonize.finding WHERE value LIKE '%x%'") == [(0,)]
    assert rows(new_store, "SELECT count(*) FROM harmonize.lookup") == [(1,)]


def test_unknown_keys(new_store: Store, tmp_path: Path) -> None:
    wards = ["W1,ICU,4", "W2,Surgery,20"]
    orders = ["o1,p1,e1,clinic,2021-03-01,,,W9", "o2,p1,e2,clinic,2021-04-01,,,W1", "o3,p1,e3,clinic,2021-04-01,,,"]
    result = load_lines(new_store, tmp_path, patient=PATIENTS, order=orders, ward=wards)
    assert findings(new_store, result.submission) == [("unknown_lookup", "order.csv", 2, "ward")]
    assert rows(new_store, "SELECT visit_key, admit_source FROM midrc.visit ORDER BY 1") == [
        ("e1", None),
        ("e2", "ICU"),
        ("e3", None),
    ]


def test_a_class_that_was_not_delivered(new_store: Store, tmp_path: Path) -> None:
    """It stops the load, unless it is left out on purpose, which its submission then tells."""

    def refused(said: str, typed: str, **options: Any) -> None:
        with pytest.raises(InputError, match=said) as refusal:
            load_lines(new_store, tmp_path, order=ORDERS[4:], **options)
        assert typed in (refusal.value.hint or "")

    refused("order.csv looks up ward, of which no file was delivered", "mean it: --without ward")
    assert rows(new_store, "SELECT count(*) FROM harmonize.submission") == [(0,)]
    result = load_lines(new_store, tmp_path, patient=PATIENTS, order=ORDERS[4:], without=["ward"])
    assert findings(new_store, result.submission) == [("lookup_not_delivered", "order.csv", None, "ward")]
    assert not result.negative
    assert rows(new_store, "SELECT DISTINCT visit_key, admit_source FROM midrc.visit") == [("e2", None)]
    again = load_lines(new_store, tmp_path, order=ORDERS[4:], ward=WARDS)
    assert rows(new_store, "SELECT DISTINCT visit_key, admit_source FROM midrc.visit") == [("e2", "ICU")]
    assert findings(new_store, again.submission) == []
    refused(r"order.csv looks up ward.csv \(ward\), of which no file was delivered", "mean it: --without ward.csv")
    refused("--without wards: no file of the delivery looks it up", "ward.csv", without=["wards"])
    refused("--without ward.csv: no file of the delivery looks it up, or it was", "", ward=WARDS, without=["ward.csv"])
    left_out = load_lines(new_store, tmp_path, order=ORDERS[4:], without=["ward.csv"])
    assert rows(new_store, "SELECT DISTINCT visit_key, admit_source FROM midrc.visit") == [("e2", None)]
    assert findings(new_store, left_out.submission) == [("lookup_not_delivered", "order.csv", None, "ward")]


def test_a_validation_tells_that_a_load_would_refuse_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "order.csv"
    path.write_text("\n".join([HEADERS["order"], *ORDERS]) + "\n", encoding="utf-8")
    command = ["validate", str(path), "--source", "ehr", "--mapping", str(MAPPING)]
    assert main(command) == 2
    assert "A load would refuse the delivery: order.csv looks up ward, of which no" in capsys.readouterr().out
    assert main([*command, "--without", "ward"]) == 0


@pytest.mark.parametrize(
    ("wards", "admitted"), [(WARDS, "ICU"), (["W1,Intensive care,4", *WARDS[1:]], "Intensive care")]
)
def test_looked_up_rows_are_content(new_store: Store, tmp_path: Path, wards: list[str], admitted: str) -> None:
    """A second delivery is unchanged with the same wards; a ward that changed changes the orders that look it up."""
    load_lines(new_store, tmp_path, patient=PATIENTS, order=ORDERS[4:], ward=WARDS)
    extra = "o9,p1,e9,clinic,2021-07-01,,,W2"
    result = load_lines(new_store, tmp_path, patient=PATIENTS, order=[*ORDERS[4:], extra], ward=wards)
    assert result.states["unchanged"] == (7 if wards == WARDS else 4)
    assert rows(new_store, "SELECT DISTINCT visit_key, admit_source FROM midrc.visit ORDER BY 1") == [
        ("e2", admitted),
        ("e9", "Surgery"),
    ]
