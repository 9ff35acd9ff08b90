"""Images of an invented index: dates, mixed studies, regions, visits, patients without a clinical record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult
from harmonize.pipeline.project import set_project

HOSPITAL = Path(__file__).parent / "data" / "hospital"
HEADER = (
    "collection_id,PatientID,SeriesInstanceUID,StudyInstanceUID,PatientAge,PatientSex,StudyDate,SeriesDate,"
    "StudyDescription,BodyPartExamined,Modality,SeriesNumber,instanceCount\n"
)
PATIENT = "patient_id,birth_year,age,sex,zip3\np1,,40,F,\n"
STAYS = (
    "stay_id,patient_id,kind,admitted,discharged,outcome\n"
    "s1,p1,inpatient,2021-03-01,2021-03-09,home\n"
    "s2,p1,clinic,2021-03-05,2021-03-05,home\n"
)

Images = Callable[..., LoadResult]


def series(uid: str, **tags: Any) -> str:
    """One line of the index; a study is named by the first number of its series' uid."""
    row = {
        "collection": "c", "patient": "p1", "uid": uid, "study": uid.split(".")[0], "age": "040Y", "sex": "F",
        "study_date": "2021-03-05", "series_date": "2021-03-05", "text": "CHEST AP PORT", "part": "", "modality": "CR",
        "number": "1", "instances": "1", **tags,
    }  # fmt: skip
    return ",".join(str(value) for value in row.values()) + "\n"


@pytest.fixture
def images(new_store: Store, tmp_path: Path) -> Images:
    def run(*lines: str, **options: Any) -> LoadResult:
        path = tmp_path / "index.csv"
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        return load(new_store, [path], source="idc", project="H", **options)

    return run


def clinical(store: Store, folder: Path, **files: str) -> LoadResult:
    paths = []
    for name, text in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return load(store, paths, source="ehr", mapping=str(HOSPITAL), project="H")


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.con.execute(query).fetchall()


def test_a_patient_with_images_alone_becomes_a_case(new_store: Store, images: Images, tmp_path: Path) -> None:
    images(series("1.1", age="053Y", sex="M"), series("2.1", patient="p9", age="093Y", sex="O"))
    people = "SELECT person_source_value, gender_concept_id, year_of_birth, precision FROM omop.person "
    people += "JOIN harmonize.person_age USING (person_id) ORDER BY 1"
    assert rows(new_store, people) == [("p1", 8507, 1968, "dicom_age"), ("p9", 0, 1931, "gt89")]
    assert rows(new_store, 'SELECT count(*) FROM midrc."case"') == [(2,)]
    # the clinical record comes later: it decides, the difference is a finding, the person stays the same
    person = rows(new_store, "SELECT person_id FROM omop.person WHERE person_source_value = 'p1'")
    loaded = clinical(new_store, tmp_path, patient=PATIENT)
    assert loaded.findings["warnings"] == 2
    assert rows(new_store, people)[0] == ("p1", 8532, 1981, "age")
    assert rows(new_store, "SELECT person_id FROM omop.person WHERE person_source_value = 'p1'") == person
    withdraw(new_store, loaded.submission)
    assert rows(new_store, people)[0] == ("p1", 8507, 1968, "dicom_age")


def test_a_mixed_study_is_one_procedure(new_store: Store, images: Images) -> None:
    images(
        series("1.1", modality="CR", text="CT_CHEST_WO", number="1"),
        series("1.2", modality="CT", text="CT_CHEST_WO", number="2"),
        series("2.1", modality="SR", text="DOSE REPORT"),
    )
    procedures = rows(
        new_store, "SELECT procedure_source_value, procedure_concept_id FROM omop.procedure_occurrence ORDER BY 1"
    )
    assert procedures == [("CT|CT_CHEST_WO", 0), ("SR|DOSE REPORT", 0)]
    assert rows(new_store, "SELECT study_uid, modality, region FROM harmonize.image_link ORDER BY 1") == [
        ("1", "CT", "Chest"), ("2", "SR", None)]  # fmt: skip
    assert rows(new_store, "SELECT count(*) FROM omop.image_occurrence") == [(3,)]
    assert rows(new_store, "SELECT series_uid, is_image FROM midrc.imaging_series ORDER BY 1") == [
        ("1.1", True), ("1.2", True), ("2.1", False)]  # fmt: skip


def test_body_part_examined_goes_before_the_description(new_store: Store, images: Images) -> None:
    images(series("1.1", part="HEAD", text="XR CHEST"), series("2.1", modality="DX", text="XR CHEST"))
    assert rows(new_store, "SELECT study_uid, region FROM harmonize.image_link ORDER BY 1") == [
        ("1", "Head"),
        ("2", "Chest"),
    ]
    chest = "SELECT procedure_concept_id FROM omop.procedure_occurrence ORDER BY procedure_source_value"
    assert rows(new_store, chest) == [(0,), (4163872,)]


def test_a_series_without_its_date_takes_the_study_date(new_store: Store, images: Images) -> None:
    result = images(series("1.1", series_date=""), series("2.1", series_date="", study_date=""))
    assert rows(new_store, "SELECT image_series_uid, image_occurrence_date::VARCHAR FROM omop.image_occurrence") == [
        ("1.1", "2021-03-05")]  # fmt: skip
    assert result.states["quarantined"] == 1
    assert rows(new_store, "SELECT record_key, reason FROM harmonize.ledger WHERE state = 'quarantined'") == [
        ("2.1", "no_date")
    ]


def test_the_visit_that_contains_the_study(new_store: Store, images: Images, tmp_path: Path) -> None:
    clinical(new_store, tmp_path, patient=PATIENT, stay=STAYS)
    images(
        series("1.1", study_date="2021-03-05"),  # in the stay and on the day of a clinic visit
        series("2.1", study_date="2021-03-02"),
        series("3.1", study_date="2021-02-28"),
        series("4.1", patient="p2"),
    )
    linked = "SELECT study_uid, visit_source_value, tier, days_from_admission FROM harmonize.image_link "
    linked += "LEFT JOIN omop.visit_occurrence USING (visit_occurrence_id) ORDER BY 1"
    assert rows(new_store, linked) == [
        ("1", "inpatient", "ambiguous", 4),
        ("2", "inpatient", "contained", 1),
        ("3", None, "no_visit_that_day", -1),
        ("4", None, "no_visit", None),
    ]
    set_project(new_store, "H", imaging_date_offset_days=1)
    assert rows(new_store, linked)[2] == ("3", "inpatient", "contained_offset", 0)
    # the dates themselves stay
    assert rows(new_store, "SELECT min(procedure_date)::VARCHAR FROM omop.procedure_occurrence") == [("2021-02-28",)]


def test_collections_are_chosen_by_name(new_store: Store, images: Images) -> None:
    result = images(series("1.1"), series("2.1", collection="other"), collections=["c"])
    assert (result.records, result.states["loaded"]) == (1, 1)
    assert result.notes == ["index.csv: 1 of 2 rows chosen by --collection."]
    with pytest.raises(InputError, match="no collection 'othr'") as caught:
        images(series("1.1"), series("2.1", collection="other"), collections=["othr"])
    assert "other" in (caught.value.hint or "")
