"""The checks of the Data Quality Dashboard: clean data break none, a planted fault breaks the one it is for."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
import yaml
from duckdb import DuckDBPyConnection

from harmonize.engine.paths import root
from harmonize.quality.check import Check, kinds
from harmonize.quality.checks import LEFT_OUT, dashboard_checks
from harmonize.quality.limits_build import limits
from harmonize.quality.result import CheckResult
from harmonize.quality.run import run
from harmonize.quality.status import judged

DATA = Path(__file__).parent / "data" / "planted_rows.yaml"
SEXES = {"M": 8507, "F": 8532}
ALL = dashboard_checks(SEXES)
NEEDED = ("cdmTable", "cdmField", "measureValueCompleteness")
"""What says that a check does not apply."""


def _judged(con: DuckDBPyConnection, name: str, table: str) -> dict[str, CheckResult]:
    """The results of a table's checks of one name, by field and concept."""
    chosen = [one for one in ALL if one.table == table and one.kind.check in (name, *NEEDED)]
    found = judged(run(con, chosen))
    return {_place(one.check): one for one in found if one.check.kind.check == name}


def _place(check: Check) -> str:
    """A field with its concept and unit."""
    return " ".join(part for part in (check.column, check.concept_id, check.unit_concept_id) if part)


class Fault(NamedTuple):
    """A check of a place, and a statement after which something breaks it."""

    check: str
    table: str
    place: str
    sql: str


PLANTED = [Fault(**entry) for entry in yaml.safe_load(DATA.read_text(encoding="utf-8"))]
CONDITION = "condition_occurrence"


def test_the_study_without_a_fault_breaks_no_check(planted: DuckDBPyConnection) -> None:
    found = judged(run(planted, ALL))
    assert [one.check.id for one in found if one.failed or one.is_error] == []
    assert sum(one.passed for one in found) > 1000


def test_a_fault_is_planted_for_every_kind_of_check() -> None:
    assert {fault.check for fault in PLANTED} == {check for check, _ in kinds()}


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: f"{fault.check}-{fault.table}")
def test_a_planted_fault_is_found(planted: DuckDBPyConnection, fault: Fault) -> None:
    before = _judged(planted, fault.check, fault.table)[fault.place]
    planted.execute(fault.sql)
    after = _judged(planted, fault.check, fault.table)[fault.place]
    assert (before.failed, after.failed) == (False, True)
    assert 0 < after.counted.violated <= after.counted.denominator


def test_what_two_concepts_lie_above_counts_once(planted: DuckDBPyConnection) -> None:
    """Below both ancestors of one check."""
    planted.execute(next(fault.sql for fault in PLANTED if fault.check == "plausibleGenderUseDescendants"))
    (rows,) = planted.execute("SELECT count(*) FROM omop.condition_occurrence").fetchone() or (0,)
    place = "condition_concept_id 4090861, 4025213"
    assert _judged(planted, "plausibleGenderUseDescendants", CONDITION)[place].counted.denominator == rows


def test_a_threshold_is_what_may_be_not_what_fails(planted: DuckDBPyConnection) -> None:
    """Of withinVisitDates of conditions 5 in a hundred may."""
    (rows,) = planted.execute("SELECT count(*) FROM omop.condition_occurrence").fetchone() or (0,)
    every = "SELECT condition_occurrence_id FROM omop.condition_occurrence ORDER BY 1"
    late = "UPDATE omop.condition_occurrence SET condition_start_date = condition_start_date + 9"
    planted.execute(
        f"DELETE FROM omop.condition_occurrence WHERE condition_occurrence_id IN ({every} LIMIT {rows - 200})"
    )
    planted.execute(f"{late} WHERE condition_occurrence_id IN ({every} LIMIT 10)")
    at_limit = _judged(planted, "withinVisitDates", CONDITION)["condition_start_date"]
    assert (at_limit.share, at_limit.failed) == (0.05, False)
    planted.execute(f"{late} WHERE condition_occurrence_id IN ({every} DESC LIMIT 1)")
    assert _judged(planted, "withinVisitDates", CONDITION)["condition_start_date"].failed


def test_what_is_empty_or_missing_does_not_apply(planted: DuckDBPyConnection) -> None:
    planted.execute("DROP TABLE omop.note_nlp; ALTER TABLE omop.death RENAME COLUMN cause_source_value TO cause")
    planted.execute("DELETE FROM omop.condition_occurrence")
    found = {one.check.id: one for one in judged(run(planted, ALL))}
    told = {
        "field_isrequired_note_nlp_note_nlp_id": "Table NOTE_NLP does not exist.",
        "field_measurevaluecompleteness_death_cause_source_value": "Field DEATH.CAUSE_SOURCE_VALUE does not exist.",
        "field_isrequired_condition_occurrence_person_id": "Table CONDITION_OCCURRENCE is empty.",
        "table_measureconditioneracompleteness_condition_era": "Table CONDITION_OCCURRENCE is empty.",
        "field_isforeignkey_visit_occurrence_provider_id": "Field VISIT_OCCURRENCE.PROVIDER_ID is not populated.",
        "concept_plausiblegender_procedure_occurrence_procedure_concept_id_4127886":
            "PROCEDURE_CONCEPT_ID 4127886 does not occur in PROCEDURE_OCCURRENCE.",
    }  # fmt: skip
    assert {name: found[name].reason for name in told} == told
    assert found["table_cdmtable_note_nlp"].failed
    assert found["field_cdmfield_death_cause_source_value"].failed
    assert found["table_measurepersoncompleteness_condition_occurrence"].failed
    assert [one.check.id for one in found.values() if one.is_error] == []


def test_an_error_is_told_of_the_check_alone(sites: Path, tmp_path: Path) -> None:
    """Of a day that is none: the checks that compare it end with an error, others do not."""
    with duckdb.connect(str(shutil.copy(sites, tmp_path))) as con:
        con.execute("ALTER TABLE omop.condition_occurrence ALTER condition_start_date TYPE VARCHAR")
        con.execute("UPDATE omop.condition_occurrence SET condition_start_date = 'spring'")
        found = judged(run(con, [one for one in ALL if one.table == CONDITION]))
    broken = {one.check.kind.check for one in found if one.is_error}
    assert {"plausibleAfterBirth", "withinVisitDates"} <= broken
    assert "isRequired" not in broken


def test_an_id_is_of_one_check() -> None:
    assert len({one.id for one in ALL}) == len(ALL)


def _of_ohdsi(folder: Path, level: str) -> list[dict[str, str]]:
    with (folder / "omop" / f"DQD_OMOP_CDMv5.4_{level}_Level.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.realdata
def test_the_list_is_that_of_ohdsi(shared: Path) -> None:
    with (root("sql") / "quality" / "limits.tsv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.DictReader(stream, delimiter="\t")) == list(limits(shared / "omop"))


def _ours(name: str) -> set[tuple[str, str, str]]:
    return {(one.table, one.column, f"{one.threshold:g}") for one in ALL if one.kind.check == name}


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["isRequired", "isPrimaryKey", "measureValueCompleteness"])
def test_what_the_schema_implies_is_what_ohdsi_lists(shared: Path, name: str) -> None:
    listed = {
        (row["cdmTableName"].lower(), row["cdmFieldName"].lower().strip('"'), row[f"{name}Threshold"])
        for row in _of_ohdsi(shared, "Field")
        if row[name] not in ("", "No") and row["cdmTableName"].lower() not in LEFT_OUT
    }
    extension = {one for one in _ours(name) if one[0].startswith("image_")}
    assert _ours(name) - extension == listed
