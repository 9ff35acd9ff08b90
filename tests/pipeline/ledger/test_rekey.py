"""What is not loaded of a cell is in no key; records that a store has under another key keep their ids."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmonize.engine.store import Store
from harmonize.pipeline.ledger import records
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult
from harmonize.pipeline.sources import fhir

HEADER = "Anon Result Date,Anon MRN,PATIENT_SYMPTOMATIC,RESULT,SPECIMEN_SOURCE,MIDRC Test Method"
SECRET = "617-495-1000"
ROWS = [
    "3/1/2020,419639-1,YES,DETECTED,Nasal Swab,RT-PCR",
    f"3/2/2020,419639-1,NO,DETECTED,swab call {SECRET},RT-PCR",
    "3/3/2020,419639-1,NO,Zorblat Quux,Nasal Swab,RT-PCR",
]
EXAMS = (
    "Anon MRN,Anon Sex,Anon Age,Anon Exam Date/Time,Anon Study UID\n"
    "419639-1,F,50,March 4 2020 10:00:00 AM,1.2.826.0.1.1\n"
)


KEYS = """
SELECT record_key FROM harmonize.record JOIN harmonize.record_type USING (record_type)
WHERE name LIKE '%results' AND submission_id = ? ORDER BY line
"""

COVID_19 = {"coding": [{"system": "http://snomed.info/sct", "code": "840539006"}]}


def _everything(store: Store) -> str:
    tables = store.con.execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
        "AND table_schema IN ('midrc', 'omop', 'harmonize', 'archive')"
    ).fetchall()
    return "\n".join(str(store.con.execute(f'FROM "{schema}"."{name}"').fetchall()) for schema, name in tables)


def _results(store: Store, folder: Path, rows: list[str] = ROWS) -> LoadResult:
    path = folder / "all covid test results.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    (folder / "transferred exams.csv").write_text(EXAMS)
    return load(store, [folder], source="ehr", mapping="site_419639", project="P")


def _fhir(store: Store, folder: Path, patient: str) -> LoadResult:
    subject = {"reference": f"Patient/{patient}"}
    stay = {"status": "finished", "class": {"code": "IMP"}, "period": {"start": "2021-03-05", "end": "2021-03-06"}}
    resources: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": patient, "gender": "female", "birthDate": "1960-05-17"},
        {"resourceType": "Encounter", "id": "e1", **stay, "subject": subject},
        {"resourceType": "Condition", "id": patient, "code": COVID_19, "subject": subject,
         "encounter": {"reference": "Encounter/e1"}, "onsetDateTime": "2021-03-05"},
    ]  # fmt: skip
    path = folder / "x.ndjson"
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources))
    return load(store, [path], source="fhir", project="P")


def _find_none(con: duckdb.DuckDBPyConnection, **_known: object) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE fhir_private_id (id VARCHAR, rules VARCHAR[])")


def _ids(store: Store) -> list[Any]:
    return store.con.execute("SELECT omop_table, omop_id FROM harmonize.row_id ORDER BY ALL").fetchall()


def test_cells_that_are_not_loaded_are_in_no_key(new_store: Store, tmp_path: Path) -> None:
    result = _results(new_store, tmp_path)
    assert (result.states["quarantined"], result.cells_quarantined) == (0, 2)
    told = _everything(new_store)
    assert SECRET not in told
    assert "Zorblat" not in told.replace("'Zorblat Quux'", "", 1), "the finding of its rule tells the value"
    assert "Nasal Swab" in told
    keys = [key for (key,) in new_store.con.execute(KEYS, [1]).fetchall()]
    assert keys[0] == "419639-1|3/1/2020|DETECTED|Nasal Swab|RT-PCR|YES"
    assert keys[1].startswith("419639-1|3/2/2020|DETECTED|x-")


def test_the_same_cell_has_the_same_key_and_another_store_another(new_store: Store, tmp_path: Path) -> None:
    _results(new_store, tmp_path)
    keys = new_store.con.execute(KEYS, [1]).fetchall()
    assert _results(new_store, tmp_path).states["unchanged"] == 4
    new_store.con.execute("UPDATE harmonize.store_key SET key = 'another'")
    _results(new_store, tmp_path, ROWS[1:2])
    assert (
        keys[1]
        not in new_store.con.execute("SELECT record_key FROM harmonize.record WHERE submission_id = 3").fetchall()
    )


def test_records_of_an_older_store_are_renamed_and_keep_their_ids(
    new_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older harmonize kept the cell in the key, and loaded under the same mapping."""
    with monkeypatch.context() as older:
        older.setattr(records, "_hidden_columns", lambda *_: {})
        older.setattr(records, "SCREEN", "none")
        _results(new_store, tmp_path)
    assert SECRET in _everything(new_store)
    before = _ids(new_store)
    result = _results(new_store, tmp_path)
    assert result.states["loaded"] == 4
    assert SECRET not in _everything(new_store)
    assert _ids(new_store) == before
    # each record has its own key, under which its new version has replaced the old one
    versions = "SELECT list(is_current ORDER BY submission_id) FROM harmonize.record GROUP BY record_type, record_key"
    assert new_store.con.execute(versions).fetchall() == [([False, True],)] * 4
    assert new_store.con.execute("SELECT count(*) FROM harmonize.row_id_retired").fetchone() == (0,)
    assert _results(new_store, tmp_path).states["unchanged"] == 4


def test_an_id_of_a_resource_that_tells_somebody_is_replaced_everywhere(new_store: Store, tmp_path: Path) -> None:
    result = _fhir(new_store, tmp_path, SECRET)
    assert result.states["loaded"] == 3
    assert SECRET not in _everything(new_store)
    assert result.rows["condition_occurrence"]["total"] == result.rows["visit_occurrence"]["total"] == 1
    assert result.rows["condition_era"]["total"] == 1
    assert _fhir(new_store, tmp_path, SECRET).states["unchanged"] == 3


def test_a_patient_of_an_older_store_is_renamed_and_all_rows_keep_their_ids(
    new_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr("harmonize.validation.fhir.check.find_ids", _find_none)
        older.setattr(fhir, "SCREEN", "none")
        _fhir(new_store, tmp_path, SECRET)
    assert SECRET in _everything(new_store)
    new_store.con.execute("DELETE FROM harmonize.checked_delivery")  # that release knew no delivery again
    before = _ids(new_store)
    assert _fhir(new_store, tmp_path, SECRET).states["loaded"] == 3
    assert SECRET not in _everything(new_store)
    assert _ids(new_store) == before
