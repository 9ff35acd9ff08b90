"""Exports to All of Us and N3C: what is written, what is refused and told, and that both are of a published copy."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import small

import harmonize
from harmonize.cli.main import main
from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.store import open_store
from harmonize.export.consortia import all_of_us, form, n3c, write
from harmonize.export.consortia.rows import REASONS
from harmonize.export.consortia.source import Copying
from harmonize.export.publish import publish

EVENTS = (
    "INSERT INTO omop.location BY NAME SELECT 1 AS location_id, '606' AS zip",
    "INSERT INTO omop.care_site BY NAME SELECT range AS care_site_id, 1 AS location_id FROM range(1, 3)",
    "UPDATE omop.person SET location_id = 1 WHERE person_id = 1",
    """INSERT INTO omop.visit_occurrence BY NAME SELECT range AS visit_occurrence_id, 1 AS person_id,
    9201 AS visit_concept_id, [DATE '2016-05-01', DATE '2021-03-01'][range] AS visit_start_date,
    [DATE '2018-02-01', DATE '2021-03-09'][range] AS visit_end_date, 32817 AS visit_type_concept_id, 1 AS care_site_id,
    8844 AS admitted_from_concept_id, 'home' AS admitted_from_source_value, 581476 AS discharged_to_concept_id,
    [NULL, 1][range] AS preceding_visit_occurrence_id FROM range(1, 3)""",
    """INSERT INTO omop.condition_occurrence BY NAME SELECT range AS condition_occurrence_id, 1 AS person_id,
    320128 AS condition_concept_id, [DATE '2018-01-01', DATE '2017-12-31'][range] AS condition_start_date,
    0 AS condition_type_concept_id, 1 AS visit_occurrence_id, E'two\nlines "and" a quote' AS condition_source_value
    FROM range(1, 3)""",
    """INSERT INTO omop.procedure_occurrence BY NAME SELECT 1 AS procedure_occurrence_id, 2 AS person_id,
    0 AS procedure_concept_id, DATE '2021-03-02' AS procedure_date, DATE '2021-03-04' AS procedure_end_date,
    0 AS procedure_type_concept_id, 3 AS quantity, repeat('x', 51) AS procedure_source_value""",
    """INSERT INTO omop.note BY NAME SELECT range AS note_id, 1 AS person_id, DATE '2021-03-01' AS note_date,
    0 AS note_type_concept_id, 0 AS note_class_concept_id, ['Seen', ' '][range] AS note_title, 'seen' AS note_text,
    0 AS encoding_concept_id, 0 AS language_concept_id FROM range(1, 3)""",
    """INSERT INTO omop.death BY NAME SELECT 2 AS person_id, DATE '2021-04-01' AS death_date""",
    "UPDATE omop.measurement SET value_as_number = [1.5, 'nan', 'inf', NULL, 1e20, 37.0][measurement_id], "
    "measurement_datetime = TIMESTAMP '2021-03-01 23:59:59.75'",
    "INSERT INTO omop.drug_era BY NAME SELECT 1 AS drug_era_id, 1 AS person_id, 1 AS drug_concept_id, "
    "DATE '2021-03-01' AS drug_era_start_date, DATE '2021-03-02' AS drug_era_end_date",
)  # fmt: skip
RUN = date(2026, 12, 1)
SITE = n3c.Site("inv", "Invented Hospital", "A. Nobody", "nobody@invented.example", RUN, date(2027, 1, 1))
INTERNAL = Copying(internal=True)


@pytest.fixture(scope="module")
def store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.make(empty_store, tmp_path_factory.mktemp("consortia"), *EVENTS)


@pytest.fixture(scope="module")
def submission(store: Path, tmp_path_factory: pytest.TempPathFactory) -> write.ConsortiumExport:
    """The All of Us files of the store as it is, whose ids a test knows."""
    return all_of_us.export_all_of_us(store, tmp_path_factory.mktemp("aou") / "out", copying=INTERNAL)


@pytest.fixture(scope="module")
def extract(store: Path, tmp_path_factory: pytest.TempPathFactory) -> write.ConsortiumExport:
    return n3c.export_n3c(store, tmp_path_factory.mktemp("n3c") / "out", SITE, copying=INTERNAL)


@pytest.fixture(scope="module")
def public(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store published, with the CDM under another name."""
    file = tmp_path_factory.mktemp("public") / "public.duckdb"
    publish(store, file, cdm_schema="cdm")
    return file


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter, strict=True))


def _told(result: write.ConsortiumExport) -> set[tuple[str, str, str, str, str]]:
    with result.report.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["table"], row["id"], row["column"], row["reason"], row["action"]) for row in rows}


def test_all_of_us_has_its_tables_and_columns(submission: write.ConsortiumExport) -> None:
    asked = form.read_form("all_of_us")
    assert sorted(path.name for path in submission.folder.iterdir()) == sorted(submission.files)
    for table in asked.tables:
        header = (submission.folder / f"{table.name}.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert header == ",".join(f'"{column.name}"' for column in table.columns)
    assert submission.files["pii_name.csv"] == submission.files["participant_match.csv"] == 0
    assert (submission.files["person.csv"], submission.files["measurement.csv"]) == (2, 6)


def test_all_of_us_cells(submission: write.ConsortiumExport) -> None:
    visit = _rows(submission.folder / "visit_occurrence.csv")[1]
    assert (visit["admitting_source_concept_id"], visit["admitting_source_value"]) == ("8844", "home")
    assert (visit["discharge_to_concept_id"], visit["preceding_visit_occurrence_id"]) == ("581476", "1")
    condition = _rows(submission.folder / "condition_occurrence.csv")[0]
    assert condition["condition_start_datetime"] == "2018-01-01 00:00:00"
    assert (condition["condition_end_date"], condition["condition_end_datetime"]) == ("", "")
    assert condition["condition_source_value"] == 'two lines "and" a quote'
    assert [row["value_as_number"] for row in _rows(submission.folder / "measurement.csv")] == [
        "1.5", "", "", "", "1e+20", "37.0",
    ]  # fmt: skip
    assert _rows(submission.folder / "measurement.csv")[0]["measurement_datetime"] == "2021-03-01 23:59:59"
    assert _rows(submission.folder / "drug_era.csv")[0]["drug_era_start_date"] == "2021-03-01 00:00:00"
    assert _rows(submission.folder / "death.csv")[0]["death_type_concept_id"] == "0"
    assert "procedure_end_date" not in _rows(submission.folder / "procedure_occurrence.csv")[0]


def test_all_of_us_tells_what_is_not_there(submission: write.ConsortiumExport) -> None:
    assert _told(submission) == {
        ("note", "2", "note_title", "required", "left out"),
        ("measurement", "2", "value_as_number", "type", "blanked"),
        ("measurement", "3", "value_as_number", "type", "blanked"),
    }
    assert submission.refused == 3
    assert submission.report == submission.folder.with_name("out.left_out.tsv")


def test_n3c_has_its_files(extract: write.ConsortiumExport) -> None:
    names = {path.relative_to(extract.folder).as_posix() for path in extract.folder.rglob("*.csv")}
    data = {f"DATAFILES/{table.name.upper()}.csv" for table in form.read_form("n3c").tables}
    assert names == data | {"MANIFEST.csv", "DATA_COUNTS.csv", "DATAFILES/EXTRACT_VALIDATION.csv"}
    counts = {row["TABLE_NAME"]: int(row["ROW_COUNT"]) for row in _rows(extract.folder / "DATA_COUNTS.csv", "|")}
    assert counts == {
        table.upper(): len(_rows(extract.folder / "DATAFILES" / f"{table.upper()}.csv", "|"))
        for table in (one.name for one in form.read_form("n3c").tables if one.is_filled)
    }
    assert (counts["PERSON"], counts["VISIT_OCCURRENCE"], counts["CARE_SITE"]) == (2, 1, 1)
    validation = (extract.folder / "DATAFILES" / "EXTRACT_VALIDATION.csv").read_text(encoding="utf-8")
    assert validation == '"TABLE_NAME"|"DUP_COUNT"\n'


def test_n3c_cells(extract: write.ConsortiumExport) -> None:
    folder = extract.folder / "DATAFILES"
    assert (folder / "PERSON.csv").read_text(encoding="utf-8").startswith('"PERSON_ID"|"GENDER_CONCEPT_ID"|')
    visit = _rows(folder / "VISIT_OCCURRENCE.csv", "|")[0]
    assert (visit["VISIT_OCCURRENCE_ID"], visit["VISIT_START_DATE"]) == ("2", "2021-03-01 00:00:00")
    assert (visit["ADMITTING_SOURCE_CONCEPT_ID"], visit["PRECEDING_VISIT_OCCURRENCE_ID"]) == ("8844", "")
    person = _rows(folder / "PERSON.csv", "|")[0]
    assert (person["PERSON_SOURCE_VALUE"], person["LOCATION_ID"]) == ("", "1")
    assert "DAY_OF_BIRTH" not in person
    assert _rows(folder / "N3C_CONTROL_MAP.csv", "|") == []


def test_n3c_tells_what_is_not_there(extract: write.ConsortiumExport) -> None:
    assert _told(extract) == {
        ("care_site", "2", "care_site_id", "not_used", "left out"),
        ("visit_occurrence", "1", "visit_start_date", "look_back", "left out"),
        ("visit_occurrence", "2", "preceding_visit_occurrence_id", "link", "blanked"),
        ("condition_occurrence", "1", "visit_occurrence_id", "link", "blanked"),
        ("condition_occurrence", "2", "condition_start_date", "look_back", "left out"),
        ("procedure_occurrence", "1", "procedure_source_value", "length", "blanked"),
        ("measurement", "2", "value_as_number", "type", "blanked"),
        ("measurement", "3", "value_as_number", "type", "blanked"),
    }
    assert extract.refused == 5  # what the form does not ask for is not refused
    reasons = {reason for _, _, _, reason, _ in _told(extract)}
    assert reasons | {"required"} == set(REASONS)


def test_the_manifest(extract: write.ConsortiumExport, store: Path, tmp_path: Path) -> None:
    (row,) = _rows(extract.folder / "MANIFEST.csv", "|")
    assert list(row) == [
        "SITE_ABBREV", "SITE_NAME", "CONTACT_NAME", "CONTACT_EMAIL", "CDM_NAME", "CDM_VERSION", "VOCABULARY_VERSION",
        "N3C_PHENOTYPE_YN", "N3C_PHENOTYPE_VERSION", "SHIFT_DATE_YN", "MAX_NUM_SHIFT_DAYS", "RUN_DATE", "UPDATE_DATE",
        "NEXT_SUBMISSION_DATE",
    ]  # fmt: skip
    assert (row["SITE_ABBREV"], row["CDM_VERSION"], row["N3C_PHENOTYPE_YN"]) == ("inv", "5.3.1", "N")
    assert (row["RUN_DATE"], row["NEXT_SUBMISSION_DATE"]) == ("2026-12-01 00:00:00", "2027-01-01 00:00:00")
    # the contributor moved the dates, and nobody here knows by how much
    assert (row["SHIFT_DATE_YN"], row["MAX_NUM_SHIFT_DAYS"]) == ("Y", "NA")
    with pytest.raises(InputError, match="the site's name, email"):
        n3c.export_n3c(store, tmp_path / "out", n3c.Site("inv", " ", "A. Nobody", "", RUN))


@pytest.mark.parametrize(
    ("policy", "by_source", "given", "expected"),
    [
        ("shifted", "NULL", None, ("Y", "364")),
        ("offset", "NULL", None, ("Y", "NA")),
        ("as_is", "NULL", None, ("N", "0")),
        ("as_is", "true", 30, ("Y", "30")),
    ],
)
def test_the_shift_flag(
    empty_store: Path, tmp_path: Path, policy: str, by_source: str, given: int | None, expected: tuple[str, str]
) -> None:
    change = f"UPDATE harmonize.project SET time_policy = '{policy}', shifted_by_source = {by_source}"
    site = n3c.Site("inv", "x", "y", "z", RUN, None, given)
    result = n3c.export_n3c(small.make(empty_store, tmp_path, change), tmp_path / "out", site, copying=INTERNAL)
    (row,) = _rows(result.folder / "MANIFEST.csv", "|")
    assert (row["SHIFT_DATE_YN"], row["MAX_NUM_SHIFT_DAYS"]) == expected


def test_what_leaves_is_of_a_published_copy(store: Path, public: Path, tmp_path: Path) -> None:
    from_store = all_of_us.export_all_of_us(store, tmp_path / "store")
    from_copy = all_of_us.export_all_of_us(public, tmp_path / "copy")
    for path in sorted(from_store.folder.iterdir()):
        assert (from_copy.folder / path.name).read_bytes() == path.read_bytes()
    persons = _rows(from_store.folder / "person.csv")
    assert {row["person_id"] for row in persons} & {"1", "2"} == set()
    assert [row["person_source_value"][:5] for row in persons] == ["case-", "case-"]
    text = "".join(path.read_text(encoding="utf-8") for path in [*from_store.folder.iterdir(), from_store.report])
    assert "KEY-000" not in text
    assert (from_store.kind, from_copy.kind) == ("de-identified", "de-identified")


def test_real_dates_are_not_sent_unless_meant(empty_store: Path, tmp_path: Path) -> None:
    real = small.make(empty_store, tmp_path, "UPDATE harmonize.project SET shifted_by_source = NULL")
    with pytest.raises(InputError, match="limited data set"):
        all_of_us.export_all_of_us(real, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    limited = all_of_us.export_all_of_us(real, tmp_path / "out", copying=Copying(limited_data_set=True))
    assert limited.kind == "limited data set"


def test_a_folder_of_other_files_is_left_alone(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = all_of_us.export_all_of_us(store, out, copying=INTERNAL)
    assert all_of_us.export_all_of_us(store, out, copying=INTERNAL).files == first.files
    (out / "mine.txt").touch()
    with pytest.raises(InputError, match=r"such as mine\.txt"):
        all_of_us.export_all_of_us(store, out, copying=INTERNAL)
    assert (out / "mine.txt").exists()
    with pytest.raises(InputError, match="does not exist"):
        all_of_us.export_all_of_us(store, tmp_path / "none" / "out", copying=INTERNAL)


def test_a_fault_that_the_file_check_finds_keeps_the_files_back(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "harmonize.export.consortia.rows._text", lambda column, *_: f"coalesce(t.\"{column.name}\"::VARCHAR, '')"
    )
    timed = _with_time(store, tmp_path)
    with pytest.raises(InternalError, match=r"visit_occurrence\.csv, record 1: Invalid timestamp format"):
        all_of_us.export_all_of_us(timed, tmp_path / "out", copying=INTERNAL)
    assert not (tmp_path / "out").exists()
    assert list(tmp_path.glob("*.tsv")) == []


def _with_time(store: Path, folder: Path) -> Path:
    copy = Path(shutil.copy(store, folder / "timed.duckdb"))
    with open_store(copy) as opened, opened.transaction() as con:
        con.execute("UPDATE omop.visit_occurrence SET visit_start_datetime = TIMESTAMP '2021-03-01 05:00:00.25'")
    return copy


def test_commands(public: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    db = ["--db", str(public)]
    assert main(["export", "all_of_us", *db, "--to", str(tmp_path / "aou"), "--json"]) == 1
    told = json.loads(capsysbinary.readouterr().out)
    assert (told["refused"], told["files"]["person.csv"]) == (3, 2)
    site = ["--site", "inv", "--site-name", "x", "--contact", "y", "--email", "z", "--run-date", "2026-12-01"]
    assert main(["export", "n3c", *db, "--to", str(tmp_path / "n3c"), *site]) == 1
    assert b"DATAFILES/PERSON.csv" in capsysbinary.readouterr().out


def test_calls_on_a_store_without_faults(empty_store: Path, tmp_path: Path) -> None:
    db = small.make(empty_store, tmp_path)
    asked = {"site": "inv", "site_name": "x", "contact": "y", "email": "z"}
    assert harmonize.exports.n3c(db, tmp_path / "n3c", **asked, run_date=RUN, internal=True).refused == 0
    aou = ["export", "all_of_us", "--db", str(db), "--to", str(tmp_path / "aou"), "--internal"]
    assert main(aou) == 0
    again = harmonize.exports.all_of_us(db, tmp_path / "aou", internal=True)
    assert (again.refused, again.kind) == (0, "internal")
