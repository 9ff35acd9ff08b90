"""What a registry says in passing is drafted, too: one diagnosis a patient, ages over 89, race and ethnicity in
one column, codes among the diagnoses, reference ranges; and days and units that are lacking are told."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import harmonize
from harmonize.cli.main import main
from harmonize.engine.store import open_store
from harmonize.mapping.explain.check import check
from harmonize.onboarding.draft import listed_as
from harmonize.onboarding.init import Written, init_mapping
from harmonize.onboarding.scan import scan
from harmonize.pipeline.store_schema import create
from harmonize.vocabulary.sssom import NO_TERM, read_sssom
from harmonize.vocabulary.value_sets import install

HEADER = [
    "Subject ID",
    "Age",
    "Race/Ethnicity",
    "State",
    "Dx",
    "Date of Dx",
    "Temp F",
    "Test",
    "Value",
    "Units",
    "Ref range",
]
HEADER += ["Drawn"]
ONE = ["s1", "90+", "White, non-Hispanic", "RI", "U07.1", "2021-05-01", "98.6"]
TWO = ["s2", "61", "Black", "ma", "J12.82", "2021-06-01", "100.4"]
ROWS = [
    [*ONE, "WBC ct", "6.6", "K/uL", "4.0-11.0", "2021-04-30"],
    [*ONE, "C reactive prot", "<0.5", "mg/L", "<10", "2021-05-03"],
    [*ONE, "Gravity", "9.8", "m/s/s", ">= 2", "2021-05-03"],
    [*TWO, "WBC ct", "6.6", "K/uL", "4.0-11.0", "2021-06-11"],
    [*TWO, "C reactive prot", "7", "mg/L", "", ""],
]
DAYS = [["Subject ID", "Exam No.", "Day", "Modality"], ["s1", "E1", "-2", "CT"], ["s2", "E2", "4", "DX"]]


def write(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A store with the starter vocabulary."""
    path = tmp_path_factory.mktemp("vocabulary") / "starter.duckdb"
    with open_store(path, create=True, initialise=create) as store:
        yield store.con


def drafted(folder: Path, vocabulary: Any, *files: Path) -> Written:
    with scan(files, least=1) as found:
        return init_mapping(found, "registry", folder / "registry", vocabulary)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, vocabulary: Any) -> Written:
    """The draft of the registry, whose exams are told in days."""
    folder = tmp_path_factory.mktemp("registry")
    return drafted(folder, vocabulary, write(folder / "tests.csv", HEADER, *ROWS), write(folder / "exams.csv", *DAYS))


def entry(written: Written, name: str) -> dict[str, Any]:
    (file,) = written.folder.glob("*.map.yaml")
    (found,) = [one for one in yaml.safe_load(file.read_text())["class_derivations"] if name in one["description"]]
    slots: dict[str, Any] = found["slot_derivations"]
    return slots


def load(written: Written, code: int = 0) -> Path:
    db = written.folder.parent / "registry.duckdb"
    files = [str(path) for path in sorted(written.folder.parent.glob("*.csv"))]
    sent = ["--source", "ehr", "--mapping", str(written.folder)]
    assert main(["-q", "validate", *files, *sent]) == 0
    assert main(["-q", "load", *files, *sent, "--project", "R", "--db", str(db)]) == code
    return db


def test_what_the_registry_becomes(registry: Written) -> None:
    """By the draft as it stands; the test that nothing dates stays out, and is told."""
    assert [problem.message for problem in check(registry.folder) if problem.level == "error"] == []
    with harmonize.open(load(registry, 1), read_only=True) as store:
        who = store.sql(
            "SELECT person_source_value, low, high, race_concept_id, ethnicity_concept_id, state FROM omop.person"
            " JOIN harmonize.person_age USING (person_id) JOIN omop.location USING (location_id) ORDER BY 1"
        ).fetchall()
        assert who == [("s1", 90, None, 8527, 38003564, "RI"), ("s2", 61, 61, 8516, 0, "MA")]
        conditions = store.sql(
            "SELECT person_source_value, condition_source_value, condition_start_date::VARCHAR FROM"
            " omop.condition_occurrence JOIN omop.person USING (person_id) ORDER BY 1"
        ).fetchall()
        # One a patient, on the day that days are counted from: neither one a line, nor on a day of a test.
        assert conditions == [("s1", "U07.1", "2020-01-01"), ("s2", "J12.82", "2020-01-01")]
        assert store.sql("SELECT DISTINCT coding FROM midrc.condition ORDER BY 1").fetchall() == [
            ("ICD10CM:J12.82",),
            ("ICD10CM:U07.1",),
        ]
        results = store.sql(
            "SELECT measurement_source_value, measurement_date::VARCHAR, unit_concept_id, range_low, range_high"
            " FROM omop.measurement WHERE measurement_source_value <> 'Temp F' ORDER BY ALL"
        ).fetchall()
        assert results == [
            ("C reactive prot", "2020-01-03", 8751, None, 10.0),
            ("Gravity", "2020-01-03", 0, 2.0, None),
            ("WBC ct", "2019-12-31", 8848, 4.0, 11.0),
            ("WBC ct", "2020-01-11", 8848, 4.0, 11.0),
        ]
        temperatures = store.sql(
            "SELECT measurement_source_value, round(value_as_number, 3) FROM omop.measurement"
            " WHERE unit_concept_id = 586323 ORDER BY 2"
        ).fetchall()
        assert temperatures == [("Temp F", 37.0), ("Temp F", 38.0)]


def test_what_is_to_be_decided_of_it(registry: Written) -> None:
    decisions = registry.decisions
    assert any("says '90+' in 3 cells: kept as over 89" in sentence for sentence in decisions["Columns"])
    assert any("Drawn is blank in 1 lines" in sentence and "index_event" in sentence for sentence in decisions["Time"])
    assert any("the unit 'm/s/s' (1 cells) is none" in sentence for sentence in decisions["Units"])
    assert not any("K/uL" in sentence for sentence in decisions["Units"])
    assert any(
        "one value for each patient, on all of his or her lines, has Temp F, Dx." in sentence
        for sentence in decisions["Keys"]
    )
    key = yaml.safe_load((registry.folder / "schema.yaml").read_text())["classes"]["tests"]["unique_keys"]
    assert key["line"]["unique_key_slots"] == ["Subject_ID", "Test", "Drawn"]


def test_what_nothing_fits_awaits_a_concept(registry: Written, vocabulary: Any) -> None:
    """Its row is there to be filled; until then it is an unknown code, not one for which a person found none."""
    rows = {row["subject_id"]: row for row in read_sssom(registry.folder / "values.sssom.tsv").rows}
    row = rows["REGISTRY:tests.Test#gravity"]
    assert (row["object_id"], row["confidence"]) == (NO_TERM, "")
    assert row["comment"].startswith("undecided: ")
    vocabulary.begin()
    install(vocabulary, registry.folder, "registry")
    used = vocabulary.execute("SELECT count(*) FROM harmonize.value_set WHERE mapping = 'registry'").fetchone()
    vocabulary.rollback()
    assert used == (sum(not row["comment"].startswith("undecided: ") for row in rows.values()),)


def test_a_diagnosis_with_its_own_date(tmp_path: Path, vocabulary: Any) -> None:
    """Where dates stay dates, a diagnosis is of its own date and not of a test's."""
    written = drafted(tmp_path, vocabulary, write(tmp_path / "tests.csv", HEADER, *ROWS))
    assert entry(written, "a diagnosis")["start_date"] == {"expr": "to_date(Date_of_Dx, '%Y-%m-%d')"}
    assert entry(written, "a laboratory test")["start_date"] == {"expr": "to_date(Drawn, '%Y-%m-%d')"}


def test_what_is_undecided_may_be_copied(tmp_path: Path, vocabulary: Any) -> None:
    rows = [["e1", "p1", "3", "typical", "11"], ["e2", "p2", "4", "", "12.5"]]
    file = write(tmp_path / "exams.csv", ["exam id", "patient id", "day", "Reader: impression", "score"], *rows)
    written = drafted(tmp_path, vocabulary, file)
    (block,) = re.findall(
        r"^```yaml\n(.*?)^```", (written.folder / "decisions.md").read_text(), re.DOTALL | re.MULTILINE
    )
    with (written.folder / "registry.map.yaml").open("a") as specification:
        specification.write(block)
    assert "part_: {value: day}" not in block  # it dates the others
    (written.folder / "excluded.tsv").write_text("class\tcolumn\treason\n")
    with harmonize.open(load(written), read_only=True) as store:
        found = store.sql(
            "SELECT observation_source_value, value_as_number, value_as_string, observation_date::VARCHAR"
            " FROM omop.observation WHERE observation_source_value <> 'age_precision' ORDER BY ALL"
        ).fetchall()
    assert found == [
        ("Reader: impression", None, "typical", "2020-01-04"),
        ("score", 11.0, "11", "2020-01-04"),
        ("score", 12.5, "12.5", "2020-01-05"),
    ]


def test_codes_without_a_point_and_bands_of_age(tmp_path: Path, vocabulary: Any) -> None:
    rows = [["p1", "18-59", "U071"], ["p2", "75 +", "E11.9"], ["p3", ">=75", "i10"], ["p4", "<18", "J12.82"]]
    header = ["patient id", "age group", "ICD10"]
    written = drafted(tmp_path, vocabulary, write(tmp_path / "p.csv", header, *rows))
    with harmonize.open(load(written), read_only=True) as store:
        codes = store.sql("SELECT coding FROM midrc.condition ORDER BY case_key").fetchall()
        ages = store.sql("SELECT age_text, age_low, age_high FROM midrc.case ORDER BY case_key").fetchall()
    assert codes == [("ICD10CM:U07.1",), ("ICD10CM:E11.9",), ("ICD10CM:I10",), ("ICD10CM:J12.82",)]
    assert ages == [("18-59", 18, 59), ("75 +", 75, None), (">=75", 75, None), ("<18", None, None)]


def test_odd_cells_are_named(tmp_path: Path, vocabulary: Any) -> None:
    rows = [[f"p{n}", "F", "abc" if n == 20 else str(20 + n % 50)] for n in range(1, 41)]
    written = drafted(tmp_path, vocabulary, write(tmp_path / "p.csv", ["patient_id", "sex", "age"], *rows))
    (sentence,) = written.decisions["Columns"]
    assert "p: age holds integer, but 1 cells do not ('abc')" in sentence
    assert "age_at_index_gt89" not in entry(written, "the patient")


def test_many_ages_over_89(tmp_path: Path, vocabulary: Any) -> None:
    """A column of ages in words and numbers is one of ages however many are over 89; another text is a finding."""
    rows = [["p1", "F", "> 89"], ["p2", "M", "90 and over"], ["p3", "F", "4"], ["p4", "F", "57.5"]]
    file = write(tmp_path / "p.csv", ["patient_id", "sex", "age"], *rows)
    written = drafted(tmp_path, vocabulary, file)
    assert entry(written, "the patient")["age_at_index_gt89"]["value_mappings"] == {"> 89": "Yes", "90 and over": "Yes"}
    db = load(written)
    with harmonize.open(db, read_only=True) as store:
        ages = store.sql("SELECT case_key, age_at_index, age_at_index_gt89 FROM midrc.case ORDER BY 1").fetchall()
    assert ages == [("p1", None, "Yes"), ("p2", None, "Yes"), ("p3", 4.0, None), ("p4", 57.0, None)]
    write(file, ["patient_id", "sex", "age"], *rows, ["p5", "F", "old"])
    assert main(["-q", "validate", str(file), "--source", "ehr", "--mapping", str(written.folder)]) == 1


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("race", "White, non-Hispanic", "White"),
        ("ethnicity", "White, non-Hispanic", "Not Hispanic or Latino"),
        ("race", "Hispanic white", "White"),
        ("ethnicity", "Hispanic white", "Hispanic or Latino"),
        ("race", "Black/African American", "Black or African American"),
        ("race", "White and Asian", None),
        ("race", "not white", None),
        ("race", "Hispanic", None),
        ("ethnicity", "No answer", None),
        ("ethnicity", "no", "Not Hispanic or Latino"),
        ("race", "unk", "Not Reported"),
        ("test_value", "SARS-CoV-2 not detected", "Negative"),
        ("covid_result", "POS", "Positive"),
        ("test_value", "no virus detected", None),
        ("test_value", "positive / negative", None),
        ("sex", "female patient", None),
        ("assertion", "not present", None),
    ],
)
def test_words_of_lists(name: str, value: str, meant: str | None) -> None:
    assert listed_as(name, value) == meant


WIDE = ["pt_id", "Sex", "Race", "admit_dt", "disch_dt", "WBC (10^3/uL)", "CRP mg/L", "D-dimer (ng/mL)", "Creatinine"]
WIDE += ["SpO2 %", "covid_result", "covid_test_date", "dx1", "dx2"]
PATIENTS = [
    [
        "m1",
        "1",
        "W",
        "03/14/2020 08:15",
        "03/20/2020",
        "6.1",
        "<1.0",
        "1,240",
        "0.9",
        "93",
        "POS",
        "12-Mar-2020",
        "AKI",
        "",
    ],
    [
        "m2",
        "2",
        "B",
        "04/01/2020 23:59",
        "04/02/2020",
        "11",
        "12",
        ">5,000",
        "1.2",
        "88",
        "Indet",
        "01-Apr-2020",
        "x",
        "PE",
    ],
]


def test_a_line_a_patient_with_a_column_a_test(tmp_path: Path, vocabulary: Any) -> None:
    written = drafted(tmp_path, vocabulary, write(tmp_path / "wide.csv", WIDE, *PATIENTS))
    with harmonize.open(load(written), read_only=True) as store:
        results = store.sql(
            "SELECT measurement_source_value, value_as_number, operator_concept_id, unit_source_value, unit_concept_id,"
            " measurement_date::VARCHAR FROM omop.measurement JOIN omop.person USING (person_id)"
            " WHERE person_source_value = 'm2' AND value_as_number IS NOT NULL ORDER BY 1"
        ).fetchall()
        # On the day of admission; 4172704 is >.
        assert results == [
            ("CRP mg/L", 12.0, None, "mg/L", 8751, "2020-04-01"),
            ("Creatinine", 1.2, None, None, None, "2020-04-01"),
            ("D-dimer (ng/mL)", 5000.0, 4172704, "ng/mL", 8842, "2020-04-01"),
            ("SpO2 %", 88.0, None, None, 8554, "2020-04-01"),
            ("WBC (10^3/uL)", 11.0, None, "10^3/uL", 8848, "2020-04-01"),
        ]
        tests = store.sql("SELECT test_date::VARCHAR, result FROM linked.covid_test ORDER BY 1").fetchall()
        assert tests == [("2020-03-12", "Positive"), ("2020-04-01", "Indeterminate")]
        stays = store.sql(
            "SELECT visit_start_datetime::VARCHAR, visit_end_date::VARCHAR FROM omop.visit_occurrence ORDER BY 1"
        ).fetchall()
        assert stays == [("2020-03-14 08:15:00", "2020-03-20"), ("2020-04-01 23:59:00", "2020-04-02")]
        diagnoses = store.sql(
            "SELECT condition_source_value, condition_concept_id > 0 FROM omop.condition_occurrence ORDER BY 1"
        ).fetchall()
        assert diagnoses == [("AKI", True), ("PE", False), ("x", False)]
    assert any("nothing says the unit of Creatinine" in sentence for sentence in written.decisions["Units"])
    assert any("Sex says '1', '2'; write what" in sentence for sentence in written.decisions["Lists"])


def test_deaths_with_and_without_a_day(tmp_path: Path, vocabulary: Any) -> None:
    header = ["patient id", "sex", "weight (kg)", "Date of visit", "Vital status", "Date of death", "Father deceased"]
    rows = [
        ["p1", "F", "70", "2020-04-01", "Deceased", "2020-05-01", "Y"],
        ["p2", "M", "80", "2020-04-02", "dead", "", "N"],
        ["p3", "F", "60", "2020-04-03", "Alive", "", "Y"],
    ]
    written = drafted(tmp_path, vocabulary, write(tmp_path / "p.csv", header, *rows))
    assert "the death is drafted on the day of the patient's last event" in written.decisions["Deaths"][0]
    with harmonize.open(load(written), read_only=True) as store:
        deaths = store.sql(
            "SELECT person_source_value, death_date::VARCHAR, i.rule FROM omop.death JOIN omop.person USING (person_id)"
            " LEFT JOIN harmonize.imputation i ON i.omop_table = 'death' AND i.omop_id = person_id ORDER BY 1"
        ).fetchall()
        weighed = store.sql("SELECT DISTINCT measurement_date::VARCHAR FROM omop.measurement ORDER BY 1").fetchall()
        fathers = store.sql(
            "SELECT value_as_string, count(*) FROM omop.observation WHERE observation_source_value = 'Father deceased'"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert [row[:2] for row in deaths] == [("p1", "2020-05-01"), ("p2", "2020-04-02")]
    assert weighed == [("2020-04-01",), ("2020-04-02",), ("2020-04-03",)]  # not on the day of death
    assert fathers == [("No", 1), ("Yes", 2)]  # a statement of the family is no death and no condition


def test_days_of_two_events_are_not_told_as_one(tmp_path: Path, vocabulary: Any) -> None:
    tests = write(
        tmp_path / "tests.csv",
        ["patient id", "days from diagnosis", "test", "result"],
        *[["p1", "1", "CRP", "3"], ["p2", "2", "CRP", "4"]],
    )
    exams = write(
        tmp_path / "exams.csv", ["exam no", "patient id", "days from admission", "modality"],
        *[["e1", "p1", "5", "CT"], ["e2", "p2", "6", "CT"]],
    )  # fmt: skip
    written = drafted(tmp_path, vocabulary, tests, exams)
    assert (written.folder / "project.yaml").read_text().endswith("policy: offset\n")
    assert any("counts days from another event" in sentence for sentence in written.decisions["Time"])
    # the event of the first file is day 0
    assert entry(written, "a laboratory test")["start_day"] == {"populated_from": "days_from_diagnosis"}
    assert {"days_to_study", "study_date"} & entry(written, "an imaging exam").keys() == set()


def test_a_postcode_that_is_none_of_the_usa_is_found(tmp_path: Path, vocabulary: Any) -> None:
    rows = [["p1", "F", "02906"], ["p2", "M", "606"], ["p3", "F", "N6J"]]
    file = write(tmp_path / "p.csv", ["patient id", "sex", "ZIP"], *rows)
    written = drafted(tmp_path, vocabulary, file)
    sent = ["--source", "ehr", "--mapping", str(written.folder), "--project", "R", "--db", str(tmp_path / "zip.duckdb")]
    assert main(["-q", "load", str(file), *sent]) == 1
    with harmonize.open(tmp_path / "zip.duckdb", read_only=True) as store:
        assert store.sql("SELECT zip FROM omop.location ORDER BY 1").fetchall() == [("029",), ("606",)]
        found = "SELECT rule, line FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE severity = 'error'"
        assert store.sql(found).fetchall() == [("pattern", 4)]
