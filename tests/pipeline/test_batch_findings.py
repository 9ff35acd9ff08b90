"""A load asks the rules over several files once, quarantines what they refuse, and leaves to itself what it settles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gen3_batch import BATCH_ROWS, PROJECT, Rows, write_batch

from harmonize.engine.store import Store
from harmonize.pipeline.load import load

CASES = BATCH_ROWS["case"]
CASE_1, CASE_2 = CASES[0]["submitter_id"], CASES[1]["submitter_id"]


@pytest.fixture
def loaded(new_store: Store, tmp_path: Path) -> Any:
    """Loads rows as a batch and gives (rule, line, value) of the findings and the states by record key."""

    def run(rows: Rows) -> tuple[list[tuple[Any, ...]], dict[str, tuple[str, str | None]]]:
        number = new_store.con.execute("SELECT count(*) FROM harmonize.submission").fetchone()
        batch = write_batch(tmp_path / str(number), rows)
        result = load(new_store, [batch], source="gen3", project=PROJECT)
        findings = new_store.con.execute(
            "SELECT rule, line, value FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
            "WHERE submission_id = ? ORDER BY ALL",
            [result.submission],
        ).fetchall()
        ledger = new_store.con.execute(
            "SELECT record_key, state, reason FROM harmonize.ledger WHERE submission_id = ?", [result.submission]
        ).fetchall()
        return findings, {key: (state, reason) for key, state, reason in ledger}

    return run


def test_a_record_of_another_case_is_quarantined(loaded: Any) -> None:
    condition = {
        "type": "condition",
        "submitter_id": "C1",
        "cases.submitter_id": CASE_1,
        "condition_name": "x",
        "days_to_condition_start": "1",
    }
    test = BATCH_ROWS["measurement"][1] | {"conditions.submitter_id": "C1"}
    findings, states = loaded({"case": CASES, "condition": [condition], "measurement": [test]})
    assert findings == [("other_case", 2, f"{CASE_2} here, {CASE_1} as C1 has it")]
    assert states["T2"] == ("quarantined", "other_case")
    assert states["C1"][0] == "loaded"


def test_an_end_before_its_start_quarantines_the_cell(loaded: Any) -> None:
    visit = BATCH_ROWS["visit"][0] | {"days_to_hospital_discharge": "-9"}
    findings, states = loaded({"case": CASES, "visit": [visit]})
    assert ("end_before_start", 2, "-9") in findings
    assert states["V1"][0] == "loaded"


def test_a_load_waits_for_the_other_end_of_a_link(loaded: Any) -> None:
    findings, states = loaded({"visit": [BATCH_ROWS["visit"][0]]})
    assert findings == []
    assert states["V1"] == ("quarantined", "no_person")


def test_a_changed_sex_is_told_and_loaded(loaded: Any, new_store: Store) -> None:
    loaded({"case": CASES})
    findings, _ = loaded({"case": [CASES[0] | {"sex": "Male"}, *CASES[1:]]})
    assert findings == [("changed_value", 2, "Male here, Female in the database")]
    sex = new_store.con.execute('SELECT sex FROM midrc."case" WHERE case_key = ?', [CASE_1]).fetchone()
    assert sex == ("Male",)


def test_manifests_are_excluded_by_name(loaded: Any) -> None:
    manifest = [{"*md5sum": "0" * 32, "*file_size": "1,000", "storage_urls": "s3://a/b.zip", "file_name": "b.zip"}]
    findings, states = loaded({"case": CASES, "image_manifest": manifest})
    assert findings == []
    assert ("excluded", "manifest") in states.values()
