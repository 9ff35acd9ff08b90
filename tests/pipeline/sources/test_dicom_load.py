"""Imaging deliveries from their files to OMOP: counts, attributes, resuming, bad input, manifests, privacy."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dicom_files import dataset, uid, write
from pydicom.dataset import Dataset

from harmonize.engine.store import Store
from harmonize.intake.dicom import header as dicom_header
from harmonize.intake.dicom import scan as dicom_scan
from harmonize.pipeline.acts.withdraw_person import withdraw_person
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult

HOSPITAL = Path(__file__).parents[1] / "data" / "hospital"
Load = Callable[..., LoadResult]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    return folder


@pytest.fixture
def load_images(new_store: Store, images: Path) -> Load:
    def run(*paths: Path, project: str = "H", **options: Any) -> LoadResult:
        return load(new_store, paths or [images], source="dicom", project=project, **options)

    return run


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.con.execute(query).fetchall()


def reasons(store: Store, submission: int = 1) -> Counter[str]:
    found = rows(
        store, f"SELECT state || ' ' || coalesce(reason, '') FROM harmonize.ledger WHERE submission_id = {submission}"
    )
    return Counter(text.strip() for (text,) in found)


def findings(store: Store) -> Counter[tuple[str, str | None]]:
    return Counter(
        rows(
            store,
            "SELECT rule, c.name FROM harmonize.finding f JOIN harmonize.rule USING (rule_id) "
            "LEFT JOIN harmonize.file_column c USING (file_id, column_id)",
        )
    )


def test_files_become_series_and_studies(new_store: Store, images: Path, load_images: Load) -> None:
    for number in (1, 2, 3):
        write(
            images / "a" / f"{number}.dcm",
            instance=number,
            SliceThickness=1.25 * number,
            ImageType=["ORIGINAL", "PRIMARY"],
        )
    write(images / "b.dcm", series=2, Modality="SR", SeriesDescription="Dose")
    result = load_images()
    assert result.states["loaded"] == result.records == 2
    series = "SELECT series_uid, modality, instance_count, is_derived, uri, slice_thickness, image_type, data_format "
    assert rows(new_store, series + "FROM midrc.imaging_series ORDER BY 1") == [
        (uid(1, 1), "CT", 3, False, "a/", [1.25, 2.5, 3.75], ["ORIGINAL", "PRIMARY"], "DCM"),
        (uid(1, 2), "SR", 1, True, None, None, None, "DCM"),
    ]
    study = "SELECT study_uid, series_count, instance_count, study_modality FROM midrc.imaging_study"
    assert rows(new_store, study) == [(uid(1), 2, 4, ["CT", "SR"])]
    assert rows(new_store, "SELECT count(*) FROM omop.image_occurrence WHERE modality_concept_id = 4300757") == [(1,)]


def test_a_patient_of_the_record_and_the_headers_is_one_person(
    new_store: Store, tmp_path: Path, images: Path, load_images: Load
) -> None:
    patients = tmp_path / "patient.csv"
    patients.write_text("patient_id,birth_year,age,sex,zip3\np1,,40,M,\n", encoding="utf-8")
    load(new_store, [patients], source="ehr", mapping=str(HOSPITAL), project="H")
    write(images / "1.dcm")
    load_images()
    assert rows(new_store, "SELECT gender_concept_id FROM omop.person") == [(8507,)]  # the clinical record decides
    assert findings(new_store)["sex_conflict", None] == 1
    assert rows(new_store, "SELECT count(*) FROM omop.person JOIN omop.image_occurrence USING (person_id)") == [(1,)]


def test_a_file_that_is_unchanged_is_not_read_again(
    new_store: Store, images: Path, load_images: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        write(images / f"{number}.dcm", series=number)
    load_images()
    opened: list[str] = []
    real = dicom_header._opened
    monkeypatch.setattr(dicom_header, "_opened", lambda place: opened.append(place.path) or real(place))
    assert load_images().states["unchanged"] == 2
    assert opened == []
    write(images / "2.dcm", series=2, SeriesDescription="LUNG")
    result = load_images()
    assert [Path(path).name for path in opened] == ["2.dcm"]
    assert (result.states["unchanged"], result.states["loaded"]) == (1, 1)
    assert rows(new_store, "SELECT count(*) FROM harmonize.dicom_header") == [(2,)]


def test_headers_that_another_reader_kept_are_forgotten(new_store: Store, tmp_path: Path) -> None:
    """And those alone: what this one kept is not read again."""
    for number in (1, 2):
        write(tmp_path / "in" / f"{number}.dcm", instance=number)
    load(new_store, [tmp_path / "in"], source="dicom", project="P")
    other = "reader = uuid(), header = '{\"kept\": 1}' WHERE rowid = (SELECT min(rowid) FROM harmonize.dicom_header)"
    new_store.con.execute(f"UPDATE harmonize.dicom_header SET {other}")
    kept = "SELECT path_key, stamp, rowid FROM harmonize.dicom_header WHERE header NOT LIKE '%kept%'"
    (before,) = new_store.con.execute(kept).fetchall()
    load(new_store, [tmp_path / "in"], source="dicom", project="P")
    after = new_store.con.execute(kept).fetchall()
    assert {before} < set(after)
    assert rows(new_store, "SELECT count(*), count(DISTINCT reader) FROM harmonize.dicom_header") == [(2, 1)]


def test_headers_stay_where_a_load_fails(
    new_store: Store, images: Path, load_images: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(images / "1.dcm", StudyDate="19010305", SeriesDate="19010305")
    with pytest.raises(Exception, match="no time policy"):
        load_images()
    assert rows(new_store, "SELECT count(*) FROM harmonize.dicom_header") == [(1,)]
    assert rows(new_store, "SELECT count(*) FROM harmonize.record") == [(0,)]


def test_many_processes_read_as_one_does(
    new_store: Store, images: Path, load_images: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 8):
        write(images / f"{number}.dcm", instance=number, SliceThickness=number)
    monkeypatch.setattr(dicom_scan, "FEW", 0)
    monkeypatch.setattr(dicom_scan, "BATCH", 2)
    monkeypatch.setattr(dicom_scan, "KEPT_AT_ONCE", 4)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    load_images()
    found = rows(new_store, "SELECT instance_count, len(slice_thickness) FROM midrc.imaging_series")
    assert found == [(7, 7)]
    assert rows(new_store, "SELECT count(*) FROM harmonize.dicom_header") == [(7,)]


def test_an_interrupted_scan_goes_on_where_it_was(
    new_store: Store, images: Path, load_images: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 8):
        write(images / f"{number}.dcm", instance=number)
    opened: list[str] = []
    real = dicom_header._opened

    def interrupted(place: dicom_header.Place) -> Any:
        opened.append(place.path)
        if len(opened) == 6:
            raise KeyboardInterrupt
        return real(place)

    monkeypatch.setattr(dicom_scan, "BATCH", 1)
    monkeypatch.setattr(dicom_scan, "KEPT_AT_ONCE", 2)
    monkeypatch.setattr(dicom_header, "_opened", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_images()
    assert rows(new_store, "SELECT count(*) FROM harmonize.dicom_header") == [(4,)]
    opened.clear()
    assert load_images().states["loaded"] == 1
    assert len(opened) == 3


def test_what_is_no_image_is_told_apart(new_store: Store, images: Path, load_images: Load) -> None:
    write(images / "good.dcm")
    (images / "empty.dcm").touch()
    (images / "report.pdf").write_bytes(b"%PDF-1.4 ...")
    whole = write(images / "cut.dcm", series=2).read_bytes()
    (images / "cut.dcm").write_bytes(whole[:400])
    (images / "broken.dcm").write_bytes(whole[:132] + b"\x08\x00\x15\x11SQ\0\0" + b"\xff" * 4 + b"\x01" * 50)
    write(images / "no_uid.dcm", SeriesInstanceUID=None)
    with (images / "huge.dcm").open("wb") as stream:
        stream.write(whole[:132])
        stream.truncate(5 * 2**30)
    with (images / "huge.bin").open("wb") as stream:
        stream.truncate(5 * 2**30)
    (images / "loop").symlink_to(images, target_is_directory=True)
    (images / "self").symlink_to(images / "self")
    (images / "gone.dcm").symlink_to(images / "nothing")
    os.mkfifo(images / "pipe")
    result = load_images()
    assert reasons(new_store) == {
        "loaded": 1, "excluded not_dicom": 2, "excluded link_repeated": 1, "excluded special_file": 1,
        "quarantined empty_file": 1, "quarantined truncated_header": 1, "quarantined broken_header": 1,
        "quarantined no_uids": 2, "quarantined read_error": 1, "quarantined file_gone": 1,
    }  # fmt: skip
    assert result.records == 12
    assert load_images().states["unchanged"] == 5  # what is quarantined is tried again


def test_a_5_gb_image_is_read_in_its_header_only(new_store: Store, images: Path, load_images: Load) -> None:
    path = write(images / "1.dcm", pixels=b"")
    with path.open("r+b") as stream:
        stream.truncate(5 * 2**30)
    load_images()
    assert reasons(new_store) == {"loaded": 1}
    assert findings(new_store)["header_oddity", None] == 1
    assert rows(new_store, "SELECT file_size FROM midrc.imaging_series") == [(5 * 2**30,)]


def test_pixels_that_end_too_early_are_told(new_store: Store, images: Path, load_images: Load) -> None:
    path = write(images / "1.dcm", pixels=b"\0" * 1000)
    path.write_bytes(path.read_bytes()[:-500])
    load_images()
    assert reasons(new_store) == {"loaded": 1}
    assert rows(new_store, "SELECT value FROM harmonize.finding WHERE value LIKE 'pixel%'") == [
        ("pixel data that end too early",)
    ]


def test_what_may_not_be_read_is_told(
    new_store: Store, images: Path, load_images: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(images / "1.dcm")

    def refuse(place: dicom_header.Place) -> Any:
        raise PermissionError(13, "Permission denied", place.path)

    monkeypatch.setattr(dicom_header, "_opened", refuse)
    load_images()
    assert reasons(new_store) == {"quarantined no_permission": 1}
    monkeypatch.undo()
    os.utime(images / "1.dcm", (1, 1))
    assert load_images().states["loaded"] == 1


def test_zips_are_read_where_they_are(new_store: Store, images: Path, load_images: Load, tmp_path: Path) -> None:
    archive = images / "study.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for number in (1, 2, 3):
            out.write(write(tmp_path / f"{number}.dcm", series=number), f"../{number}.dcm")
    text = bytearray(archive.read_bytes())
    at = text.index(uid(1, 2).encode())
    text[at : at + 4] = b"9999"  # the checksum of the second member fails
    archive.write_bytes(bytes(text))
    (images / "bad.zip").write_bytes(b"PK\x03\x04 no archive")
    load_images()
    assert reasons(new_store) == {"loaded": 2, "quarantined damaged_archive": 2}


def test_two_patients_under_one_study_are_both_held_back(new_store: Store, images: Path, load_images: Load) -> None:
    write(images / "1.dcm", patient="p1")
    write(images / "2.dcm", patient="p2", series=2)
    write(images / "3.dcm", patient="p3", study=2)
    load_images()
    assert reasons(new_store) == {"loaded": 1, "quarantined shared_uid": 2}
    assert rows(new_store, "SELECT case_key FROM midrc.imaging_series") == [("p3",)]


def test_a_study_in_two_projects_stays_in_the_first(new_store: Store, images: Path, load_images: Load) -> None:
    write(images / "1.dcm")
    load_images(project="A")
    write(images / "2.dcm", study=2)
    load_images(project="B")
    assert reasons(new_store, 2) == {"duplicate same_series_other_project": 1, "loaded": 1}
    assert findings(new_store)["same_series_other_project", None] == 1


def test_elements_that_are_not_as_they_should_be(new_store: Store, images: Path, load_images: Load) -> None:
    header = dataset(SeriesDescription="Röntgen", SpecificCharacterSet="ISO_IR 192")
    header.add_new(0x00280010, "LO", "four")  # Rows as a text; not asked for, so nobody minds
    header.add_new(0x00200011, "LO", "7")  # SeriesNumber as a text that is a number
    header.add_new(0x00080021, "LO", "yesterday")  # SeriesDate
    write(images / "1.dcm", header)
    write(images / "2.dcm", series=2, SpecificCharacterSet="ISO_IR 100", SeriesDescription="Grösse", KVP=None)
    japanese = dataset(series=3, SpecificCharacterSet=["", "ISO 2022 IR 87"], SeriesDescription="胸部")
    write(images / "3.dcm", japanese)
    load_images()
    found = rows(
        new_store,
        "SELECT series_description, series_number, series_date IS NULL FROM midrc.imaging_series ORDER BY series_uid",
    )
    assert found == [("Röntgen", 7, True), ("Grösse", 2, False), ("胸部", 3, False)]
    told = findings(new_store)
    assert told["type_date", "SeriesDate"] == 1
    assert told["header_oddity", None] == 2


def test_files_of_one_series_that_differ_are_told(new_store: Store, images: Path, load_images: Load) -> None:
    write(images / "1.dcm", SeriesDescription="LUNG")
    write(images / "2.dcm", instance=2, SeriesDescription="BONE")
    shutil.copy(images / "1.dcm", images / "3.dcm")
    load_images()
    told = findings(new_store)
    assert told["files_differ", "SeriesDescription"] == 1
    assert told["repeated_instance", None] == 1
    assert rows(new_store, "SELECT series_description, instance_count FROM midrc.imaging_series") == [("LUNG", 2)]


def test_headers_are_checked_by_the_profile(new_store: Store, images: Path, load_images: Load) -> None:
    header = dataset(
        PatientName="Muster^Anna", PatientBirthDate="19810203", InstitutionName="ANONYMOUS", StudyID="4711",
        BurnedInAnnotation="YES", RecognizableVisualFeatures="YES", ReferringPhysicianName="",
    )  # fmt: skip
    item = Dataset()
    item.RequestingService = "Ward 3"
    item.CodeMeaning = "x"
    header.ViewCodeSequence = [item]
    header.private_block(0x0009, "VENDOR", create=True).add_new(1, "LO", "Anna Muster")
    write(images / "1.dcm", header)
    write(images / "2.dcm", series=2, PatientName="P1", Modality="US", BurnedInAnnotation=None)
    load_images()
    told = {key: count for key, count in findings(new_store).items() if key[0] != "null_like"}
    assert told == {
        ("header_identity", "PatientName"): 1, ("header_identity", "PatientBirthDate"): 1,
        ("header_identity", "ViewCodeSequence.RequestingService"): 1, ("header_profile", "StudyID"): 1,
        ("burned_in_annotation", "BurnedInAnnotation"): 1, ("recognizable_features", "RecognizableVisualFeatures"): 1,
        ("burned_in_unknown", "BurnedInAnnotation"): 1, ("private_elements", None): 1,
    }  # fmt: skip
    assert reasons(new_store) == {"loaded": 2}
    held = {
        table: [text for (text,) in rows(new_store, f'SELECT t::VARCHAR FROM {schema}."{table}" t')]
        for schema, table in rows(new_store, "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary")
    }
    assert any("US" in text for text in held["imaging_series"])  # what is looked through is not nothing
    secrets = ("Muster", "19810203", "Ward 3")
    assert [(table, secret) for table, texts in held.items() for secret in secrets if secret in str(texts)] == []


def test_a_folder_named_after_a_patient_is_hidden(new_store: Store, images: Path, load_images: Load) -> None:
    write(images / "Smith_John" / "1.dcm")
    load_images()
    assert rows(new_store, "SELECT uri FROM midrc.imaging_series") == [("***/",)]


def test_manifests_are_checked_against_the_series(
    new_store: Store, images: Path, load_images: Load, tmp_path: Path
) -> None:
    for number in (1, 2, 3):
        with zipfile.ZipFile(images / f"{uid(1, number)}.zip", "w") as out:
            out.write(write(tmp_path / f"{number}.dcm", series=number), "1.dcm")
    size = (images / f"{uid(1, 1)}.zip").stat().st_size
    lines = [
        f"p1_1\tp1_{uid(1, 1)}\t{'a' * 32}\t{size:,}\ts3://bucket/p1/{uid(1)}/{uid(1, 1)}.zip",
        f"p1_1\tp1_{uid(1, 2)}\t{'b' * 32}\t1,000,000\ts3://bucket/p1/{uid(1)}/{uid(1, 2)}.zip",
        f"p1_1\tp1_{uid(1, 9)}\t{'c' * 32}\t17\ts3://bucket/p1/{uid(1)}/{uid(1, 9)}.zip",
    ]
    for header in ("*md5sum\t*file_size", "mdsum\tfile_size"):
        (images / "image_ACR_20211115.tsv").write_text(
            f"submitter_id\tseries.submitter_id\t{header}\tstorage_urls\n" + "\n".join(lines) + "\n", encoding="utf-8"
        )
        result = load_images()
    assert result.states["unchanged"] == 4  # three series and the line of the first, told in other words
    assert reasons(new_store) == {
        "loaded": 3,
        "context": 1,
        "quarantined manifest_missing": 1,
        "quarantined manifest_size": 1,
    }
    told = findings(new_store)
    assert told["manifest_size", "file_size"] == told["manifest_missing", None] == told["manifest_extra", None] == 2
    uris = rows(new_store, "SELECT uri FROM midrc.imaging_series ORDER BY series_uid")
    assert uris[0] == (f"s3://bucket/p1/{uid(1)}/{uid(1, 1)}.zip",)


def test_a_withdrawn_person_leaves_no_header(new_store: Store, images: Path, load_images: Load) -> None:
    write(images / "1.dcm", patient="p1")
    write(images / "2.dcm", patient="p2", study=2)
    load_images()
    withdraw_person(new_store, "H", "p1")
    assert rows(new_store, "SELECT count(*) FROM harmonize.dicom_header") == [(0,)]
    load_images()
    assert rows(new_store, "SELECT count(*) FROM harmonize.dicom_header WHERE contains(header, 'p1')") == [(0,)]
    assert rows(new_store, "SELECT count(*) FROM harmonize.dicom_header") == [(1,)]


def test_every_real_file_is_accounted_for(new_store: Store, load_images: Load) -> None:
    import data_store
    import pydicom.data

    folders = [Path(package.__file__).parent for package in (pydicom.data, data_store)]
    files = sum(len(names) for folder in folders for _, _, names in os.walk(folder))
    result = load_images(*folders)
    (read,) = rows(new_store, "SELECT count(*) FROM dicom_file")[0]
    instances, others = rows(
        new_store, "SELECT (SELECT sum(file_count::INTEGER) FROM dicom_series), (SELECT count(*) FROM dicom_other)"
    )[0]
    assert files > 270
    assert instances + others >= files
    assert result.states["loaded"] >= 50
    assert sum(result.states.values()) == result.records
    assert reasons(new_store)["quarantined truncated_header"] == 1
    assert read <= files
