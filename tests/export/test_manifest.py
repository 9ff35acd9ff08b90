"""A manifest of a cohort's images: which series, in which form, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rows_by_hand import people, put, study
from small import make

import harmonize
from harmonize.cli.main import main
from harmonize.engine.store import Store
from harmonize.export.publish import publish

STUDIES = {1: "P", 2: "P", 3: "P", 4: "Q"}
"""Number of the person, and so of the study, and its project. Q does not say that its UIDs are public."""
SERIES: list[dict[str, Any]] = [
    {"study_uid": "1.1", "series_uid": "9.1", "case_key": "c1", "uri": "s3://bucket/one/*"},
    {"study_uid": "1.1", "series_uid": "9.2", "case_key": "c1", "uri": "gs://bucket/two/*", "object_id": "dg.1/two",
     "file_name": "two.zip", "file_size": 20, "md5sum": "2" * 32},
    # the same series told by two sources
    {"study_uid": "1.1", "series_uid": "9.2", "case_key": "c1", "submitter_id": "again"},
    {"study_uid": "1.2", "series_uid": "9.3", "case_key": "c2", "file_name": "three.zip", "md5sum": "3" * 32},
    {"study_uid": "1.2", "series_uid": "9.4", "case_key": "c2", "uri": "https://elsewhere/four"},
    {"study_uid": "1.4", "series_uid": "9.5", "case_key": "c4", "uri": "s3://bucket/five/*", "project_id": "Q"},
]  # fmt: skip


@pytest.fixture
def db(new_store: Store) -> Path:
    """A store with four studies, of which one has no series."""
    con = new_store.con
    people(con, STUDIES)
    for number, project in STUDIES.items():
        study(con, number, project_id=project)
    chosen = {"basis": "imaging", "chosen_project_id": "P", "chosen_case_key": "c"}
    put(
        con, "harmonize.person_case",
        [{"project_id": of, "case_key": f"c{n}", "person_id": n, **chosen} for n, of in STUDIES.items()],
    )  # fmt: skip
    put(con, "harmonize.project", [{"project_id": "P", "uids": "public"}, {"project_id": "Q"}])
    put(con, "midrc.imaging_series", [{"submitter_id": one["series_uid"]} | one for one in SERIES])
    new_store.close()
    return new_store.path


def written(path: Path, form: Any, target: Path, **how: Any) -> Any:
    harmonize.manifest(path, target, form=form, **how)
    text = target.read_text(encoding="utf-8")
    return json.loads(text) if form == "gen3" else text.splitlines()


def test_addresses_for_the_idc(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "manifest.txt"
    of_p = "SELECT person_id FROM omop.person WHERE person_id < 4"
    both = ["s3://bucket/one/*", "gs://bucket/two/*"]
    assert written(db, "idc", target, cohort=of_p) == both
    assert written(db, "idc", target, cohort="repeat-imaging", parameters={"studies": 1, "project": "P"}) == both
    code = main(["export", "manifest", "--db", str(db), "--for", "idc", "-o", str(target), "--cohort", of_p])
    assert (code, capsys.readouterr().err.splitlines()) == (
        0,
        [
            "Warning: 2 of 4 series have not an address (s3:// or gs://), and are left out.",
            f"Wrote 2 series to {target}.",
        ],
    )


def test_objects_for_gen3(db: Path, tmp_path: Path) -> None:
    found = written(db, "gen3", tmp_path / "manifest.json", cohort="SELECT '1.1' AS study_uid UNION SELECT '1.2'")
    assert found == [
        {"object_id": "dg.1/two", "file_name": "two.zip", "file_size": 20, "md5sum": "2" * 32},
        {"file_name": "three.zip", "md5sum": "3" * 32},
    ]


@pytest.mark.parametrize(
    ("lines", "addresses"),
    [
        ("person_id\n1\n", 2),
        ("project_id,case_key\nP,c1\n", 2),
        ("project_id,study_uid,person_id\nP,1.1,2\n", 2),  # the study is meant, and not all of the person
        ("study_uid\n1.1\n1.1\n", 2),
    ],
)
def test_a_cohort_from_a_file(db: Path, tmp_path: Path, lines: str, addresses: int) -> None:
    file = tmp_path / "persons.csv"
    file.write_text(lines, encoding="utf-8")
    assert len(written(db, "idc", tmp_path / "manifest.txt", file=file)) == addresses


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--cohort", "SELECT 4 AS person_id"], 1, "The UIDs of Q are not public, so no manifest names its images."),
        (["--cohort", "SELECT 3 AS person_id"], 2, "No study of the cohort has a series."),
        (["--cohort", "SELECT 3 AS person_id WHERE false"], 2, "The cohort is empty."),
        (["--cohort", "SELECT 3 AS person"], 2, "The cohort has none of the columns study_uid, case_key, person_id."),
        (["--cohort", "SELECT 'x' AS person_id"], 2, "The cohort names the person 'x'; person_id is a number."),
        (["--cohort", "repeat-images"], 2, "'repeat-images'.\nhint: Did you mean 'repeat-imaging'?"),
        (["--cohort", "SELECT 1 AS person_id", "--param", "a=b"], 2, "--param belongs to a question"),
        (["--cohort", "DELETE FROM omop.person"], 2, "A statement of kind DELETE is not allowed here."),
        ([], 2, "Give either --cohort or --file."),
    ],
)  # fmt: skip
def test_what_is_refused(
    db: Path, tmp_path: Path, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "manifest.txt"
    target.write_text("of before", encoding="utf-8")
    assert main(["export", "manifest", "--db", str(db), "--for", "idc", "-o", str(target), *arguments]) == code
    assert said in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "of before"


def test_a_form_that_no_series_has_is_refused(db: Path, tmp_path: Path) -> None:
    with pytest.raises(harmonize.InputError, match="No series of the cohort has an address"):
        harmonize.manifest(db, tmp_path / "m", form="idc", cohort="SELECT '1.2' AS study_uid")


IMAGES = (
    "UPDATE harmonize.project SET uids = 'public'",
    """INSERT INTO omop.procedure_occurrence BY NAME SELECT 7 AS procedure_occurrence_id, 1 AS person_id,
    0 AS procedure_concept_id, DATE '2021-03-01' AS procedure_date, 0 AS procedure_type_concept_id""",
    """INSERT INTO harmonize.image_link BY NAME SELECT 'P' AS project_id, 'KEY-00017' AS case_key, 1 AS person_id,
    '1.2.3' AS study_uid, 7 AS procedure_occurrence_id, 'CT' AS modality, 'no_visit' AS tier,
    'patient_id' AS person_tier, 'new_procedure' AS procedure_tier, 0 AS imaging_date_offset_days""",
    """INSERT INTO midrc.imaging_series BY NAME SELECT 'P' AS project_id, 'KEY-00017' AS case_key, 1 AS record_id,
    uuid() AS row_key, 0 AS mapping_id, 's' AS submitter_id, '1.2.3' AS study_uid, '1.2.3.4' AS series_uid,
    's3://bucket/one/*' AS uri, 'dg.1/one' AS object_id, 'one.zip' AS file_name, 10 AS file_size""",
)


def test_a_published_file_has_manifests_of_public_images_without_names_of_files(
    empty_store: Path, tmp_path: Path
) -> None:
    store, public = make(empty_store, tmp_path, *IMAGES), tmp_path / "public.duckdb"
    publish(store, public)
    cohort = "SELECT person_id FROM linked.person_summary"
    assert written(public, "idc", tmp_path / "m.txt", cohort=cohort) == ["s3://bucket/one/*"]
    of_public, of_store = ({"object_id": "dg.1/one", "file_size": 10}, {"file_name": "one.zip"})
    assert written(public, "gen3", tmp_path / "m.json", cohort=cohort) == [of_public]
    assert written(store, "gen3", tmp_path / "m.json", cohort=cohort) == [of_public | of_store]
