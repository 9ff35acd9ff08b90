"""Studies beside tests, conditions, labs and outcome: days, order, windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harmonize.engine.store import Store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load

TESTS = [
    ("Positive", 3), ("Positive", 3), ("Positive", 12), ("Negative", 7), ("Negative", -20), ("Indeterminate", 5)
]  # fmt: skip
STUDIES = [("c1", "CT", "chest wo", 5), ("c1", "CT", "chest wo", 60), ("c1", "CT", "head wo", 61),
           ("c1", "CT", "chest", 120), ("c2", "CT", "chest", 1)]  # fmt: skip
NODES = {
    "case": ["submitter_id\tdatasets.submitter_id", "c1\td", "c2\td"],
    "measurement": [
        "submitter_id\tcases.submitter_id\ttest_name\ttest_method\ttest_result_text\ttest_days_from_index",
        *(f"m{n}\tc1\tCOVID-19\tRT-PCR\t{result}\t{day}" for n, (result, day) in enumerate(TESTS)),
    ],
    "imaging_study": [
        "submitter_id\tcases.submitter_id\tstudy_uid\tstudy_modality\tstudy_description\tdays_to_study",
        *(
            f"s{n}\t{case}\t1.{n}\t{modality}\t{text}\t{day}"
            for n, (case, modality, text, day) in enumerate(STUDIES, 1)
        ),
    ],
    "ct_series_file": [
        "submitter_id\timaging_studies.submitter_id\tseries_uid\tmodality\tfile_name\tfile_size\tmd5sum\tdata_type"
        "\tdata_format\tdata_category",
        *(
            f"f{n}\ts{n}\t2.{n}\t{study[1]}\tf{n}.zip\t10\t{n:032d}\tDICOM\tDCM\tCT"
            for n, study in enumerate(STUDIES, 1)
        ),
    ],
}


def send(store: Store, folder: Path, node: str, header: str, *lines: str) -> int:
    """Load one node; the number of the submission."""
    text = [f"type\t{header}", *(f"{node}\t{line}" for line in lines)]
    path = folder / f"{node}_H.tsv"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return load(store, [path], source="gen3", project="H").submission


@pytest.fixture
def store(new_store: Store, tmp_path: Path) -> Store:
    for node, (header, *lines) in NODES.items():
        rows = [f"type\t{header}", *(f"{node}\t{line}" for line in lines)]
        (tmp_path / f"{node}_H.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    load(new_store, list(tmp_path.glob("*_H.tsv")), source="gen3", project="H")
    return new_store


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.con.execute(query).fetchall()


def test_days_to_tests_are_distinct_and_descending(store: Store) -> None:
    assert rows(
        store,
        "SELECT study_uid, days_from_study_to_pos_covid_test, days_from_study_to_neg_covid_test "
        "FROM linked.imaging_study_clinical WHERE study_uid IN ('1.1', '1.5') ORDER BY 1",
    ) == [("1.1", [7, -2], [2, -25]), ("1.5", None, None)]


HUB = (
    "SELECT submitter_id, days_from_study_to_pos_covid_test, days_from_study_to_neg_covid_test, computed "
    "FROM midrc.imaging_study ORDER BY 1"
)
CONFLICTS = (
    "SELECT f.value FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id) WHERE r.rule = 'test_days_conflict'"
)
CASES = ("submitter_id\tdatasets.submitter_id", "c1\td")
STUDIES_SENT = (
    "submitter_id\tcases.submitter_id\tstudy_uid\tdays_to_study\tdays_from_study_to_pos_covid_test", "s1\tc1\t1.1\t4\t",
    "s2\tc1\t1.2\t4\t-9", "s3\tc1\t1.3\t4.9\t8,-3",
)  # fmt: skip
TESTS_SENT = (
    "submitter_id\tcases.submitter_id\ttest_name\ttest_result_text\ttest_days_from_index",
    "m1\tc1\tCOVID-19\tPositive\t1", "m2\tc1\tCOVID-19\tPositive\t12", "m3\tc1\tCOVID-19\tNegative\t4",
    "m4\tc1\tCOVID-19\tPositive\t",
)  # fmt: skip
POS, NEG = "days_from_study_to_pos_covid_test", "days_from_study_to_neg_covid_test"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_hub_has_the_days_to_tests_in_any_order_of_loads(
    new_store: Store, tmp_path: Path, order: tuple[int, ...]
) -> None:
    sent = [("case", *CASES), ("imaging_study", *STUDIES_SENT), ("measurement", *TESTS_SENT)]
    submissions = {sent[number][0]: send(new_store, tmp_path, *sent[number]) for number in order}
    # what is stated stays; a test without a day of its own counts for nothing
    assert rows(new_store, HUB) == [
        ("s1", [8, -3], [0], [POS, NEG]), ("s2", [-9], [0], [NEG]), ("s3", [8, -3], [0], [NEG])
    ]  # fmt: skip
    assert rows(new_store, CONFLICTS) == [(f"{POS} is -9, by the tests 8,-3",)]
    withdraw(new_store, submissions["measurement"])
    without = [("s1", None, None, None), ("s2", [-9], None, None), ("s3", [8, -3], None, None)]
    assert rows(new_store, HUB) == without
    assert rows(new_store, CONFLICTS) == []


def test_a_study_without_series_stands_in_the_views(new_store: Store, tmp_path: Path) -> None:
    send(new_store, tmp_path, "case", *CASES)
    send(
        new_store, tmp_path, "imaging_study",
        "submitter_id\tcases.submitter_id\tstudy_uid\tstudy_modality\tstudy_description\tdays_to_study\t" + POS,
        "s1\tc1\t1.1\tCT\tchest wo\t4\t-9", "s2\tc1\t1.2\tCT\tchest wo\t9\t",
    )  # fmt: skip
    send(new_store, tmp_path, "measurement", *TESTS_SENT)
    assert rows(
        new_store,
        "SELECT study_uid, modality, region, study_description, series_count, image_series_count, first_series_uid "
        "FROM linked.imaging_timeline ORDER BY 1",
    ) == [(uid, "CT", "Chest", "chest wo", None, None, None) for uid in ("1.1", "1.2")]
    assert rows(
        new_store, f"SELECT study_uid, {POS}, {NEG}, nearest_test_result FROM linked.imaging_study_clinical ORDER BY 1"
    ) == [("1.1", [-9], [0], "Negative"), ("1.2", [3, -8], [-5], "Positive")]
    assert rows(new_store, "SELECT study_uid, study_number, days_from_first FROM linked.longitudinal_series") == [
        ("1.1", 1, 0), ("1.2", 2, 5)
    ]  # fmt: skip


def test_a_withdrawn_patient_leaves_no_days(new_store: Store, tmp_path: Path) -> None:
    case = send(new_store, tmp_path, "case", *CASES)
    send(new_store, tmp_path, "imaging_study", *STUDIES_SENT[:2])
    send(new_store, tmp_path, "measurement", *TESTS_SENT)
    assert rows(new_store, HUB) == [("s1", [8, -3], [0], [POS, NEG])]
    withdraw(new_store, case)
    assert rows(new_store, HUB) == [("s1", None, None, None)]


def test_the_nearest_test_is_positive_where_two_are_as_near(store: Store) -> None:
    assert rows(
        store,
        "SELECT study_uid, nearest_test_result, days_to_nearest_test, test_status_at_imaging "
        "FROM linked.imaging_study_clinical ORDER BY 1",
    ) == [
        ("1.1", "Positive", -2, "Positive"), ("1.2", "Positive", -48, "Unknown"), ("1.3", "Positive", -49, "Unknown"),
        ("1.4", "Positive", -108, "Unknown"), ("1.5", None, None, "Unknown"),
    ]  # fmt: skip


def test_repeat_imaging_and_the_phase_of_the_disease(store: Store) -> None:
    assert rows(
        store,
        "SELECT study_uid, study_number, study_count, days_from_first, days_from_previous, days_from_covid, phase "
        "FROM linked.longitudinal_series ORDER BY 1",
    ) == [
        ("1.1", 1, 3, 0, None, 2, "acute"), ("1.2", 2, 3, 55, 55, 57, "post_acute"),
        ("1.3", 1, 1, 0, None, 58, "post_acute"), ("1.4", 3, 3, 115, 60, 117, "post_covid"),
        ("1.5", 1, 1, 0, None, None, None),
    ]  # fmt: skip


def insert(store: Store, table: str, **values: Any) -> None:
    names = ", ".join(f"? AS {name}" for name in values)
    store.con.execute(f"INSERT INTO omop.{table} BY NAME SELECT {names}", list(values.values()))


def test_conditions_labs_and_outcome_around_the_study(store: Store) -> None:
    ((person, day),) = rows(store, "SELECT person_id, study_date FROM linked.imaging_timeline WHERE study_uid = '1.1'")
    plus = "SELECT (?::DATE + ?::INTEGER)"
    days = {n: rows_of(store, plus, day, n) for n in (-3, -2, 0, 1, 2, 3, 9)}
    for number, shift in enumerate((-3, -2, 2, 3)):
        insert(
            store, "measurement", measurement_id=900 + number, person_id=person, measurement_concept_id=0,
            measurement_date=days[shift], measurement_type_concept_id=0, measurement_source_value=f"lab {shift}",
            value_as_number=float(shift), unit_source_value="mg",
        )  # fmt: skip
    for number, shift in enumerate((0, 1)):
        insert(
            store, "condition_occurrence", condition_occurrence_id=900 + number, person_id=person,
            condition_concept_id=0, condition_start_date=days[shift], condition_type_concept_id=0,
            condition_source_value=f"condition {shift}",
        )  # fmt: skip
    insert(store, "death", person_id=person, death_date=days[9])
    insert(
        store, "visit_detail", visit_detail_id=1, person_id=person, visit_detail_concept_id=32037,
        visit_detail_start_date=days[3], visit_detail_end_date=days[9], visit_detail_type_concept_id=0,
        visit_occurrence_id=1,
    )  # fmt: skip
    ((conditions, labs, icu, death, was_in_icu, died),) = rows(
        store,
        "SELECT conditions, labs, days_to_icu, days_to_death, was_in_icu, died FROM linked.imaging_study_clinical "
        "WHERE study_uid = '1.1'",
    )
    assert conditions == ["condition 0"]
    assert [(lab["name"], lab["value"], lab["unit"], lab["days"]) for lab in labs] == [
        ("lab -2", -2.0, "mg", -2), ("lab 2", 2.0, "mg", 2)
    ]  # fmt: skip
    assert (icu, death, was_in_icu, died) == (3, 9, True, True)


def rows_of(store: Store, query: str, *values: Any) -> Any:
    found = store.con.execute(query, list(values)).fetchone()
    assert found is not None
    return found[0]


def test_antibodies_are_no_test_of_the_virus(store: Store) -> None:
    before = rows(store, "SELECT count(*) FROM linked.covid_test")
    insert(
        store, "measurement", measurement_id=990, person_id=1, measurement_concept_id=723474,
        measurement_date="2020-01-01", measurement_type_concept_id=0, value_as_concept_id=45884084,
    )  # fmt: skip
    insert(
        store, "measurement", measurement_id=991, person_id=1, measurement_concept_id=723477,
        measurement_date="2020-01-01", measurement_type_concept_id=0, value_as_concept_id=45884084,
    )  # fmt: skip
    assert rows(store, "SELECT count(*) FROM linked.covid_test")[0][0] == before[0][0] + 1


def test_an_age_at_imaging_is_in_whole_years_that_are_over(new_store: Store, tmp_path: Path) -> None:
    send(new_store, tmp_path, "case", *CASES)
    header = "submitter_id\tcases.submitter_id\tstudy_uid\tdays_to_study\tage_at_imaging"
    send(new_store, tmp_path, "imaging_study", header, "s1\tc1\t1.1\t4\t61.8")
    assert rows(new_store, "SELECT age_at_imaging FROM linked.imaging_study_clinical") == [(61,)]
