"""Loads of an invented hospital: every state of a record, corrections, deletions, withdrawals and persons."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hospital import HEADER, HOSPITAL, PATIENTS, RESULTS, STAYS, Hospital
from same_database import differences, snapshot

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.store import Store, open_store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.ledger import ledger
from harmonize.pipeline.load import load
from harmonize.pipeline.store_schema import create


def test_rows_of_a_load(hospital: Hospital) -> None:
    result = hospital.load(patient=PATIENTS, stay=STAYS, result=RESULTS)
    assert result.records == result.states["loaded"] == 8
    assert not result.negative
    assert result.to_json()["balanced"] is True
    visits = hospital.rows("SELECT visit_concept_id, visit_start_date::VARCHAR, visit_end_date::VARCHAR, "
                           "visit_source_value FROM omop.visit_occurrence ORDER BY 2")  # fmt: skip
    assert visits == [(9201, "2021-03-01", "2021-03-09", "inpatient"), (9202, "2021-04-02", "2021-04-02", "clinic")]
    measured = hospital.rows(
        "SELECT measurement_concept_id, measurement_date::VARCHAR, measurement_type_concept_id, value_as_number, "
        "unit_concept_id, unit_source_value, value_source_value FROM omop.measurement ORDER BY measurement_id"
    )
    assert measured == [
        (3019550, "2021-03-02", 32817, 140.0, 8753, "mmol/L", "140"),
        (3016723, "2021-03-01", 32882, 1.1, 8840, "mg/dL", "1.1"),  # no date of its own: the start of the visit
        (3019550, "2021-04-02", 32817, None, None, None, None),
    ]
    assert hospital.rows("SELECT death_date::VARCHAR, death_type_concept_id FROM omop.death") == [("2021-03-09", 32817)]
    assert hospital.rows("SELECT zip FROM omop.location") == [("021",)]


def test_birth_years_and_ages(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS, stay=STAYS)
    people = hospital.rows("SELECT person_source_value, gender_concept_id, year_of_birth, precision, low, high "
                           "FROM omop.person JOIN harmonize.person_age USING (person_id) ORDER BY 1")  # fmt: skip
    # p3 is 95: over 89 nothing but that is kept; without a visit no year is known, so the sentinel stands
    assert people == [("p1", 8532, 1950, "birth_year", 70, 71), ("p2", 8507, 1960, "age", 61, 61),
                      ("p3", 0, 1900, "gt89", 90, None)]  # fmt: skip
    assert hospital.rows("SELECT age_value, age_at_index_gt89 FROM midrc.\"case\" WHERE case_key = 'p3'") == [
        (None, "Yes")
    ]


def test_results_wait_for_their_patient(hospital: Hospital) -> None:
    early = hospital.load(result=HEADER + "r1,p1,,2951-2,2021-03-02,140,mmol/L,\n")
    assert early.states["quarantined"] == 1
    assert hospital.states()["r1"] == ("quarantined", "no_person")
    hospital.load(patient=PATIENTS)
    assert hospital.states()["r1"] == ("loaded", None)
    assert hospital.rows("SELECT loaded, quarantined FROM harmonize.source_file WHERE name = 'result.csv'") == [(1, 0)]
    assert hospital.rows("SELECT count(*) FROM omop.measurement") == [(1,)]


def test_the_order_of_loads_does_not_matter(hospital: Hospital, tmp_path: Path) -> None:
    hospital.load(result=RESULTS)
    hospital.load(stay=STAYS)
    hospital.load(patient=PATIENTS)
    with open_store(tmp_path / "other.duckdb", create=True, initialise=create) as store:
        other = Hospital(store, tmp_path)
        other.load(patient=PATIENTS, stay=STAYS, result=RESULTS)
        query = (
            "SELECT p.person_source_value, m.* EXCLUDE (measurement_id, person_id, visit_occurrence_id) "
            "FROM omop.measurement m JOIN omop.person p USING (person_id) ORDER BY ALL"
        )
        assert hospital.rows(query) == other.rows(query)
        assert len(other.rows(query)) == 3


def test_bad_cells_and_records(hospital: Hospital) -> None:
    result = hospital.load(
        patient=PATIENTS,
        result=HEADER
        + "r1,p1,,2951-2,2021-03-02,high,mmol/L,\n"  # a bad optional cell: only the cell falls
        + ",p1,,2951-2,2021-03-02,1,,\n"  # no key
        + "r3,p1,,,2021-03-02,1,,\n"  # no code, which is required
        + "r4,p1,,2951-2,2021-03-02,1\n"  # ragged
        + "r5,p1,,COMMENT,2021-03-02,,,\n"
        + "r6,,,2951-2,2021-03-02,1,,\n"  # no patient
        + "r7,p1,,2951-2,2021-03-02,7,,\nr7,p1,,2951-2,2021-03-02,7,,\n"  # the same twice
        + "r8,p1,,2951-2,2021-03-02,8,,\nr8,p1,,2951-2,2021-03-02,9,,\n",  # the same key, other content
    )
    by_line = dict(
        hospital.rows("SELECT line, (state, reason) FROM harmonize.ledger WHERE file = 'result.csv' ORDER BY 1")
    )
    assert {line: state for line, (state, _reason) in by_line.items()} == {
        2: "loaded", 3: "quarantined", 4: "quarantined", 5: "quarantined", 6: "excluded", 7: "quarantined",
        8: "loaded", 9: "duplicate", 10: "quarantined", 11: "quarantined",
    }  # fmt: skip
    assert by_line[6] == ("excluded", "a comment and no result")
    assert by_line[7] == ("quarantined", "no_case_key")
    assert result.negative
    assert result.records == 3 + 10
    value = (
        "SELECT records, empty, loaded, excluded, quarantined FROM harmonize.ledger_column WHERE column_name = 'value'"
    )
    assert hospital.rows(value) == [(10, 1, 1, 1, 7)]
    assert hospital.rows("SELECT value_as_number FROM omop.measurement ORDER BY 1 NULLS FIRST") == [(None,), (7.0,)]


def test_a_file_may_lack_an_optional_column(hospital: Hospital) -> None:
    # the condition of the death reads outcome, which this file does not have
    result = hospital.load(patient=PATIENTS, stay="stay_id,patient_id,kind,admitted\ns1,p1,inpatient,2021-03-01\n")
    assert result.states["loaded"] == 4
    assert hospital.rows("SELECT count(*) FROM omop.visit_occurrence") == [(1,)]
    assert hospital.rows("SELECT count(*) FROM omop.death") == [(0,)]
    columns = (
        "SELECT column_name FROM harmonize.ledger_column JOIN harmonize.source_file USING (file_id) "
        "WHERE name = 'stay.csv'"
    )
    assert {name for (name,) in hospital.rows(columns)} == {"stay_id", "patient_id", "kind", "admitted"}


def test_strict_row_quarantines_the_record(hospital: Hospital) -> None:
    bad = HEADER + "r1,p1,,2951-2,2021-03-02,high,mmol/L,\n"
    result = hospital.load(patient=PATIENTS, result=bad, strict_row=True)
    assert result.states["quarantined"] == 1
    assert hospital.states()["r1"] == ("quarantined", "type_number")


def test_corrections_and_withdrawals(hospital: Hospital) -> None:
    path = hospital.store.path
    first = HEADER + "r1,p1,,2951-2,2021-03-02,140,mmol/L,\nr2,p1,,2951-2,2021-03-03,141,mmol/L,\n"
    hospital.load(patient=PATIENTS, result=first)
    ids = dict(hospital.rows("SELECT value_as_number, measurement_id FROM omop.measurement"))
    second = hospital.load(result=first.replace(",140,", ",135,"))
    assert (second.states["loaded"], second.states["unchanged"]) == (1, 1)
    assert second.rows["measurement"] == {"inserted": 0, "replaced": 1, "deleted": 0, "total": 2}
    # the corrected row keeps its id
    assert hospital.rows("SELECT value_as_number, measurement_id FROM omop.measurement ORDER BY 1") == [
        (135.0, ids[140.0]), (141.0, ids[141.0])]  # fmt: skip
    third = hospital.load(result=first.replace(",140,", ",130,"))
    withdraw(hospital.store, second.submission)
    assert hospital.rows("SELECT min(value_as_number) FROM omop.measurement") == [(130.0,)]
    withdraw(hospital.store, third.submission)
    assert hospital.rows("SELECT min(value_as_number) FROM omop.measurement") == [(140.0,)]
    withdraw(hospital.store, 1)
    for table in ("person", "measurement", "observation_period", "location"):
        assert hospital.rows(f"SELECT count(*) FROM omop.{table}") == [(0,)], table
    # what comes again after all was withdrawn has the ids that it had
    hospital.load(patient=PATIENTS, result=first)
    assert dict(hospital.rows("SELECT value_as_number, measurement_id FROM omop.measurement")) == ids
    assert path.exists()


def test_withdrawn_twice_and_unknown(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS)
    hospital.load(patient=PATIENTS)
    told = withdraw(hospital.store, 1)
    assert (told.kept, told.withdrawn, told.notes) == (3, 0, [])  # the second submission repeats them
    with pytest.raises(InputError, match="withdrawn already"):
        withdraw(hospital.store, 1)
    with pytest.raises(InputError, match="no submission 9"):
        withdraw(hospital.store, 9)


def test_delete_orders(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS, result=RESULTS)
    order = HEADER + "r1,p1,,2951-2,,,,delete\nr99,p1,,2951-2,,,,delete\n"
    result = hospital.load(result=order)
    assert (result.states["deleted"], result.states["excluded"]) == (1, 1)
    assert hospital.states()["r99"] == ("excluded", "delete_of_unknown")
    assert result.rows["measurement"]["deleted"] == 1
    withdraw(hospital.store, result.submission)
    assert hospital.rows("SELECT count(*) FROM omop.measurement WHERE value_as_number = 140") == [(1,)]


def test_an_excluded_version_comes_back_excluded(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS, result=HEADER + "r1,p1,,COMMENT,2021-03-02,,,\n")
    second = hospital.load(result=HEADER + "r1,p1,,2951-2,2021-03-02,140,,\n")
    assert hospital.states()["r1"] == ("loaded", None)
    withdraw(hospital.store, second.submission)
    first = "SELECT state, reason FROM harmonize.ledger WHERE submission_id = 1 AND record_key = 'r1'"
    assert hospital.rows(first) == [("excluded", "a comment and no result")]
    assert hospital.rows("SELECT count(*) FROM omop.measurement") == [(0,)]


def test_a_snapshot_deletes_what_it_lacks(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS, stay=STAYS, result=RESULTS)
    kept = "".join(line for line in RESULTS.splitlines(keepends=True) if not line.startswith("r1"))
    result = hospital.load(result=kept, mode="snapshot")
    assert result.states["unchanged"] == 2
    assert hospital.rows("SELECT count(*) FROM omop.measurement") == [(2,)]
    assert hospital.rows("SELECT count(*) FROM omop.visit_occurrence") == [(2,)]  # of another type: not touched
    withdraw(hospital.store, result.submission)
    assert hospital.rows("SELECT count(*) FROM omop.measurement") == [(3,)]


def test_a_snapshot_is_of_its_project(hospital: Hospital) -> None:
    """It says nothing of another project's records, though these have the same type and the same keys."""
    for project in "AB":
        hospital.load(patient=PATIENTS, stay=STAYS, result=RESULTS, project=project)
    hospital.load(result=HEADER + RESULTS.splitlines(keepends=True)[2], mode="snapshot", project="B")
    states = hospital.rows(
        "SELECT s.project_id, l.state::VARCHAR, count(*) FROM harmonize.ledger l JOIN harmonize.submission s "
        "USING (submission_id) WHERE record_type = 'hospital.result' GROUP BY ALL ORDER BY ALL"
    )
    assert states == [("A", "loaded", 3), ("B", "deleted", 2), ("B", "loaded", 1)]


def test_a_visit_key_of_two_patients_is_two_visits(hospital: Hospital) -> None:
    stays = STAYS.replace("s2,p2", "s9,p2") + "s3,p1,clinic,2021-05-01,,\n"
    hospital.load(patient=PATIENTS, stay=stays)
    hospital.load(
        stay="stay_id,patient_id,kind,admitted,discharged,outcome\n",
        result=HEADER + "r1,p1,s3,2951-2,2021-05-01,1,,\nr2,p2,s3,2951-2,2021-05-01,2,,\n",
    )
    # p2's result names a stay of p1: it stands, without a visit and not twice
    query = "SELECT value_as_number, visit_occurrence_id IS NULL FROM omop.measurement ORDER BY 1"
    assert hospital.rows(query) == [(1.0, False), (2.0, True)]


def test_what_has_no_visit_or_date_is_told(hospital: Hospital, tmp_path: Path) -> None:
    """A visit without a key stands; a part of a visit, and a death, that nothing dates are findings and no silence."""
    site = tmp_path / "site"
    shutil.copytree(HOSPITAL, site)
    spec = site / "site.map.yaml"
    text = spec.read_text(encoding="utf-8").replace(
        "visit_key: {populated_from: stay_id}", "visit_key: {expr: \"nullif(stay_id, 's2')\"}"
    )
    detail = """
  - name: visit_detail
    populated_from: stay
    slot_derivations:
      part_: {value: detail}
      case_key: {populated_from: patient_id}
      visit_key: {expr: "'elsewhere'"}
      text: {populated_from: kind}
      start_imputation: {value: visit_span}
"""
    spec.write_text(text + detail, encoding="utf-8")
    (tmp_path / "patient.csv").write_text(PATIENTS, encoding="utf-8")
    (tmp_path / "stay.csv").write_text(STAYS.replace(",home", ",died"), encoding="utf-8")
    files = [tmp_path / "patient.csv", tmp_path / "stay.csv"]
    result = load(hospital.store, files, source="ehr", mapping=str(site), project="H")
    said = "Nothing dates these (no_date), so they stand in no OMOP table of their kind: death 1, visit detail 2."
    assert [line for line in result.summary_lines() if said in line]
    assert hospital.rows("SELECT count(*) FROM omop.visit_occurrence") == [(2,)]
    assert hospital.rows("SELECT count(*) FROM omop.visit_detail") == [(0,)]
    assert hospital.rows("SELECT count(*) FROM omop.death") == [(1,)]
    told = "SELECT value, count(*) FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE rule = 'no_date' "
    assert hospital.rows(told + "GROUP BY 1 ORDER BY 1") == [("death", 1), ("visit detail", 2)]
    # the death without a day stands as an observation on the last day that its person was seen
    imputed = (
        "SELECT observation_date, rule FROM omop.observation o JOIN harmonize.imputation i ON omop_id = observation_id "
    )
    assert hospital.rows(imputed + "WHERE omop_table = 'observation'") == [(date(2021, 4, 2), "last_event")]


def test_projects_are_kept_apart(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS, project="A")
    hospital.load(patient=PATIENTS, project="B")
    assert hospital.rows("SELECT count(*), count(DISTINCT person_id) FROM omop.person") == [(6, 6)]
    assert hospital.rows("SELECT count(DISTINCT project_id) FROM harmonize.person_case") == [(2,)]


def test_an_unbalanced_ledger_commits_nothing(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    hospital.load(patient=PATIENTS)
    path = hospital.store.path
    before = hospital.rows("SELECT * FROM harmonize.source_file")

    def lose(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("UPDATE harmonize.source_file SET loaded = loaded - 1")

    monkeypatch.setattr(ledger, "write_sums", lose)
    with pytest.raises(InternalError, match="does not balance"):
        hospital.load(stay=STAYS)
    assert hospital.rows("SELECT * FROM harmonize.source_file") == before
    assert hospital.rows("SELECT count(*) FROM omop.visit_occurrence") == [(0,)]
    assert hospital.rows("SELECT count(*) FROM duckdb_databases() WHERE database_name = 'stage'") == [(0,)]
    assert path.exists()


def test_a_failed_first_load_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(InputError, match="empty"), open_store(path, create=True, initialise=create) as store:
        load(store, [empty], source="ehr", mapping=str(HOSPITAL), project="H")
    assert not path.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "ehrr"}, "--source ehrr"),
        ({"source": "ehr", "mapping": None}, "needs --mapping"),
        ({"source": "ehr", "mapping": "covid_19_ny"}, "no mapping"),
        ({"source": "ehr", "mode": "replace"}, "no mode"),
        ({"source": "ehr", "collections": ["x"]}, "--collection"),
    ],
)
def test_wrong_options_are_told(new_store: Store, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    file = tmp_path / "patient.csv"
    file.write_text(PATIENTS)
    with pytest.raises(InputError, match=message):
        load(new_store, [file], **{"mapping": str(HOSPITAL), "project": "H", **options})


@pytest.mark.realdata
def test_a_new_vocabulary_standardizes_anew(hospital: Hospital, shared: Path) -> None:
    from harmonize.pipeline.acts.vocabulary import load_vocabulary

    # 788-0 is in the download and not in the starter
    code = "21000-5"
    hospital.load(patient=PATIENTS, result=HEADER + f"r1,p1,,{code},2021-03-02,13,%,\n")
    known = "SELECT count(*) FROM omop.concept WHERE vocabulary_id = 'LOINC' AND concept_code = '21000-5'"
    assert hospital.rows(known) == [(0,)]
    before = hospital.rows("SELECT measurement_id, measurement_concept_id FROM omop.measurement")
    assert before[0][1] == 0
    load_vocabulary(hospital.store, shared / "athena")
    after = hospital.rows("SELECT measurement_id, measurement_concept_id FROM omop.measurement")
    assert hospital.rows(known) == [(1,)]
    assert after[0][0] == before[0][0]
    assert after[0][1] != 0


def test_identical_loads_leave_the_same_database(hospital: Hospital) -> None:
    hospital.load(patient=PATIENTS, stay=STAYS, result=RESULTS)
    hospital.store.con.execute("CHECKPOINT")
    path = hospital.store.path
    hospital.store.con.close()
    before = snapshot(path)
    with open_store(path) as store:
        result = Hospital(store, hospital.folder).load(patient=PATIENTS, stay=STAYS, result=RESULTS)
        assert result.states["unchanged"] == result.records == 8
    assert differences(before, snapshot(path)) == {}


def test_a_mapping_to_another_schema_is_refused(hospital: Hospital, tmp_path: Path) -> None:
    folder = tmp_path / "registry"
    folder.mkdir()
    (folder / "patients.yaml").write_text(
        "id: https://example.org/patients\nname: patients\nprefixes: {linkml: 'https://w3id.org/linkml/'}\n"
        "imports: [linkml:types]\nclasses:\n  patient:\n    attributes:\n      patient_id: {identifier: true}\n",
        encoding="utf-8",
    )
    (folder / "registry.yaml").write_text(
        "id: https://example.org/registry\nname: registry\nprefixes: {linkml: 'https://w3id.org/linkml/'}\n"
        "imports: [linkml:types]\nclasses:\n  subject:\n    attributes:\n      code: {range: string}\n",
        encoding="utf-8",
    )
    (folder / "site.map.yaml").write_text(
        "source_schema: patients.yaml\ntarget_schema: registry.yaml\nclass_derivations:\n  - name: subject\n"
        "    populated_from: patient\n    slot_derivations:\n      part_: {value: subject}\n"
        "      code: {populated_from: patient_id}\n",
        encoding="utf-8",
    )
    patients = tmp_path / "patient.csv"
    patients.write_text("patient_id\np1\n", encoding="utf-8")
    with pytest.raises(InputError, match="makes rows of the schema"):
        load(hospital.store, [patients], source="ehr", mapping=str(folder), project="H")
