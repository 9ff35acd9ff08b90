"""What OHDSI's tools say of published files: Achilles, field checks of the Data Quality Dashboard (docs/quality.md)."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import quality
import study
from duckcdm.achilles import run_achilles
from duckdb import DuckDBPyConnection
from stores import copied

from harmonize.export.publish import publish
from harmonize.pipeline.acts.vocabulary import load_vocabulary
from harmonize.pipeline.load import load

COVID_19 = {"coding": [{"system": "http://snomed.info/sct", "code": "840539006"}]}
WARFARIN = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "11289"}]}


def _resources() -> list[dict[str, Any]]:
    """A patient with a visit, an illness that comes back, and a drug for a while."""
    subject, stay = {"subject": {"reference": "Patient/q1"}}, {"encounter": {"reference": "Encounter/v1"}}
    return [
        {"resourceType": "Patient", "id": "q1", "gender": "female", "birthDate": "1960-05-17"},
        {"resourceType": "Encounter", "id": "v1", "status": "finished", "class": {"code": "IMP"}, **subject,
         "period": {"start": "2020-03-04", "end": "2020-03-09"}},
        {"resourceType": "Condition", "id": "i1", "code": COVID_19, **subject, **stay, "onsetDateTime": "2020-03-04"},
        {"resourceType": "Condition", "id": "i2", "code": COVID_19, **subject, "onsetDateTime": "2020-06-04"},
        *({"resourceType": "MedicationStatement", "id": f"w{month}", "status": "completed", **subject,
           "medicationCodeableConcept": WARFARIN,
           "effectivePeriod": {"start": f"2020-{month}-01", "end": f"2020-{month}-20"}}
          for month in ("03", "04", "08")),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def published(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented store, published: resources, tables and readings, with eras of conditions and drugs."""
    folder = tmp_path_factory.mktemp("quality")
    with copied(empty_store, folder) as store:
        study.build(store, folder)
        more = folder / "more.ndjson"
        more.write_text("".join(json.dumps(one) + "\n" for one in _resources()), encoding="utf-8")
        load(store, [more], source="fhir", project="O")
        store.con.execute("CHECKPOINT")
    publish(folder / "store.duckdb", folder / "public.duckdb")
    return folder / "public.duckdb"


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Iterator[DuckDBPyConnection]:
    """A copy of the published file that may be written to."""
    with duckdb.connect(str(shutil.copy(published, tmp_path / "copy.duckdb"))) as con:
        yield con


def _eras_of_achilles(con: DuckDBPyConnection) -> dict[int, int]:
    """Persons with an era of a drug (900), of a condition (1000), as Achilles counts them, over all concepts."""
    done, failed = run_achilles(con, cdm_schema="omop", cdm_version="5.4", small_cell_count=0, log=None)
    assert (len(done) > 100, failed) == (True, [])
    rows = con.execute(
        "SELECT analysis_id, sum(count_value)::BIGINT FROM results.achilles_results WHERE analysis_id IN (900, 1000) "
        "GROUP BY ALL"
    )
    return dict(rows.fetchall())


def test_achilles_runs_on_a_published_file(copy: DuckDBPyConnection) -> None:
    assert _eras_of_achilles(copy) == {900: 1, 1000: study.PATIENTS + 1}
    told = copy.execute("SELECT drug_exposure_count, gap_days FROM omop.drug_era ORDER BY drug_era_start_date")
    assert told.fetchall() == [(2, 11), (1, 0)]


def test_no_field_check_is_broken(copy: DuckDBPyConnection) -> None:
    assert quality.broken(copy) == {}


def _add(table: str, **values: object) -> str:
    """A copy of a row that is there, with other values."""
    told = ", ".join(f"{value} AS {name}" for name, value in values.items())
    return f"INSERT INTO omop.{table} SELECT * REPLACE ({told}) FROM omop.{table} LIMIT 1"


RETIRED = "(SELECT min(concept_id) FROM omop.concept WHERE concept_id > 0 AND standard_concept IS NULL)"
GENDER = "(SELECT concept_id FROM omop.concept WHERE vocabulary_id = 'Gender' AND concept_code = 'F')"
PLANTED = {
    "isRequired": "ALTER TABLE omop.condition_occurrence ALTER condition_start_date DROP NOT NULL; "
    "UPDATE omop.condition_occurrence SET condition_start_date = NULL",
    "isPrimaryKey": _add("condition_era", condition_concept_id=0),
    "isForeignKey": "UPDATE omop.condition_occurrence SET visit_occurrence_id = -7",
    "isStandardValidConcept": f"UPDATE omop.condition_era SET condition_concept_id = {RETIRED}",
    "fkDomain": f"UPDATE omop.drug_exposure SET drug_concept_id = {GENDER}",
    "fkClass": f"UPDATE omop.drug_era SET drug_concept_id = {GENDER}",
    "plausibleStartBeforeEnd": "UPDATE omop.drug_era SET drug_era_end_date = drug_era_start_date - 1",
    "plausibleAfterBirth": "UPDATE omop.person SET year_of_birth = 2010 "
    "WHERE person_id IN (SELECT person_id FROM omop.drug_era)",
    "plausibleBeforeDeath": "INSERT INTO omop.death BY NAME SELECT DISTINCT person_id, DATE '1999-01-01' AS death_date "
    "FROM omop.drug_era",
    "withinVisitDates": "UPDATE omop.condition_occurrence SET condition_start_date = condition_start_date + 14",
}
"""Statements after which something breaks the check."""


def test_every_kind_of_check_finds_what_breaks_it(copy: DuckDBPyConnection) -> None:
    assert PLANTED.keys() == quality.QUERIES.keys() == quality.checks_by_kind().keys()
    for check, statement in PLANTED.items():
        copy.execute("BEGIN")
        copy.execute(statement)
        assert check in {name.partition(" ")[0] for name in quality.broken(copy)}, check
        copy.execute("ROLLBACK")


@pytest.mark.realdata
def test_the_checks_are_those_of_ohdsi(shared: Path) -> None:
    file = shared / "omop" / "DQD_OMOP_CDMv5.4_Field_Level.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    ours = quality.rules()
    tables = {rule.table for rule in ours}
    beside: dict[str, Callable[[dict[str, str]], str]] = {
        "isForeignKey": lambda line: f"{line['fkTableName']}.{line['fkFieldName']}".lower(),
        "plausibleStartBeforeEnd": lambda line: line["plausibleStartBeforeEndFieldName"].lower(),
        "fkDomain": lambda line: line["fkDomain"],
        "fkClass": lambda line: line["fkClass"],
    }
    theirs = {
        quality.Rule(table, line["cdmFieldName"].lower(), check, beside.get(check, lambda _: "")(line))
        for line in lines
        if (table := line["cdmTableName"].lower()) in tables
        for check in quality.QUERIES
        if (line[check].strip() if check.startswith("fk") else line[check] == "Yes")
    }
    assert set(ours) == theirs


def _days_outside(shared: Path, folder: str) -> int:
    """Conditions whose own day lies more than a week outside the Encounter that they name."""
    stays = {}
    for line in (shared / folder / "Encounter.ndjson").read_text(encoding="utf-8").splitlines():
        stay = json.loads(line)
        stays[stay["id"]] = [date.fromisoformat(stay["period"][end][:10]) for end in ("start", "end")]
    outside = 0
    for line in (shared / folder / "Condition.ndjson").read_text(encoding="utf-8").splitlines():
        condition = json.loads(line)
        if "encounter" not in condition:
            continue
        start, end = stays[condition["encounter"]["reference"].rpartition(":")[2]]
        day = date.fromisoformat(condition["onsetDateTime"][:10])
        outside += (day - start).days < -7 or (day - end).days > 7
    return outside


def _count(con: DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


@pytest.mark.realdata
def test_a_real_export_breaks_only_what_its_source_does(empty_store: Path, shared: Path, tmp_path: Path) -> None:
    with copied(empty_store, tmp_path) as store:
        load_vocabulary(store, shared / "athena")
        load(store, [shared / "fhir" / "synthea_ndjson"], source="fhir", project="S")
        totals = {name: _count(store.con, f"omop.{name}_era") for name in ("drug", "condition")}
        store.con.execute("CHECKPOINT")
    publish(tmp_path / "store.duckdb", tmp_path / "public.duckdb", limited_data_set=True)
    with duckdb.connect(str(tmp_path / "public.duckdb")) as con:
        found = quality.broken(con)
        assert {name.partition(" ")[0] for name in found} == {"withinVisitDates"}
        assert sum(found.values()) == _days_outside(shared, "fhir/synthea_ndjson")
        counted = _eras_of_achilles(con)
    assert 0 < counted[900] <= totals["drug"]
    assert 0 < counted[1000] <= totals["condition"]
