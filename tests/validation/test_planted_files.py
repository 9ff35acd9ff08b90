"""Seeded errors of whole files, and against a database; every rule of the families here is planted somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from clean_batch import BATCH, clean_batch, file_name, write
from clean_ward import WARD, clean_ward, write_ward
from planted import TOGETHER, WARD_TOGETHER
from test_planted import found_in

from harmonize.engine.store import open_store
from harmonize.pipeline.load import load
from harmonize.pipeline.store_schema import create
from harmonize.validation.rules import rule_texts

PROJECT = "Open-R1"
# Families whose rules are planted by tests of their own.
ELSEWHERE = {
    "load": "tests/pipeline",
    "privacy": "tests/validation/privacy/test_privacy.py",
    "fhir": "tests/validation/fhir/test_fhir.py",
    "imaging": "tests/pipeline/sources/test_dicom_load.py, test_dicom_told.py",
}


def at(path: Path, line: int, change: Callable[[bytes], bytes]) -> None:
    """Change one line of a file, counted from 1."""
    lines = path.read_bytes().split(b"\n")
    lines[line - 1] = change(lines[line - 1])
    path.write_bytes(b"\n".join(lines))


def header(path: Path, old: bytes, new: bytes) -> None:
    at(path, 1, lambda line: line.replace(old, new))


def widened(path: Path, name: bytes) -> None:
    """A further column of that name."""
    path.write_bytes(path.read_bytes().replace(b"\n", b",x\n").replace(b"outcome,x", b"outcome," + name))


def workbook(path: Path) -> None:
    """The stays as a worksheet with a formula that nobody has calculated."""
    book = openpyxl.Workbook()
    sheet = book.active
    for line in path.read_text().splitlines():
        sheet.append(line.split(","))
    sheet["E5"] = '=CONCATENATE("ho","me")'
    path.unlink()
    book.save(path.with_suffix(".xlsx"))


# rule: what is done to the file stay.csv of the ward, and line and column of the finding.
STAY: dict[str, tuple[Callable[[Path], object], int | None, str | None]] = {
    "encoding": (lambda p: at(p, 4, lambda line: line.replace(b"home", b"h\xf4tel")), 4, None),
    "blank_header": (lambda p: widened(p, b""),
                     1, None),
    "duplicate_header": (lambda p: widened(p, b"outcome"),
                         1, "outcome"),
    "missing_column": (lambda p: header(p, b"patient_id", b"x"), None, "patient_id"),
    "missing_optional_column": (lambda p: header(p, b"outcome", b"x"), None, "outcome"),
    "renamed_column": (lambda p: header(p, b"outcome", b"out_come"), None, "out_come"),
    "extra_column": (lambda p: widened(p, b"ward"),
                     None, "ward"),
    "ragged": (lambda p: at(p, 7, lambda line: line + b",more"), 7, None),
    "quoting": (lambda p: at(p, 8, lambda line: line.replace(b"home", b'"home"x')), 8, None),
    "nul_byte": (lambda p: at(p, 9, lambda line: line.replace(b"home", b"ho\x00me")), 9, None),
    "empty_column": (lambda p: p.write_bytes(p.read_bytes().replace(b"home", b"")), None, "outcome"),
    "other_unit": (lambda p: p.write_bytes(re.sub(rb"3[678]\.[0-9]", b"99.5", p.read_bytes())), None, "temperature"),
    "formula_without_value": (workbook, 5, None),
}  # fmt: skip
# What comes with these errors, because it follows from them.
FOLLOWS = {
    "missing_column": {("extra_column", None, "x")},
    "missing_optional_column": {("extra_column", None, "x")},
    "duplicate_header": {("extra_column", None, "outcome")},
}


@pytest.mark.parametrize("rule", STAY)
def test_an_error_of_a_file_is_found_at_its_place(tmp_path: Path, rule: str) -> None:
    change, line, column = STAY[rule]
    folder = write_ward(tmp_path / "ward", {"stay": clean_ward()["stay"]})
    change(folder / "stay.csv")
    found = {(f["rule"], f["line"], f["column"]) for f in found_in(folder, source="ehr", mapping=str(WARD))}
    found.discard(("parent_not_delivered", None, "patient_id"))
    assert found == {(rule, line, column), *FOLLOWS.get(rule, ())}


def test_a_file_without_records(tmp_path: Path) -> None:
    folder = write_ward(tmp_path / "ward", clean_ward())
    at(folder / "result.csv", 1, lambda line: line)
    (folder / "result.csv").write_bytes((folder / "result.csv").read_bytes().partition(b"\n")[0] + b"\n")
    found = found_in(folder, source="ehr", mapping=str(WARD))
    assert [(f["rule"], f["file"]) for f in found] == [("no_records", "result.csv")]


def test_links_into_files_that_were_not_delivered(tmp_path: Path) -> None:
    folder = write(tmp_path / "batch", {"condition": clean_batch()["condition"]})
    (finding,) = found_in(folder)
    assert (finding["rule"], finding["column"]) == ("parent_not_delivered", "cases.submitter_id")
    assert finding["message"].startswith("The delivery has no file of case")


def test_the_earlier_of_two_records_is_that_of_the_earlier_file(tmp_path: Path) -> None:
    """Though it stands on a later line there: what repeats it is told, and names it."""
    rows = clean_batch()
    folder = write(tmp_path / "batch", rows)
    again = {"condition": rows["condition"][9] | {"submitter_id": "C99"}}
    again["ct_series"] = rows["ct_series"][0] | {
        "submitter_id": "1.9.9", "series_uid": "1.9.9", "md5sum": rows["ct_series"][9]["md5sum"]
    }  # fmt: skip
    for node, row in again.items():
        write(tmp_path / "more", {node: [row]})
        (tmp_path / "more" / file_name(node)).rename(folder / file_name(node, f"{BATCH}_2"))
    found = [(f["rule"], f["file"], f["line"], f["value"]) for f in found_in(folder) if f["rule"].startswith("same_")]
    assert sorted(found) == [
        ("same_content", file_name("condition", f"{BATCH}_2"), 2, rows["condition"][9]["submitter_id"]),
        ("same_file", file_name("ct_series", f"{BATCH}_2"), 2, rows["ct_series"][9]["submitter_id"]),
    ]


def test_names_of_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "batch", clean_batch())
    (folder / file_name("visit")).rename(folder / file_name("visit", "RSNA_20220101"))
    (folder / file_name("observation")).rename(folder / file_name("procedure", "RSNA_20230303_2"))
    (folder / f"answers_{BATCH}.tsv").write_text("question\tanswer\nsmoker\tno\n")
    found = {(f["rule"], f["file"], f["line"]) for f in found_in(folder)}
    assert found == {
        ("several_batches", file_name("visit", "RSNA_20220101"), None),
        ("misnamed_file", file_name("procedure", "RSNA_20230303_2"), None),
        ("unknown_file", f"answers_{BATCH}.tsv", None),
    }


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the clean batch."""
    folder = tmp_path_factory.mktemp("loaded")
    path = folder / "store.duckdb"
    with open_store(path, create=True, initialise=create) as store:
        load(store, [write(folder / "batch", clean_batch())], source="gen3", project=PROJECT)
    return path


def against(loaded: Path, folder: Path) -> set[tuple[str, str, int | None, str | None]]:
    found = found_in(folder, db=loaded, project=PROJECT)
    return {(f["rule"], f["file"].partition("_RSNA")[0], f["line"], f["column"]) for f in found}


def test_the_same_batch_again_has_no_findings(tmp_path: Path, loaded: Path) -> None:
    assert against(loaded, write(tmp_path / "batch", clean_batch())) == set()


def test_a_later_batch_links_to_what_is_loaded(tmp_path: Path, loaded: Path) -> None:
    later = clean_batch()["observation"][:5]
    for number, record in enumerate(later):
        record |= {"submitter_id": f"later{number}", "days_to_observation": "77"}
    later[3] |= {"cases.submitter_id": "419639-000555", "case_ids": ""}
    folder = write(tmp_path / "batch", {"observation": later})
    assert against(loaded, folder) == {("orphan", "observation", 5, "cases.submitter_id")}


def test_errors_against_what_is_loaded(tmp_path: Path, loaded: Path) -> None:
    rows = clean_batch()
    rows["case"][2]["sex"] = "Male" if rows["case"][2]["sex"] == "Female" else "Female"
    rows["condition"][4]["submitter_id"] = "C-new"
    rows["procedure"][4]["conditions.submitter_id"] = ""
    rows["imaging_study"][6] |= {"submitter_id": "another", "case_ids": "", "cases.submitter_id": "419639-000001"}
    rows["imaging_study"][6] |= {key: rows["imaging_study"][0][key] for key in ("age_at_imaging", "days_to_study")}
    found = against(loaded, write(tmp_path / "batch", {n: rows[n] for n in ("case", "condition", "imaging_study")}))
    assert found == {
        ("changed_value", "case", 4, "sex"),
        ("already_loaded", "condition", 6, "submitter_id"),
        ("shared_uid", "imaging_study", 8, "study_uid"),
        ("no_rows", "case", 8, "submitter_id"),
    }


def test_every_rule_is_planted() -> None:
    planted = {p.rule for p in (*TOGETHER, *WARD_TOGETHER)} | STAY.keys()
    planted |= {"no_records", "parent_not_delivered", "several_batches", "misnamed_file", "unknown_file"}
    planted |= {"changed_value", "already_loaded"}
    planted |= {
        "unknown_label",
        "several_names",
        "broken_entry",
        "unlisted_study",
    }  # tests/pipeline/sources/test_ricord.py
    planted |= {"lines_above", "hidden_sheet", "blank_rows"}  # tests/intake/table/test_stage.py
    planted |= {"key_characters", "spreadsheet_key"}  # test_keys.py
    planted |= {"no_key", "no_person", "no_age"}  # tests/pipeline/test_foresee.py
    rules = {rule for rule, text in rule_texts().items() if text.family not in ELSEWHERE}
    assert rules == planted
