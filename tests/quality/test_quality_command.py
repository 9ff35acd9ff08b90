"""`harmonize quality`: forms, exit codes, stores and published files."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

import harmonize
from harmonize.cli.main import main
from harmonize.export.publish import publish
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.pipeline.stores import open_current

TOP = {
    "startTimestamp", "endTimestamp", "executionTime", "executionTimeSeconds", "CheckResults", "Metadata", "Overview",
}  # fmt: skip
ENTRY = {
    "numViolatedRows", "pctViolatedRows", "numDenominatorRows", "executionTime", "queryText", "checkName", "checkLevel",
    "checkDescription", "cdmTableName", "cdmFieldName", "conceptId", "unitConceptId", "sqlFile", "category",
    "subcategory", "context", "warning", "error", "checkId", "failed", "passed", "isError", "notApplicable",
    "notApplicableReason", "thresholdValue", "notesValue",
}  # fmt: skip
OVERVIEW = {
    "countTotal", "countPassed", "countErrorFailed", "countThresholdFailed", "countOverallFailed", "percentPassed",
    "percentFailed", "countTotalPlausibility", "countTotalConformance", "countTotalCompleteness",
    "countFailedPlausibility", "countFailedConformance", "countFailedCompleteness", "countPassedPlausibility",
    "countPassedConformance", "countPassedCompleteness",
}  # fmt: skip
SOURCE = {
    "cdmSourceName", "cdmSourceAbbreviation", "cdmHolder", "sourceDescription", "sourceDocumentationReference",
    "cdmEtlReference", "sourceReleaseDate", "cdmReleaseDate", "cdmVersion", "cdmVersionConceptId", "vocabularyVersion",
    "dqdVersion",
}  # fmt: skip
"""The keys of a result file of the Data Quality Dashboard 2."""


def _faulty(sites: Path, folder: Path) -> Path:
    """The store, with conditions of a person without a start."""
    store = Path(shutil.copy(sites, folder))
    with duckdb.connect(str(store)) as con:
        con.execute("UPDATE omop.condition_occurrence SET visit_occurrence_id = -7 WHERE person_id = 1")
    return store


def _json(capsys: pytest.CaptureFixture[str], store: Path) -> tuple[int, dict[str, Any]]:
    code = main(["-q", "quality", "--db", str(store), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_sound_store_ends_with_0(capsys: pytest.CaptureFixture[str], sites: Path) -> None:
    assert main(["-q", "quality", "--db", str(sites)]) == 0
    assert " 0 failed, 0 ended with an error, " in capsys.readouterr().out


def test_json_has_the_keys_of_the_dashboard(capsys: pytest.CaptureFixture[str], sites: Path) -> None:
    code, found = _json(capsys, sites)
    assert (code, set(found), set(found["Overview"]), set(found["Metadata"][0])) == (0, TOP, OVERVIEW, SOURCE)
    assert {frozenset(one) for one in found["CheckResults"]} == {frozenset(ENTRY)}
    states = [[one["failed"], one["passed"], one["isError"], one["notApplicable"]] for one in found["CheckResults"]]
    assert {sum(state) for state in states} == {1}
    assert found["Overview"]["countPassed"] == sum(state[1] for state in states)
    assert found["Overview"]["countTotal"] == len(states)


def test_a_failed_check_ends_with_1_and_is_told(
    capsys: pytest.CaptureFixture[str], sites: Path, tmp_path: Path
) -> None:
    store = _faulty(sites, tmp_path)
    assert main(["-q", "quality", "--db", str(store)]) == 1
    text = capsys.readouterr().out
    assert "fatal: isForeignKey of condition_occurrence.visit_occurrence_id" in text
    assert "10 of 432, 2.31%" in text
    code, found = _json(capsys, store)
    failed = {one["checkId"]: one for one in found["CheckResults"] if one["failed"]}
    one = failed["field_isforeignkey_condition_occurrence_visit_occurrence_id"]
    assert (code, one["numViolatedRows"], one["numDenominatorRows"], one["thresholdValue"]) == (1, 10, 432, 0)
    assert (one["cdmTableName"], one["cdmFieldName"]) == ("CONDITION_OCCURRENCE", "VISIT_OCCURRENCE_ID")
    with duckdb.connect(str(store), read_only=True) as con:
        assert con.execute(one["queryText"]).fetchall() == [(10, 432)]
    assert found["Overview"]["countThresholdFailed"] == len(failed)


def test_it_is_written_to_a_file(sites: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    assert main(["-q", "quality", "--db", str(sites), "--format", "json", "-o", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["Overview"]["countOverallFailed"] == 0


def test_a_published_file_is_checked_likewise(capsys: pytest.CaptureFixture[str], sites: Path, tmp_path: Path) -> None:
    store, public = shutil.copy(sites, tmp_path / "store.duckdb"), tmp_path / "public.duckdb"
    publish(Path(store), public, limited_data_set=True)
    code, found = _json(capsys, public)
    assert (code, found["Overview"]["countOverallFailed"]) == (0, 0)
    assert found["Overview"]["countPassed"] > 1000


def test_the_call_in_python(sites: Path) -> None:
    with harmonize.open(sites, read_only=True) as db:
        result = db.quality()
    assert result.ok
    assert result.to_json()["Overview"]["countOverallFailed"] == 0
    assert repr(result).startswith(f"{len(result.results):,} checks in ")


def test_what_is_no_store_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["quality", "--db", str(tmp_path / "none.duckdb")]) == 2
    assert "does not exist" in capsys.readouterr().err


@pytest.mark.realdata
def test_a_real_study_fails_only_what_its_vocabulary_lacks(shared: Path, tmp_path: Path) -> None:
    """Of the tables of COVID-19-NY-SBU, with the starter vocabulary: completeness of concepts, and nothing else."""
    with open_current(tmp_path / "store.duckdb", create=True) as store:
        set_project(store, "NY-SBU", time="offset", source_anchor=date(1901, 1, 1), anchor=date(2020, 1, 1))
        load(store, [shared / "ehr_covid_19_ny_sbu"], source="ehr", mapping="covid_19_ny_sbu", project="NY-SBU")
    with harmonize.open(tmp_path / "store.duckdb", read_only=True) as db:
        failed = {one.check.kind.check for one in db.quality().failed}
    assert failed == {
        "standardConceptRecordCompleteness", "sourceConceptRecordCompleteness", "sourceValueCompleteness",
        "conceptZero",
    }  # fmt: skip
