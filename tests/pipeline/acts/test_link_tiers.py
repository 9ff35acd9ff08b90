"""How studies meet persons and procedures, by tier; what is not linked and why; what is kept apart."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from dicom_files import write

from harmonize.engine.store import Store, open_store
from harmonize.export.publish import publish
from harmonize.imaging.coverage import LinkResult
from harmonize.pipeline.acts.crosswalk import load_crosswalk
from harmonize.pipeline.acts.link import link
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.report.link_page import link_page

HEADER = "collection_id,PatientID,SeriesInstanceUID,StudyInstanceUID,StudyDate,StudyDescription,Modality\n"
LINKS = (
    "SELECT study_uid, person_tier, procedure_tier FROM harmonize.image_link ORDER BY project_id, study_uid, case_key"
)


@pytest.fixture(autouse=True)
def _calendar(new_store: Store) -> None:
    for project in ("H", "other"):
        set_project(new_store, project, time="as_is")


def images(store: Store, folder: Path, *lines: str, project: str = "H") -> None:
    path = folder / f"index_{project}.csv"
    path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
    load(store, [path], source="idc", project=project)


def procedure(key: str, text: str, day: str, patient: str = "p1") -> dict[str, Any]:
    return {
        "resourceType": "Procedure", "id": key, "status": "completed", "subject": {"reference": f"Patient/{patient}"},
        "code": {"coding": [{"system": "http://example.org/local", "code": key, "display": text}], "text": text},
        "performedDateTime": day,
    }  # fmt: skip


def clinical(store: Store, folder: Path, *resources: dict[str, Any]) -> None:
    patients = [{"resourceType": "Patient", "id": f"p{n}", "birthDate": "1970-01-01"} for n in (1, 2)]
    path = folder / "export.ndjson"
    path.write_text("".join(json.dumps(r) + "\n" for r in [*patients, *resources]), encoding="utf-8")
    load(store, [path], source="fhir", project="H")


def procedures(store: Store) -> list[tuple[Any, ...]]:
    return store.con.execute(
        "SELECT procedure_source_value, procedure_date::VARCHAR FROM omop.procedure_occurrence ORDER BY ALL"
    ).fetchall()


def test_a_study_is_the_procedure_of_its_modality_and_region_a_day_away(new_store: Store, tmp_path: Path) -> None:
    clinical(new_store, tmp_path, procedure("CT CHEST W CONTRAST", "x", "2021-03-04"))
    images(new_store, tmp_path, "c,p1,1.1,1,2021-03-05,thorax pe,CT")
    assert new_store.con.execute(LINKS).fetchall() == [("1", "patient_id", "procedure_day")]
    assert procedures(new_store) == [("CT CHEST W CONTRAST", "2021-03-04")]
    assert new_store.con.execute("SELECT count(*) FROM omop.image_occurrence").fetchone() == (1,)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("MRI OF THE CHEST", "2021-03-05"),
        ("CT OF THE KNEE", "2021-03-05"),
        ("CT CHEST", "2021-03-07"),
        ("DIALYSIS", "2021-03-05"),
    ],
)
def test_another_modality_region_or_day_is_another_procedure(
    new_store: Store, tmp_path: Path, text: str, day: str
) -> None:
    clinical(new_store, tmp_path, procedure(text, "x", day))
    images(new_store, tmp_path, "c,p1,1.1,1,2021-03-05,thorax pe,CT")
    assert new_store.con.execute(LINKS).fetchall() == [("1", "patient_id", "new_procedure")]
    assert len(procedures(new_store)) == 2


def test_two_candidates_or_two_claims_stay_ambiguous(new_store: Store, tmp_path: Path) -> None:
    clinical(
        new_store, tmp_path, procedure("CT CHEST", "x", "2021-03-05"), procedure("CT THORAX", "x", "2021-03-05"),
        procedure("CR CHEST", "x", "2021-04-05", "p2"),
    )  # fmt: skip
    images(
        new_store, tmp_path, "c,p1,1.1,1,2021-03-05,thorax pe,CT",
        "c,p2,2.1,2,2021-04-05,chest 1 view,CR", "c,p2,3.1,3,2021-04-05,chest 1 view,DX",
    )  # fmt: skip
    assert {tier for _, _, tier in new_store.con.execute(LINKS).fetchall()} == {"ambiguous_procedure"}
    assert len(procedures(new_store)) == 6


def ordered(key: str, text: str, day: str, accession: str, *, by: str = "identifier") -> dict[str, Any]:
    """A procedure with an accession number: its own, or that of the request it is based on."""
    number = {"type": {"coding": [{"code": "ACSN"}]}, "value": accession}
    told = {"identifier": [number]} if by == "identifier" else {"basedOn": [{"identifier": number}]}
    return {**procedure(key, text, day), **told}


def scan(store: Store, folder: Path, accession: str, patient: str = "p1", study: int = 1) -> None:
    write(folder / f"{study}.dcm", patient=patient, study=study, AccessionNumber=accession)
    load(store, [folder / f"{study}.dcm"], source="dicom", project="H")


TIERS = "SELECT procedure_tier FROM harmonize.image_link ORDER BY study_uid"


@pytest.mark.parametrize("images_first", [True, False])
@pytest.mark.parametrize("by", ["identifier", "request"])
def test_a_study_is_the_procedure_of_its_accession_number(
    new_store: Store, tmp_path: Path, images_first: bool, by: str
) -> None:
    runs = [
        lambda: clinical(
            new_store,
            tmp_path,
            ordered("SCAN", "x", "2021-03-02", "A-7", by=by),
            procedure("CT CHEST", "x", "2021-03-05"),
        ),
        lambda: scan(new_store, tmp_path, " A-7"),
    ]
    for run in reversed(runs) if images_first else runs:
        run()
    assert new_store.con.execute(TIERS).fetchall() == [("accession",)]
    assert procedures(new_store) == [("CT CHEST", "2021-03-05"), ("SCAN", "2021-03-02")]
    assert new_store.con.execute(
        "SELECT procedure_source_value FROM omop.image_occurrence "
        "JOIN omop.procedure_occurrence USING (procedure_occurrence_id)"
    ).fetchall() == [("SCAN",)]
    withdraw(new_store, 2 if images_first else 1)
    assert new_store.con.execute(TIERS).fetchall() == [("new_procedure",)]


def test_of_several_procedures_of_an_accession_number_the_one_of_its_kind_is_meant(
    new_store: Store, tmp_path: Path
) -> None:
    clinical(
        new_store, tmp_path,
        ordered("CT CHEST", "x", "2021-03-05", "A-7"), ordered("CT HEAD", "x", "2021-03-05", "A-7"),
        ordered("SCAN", "x", "2021-03-05", "A-8"), ordered("SCAN 2", "x", "2021-03-05", "A-8"),
        ordered("SCAN 3", "x", "2021-03-05", "A-9"),
    )  # fmt: skip
    for study, accession in enumerate(["A-7", "A-8", "A-9", "A-9"], start=1):
        scan(new_store, tmp_path, accession, study=study)
    assert new_store.con.execute(TIERS).fetchall() == [("accession",), *[("ambiguous_procedure",)] * 3]


def test_an_accession_number_joins_no_two_patients_of_the_record(new_store: Store, tmp_path: Path) -> None:
    clinical(new_store, tmp_path, ordered("SCAN", "x", "2021-03-05", "A-7"))
    scan(new_store, tmp_path, "A-7", patient="p2")
    scan(new_store, tmp_path, "ANONYMOUS", study=2)
    assert new_store.con.execute(TIERS).fetchall() == [("new_procedure",)] * 2


@pytest.mark.parametrize("images_first", [True, False])
def test_images_meet_the_clinical_record_that_has_their_accession_number(
    new_store: Store, tmp_path: Path, images_first: bool
) -> None:
    runs = [
        lambda: clinical(new_store, tmp_path, ordered("SCAN", "x", "2021-03-04", "A-7")),
        lambda: scan(new_store, tmp_path, "A-7", patient="x9"),
    ]
    for run in reversed(runs) if images_first else runs:
        run()
    tiers = "SELECT person_tier, procedure_tier FROM harmonize.image_link"
    assert new_store.con.execute(tiers).fetchall() == [("accession", "accession")]
    assert new_store.con.execute("SELECT count(*) FROM omop.person").fetchone() == (2,)
    withdraw(new_store, 2 if images_first else 1)
    assert new_store.con.execute(tiers).fetchall() == [("images_only", "new_procedure")]


@pytest.mark.parametrize(("day", "patients"), [("2021-03-09", ["x9"]), ("2021-03-05", ["x9", "x8"])])
def test_an_accession_number_of_another_day_or_of_two_patients_joins_nobody(
    new_store: Store, tmp_path: Path, day: str, patients: list[str]
) -> None:
    clinical(new_store, tmp_path, ordered("SCAN", "x", day, "A-7"))
    for study, patient in enumerate(patients, start=1):
        scan(new_store, tmp_path, "A-7", patient=patient, study=study)
    tiers = "SELECT DISTINCT person_tier, procedure_tier FROM harmonize.image_link"
    assert new_store.con.execute(tiers).fetchall() == [("images_only", "new_procedure")]


def test_of_an_accession_number_a_hash_is_kept_and_not_published(new_store: Store, tmp_path: Path) -> None:
    number = "ACC-20210305-77"
    clinical(new_store, tmp_path, ordered("SCAN", "x", "2021-03-05", number))
    scan(new_store, tmp_path, number)
    new_store.con.execute("CHECKPOINT")
    kept = [
        new_store.con.execute(f"SELECT accession_hash FROM midrc.{table}").fetchall()
        for table in ("procedure", "imaging_series")
    ]
    assert kept == [[(hashlib.sha256(number.encode()).hexdigest(),)]] * 2
    assert new_store.con.execute(
        "SELECT count(*) FROM harmonize.dicom_header WHERE contains(header, ?)", [number]
    ).fetchone() == (0,)
    path = new_store.path
    new_store.close()
    publish(path, tmp_path / "public.duckdb", limited_data_set=True)
    with open_store(tmp_path / "public.duckdb", read_only=True) as public:
        assert public.con.execute(
            "SELECT count(*) FROM duckdb_columns() WHERE column_name LIKE '%accession_hash%'"
        ).fetchone() == (0,)
        assert public.con.execute(TIERS).fetchall() == [("accession",)]


def test_a_crosswalk_joins_images_to_a_clinical_record(new_store: Store, tmp_path: Path) -> None:
    clinical(new_store, tmp_path)
    images(new_store, tmp_path, "c,dicom7,1.1,1,2021-03-05,chest,CT", "c,p2,2.1,2,2021-03-05,chest,CT")
    before = link(new_store).to_json()["projects"][0]
    assert before["studies_unlinked"] == {"no_clinical_record": 1}
    assert (before["studies_linked"], before["persons"], before["persons_without_images"]) == (1, 2, 1)
    path = tmp_path / "crosswalk.csv"
    path.write_text("project_id_1,case_key_1,project_id_2,case_key_2\nH,p1,H,dicom7\n", encoding="utf-8")
    load_crosswalk(new_store, path)
    after = link(new_store).to_json()["projects"][0]
    assert after["person_tiers"] == {"crosswalk": 1, "patient_id": 1}
    assert (after["studies_unlinked"], after["studies_linked"], after["persons_without_images"]) == ({}, 2, 0)


def imaging_study(patient: str = "p1") -> dict[str, Any]:
    return {
        "resourceType": "ImagingStudy", "id": "is1", "status": "available",
        "subject": {"reference": f"Patient/{patient}"}, "started": "2021-03-05",
        "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.1"}],
        "series": [{"uid": "1.1.1", "modality": {"code": "CT"}, "number": 1, "numberOfInstances": 3}],
    }  # fmt: skip


ROWS = (
    "SELECT count(*), count(DISTINCT procedure_occurrence_id), count(DISTINCT image_series_uid) "
    "FROM omop.image_occurrence"
)
SOURCES = (
    "SELECT f.record_type, s.role::VARCHAR FROM harmonize.row_source s JOIN harmonize.record USING (record_id) "
    "JOIN harmonize.source_file f USING (file_id) WHERE omop_table = 'image_occurrence' ORDER BY ALL"
)


@pytest.mark.parametrize("images_first", [True, False])
def test_a_study_that_two_sources_tell_is_one(new_store: Store, tmp_path: Path, images_first: bool) -> None:
    loads = [
        lambda: clinical(new_store, tmp_path, imaging_study()),
        lambda: images(new_store, tmp_path, "c,p1,1.1.1,1.1,2021-03-05,thorax unenhanced,CT"),
    ]
    for run in reversed(loads) if images_first else loads:
        run()
    assert new_store.con.execute(ROWS).fetchone() == (1, 1, 1)
    assert len(new_store.con.execute(SOURCES).fetchall()) == 2
    assert new_store.con.execute("SELECT count(*) FROM linked.imaging_series").fetchone() == (1,)
    assert new_store.con.execute("SELECT series_count FROM linked.imaging_timeline").fetchall() == [(1,)]
    # the record of the study does not describe it, its series do
    assert new_store.con.execute("SELECT loinc_code FROM midrc.imaging_study").fetchall() == [("29252-4",)]


@pytest.mark.parametrize("images_first", [True, False])
def test_images_meet_the_clinical_record_that_names_their_study(
    new_store: Store, tmp_path: Path, images_first: bool
) -> None:
    loads = [
        lambda: clinical(new_store, tmp_path, imaging_study()),
        lambda: images(new_store, tmp_path, "c,x9,1.1.1,1.1,2021-03-05,chest,CT", "c,x9,1.1.2,1.1,2021-03-05,chest,CT"),
    ]
    for run in reversed(loads) if images_first else loads:
        run()
    assert new_store.con.execute(LINKS).fetchall() == [("1.1", "study_uid", "new_procedure")]
    assert new_store.con.execute(ROWS).fetchone() == (2, 1, 2)
    report = link(new_store).to_json()["projects"][0]
    assert (report["studies_linked"], report["studies_unlinked"], report["kept_apart"]) == (1, {}, {})
    withdraw(new_store, 1 if not images_first else 2)
    assert new_store.con.execute(LINKS).fetchall() == [("1.1", "images_only", "new_procedure")]


def test_a_third_patient_under_a_study_parts_the_two_that_it_joined(new_store: Store, tmp_path: Path) -> None:
    clinical(new_store, tmp_path, imaging_study())
    images(new_store, tmp_path, "c,x9,1.1.1,1.1,2021-03-05,chest,CT")
    assert new_store.con.execute(LINKS).fetchall() == [("1.1", "study_uid", "new_procedure")]
    images(new_store, tmp_path, "c,x8,1.1.2,1.1,2021-03-05,chest,CT")
    parted = [("1.1", "patient_id", "new_procedure"), *[("1.1", "images_only", "new_procedure")] * 2]
    assert new_store.con.execute(LINKS).fetchall() == parted
    withdraw(new_store, 3)
    assert new_store.con.execute(LINKS).fetchall() == [("1.1", "study_uid", "new_procedure")]


def test_a_study_of_two_clinical_patients_joins_nobody(new_store: Store, tmp_path: Path) -> None:
    clinical(new_store, tmp_path, imaging_study())
    images(new_store, tmp_path, "c,p2,1.1.1,1.1,2021-03-05,chest,CT")
    assert new_store.con.execute("SELECT count(DISTINCT person_id) FROM omop.person").fetchone() == (2,)
    assert link(new_store).to_json()["projects"][0]["kept_apart"] == {"study_uids_of_several_patients": 1}


def test_a_study_in_two_projects_and_of_two_patients_is_told_and_kept_apart(new_store: Store, tmp_path: Path) -> None:
    images(new_store, tmp_path, "c,p1,1.1,1,2021-03-05,chest,CT", "c,p2,1.2,1,2021-03-05,chest,CT")
    images(new_store, tmp_path, "c,p9,1.3,1,2021-03-05,chest,CT", project="other")
    report = link(new_store)
    first, other = report.to_json()["projects"]
    assert first["kept_apart"] == {"study_uids_of_several_patients": 1, "study_uids_of_several_projects": 1}
    assert other["kept_apart"] == {"study_uids_of_several_projects": 1}
    assert new_store.con.execute(
        "SELECT count(*), count(DISTINCT person_id), count(DISTINCT procedure_occurrence_id) FROM omop.image_occurrence"
    ).fetchone() == (3, 3, 3)
    assert any("study UIDs of several patients" in line for line in report.summary_lines())


SHARED = (
    "SELECT i.record_key, f.value FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id) "
    "JOIN harmonize.record i USING (file_id, line) WHERE r.rule = 'shared_study' AND i.is_current ORDER BY ALL"
)


@pytest.mark.parametrize("first", [1, 2])
def test_a_study_of_two_patients_in_two_deliveries_is_told_at_both(
    new_store: Store, tmp_path: Path, first: int
) -> None:
    for patient in (first, 3 - first):
        images(new_store, tmp_path, *(f"c,p{patient},1.{patient}{n},1,2021-03-05,chest,CT" for n in (1, 2)))
        images(new_store, tmp_path, f"c,p{patient},9.{patient},9.{patient},2021-03-05,chest,CT")
    told = "1 is a study of 2 patients"
    assert new_store.con.execute(SHARED).fetchall() == [("1.11", told), ("1.21", told)]
    assert new_store.con.execute("SELECT count(*) FROM omop.image_occurrence").fetchone() == (6,)
    assert new_store.con.execute("SELECT DISTINCT state FROM harmonize.ledger").fetchall() == [("loaded",)]
    link(new_store)
    assert new_store.con.execute(SHARED).fetchall() == [("1.11", told), ("1.21", told)]
    withdraw(new_store, 3)
    assert new_store.con.execute(SHARED).fetchall() == []


def test_a_study_of_two_patients_links_each_to_a_visit_of_their_own(new_store: Store, tmp_path: Path) -> None:
    visits = [
        {"resourceType": "Encounter", "id": f"e{n}", "status": "finished", "subject": {"reference": f"Patient/p{n}"},
         "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
         "period": {"start": "2021-03-01", "end": f"2021-03-{end}"}}
        for n, end in ((1, 20), (2, 10))
    ]  # fmt: skip
    clinical(new_store, tmp_path, *visits)
    images(new_store, tmp_path, "c,p1,1.1,1,2021-03-05,chest,CT")
    images(new_store, tmp_path, "c,p2,1.2,1,2021-03-05,chest,CT")
    link(new_store)  # derives both at once
    found = new_store.con.execute(
        "SELECT l.case_key, l.tier, v.person_id = l.person_id, v.visit_end_date::VARCHAR FROM harmonize.image_link l "
        "JOIN omop.visit_occurrence v USING (visit_occurrence_id) ORDER BY 1"
    ).fetchall()
    assert found == [("p1", "contained", True, "2021-03-20"), ("p2", "contained", True, "2021-03-10")]


def test_a_study_of_two_patients_who_are_one_person_is_told_no_more(new_store: Store, tmp_path: Path) -> None:
    images(new_store, tmp_path, "c,p1,1.1,1,2021-03-05,chest,CT")
    images(new_store, tmp_path, "c,p2,1.2,1,2021-03-05,chest,CT")
    assert len(new_store.con.execute(SHARED).fetchall()) == 2
    path = tmp_path / "crosswalk.csv"
    path.write_text("project_id_1,case_key_1,project_id_2,case_key_2\nH,p1,H,p2\n", encoding="utf-8")
    load_crosswalk(new_store, path)
    assert new_store.con.execute(SHARED).fetchall() == []


def test_the_report_as_a_table_and_as_a_page(new_store: Store, tmp_path: Path) -> None:
    clinical(new_store, tmp_path)
    images(new_store, tmp_path, "c,p1,1.1,1,2021-03-05,chest,CT", "c,p7,2.1,2,,chest,CT")
    report = link(new_store)
    rows = {(row["what"], row["name"]): row["count"] for row in report.rows()}
    assert rows["total", "studies"] == 2
    assert rows["total", "studies_linked"] == 1
    assert rows["studies_unlinked", "no_date"] == 1
    assert rows["person_tiers", "patient_id"] == 1
    html = link_page(report)
    assert "neither the study nor a series has a date" in html
    assert "1 of 2 studies are linked" in html


def test_a_store_without_images_says_so() -> None:
    assert LinkResult([], 0.0).summary_lines()[0] == "There are no images in this store."


def test_series_of_a_study_that_two_cases_of_a_person_tell_are_all_in_the_view(
    new_store: Store, tmp_path: Path
) -> None:
    images(new_store, tmp_path, *(f"c,{case},1.{n},1,2021-03-05,chest,CT" for n, case in enumerate(("p1", "p1", "q1"))))
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("project_id_1,case_key_1,project_id_2,case_key_2\nH,p1,H,q1\n", encoding="utf-8")
    load_crosswalk(new_store, pairs)
    assert new_store.con.execute(
        "SELECT series_uid, person_id FROM linked.imaging_series ORDER BY series_uid"
    ).fetchall() == [("1.0", 1), ("1.1", 1), ("1.2", 1)]
