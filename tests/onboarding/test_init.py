"""A drafted mapping: it compiles, it loads what it was drafted from, and it says what a person must decide."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from invent_workbook import COVID, PATIENTS, clinical, exams, write_workbook

import harmonize
from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.mapping.compiler.compile import load_mapping
from harmonize.mapping.explain.check import check
from harmonize.onboarding.init import Written, init_mapping
from harmonize.onboarding.scan import scan
from harmonize.pipeline.store_schema import create
from harmonize.vocabulary.sssom import read_sssom
from harmonize.vocabulary.value_set_check import Problem


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A store with the starter vocabulary."""
    path = tmp_path_factory.mktemp("vocabulary") / "starter.duckdb"
    with open_store(path, create=True, initialise=create) as store:
        yield store.con


LONG = "C reactive protein [Mass/volume] in Serum or Plasma (lab)"


def drafted(folder: Path, vocabulary: Any, *files: Path, site: str = "lakeside") -> Written:
    with scan(files) as found:
        return init_mapping(found, site, folder / site, vocabulary)


def write(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def errors(folder: Path) -> list[Problem]:
    return [problem for problem in check(folder) if problem.level == "error"]


def schema_of(written: Written) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((written.folder / "schema.yaml").read_text())
    return loaded


def entry(written: Written, part: str) -> dict[str, Any]:
    document = yaml.safe_load((written.folder / f"{written.folder.name}.map.yaml").read_text())
    (found,) = [one for one in document["class_derivations"] if one["slot_derivations"]["part_"]["value"] == part]
    slots: dict[str, Any] = found["slot_derivations"]
    return slots


def test_workbook_to_a_balanced_linked_load(tmp_path: Path) -> None:
    """By the command line alone, as docs/onboarding.md has it."""
    book, db = write_workbook(tmp_path / "lakeside.xlsx"), tmp_path / "lakeside.duckdb"
    folder = tmp_path / "lakeside"
    assert main(["-q", "profile", str(book)]) == 0
    assert main(["-q", "mapping", "init", "lakeside", str(book), "--out", str(folder)]) == 0
    assert main(["-q", "mapping", "check", str(folder)]) == 0
    sent = [str(book), "--source", "ehr", "--mapping", str(folder)]
    assert main(["-q", "validate", *sent]) == 0
    assert main(["-q", "load", *sent, "--project", "Lakeside", "--db", str(db)]) == 0
    assert main(["-q", "link", "--db", str(db)]) == 0
    with harmonize.open(db, read_only=True) as store:
        states = store.sql("SELECT sum(records), sum(loaded) FROM harmonize.source_file").fetchall()
        assert states == [(len(clinical()) + len(exams()), len(clinical()) + len(exams()))]
        assert store.sql("SELECT count(*) FROM omop.person").fetchall() == [(PATIENTS,)]
        # Every exam is a procedure of its patient, by days from the diagnosis.
        linked = store.sql(
            "SELECT c.case_key, date_diff('day', DATE '2020-01-01', p.procedure_date)"
            " FROM omop.procedure_occurrence AS p JOIN harmonize.person_case AS c USING (person_id) ORDER BY ALL"
        ).fetchall()
        assert linked == sorted((str(row[0]), int(str(row[2]))) for row in exams())
        heights = store.sql(
            "SELECT c.case_key, round(m.value_as_number, 2), m.measurement_type_concept_id FROM omop.measurement AS m"
            " JOIN harmonize.person_case AS c USING (person_id) WHERE m.unit_concept_id = 8582 ORDER BY 1"
        ).fetchall()
        people = {str(row[0]): str(row[5]) for row in clinical()}
        feet = {key: height.removesuffix('"').split("' ") for key, height in people.items()}
        assert heights == [
            (key, round(2.54 * (12 * int(f) + int(i)), 2), 32882) for key, (f, i) in sorted(feet.items())
        ]
        results = store.sql(
            "SELECT count(*), count(DISTINCT measurement_concept_id), count(*) FILTER (value_as_concept_id > 0)"
            " FROM omop.measurement WHERE coalesce(unit_concept_id, 0) NOT IN (8582, 9529)"
        ).fetchall()
        assert results == [(len(clinical()), 5, sum(row[7] == COVID for row in clinical()))]
    page = (Path(__file__).parents[2] / "docs" / "onboarding.md").read_text(encoding="utf-8")
    queries = re.findall(r'^harmonize query "(.*?)" --db', page, re.DOTALL | re.MULTILINE)
    assert len(queries) == 5
    for query in queries:
        assert main(["-q", "query", query, "--db", str(db)]) == 0


def test_the_case_of_the_documentation(tmp_path: Path, vocabulary: Any) -> None:
    written = drafted(tmp_path, vocabulary, write_workbook(tmp_path / "lakeside.xlsx"))
    page = Path(__file__).parents[2] / "docs" / "onboarding.md"
    (case,) = re.findall(r"^```yaml\n(- case:.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (written.folder / "cases").mkdir()
    (written.folder / "cases" / "height.yaml").write_text(case, encoding="utf-8")
    assert main(["-q", "mapping", "test", str(written.folder)]) == 0


def test_what_is_drafted(tmp_path: Path, vocabulary: Any) -> None:
    written = drafted(tmp_path, vocabulary, write_workbook(tmp_path / "lakeside.xlsx"))
    assert errors(written.folder) == []
    assert load_mapping(written.folder).project == {"time": {"policy": "offset"}}
    table = schema_of(written)["classes"]["clinical"]
    assert table["annotations"] == {"file_pattern": "*#Clinical", "header_rows": "1-2"}
    assert table["unique_keys"]["line"]["unique_key_slots"] == [
        "Patient_Study_ID",
        "Laboratory_Test",
        "Laboratory_Collected",
    ]
    assert entry(written, "Vital_signs_Weight")["value_number"] == {"expr": "pounds_to_kg(number(Vital_signs_Weight))"}
    assert entry(written, "Vital_signs_Weight")["unit_basis"] == {"value": "magnitude"}
    assert entry(written, "case")["sex"]["value_mappings"] == {"F": "Female", "M": "Male"}
    assert entry(written, "test")["start_day"] == {
        "expr": "days_between(to_date(Diagnosis_Date, '%Y-%m-%d'), to_date(Laboratory_Collected, '%Y-%m-%d'))"
    }
    rows = {row["subject_id"]: row for row in read_sssom(written.folder / "values.sssom.tsv").rows}
    assert rows["LAKESIDE:clinical.Laboratory_Result#not detected"]["object_id"] == "LOINC:LA6577-6"
    assert all(row["comment"].startswith(("suggested: ", "undecided: ")) for row in rows.values())
    assert rows["LAKESIDE:clinical.Patient_Race#Declined"]["object_id"] == "sssom:NoTermFound"
    told = (written.folder / "decisions.md").read_text()
    assert "Patient_Race#Declined" in told
    assert "Weight is read in pounds; that is judged by the size of the values." in told


def test_marks_of_a_draft_are_warnings(tmp_path: Path, vocabulary: Any) -> None:
    written = drafted(tmp_path, vocabulary, write(tmp_path / "p.csv", ["patient_id", "sex", "x"], ["p1", "F", "1"]))
    found = check(written.folder)
    assert {(problem.file, problem.level) for problem in found} == {
        ("lakeside.map.yaml", "warning"),
        ("excluded.tsv", "warning"),
    }
    excluded = written.folder / "excluded.tsv"
    excluded.write_text(excluded.read_text().replace("undecided: nothing was drafted for it", "not wanted"))
    assert [problem.file for problem in check(written.folder)] == ["lakeside.map.yaml"]


def test_typed_texts_and_bounds(tmp_path: Path, vocabulary: Any) -> None:
    file = write(
        tmp_path / "labs.csv",
        ["result id", "patient id", "day", "test", "result", "unit"],
        ["1", "p1", "0", "CRP", "<0.5", "mg/L"],
        ["2", "p1", "1", "crp ", ">= 90", "mg/L"],
        ["3", "p1", "2", "CRP", "12", "mg/L"],
        ["4", "p1", "3", "CRP", "Not detected", ""],
        ["5", "p1", "4", LONG, "NA", ""],
    )
    written = drafted(tmp_path, vocabulary, file, site="labs")
    subjects = [row["subject_id"] for row in read_sssom(written.folder / "values.sssom.tsv").rows]
    assert "LABS:labs.test#crp" in subjects
    assert [one for one in subjects if ".result#" in one] == ["LABS:labs.result#not detected"]
    db = tmp_path / "labs.duckdb"
    sent = [str(file), "--source", "ehr", "--mapping", str(written.folder), "--project", "P", "--db", str(db)]
    assert main(["-q", "load", *sent]) == 0
    assert "No table tells sex, age or race" in written.decisions["Persons"][0]
    with harmonize.open(db, read_only=True) as store:
        rows = store.sql(
            "SELECT value_operator, value_number, value_coding, coding FROM midrc.measurement ORDER BY start_day"
        ).fetchall()
    assert [row[:3] for row in rows] == [
        ("<", 0.5, None),
        (">=", 90.0, None),
        (None, 12.0, None),
        (None, None, "LABS:labs.result#not detected"),
        (None, None, None),
    ]
    assert {row[3] for row in rows[:4]} == {"LABS:labs.test#crp"}
    # OMOP's codes have at most 50 characters.
    assert rows[4][3] in subjects
    assert len(rows[4][3]) == len("LABS:") + 50


def test_dates_as_they_are(tmp_path: Path, vocabulary: Any) -> None:
    people = write(tmp_path / "people.csv", ["patient_id", "sex", "yob"], ["p1", "F", "1950"], ["p2", "M", "1960"])
    stays = write(
        tmp_path / "stays_2024.csv",
        ["visit id", "patient id", "admitted", "discharged", "diabetes", "note"],
        ["v1", "p1", "3/14/2020", "3/20/2020", "Yes", "a"],
        ["v2", "p2", "4/1/2020", "4/2/2020", "No", "b"],
        ["v3", "p2", "5/1/1901", "NA", "Yes", "c"],
    )
    written = drafted(tmp_path, vocabulary, people, stays, site="plain")
    assert errors(written.folder) == []
    schema = schema_of(written)["classes"]
    assert schema["people"]["annotations"]["person"] == "true"
    assert schema["people"]["attributes"]["patient_id"] == {"identifier": True, "required": True}
    assert schema["stays_2024"]["annotations"] == {"file_pattern": "stays_*", "missing_values": "NA"}
    assert schema["stays_2024"]["attributes"]["patient_id"]["annotations"] == {"link": "people"}
    assert entry(written, "visit")["start_date"] == {"expr": "to_date(admitted, '%m/%d/%Y')"}
    assert entry(written, "diabetes")["assertion"]["value_mappings"] == {"Yes": "present", "No": "absent"}
    assert (written.folder / "excluded.tsv").read_text().splitlines()[1:] == [
        "stays_2024\tnote\tundecided: nothing was drafted for it, perhaps comment"
    ]
    assert "stays_2024: admitted reach back before 1970" in written.decisions["Time"][1]
    db = tmp_path / "plain.duckdb"
    sent = [str(people), str(stays), "--source", "ehr", "--mapping", str(written.folder), "--project", "P"]
    assert main(["-q", "load", *sent, "--db", str(db)]) == 0
    with harmonize.open(db, read_only=True) as store:
        assert store.sql("SELECT count(*) FROM omop.visit_occurrence").fetchall() == [(3,)]
        assert store.sql("SELECT count(*) FROM midrc.condition WHERE assertion = 'present'").fetchall() == [(2,)]


def test_lines_of_events(tmp_path: Path, vocabulary: Any) -> None:
    """One line a patient by chance is no table of patients; events of a stay name it; what nothing dates is told."""
    people = write(tmp_path / "people.csv", ["subject id", "sex", "asthma"], ["s1", "F", "yes"], ["s2", "M", "no"])
    drugs = write(
        tmp_path / "drugs.csv",
        ["subject id", "drug", "start date"],
        ["s1", "A", "2020-01-01"],
        ["s2", "B", "2020-02-01"],
    )
    stays = write(
        tmp_path / "stays.csv",
        ["visit no", "subject id", "admitted", "weight (kg)"],
        ["v1", "s1", "2020-01-01", "80"],
        ["v2", "s2", "2020-02-01", "90"],
    )
    with scan([people, drugs, stays]) as found:
        assert [(link.file, link.to_file) for link in found.links] == [
            ("people.csv", "drugs.csv"),
            ("drugs.csv", "people.csv"),
            ("stays.csv", "people.csv"),
        ]
        written = init_mapping(found, "events", tmp_path / "events", vocabulary)
    classes = schema_of(written)["classes"]
    assert classes["drugs"]["unique_keys"]["line"]["unique_key_slots"] == ["subject_id", "drug", "start_date"]
    assert "person" not in classes["drugs"]["annotations"]
    assert classes["drugs"]["attributes"]["subject_id"]["annotations"] == {"link": "people"}
    assert entry(written, "weight__kg_")["visit_key"] == entry(written, "visit")["visit_key"]
    assert any("people: nothing dates asthma" in sentence for sentence in written.decisions["Time"])
    assert errors(written.folder) == []


def test_who_somebody_is_stays_out(tmp_path: Path, vocabulary: Any) -> None:
    file = write(
        tmp_path / "people.csv",
        ["patient_id", "sex", "remark", "last_name", "MRN 00482913"],
        ["p1", "F", "seen by Dr. Smith", "Kowalski", "1"],
        ["p2", "M", "call (617) 495-1000", "Jones", "2"],
    )
    written = drafted(tmp_path, vocabulary, file, site="named")
    text = "".join((written.folder / name).read_text() for name in written.files)
    assert not any(secret in text for secret in ("Smith", "495", "Kowalski", "Jones", "00482913"))
    assert schema_of(written)["classes"]["people"]["attributes"]["last_name"]["annotations"] == {"phi": "true"}
    assert len(written.decisions["Privacy"]) == 2
    assert errors(written.folder) == []


def test_odd_headers(tmp_path: Path, vocabulary: Any) -> None:
    """Names that are no identifiers, quotes, words of YAML: the draft compiles all the same."""
    book = openpyxl.Workbook()
    book.active.append(["Subject #ID", "Sex (M/F)", "Weight: kg", "No", 'it\'s "quoted"', "Test: name", "Result"])
    book.active.append(["s1", "M", 80, "Yes", 'say "x"', 'T "a"\tb', ">5"])
    book.active.append(["s2", "F", 60, "No", "it's", "no", "yes: no"])
    book.save(tmp_path / "odd 1.xlsx")
    written = drafted(tmp_path, vocabulary, tmp_path / "odd 1.xlsx", site="odd")
    assert errors(written.folder) == []
    sent = [str(tmp_path / "odd 1.xlsx"), "--source", "ehr", "--mapping", str(written.folder), "--project", "P"]
    assert main(["-q", "load", *sent, "--db", str(tmp_path / "odd.duckdb")]) in (0, 1)


@pytest.mark.parametrize("site", ["Lakeside", "9th", "a-b", "a/b", ""])
def test_names_that_cannot_be(tmp_path: Path, vocabulary: Any, site: str) -> None:
    file = write(tmp_path / "p.csv", ["patient_id", "sex"], ["p1", "F"])
    with scan([file]) as found, pytest.raises(InputError, match="cannot be a mapping's name"):
        init_mapping(found, site, tmp_path / "x", vocabulary)


def test_nobody_is_named(tmp_path: Path, vocabulary: Any) -> None:
    file = write(tmp_path / "p.csv", ["colour", "sex"], ["red", "F"])
    with pytest.raises(InputError, match="holds the patient's id"):
        drafted(tmp_path, vocabulary, file)


def test_nothing_is_overwritten(tmp_path: Path, vocabulary: Any) -> None:
    file = write(tmp_path / "p.csv", ["patient_id", "sex"], ["p1", "F"], ["p2", "M"])
    drafted(tmp_path, vocabulary, file)
    with pytest.raises(InputError, match="is there already"):
        drafted(tmp_path, vocabulary, file)
