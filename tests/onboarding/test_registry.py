"""A registry's workbook as a new user meets it: the first draft is loaded as it stands, and every row that comes of it
is compared with what the generator knows that each cell means. Nothing false may stand there; what is missing is
listed. Then the same after the decisions that docs/onboarding.md asks for, and nothing is missing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from invent_registry import (
    ACTS,
    COLUMNS,
    CONDITIONS,
    EXAMS,
    RACES,
    Registry,
    header,
    registry,
    write_index,
    write_registry,
)

import harmonize
from harmonize.cli.main import main
from harmonize.engine.store import open_store
from harmonize.mapping.explain.check import check
from harmonize.pipeline.store_schema import create
from harmonize.vocabulary.name_index import make_index
from harmonize.vocabulary.sssom import read_sssom
from harmonize.vocabulary.suggest import own_mapping

NARROW = {
    "Leukemia in remission": "Condition", "Primary malignant neoplasm of lung": "Condition",
    "Tuberculosis of lung": "Condition", "Rheumatoid arthritis of hand": "Condition",
    "Severe malnutrition": "Condition",
    "Chronic kidney disease stage 3": "Condition", "Asplenia due to surgery": "Condition",
    "Transplant of lung": "Procedure", "Hemodialysis at home": "Procedure", "Pregnancy of twins": "Condition",
    "Type II diabetes mellitus with ulcer": "Condition", "Chicken pox pneumonia": "Condition",
}  # fmt: skip
"""Invented concepts that say more than the columns do."""
EXACT = {"Leukemia": "93143009", "Rheumatoid arthritis": "69896004", "Hemodialysis": "302497006"}
"""Concepts that say just what a column says (their codes as the Athena extract has them)."""
CONCEPTS = {
    "TUBERCULOSIS": "56717001", "ASPLENIA": "707147002", "CHRONIC KIDNEY DISEASE": "709044004", "CANCER": "363346000",
    "LEUKEMIA": "93143009", "RHEUMATOID ARTHRITIS": "69896004", "CURRENT PREGNANT": "77386006",
    "HEMODIALYSIS POST DIAGNOSIS": "302497006", "LATEST BMI": "39156-5", "LATEST WEIGHT": "29463-7",
    "LATEST HEIGHT": "8302-2", "COVID TEST POSITIVE": "OMOP4873969", "ICU ADMIT": "305351004",
}  # fmt: skip
"""The one concept that a row of the column may have, beside none."""
OF_HISTORY = "417662000"

Fact = tuple[Any, ...]


@dataclass
class Drafted:
    """The draft, the workbook, the store and what the workbook means."""

    folder: Path
    book: Path
    db: Path
    truth: Registry


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """The first draft, loaded without any decision."""
    folder = tmp_path_factory.mktemp("registry")
    book, db = write_registry(folder / "harbor.xlsx"), folder / "harbor.duckdb"
    with open_store(db, create=True, initialise=create) as store:
        concepts = NARROW | dict.fromkeys(EXACT, "Condition")
        for number, (name, domain) in enumerate(concepts.items()):
            code = EXACT.get(name, f"INVENTED{number}")
            store.con.execute(
                "INSERT INTO omop.concept BY NAME SELECT ? AS concept_id, ? AS concept_name, ? AS domain_id,"
                " 'SNOMED' AS vocabulary_id, 'Clinical Finding' AS concept_class_id, 'S' AS standard_concept,"
                " ? AS concept_code,"
                " DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date",
                [900000000 + number, name, "Procedure" if name == "Hemodialysis" else domain, code],
            )
        make_index(store.con)
    mapping = folder / "harbor"
    assert main(["-q", "mapping", "init", "harbor", str(book), "--out", str(mapping), "--db", str(db)]) == 0
    assert [problem.message for problem in check(mapping) if problem.level == "error"] == []
    sent = [str(book), "--source", "ehr", "--mapping", str(mapping), "--project", "Harbor", "--db", str(db)]
    assert main(["-q", "load", *sent]) == 1  # three cells cannot be
    return Drafted(mapping, book, db, registry())


def of_patient(person: dict[str, Any], column: str, last_exam: int | None) -> list[Fact]:
    """What a cell of `Patient Data` means, as rows (case, table, source value, value, day)."""
    case, cell, name = person["PATIENT_ID"], person[column], header(column)
    if column in ("PATIENT_ID", "TEST NAME") or cell == "NULL":
        return []
    if column == "SEX":
        return [(case, "sex", {"F": 8532, "M": 8507}[cell])]
    if column == "RACE":
        return [(case, "race", RACES[cell])] if RACES[cell] else []
    if column == "AGE":
        return [(case, "age", 90, None) if cell == "90+" else (case, "age", cell, cell)]
    if column == "ZIP":
        return [(case, "zip", cell)]
    if column == "LATEST BMI":
        return [(case, "measurement", name, cell, "kg/m2", 0)]
    if column == "LATEST WEIGHT":
        return [(case, "measurement", name, round(cell * 0.45359237, 2), "kg", 0)]
    if column == "LATEST HEIGHT":
        feet, inches = cell.removesuffix('"').split("' ")
        return [(case, "measurement", name, round(2.54 * (12 * int(feet) + int(inches)), 2), "cm", 0)]
    if column == "COVID TEST POSITIVE":
        test = person["TEST NAME"] if person["TEST NAME"] != "NULL" else name
        return [(case, "measurement", test, {"Y": "Positive", "N": "Negative"}[cell], None, 0)]
    if column == "MORTALITY":
        return [(case, "death", max(last_exam or 0, 0))] if cell == "Y" else []
    if column == "# ICU ADMITS":
        return [(case, "observation", name, str(cell), 0)]
    if cell == "N":
        return [(case, "observation", name, "No", 0)]
    if cell != "Y":
        return []
    if column in CONDITIONS or column == "CURRENT PREGNANT":
        return [(case, "condition_occurrence", name, 0)]
    is_event = column in ACTS and "POST" in column
    return [(case, "procedure_occurrence", name, 0)] if is_event else [(case, "observation", name, "Yes", 0)]


def of_exam(exam: dict[str, Any], column: str) -> list[Fact]:
    """What a cell of `Imaging Studies` means; an exam is told by four of them together."""
    case, day, cell = exam["patient id"], exam["Diag to img study (days)"], exam[column]
    if column == "FIO2 @ time of img study":
        return [] if cell == "NULL" else [(case, "observation", column, str(cell), day)]
    if column == "Radiologist KEY FINDINGS":
        return [] if cell == "NULL" else [(case, "note", column, cell, day)]
    if column == "Diagnosis to imaging time (hrs)":
        return []
    return [(case, "exam", exam["Image study description"], exam["Modality"], day)]


def truth_of(found: Registry) -> dict[str, Counter[Fact]]:
    """Column → the rows that its cells mean, those that cannot be aside."""
    days = {exam["patient id"]: 0 for exam in found.exams}
    for exam in found.exams:
        days[exam["patient id"]] = max(days[exam["patient id"]], int(str(exam["Diag to img study (days)"])))
    truth: dict[str, Counter[Fact]] = {column: Counter() for column in (*COLUMNS, *EXAMS)}
    for person in found.patients:
        for column in COLUMNS:
            if (person["PATIENT_ID"], column) not in found.wrong:
                truth[column].update(of_patient(person, column, days.get(person["PATIENT_ID"])))
    for exam in found.exams:
        for column in EXAMS:
            truth[column].update(of_exam(exam, column))
    for column in EXAMS[1:5]:  # the exam stands once
        if column not in ("Diag to img study (days)", "Diagnosis to imaging time (hrs)"):
            truth[column] = Counter(dict.fromkeys(truth[column], 0))
    return truth


ROWS = """
    WITH person AS (FROM harmonize.person_case), day AS (SELECT DATE '2020-01-01' AS zero)
    SELECT case_key, 'sex', gender_concept_id, NULL, NULL, NULL FROM omop.person JOIN person USING (person_id)
    UNION ALL SELECT case_key, 'race', c.vocabulary_id || ':' || c.concept_code, NULL, NULL, NULL
    FROM omop.person JOIN person USING (person_id) LEFT JOIN omop.concept c ON c.concept_id = nullif(race_concept_id, 0)
    UNION ALL SELECT case_key, 'age', low::VARCHAR, high::VARCHAR, NULL, NULL
    FROM harmonize.person_age JOIN person USING (person_id) WHERE low IS NOT NULL
    UNION ALL SELECT case_key, 'zip', l.zip, NULL, NULL, NULL
    FROM omop.person JOIN person USING (person_id) JOIN omop.location l USING (location_id)
    UNION ALL SELECT case_key, 'measurement', measurement_source_value,
        coalesce(v.concept_name, round(value_as_number, 2)::VARCHAR), u.concept_code, (measurement_date - zero)::VARCHAR
    FROM day, omop.measurement JOIN person USING (person_id)
    LEFT JOIN omop.concept u ON u.concept_id = nullif(unit_concept_id, 0)
    LEFT JOIN omop.concept v ON v.concept_id = nullif(value_as_concept_id, 0)
    UNION ALL SELECT case_key, 'death', (death_date - zero)::VARCHAR, NULL, NULL, NULL
    FROM day, omop.death JOIN person USING (person_id)
    UNION ALL SELECT case_key, 'condition_occurrence', condition_source_value, (condition_start_date - zero)::VARCHAR,
        NULL, NULL
    FROM day, omop.condition_occurrence JOIN person USING (person_id)
    UNION ALL SELECT case_key, 'procedure_occurrence', procedure_source_value, (procedure_date - zero)::VARCHAR,
        NULL, NULL
    FROM day, omop.procedure_occurrence JOIN person USING (person_id) WHERE procedure_source_value NOT LIKE '%|%'
    UNION ALL SELECT case_key, 'observation', observation_source_value, value_as_string,
        (observation_date - zero)::VARCHAR, NULL
    FROM day, omop.observation JOIN person USING (person_id) WHERE observation_source_value <> 'age_precision'
    UNION ALL SELECT case_key, 'note', note_title, note_text, (note_date - zero)::VARCHAR, NULL
    FROM day, omop.note JOIN person USING (person_id)
    UNION ALL SELECT s.case_key, 'exam', s.study_description, array_to_string(s.study_modality, ','),
        s.days_to_study::INTEGER::VARCHAR, NULL
    FROM midrc.imaging_study s
"""
WITH_PERSONS = "FROM duckdb_columns() WHERE schema_name = 'omop' AND column_name = 'person_id'"


def plain(fact: Fact) -> Fact:
    """A fact with numbers as texts, without what it lacks at its end."""
    texts = [None if part is None else f"{part:g}" if isinstance(part, float) else str(part) for part in fact]
    while texts and texts[-1] is None:
        texts.pop()
    return tuple(re.sub(r"\.0$", "", text) if text else text for text in texts)


def rows_of(db: Path) -> Counter[Fact]:
    with harmonize.open(db, read_only=True) as store:
        rows = store.sql(ROWS).fetchall()
        exams = store.sql("SELECT count(*), count(DISTINCT case_key) FROM midrc.imaging_study").fetchall()
        procedures = store.sql(
            "SELECT count(*), count(DISTINCT person_id) FROM omop.procedure_occurrence"
            " WHERE procedure_source_value LIKE '%|%'"
        ).fetchall()
        every = [row[0] for row in store.sql(f"SELECT table_name {WITH_PERSONS}").fetchall()]
        tables = {name for name in every if store.sql(f'SELECT count(*) FROM omop."{name}"').fetchall() != [(0,)]}
    assert exams == procedures  # every exam is a procedure of its patient
    assert tables - {"observation_period", "condition_era"} == {
        "person", "measurement", "observation", "condition_occurrence", "procedure_occurrence", "death", "note",
    }  # fmt: skip
    return Counter(plain(row) for row in rows if row[2] is not None)


def compared(db: Path, found: Registry) -> tuple[Counter[Fact], dict[str, int]]:
    """The rows that no cell means, and by column how many rows are missing."""
    truth = {
        column: Counter({plain(fact): n for fact, n in facts.items()}) for column, facts in truth_of(found).items()
    }
    rows, meant = rows_of(db), sum(truth.values(), Counter())
    missing = {column: (facts - rows).total() for column, facts in truth.items()}
    return rows - meant, {column: count for column, count in missing.items() if count}


def test_the_first_draft_has_no_false_row(drafted: Drafted) -> None:
    false, missing = compared(drafted.db, drafted.truth)
    assert false == Counter()
    # the columns that a mapping can carry; the hours say again what the days say
    carried = [column for column in (*COLUMNS, *EXAMS) if column != "Diagnosis to imaging time (hrs)"]
    assert set(missing) == {"# ICU ADMITS", "FIO2 @ time of img study"}  # what the draft leaves to a person
    assert len(missing) <= 0.3 * len(carried)
    told = (drafted.folder / "decisions.md").read_text(encoding="utf-8")
    assert all(
        f"{header(column) if column in COLUMNS else column}: map it, or say why not" in told for column in missing
    )


def test_no_concept_says_more_than_its_column(drafted: Drafted) -> None:
    names = {header(column): code for column, code in CONCEPTS.items()} | dict.fromkeys(
        ("SARS-CoV-2 (COVID-19)", "external"), "OMOP4873969"
    )
    with harmonize.open(drafted.db, read_only=True) as store:
        told = store.sql(
            "SELECT DISTINCT source_value, concept_code FROM (SELECT condition_source_value AS source_value,"
            " condition_concept_id AS concept_id FROM omop.condition_occurrence"
            " UNION ALL SELECT procedure_source_value, procedure_concept_id FROM omop.procedure_occurrence"
            " WHERE procedure_source_value NOT LIKE '%|%'"
            " UNION ALL SELECT measurement_source_value, measurement_concept_id FROM omop.measurement"
            " UNION ALL SELECT observation_source_value, observation_concept_id FROM omop.observation"
            " UNION ALL SELECT observation_source_value, observation_source_concept_id FROM omop.observation"
            " WHERE observation_source_concept_id < 2000000000)"
            " JOIN omop.concept USING (concept_id) WHERE concept_id <> 0 ORDER BY ALL"
        ).fetchall()
        drawn = {name for name, _ in told}
    assert [(name, code) for name, code in told if code not in (names.get(name), OF_HISTORY)] == []
    assert {header(column) for column in ("LEUKEMIA", "RHEUMATOID ARTHRITIS", "HEMODIALYSIS POST DIAGNOSIS")} <= drawn
    rows = {row["subject_id"]: row for row in read_sssom(drafted.folder / "values.sssom.tsv").rows}
    left = {key.rpartition("_")[2] for key, row in rows.items() if row["comment"].startswith("undecided: ")}
    assert {"TRANSPLANT", "MALNUTRITION", "POX"} <= left
    drawn_labels = {row["object_label"] for row in rows.values()}
    assert "Leukemia" in drawn_labels
    assert drawn_labels & set(NARROW) == set()


def test_cells_that_cannot_be_are_found_and_not_loaded(drafted: Drafted) -> None:
    with harmonize.open(drafted.db, read_only=True) as store:
        found = store.sql(
            "SELECT rule, value FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE severity = 'error'"
            " ORDER BY ALL"
        ).fetchall()
        heaviest = store.sql(
            "SELECT max(value_as_number) < 160, count(*) FILTER (value_as_number IS NULL) FROM omop.measurement"
            " WHERE measurement_source_value = 'Vitals LATEST WEIGHT'"
        ).fetchall()
    assert found == [("maximum", "2070"), ("pattern", "-5"), ("pattern", "64 cm")]
    assert heaviest == [(True, 0)]


def test_days_are_counted(drafted: Drafted) -> None:
    assert "policy: offset" in (drafted.folder / "project.yaml").read_text(encoding="utf-8")


def test_deaths_are_marked_as_imputed(drafted: Drafted) -> None:
    with harmonize.open(drafted.db, read_only=True) as store:
        rules = store.sql("SELECT DISTINCT rule FROM harmonize.imputation WHERE omop_table = 'death'").fetchall()
        died = store.sql("SELECT count(*) FROM omop.death").fetchall()
    assert rules == [("last_event",)]
    assert died == [(sum(person["MORTALITY"] == "Y" for person in drafted.truth.patients),)]


def test_days_in_a_project_that_keeps_dates(
    drafted: Drafted, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The first draft's days mean nothing there, and the command that helps is told."""
    copy = tmp_path / "harbor"
    copy.mkdir()
    for path in drafted.folder.iterdir():
        text = path.read_text(encoding="utf-8")
        (copy / path.name).write_text(
            text.replace("policy: offset", "policy: as_is") if path.name == "project.yaml" else text
        )
    sent = [str(drafted.book), "--source", "ehr", "--mapping", str(copy), "--project", "Plain"]
    capsys.readouterr()
    assert main(["validate", *sent]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "told in days from an event, and the project keeps dates as they are" in told
    assert "harmonize project set Plain --time offset --rebuild --db FILE" in told


def test_a_load_tells_of_such_days(tmp_path: Path) -> None:
    exams = tmp_path / "exams.csv"
    exams.write_text("patient id,sex,days from diagnosis,modality\nA,F,3,CT\nB,M,4,CT\n", encoding="utf-8")
    mapping, db = tmp_path / "plain", tmp_path / "plain.duckdb"
    assert main(["-q", "mapping", "init", "plain", str(exams), "--out", str(mapping)]) == 0
    sent = [str(exams), "--source", "ehr", "--mapping", str(mapping), "--project", "P", "--db", str(db)]
    (mapping / "project.yaml").write_text("time: {policy: as_is}\n", encoding="utf-8")
    rule = (
        "SELECT f.value FROM harmonize.finding f JOIN harmonize.rule USING (rule_id) WHERE rule = 'days_without_anchor'"
    )
    assert main(["-q", "load", *sent]) == 0
    with harmonize.open(db, read_only=True) as store:
        assert store.sql(rule).fetchall() == [("P",)]
    assert main(["-q", "project", "set", "P", "--time", "offset", "--rebuild", "--db", str(db)]) == 0
    with harmonize.open(db, read_only=True) as store:
        days = store.sql("SELECT procedure_date::VARCHAR FROM omop.procedure_occurrence ORDER BY 1").fetchall()
    assert days == [("2020-01-04",), ("2020-01-05",)]


def test_the_site_is_not_told_its_own_rows(drafted: Drafted, capsys: pytest.CaptureFixture[str]) -> None:
    with harmonize.open(drafted.db, read_only=True) as store:
        con = store._store.con
        assert (own_mapping(con), own_mapping(con, "HARBOR"), own_mapping(con, "none")) == ("harbor", "harbor", None)
    for asked in ([], ["LEUKEMIA", "external"]):
        capsys.readouterr()
        assert main(["-q", "mapping", "suggest", *asked, "--json", "--db", str(drafted.db)]) == 0
        told = capsys.readouterr().out
        assert '"concept"' in told
        assert "so mapped at harbor" not in told


def test_after_the_decisions_nothing_is_missing(drafted: Drafted) -> None:
    """As docs/onboarding.md says: what is undecided is copied, the day of death agreed to, the marks taken away."""
    mapping = drafted.folder / "harbor.map.yaml"
    decisions = (drafted.folder / "decisions.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", decisions, re.DOTALL | re.MULTILINE)
    text = mapping.read_text(encoding="utf-8") + block
    assert text.count("start_imputation: {value: last_event}") == 1  # agreed to: not every patient has an exam
    mapping.write_text(text.replace("suggested: ", ""), encoding="utf-8")
    excluded = drafted.folder / "excluded.tsv"
    lines = [line for line in excluded.read_text(encoding="utf-8").splitlines() if "undecided: " not in line]
    excluded.write_text("\n".join(lines).replace("suggested: ", "") + "\n", encoding="utf-8")
    values = drafted.folder / "values.sssom.tsv"
    (more,) = re.findall(r"^```tsv\n(.*?)^```", decisions, re.DOTALL | re.MULTILINE)
    values.write_text(
        re.sub("suggested: |undecided: ", "", values.read_text(encoding="utf-8")) + more, encoding="utf-8"
    )
    assert [problem.message for problem in check(drafted.folder)] == []
    sent = [str(drafted.book), "--source", "ehr", "--mapping", str(drafted.folder), "--project", "Harbor"]
    assert main(["-q", "load", *sent, "--db", str(drafted.db)]) == 1
    false, missing = compared(drafted.db, drafted.truth)
    assert (false, missing) == (Counter(), {})


def test_images_of_a_public_index_are_joined_by_their_days(
    drafted: Drafted, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every exam of a patient with exams on two days is one procedure with its study, on the registry's day."""
    index = drafted.folder.with_name("index.parquet")
    told = write_index(index, drafted.truth)
    sent = [str(index), "--source", "idc", "--project", "Harbor", "--match-days", "--db", str(drafted.db)]
    assert main(["-q", "load", *sent]) == 1  # one pair alone proves nothing: such images wait
    days: dict[str, set[int]] = {}
    for patient, day in told.values():
        days.setdefault(patient, set()).add(day)
    joined = {uid: of for uid, of in told.items() if len(days[of[0]]) > 1}
    assert 50 < len(joined) < len(told)
    with harmonize.open(drafted.db, read_only=True) as store:
        found = store.sql(
            "SELECT l.study_uid, l.case_key, (p.procedure_date - DATE '2020-01-01')::INTEGER,"
            " count(*) FILTER (c.record_key NOT LIKE '1.2.826.%') AS exams"
            " FROM harmonize.image_link l JOIN omop.procedure_occurrence p USING (procedure_occurrence_id)"
            " JOIN harmonize.row_source s ON s.omop_table = 'procedure_occurrence'"
            " AND s.omop_id = l.procedure_occurrence_id JOIN harmonize.record c USING (record_id)"
            " WHERE l.study_uid LIKE '1.2.826.%' GROUP BY ALL"
        ).fetchall()
    assert {uid: (case, day, exams) for uid, case, day, exams in found} == {
        uid: (case, day, 1) for uid, (case, day) in joined.items()
    }
    assert "single_pair" in capsys.readouterr().out
