"""RICORD: readings in OMOP and apart from them what they agree on, in any order of loads; what is wrong is told."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import mdai_export
import pytest
from mdai_export import read
from same_database import differences, snapshot

from harmonize.engine.store import Store, open_store
from harmonize.export.gen3 import export_gen3
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult

PROJECT = "TCIA-RICORD"


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.con.execute(query).fetchall()


def load_images(store: Store, folder: Path, studies: int) -> LoadResult:
    return load(store, [mdai_export.write_index(folder, studies)], source="idc", project=PROJECT)


def load_export(store: Store, folder: Path, document: dict[str, Any]) -> LoadResult:
    return load(store, [mdai_export.write(folder, document)], source="ricord", project=PROJECT)


def rules(store: Store, submission: int) -> Counter[str]:
    found = rows(
        store,
        f"SELECT rule FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE submission_id = {submission}",
    )
    return Counter(rule for (rule,) in found)


def test_a_reading_is_an_observation_and_a_feature(new_store: Store, tmp_path: Path) -> None:
    load_images(new_store, tmp_path, 2)
    load_export(new_store, tmp_path, mdai_export.export(
        [read(1, 1, "North", 0), read(2, 2, "North", 4, SeriesInstanceUID="1.2.2.2", label_x=1)], 2))  # fmt: skip
    found = rows(
        new_store,
        "SELECT value_as_string, observation_date::VARCHAR, provider_source_value, procedure_source_value, "
        "image_series_uid FROM omop.observation o JOIN omop.provider USING (provider_id) "
        "JOIN omop.procedure_occurrence p ON p.procedure_occurrence_id = o.observation_event_id "
        "JOIN omop.image_feature f ON f.image_feature_event_id = o.observation_id "
        "JOIN omop.image_occurrence USING (image_occurrence_id) ORDER BY 1 DESC",
    )
    # the reader's clock says 2020; of a study the lowest-numbered series, of a series that series
    assert found == [("typical", "2004-05-02", "U_1 North", "CR|", "1.2.1.1"),
                     ("mild", "2004-05-03", "U_1 North", "CR|", "1.2.2.2")]  # fmt: skip
    ends = rows(new_store, "SELECT max(year(observation_period_end_date)) FROM omop.observation_period")
    assert ends == [(2004,)]


def test_annotations_wait_for_their_images(new_store: Store, tmp_path: Path) -> None:
    document = mdai_export.random_export(5, 6)
    total = len(document["datasets"][0]["annotations"])
    first = load_export(new_store, tmp_path, document)
    assert (first.states["quarantined"], first.states["context"]) == (total, 10)
    assert rows(new_store, "SELECT DISTINCT reason FROM harmonize.ledger WHERE state = 'quarantined'") == [
        ("no_person",)
    ]
    assert rows(new_store, "SELECT count(*) FROM omop.provider") == [(0,)]
    load_images(new_store, tmp_path, 5)
    waiting = sum(a["StudyInstanceUID"] == "1.2.6" for a in document["datasets"][0]["annotations"])
    states = (
        "SELECT state, count(*) FROM harmonize.ledger WHERE record_type = 'ricord.annotation' GROUP BY ALL ORDER BY 1"
    )
    assert rows(new_store, states) == [("loaded", total - waiting), ("quarantined", waiting)]


def test_loads_in_any_order_repeated_and_withdrawn(empty_store: Path, tmp_path: Path) -> None:
    document = mdai_export.random_export(6, 20)
    stores = []
    for name in ("images_first", "annotations_first"):
        path = Path(shutil.copy(empty_store, tmp_path / f"{name}.duckdb"))
        with open_store(path) as store:
            if name == "images_first":
                load_images(store, tmp_path, 20)
            load_export(store, tmp_path, document)
            if name == "annotations_first":
                load_images(store, tmp_path, 20)
            columns = "* EXCLUDE (person_id, procedure_occurrence_id)"
            stores.append(rows(store, f"SELECT {columns} FROM linked.annotation_consensus ORDER BY ALL"))
    assert stores[0] == stores[1]
    assert len(stores[0]) == 40
    path = tmp_path / "images_first.duckdb"
    before = snapshot(path)
    with open_store(path) as store:
        again = load_export(store, tmp_path, document)
        assert again.states["unchanged"] == again.records
    assert differences(before, snapshot(path)) == {}
    changed = mdai_export.random_export(7, 20)
    with open_store(path) as store:
        withdraw(store, load_export(store, tmp_path, changed).submission)
    assert differences(before, snapshot(path)) == {}
    with open_store(path) as store:
        assert withdraw(store, 2).kept == again.records  # which the second delivery repeats
        assert rows(store, "SELECT count(*) FROM omop.image_feature") != [(0,)]
        withdraw(store, 3)
        assert rows(store, "SELECT count(*) FROM omop.image_feature") == [(0,)]
        assert rows(store, "SELECT count(*) FROM midrc.annotation") == [(0,)]
        assert rows(store, "SELECT DISTINCT observation_source_value FROM omop.observation") == [("age_precision",)]


def consensus(store: Store) -> dict[str, tuple[Any, ...]]:
    found = rows(
        store,
        "SELECT study_uid, status, answer, votes, unanimity, unanimous_answer "
        "FROM linked.annotation_consensus WHERE question = 'class_covid19_pneumonia'",
    )
    return {row[0]: row[1:] for row in found}


def test_consensus(new_store: Store, tmp_path: Path) -> None:
    votes = {
        1: [("North", 0), ("East", 0), ("South", 0)],
        2: [("North", 0), ("East", 0), ("South", 1)],
        3: [("North", 0), ("East", 1), ("South", 2)],
        4: [("North", 0), ("North", 0), ("East", 0)],  # repeated, and South is missing
        5: [("North", 0), ("North", 1), ("East", 0), ("South", 2)],  # North says two things
        6: [("North", 0), ("East", 0), ("South", 0), ("Adjudication", 3)],
        7: [("North", 0), ("East", 0), ("South", 0), ("Adjudication", 7)],
        8: [("North", 0), ("East", 0), ("South", 2), ("Adjudication", 1), ("Adjudication", 3)],  # no decision
        9: [("North", 7), ("East", 4), ("South", 3)],
    }
    annotations = [
        read(10 * study + number, study, *vote) for study, cast in votes.items() for number, vote in enumerate(cast)
    ]
    load_images(new_store, tmp_path, 9)
    loaded = load_export(new_store, tmp_path, mdai_export.export(annotations, 9))
    assert rules(new_store, loaded.submission) == {"same_content": 1}
    assert loaded.states["loaded"] == len(annotations)
    assert consensus(new_store) == {
        "1.2.1": ("majority", "typical", 3, "unanimous", "typical"),
        "1.2.2": ("majority", "typical", 3, "disagreement", None),
        "1.2.3": ("disagreement", None, 3, "disagreement", None),
        "1.2.4": ("majority", "typical", 2, "missing", None),
        "1.2.5": ("disagreement", None, 2, "conflict", None),
        "1.2.6": ("adjudicated", "negative", 3, "unanimous", "typical"),
        "1.2.7": ("invalid", None, 3, "unanimous", "typical"),
        "1.2.8": ("majority", "typical", 3, "disagreement", None),
        "1.2.9": ("insufficient", None, 1, "missing", None),
    }
    agreed = "observation_source_value = 'class_covid19_pneumonia consensus'"
    written = rows(
        new_store,
        "SELECT value_as_string, qualifier_source_value, count(*), bool_or(provider_id IS NOT NULL) "
        f"FROM omop.observation WHERE {agreed} GROUP BY ALL ORDER BY ALL",
    )
    assert written == [("negative", "adjudicated", 1, False), ("typical", "majority", 4, False)]
    sources = rows(
        new_store,
        "SELECT count(DISTINCT l.record_key), count(DISTINCT l.omop_id) "
        "FROM harmonize.lineage l JOIN omop.observation o ON o.observation_id = l.omop_id "
        f"WHERE l.omop_table = 'observation' AND {agreed} AND l.role = 'support'",
    )
    assert sources[0][0] > sources[0][1]


def test_a_label_without_a_question_stands_for_itself(new_store: Store, tmp_path: Path) -> None:
    marks = [
        read(number, 1, "North", 0, data={"vertices": [[number, 1]]}, SOPInstanceUID="1.2.1.1.5") for number in (1, 2)
    ]
    document = mdai_export.export(marks, 1)
    label = document["labelGroups"][0]["labels"][0]
    label |= {"name": "Infectious opacity", "scope": "INSTANCE"}
    load_images(new_store, tmp_path, 1)
    loaded = load_export(new_store, tmp_path, document)
    assert loaded.findings == {"errors": 0, "warnings": 0}  # two places on one image are two readings
    said = "SELECT value_as_string, observation_source_value FROM omop.observation WHERE provider_id IS NOT NULL"
    assert rows(new_store, said) == [("Infectious opacity", "Infectious opacity")] * 2
    placed = rows(new_store, "SELECT scope, sop_uid, has_geometry, question FROM linked.annotation_read")
    assert placed == [("INSTANCE", "1.2.1.1.5", True, None)] * 2
    assert rows(new_store, "SELECT count(*) FROM linked.annotation_consensus") == [(0,)]


def test_readings_go_out_as_gen3_annotations(new_store: Store, tmp_path: Path) -> None:
    load_images(new_store, tmp_path, 1)
    load_export(new_store, tmp_path, mdai_export.export([read(1, 1, "North", 0), read(2, 1, "North", 7)], 1))
    result = export_gen3(new_store, tmp_path / "out", dataset="RSNA_20210108")
    # the quality of a study is no property of the node
    assert result.files[f"annotation_{PROJECT}.tsv"] == 1
    header, line = (tmp_path / "out" / f"annotation_{PROJECT}.tsv").read_text(encoding="utf-8").splitlines()
    row = dict(zip(header.split("\t"), line.split("\t"), strict=True))
    assert row == {
        "type": "annotation", "submitter_id": "A_1", "annotation_name": "midrc_mdai_chestxr", "annotator_id": "U_1",
        "annotation_method": "Retrospective_expert", "class_covid19_pneumonia": "typical",
        "cases.submitter_id": "P0", "imaging_studies.submitter_id": "1.2.1", "datasets.submitter_id": "RSNA_20210108",
    }  # fmt: skip


def test_what_is_wrong_is_told_and_accounted(new_store: Store, tmp_path: Path) -> None:
    load_images(new_store, tmp_path, 2)
    bad: list[Any] = [
        read(1, 1, "North", 0),
        read(2, 1, "North", 99),  # no such label
        read(3, 7, "North", 0),  # a study that is nowhere
        read(4, 2, "North", 0) | {"createdById": None},
        read(5, 2, "East", 1),
        read(5, 2, "East", 2),  # one id, two contents
        None,
    ]
    result = load_export(new_store, tmp_path, mdai_export.export(bad, 2))
    assert rules(new_store, result.submission) == {
        "unknown_label": 1, "unlisted_study": 1, "required": 1, "unique_key": 2, "broken_entry": 1}  # fmt: skip
    assert (result.records, result.states["loaded"], result.states["quarantined"]) == (13, 1, 6)
    reasons = rows(new_store, "SELECT line, reason FROM harmonize.ledger WHERE state = 'quarantined' ORDER BY line")
    assert [line for line, _ in reasons] == [2, 3, 4, 5, 6, 7]
    assert dict(reasons)[3] == "no_person"


READERS = (
    "StudyInstanceUID,Reader_id,Reader_name,CLASS_labelId,CLASS_label,GRADE_labelId,GRADE_label,mood\n"
    "1.2.1,U_1,North,L_1,Typical,L_5,Mild,good\n"
    "1.2.1,U_2,East,L_2,Typical,,,\n"
    "1.2.1,U_2,South,L_3,Negative,,,\n"
    "1.2.1,U_3,West,,,,,\n"
)


def test_a_flat_file_of_readings(new_store: Store, tmp_path: Path) -> None:
    load_images(new_store, tmp_path, 1)
    path = tmp_path / "readers.csv"
    path.write_text(READERS, encoding="utf-8")
    result = load(new_store, [path], source="ricord", project=PROJECT)
    # two readers with one id count as two; the unknown column is told
    assert rules(new_store, result.submission) == {"several_names": 1, "extra_column": 1}
    assert (result.states["loaded"], result.states["excluded"]) == (3, 1)
    assert rows(new_store, "SELECT reason FROM harmonize.ledger WHERE state = 'excluded'") == [("no_label",)]
    assert consensus(new_store) == {"1.2.1": ("majority", "typical", 3, "disagreement", None)}


FLAT = (
    "StudyInstanceUID,Reader_id,Reader_name,CLASS_labelId,CLASS_label,GRADE_labelId,GRADE_label\n"
    "1.2.1,U_1,North,L_North_0,Typical,L_North_4,Mild\n"  # the class is told by the export, too, the grade is not
    "1.2.1,U_2,East,L_East_1,Indeterminate,,\n"  # the export has another answer
    "1.2.1,U_3,South,L_South_7,Invalid Study,,\n"  # all that the line says
)
SAID = (
    "SELECT provider_source_value, coalesce(value_source_value, ''), value_as_string FROM omop.observation "
    "LEFT JOIN omop.provider USING (provider_id) WHERE observation_source_value NOT LIKE 'age%' ORDER BY ALL"
)
TOLD_BY = (
    "SELECT value_as_string, l.role, l.node, l.record_key FROM harmonize.lineage l JOIN omop.observation o "
    "ON o.observation_id = l.omop_id WHERE l.omop_table = 'observation' AND provider_id IS NOT NULL ORDER BY ALL"
)


@pytest.mark.parametrize("flat_first", [True, False])
def test_an_export_and_its_flat_file_are_one_reading(new_store: Store, tmp_path: Path, flat_first: bool) -> None:
    flat = tmp_path / "readers.csv"
    flat.write_text(FLAT, encoding="utf-8")
    document = mdai_export.export([read(1, 1, "North", 0), read(2, 1, "East", 0), read(3, 1, "South", 7)], 1)
    load_images(new_store, tmp_path, 1)
    runs = [
        lambda: load_export(new_store, tmp_path, document),
        lambda: load(new_store, [flat], source="ricord", project=PROJECT),
    ]
    submissions = [run().submission for run in (reversed(runs) if flat_first else runs)]
    if flat_first:
        submissions.reverse()
    assert [(reader, value) for reader, _, value in rows(new_store, SAID) if reader] == [
        ("U_1 North", "mild"), ("U_1 North", "typical"), ("U_2 East", "indeterminate"), ("U_2 East", "typical"),
        ("U_3 South", "invalid"),
    ]  # fmt: skip
    assert Counter((value, role) for value, role, *_ in rows(new_store, TOLD_BY)) == {
        ("mild", "primary"): 1, ("typical", "primary"): 2, ("typical", "support"): 1, ("indeterminate", "primary"): 1,
        ("invalid", "primary"): 1, ("invalid", "support"): 1,
    }  # fmt: skip
    states = f"SELECT state, count(*) FROM harmonize.ledger WHERE submission_id = {submissions[1]} GROUP BY ALL"
    assert dict(rows(new_store, states)) == {"loaded": 2, "context": 1}
    assert rows(new_store, "SELECT count(*) FROM linked.annotation_read") == [(5,)]
    assert rows(new_store, "SELECT count(*) FROM omop.image_feature") == [(5,)]
    assert rows(new_store, "SELECT question, status FROM linked.annotation_consensus ORDER BY 1") == [
        ("airspace_disease_grading", "insufficient"), ("class_covid19_pneumonia", "insufficient")
    ]  # fmt: skip
    withdraw(new_store, submissions[0])
    assert [value for reader, _, value in rows(new_store, SAID) if reader] == [
        "mild",
        "typical",
        "indeterminate",
        "invalid",
    ]
    assert dict(rows(new_store, states)) == {"loaded": 3}
    assert rows(new_store, "SELECT DISTINCT repeats FROM midrc.annotation") == [(None,)]


EXAMS = (
    "Anon MRN,Anon Age,AnonTCIA Study Date,Anon Exam Description,Anon Sex,Anon Study UID,Modality,Result,"
    "Specimen Source\n"
    "P0,84.84,5/2/2004,XR CHEST,F,1.2.1,CR,DETECTED,RT-PCR\n"
    "P0,84.9,5/9/2004,XR CHEST,F,1.2.8,CR,DETECTED,RT-PCR\n"
    "P9,90.2,6/1/2004,CT CHEST,M,1.2.9,CT,NOT DETECTED,Pooled NP/OP Swab\n"
)


def test_the_sheet_of_exams(new_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "exams.csv"
    path.write_text(EXAMS, encoding="utf-8")
    result = load(new_store, [path], source="ricord", project=PROJECT)
    assert (result.states["loaded"], result.findings) == (3, {"errors": 0, "warnings": 1})
    assert rules(new_store, 1) == {"phi_age": 1}
    people = "SELECT person_source_value, year_of_birth, precision FROM omop.person "
    people += "JOIN harmonize.person_age USING (person_id) ORDER BY 1"
    assert rows(new_store, people) == [("P0", 1920, "age"), ("P9", 1914, "gt89")]
    # the test of a patient is told once, and its day is imputed from the exam
    tests = rows(
        new_store,
        "SELECT measurement_date::VARCHAR, measurement_source_value, value_source_value, rule FROM omop.measurement "
        "JOIN harmonize.imputation i ON i.omop_table = 'measurement' AND i.omop_id = measurement_id ORDER BY 1",
    )
    assert tests == [("2004-05-02", "RT-PCR", "DETECTED", "imaging_study"),
                     ("2004-06-01", "Pooled NP/OP Swab", "NOT DETECTED", "imaging_study")]  # fmt: skip
    assert rows(new_store, "SELECT method, specimen, test_method FROM midrc.measurement ORDER BY record_id") == [
        ("RT-PCR", None, "RT-PCR"),
        ("RT-PCR", None, "RT-PCR"),
        (None, "Pooled NP/OP Swab", "Not Reported"),
    ]
    assert "90.2" not in str(rows(new_store, 'SELECT * EXCLUDE (row_key) FROM midrc."case"'))
    # annotations find their case by the sheet alone; there is no image to stand on
    load_export(new_store, tmp_path, mdai_export.export([read(1, 1, "North", 0)], 1))
    read_of = "SELECT person_source_value FROM linked.annotation_read JOIN omop.person USING (person_id)"
    assert rows(new_store, read_of) == [("P0",)]
    assert rows(new_store, "SELECT count(*) FROM omop.image_feature") == [(0,)]


def test_ages_of_images_are_compared(new_store: Store, tmp_path: Path) -> None:
    load_images(new_store, tmp_path, 1)
    path = tmp_path / "exams.csv"
    path.write_text("".join(EXAMS.splitlines(keepends=True)[:2]), encoding="utf-8")
    result = load(new_store, [path], source="ricord", project=PROJECT)
    assert (rules(new_store, result.submission) + rules(new_store, 1))["age_conflict"] == 1
