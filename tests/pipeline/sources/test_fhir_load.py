"""Loads of FHIR exports: real ones balance and load nothing twice, changed ones change what changed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chance import seeded
from fhir_export import patients
from stores import copied_for_example

from harmonize.engine.store import Store, open_store
from harmonize.export.diff import diff
from harmonize.pipeline.acts.vocabulary import load_vocabulary
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.inspect import unmapped
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult
from harmonize.pipeline.store_schema import create
from harmonize.validation.validate import validate

EXPORTS = {"synthea_bundles": 4130, "synthea_ndjson": 19515, "bulk_ndjson": 7160, "hl7_examples": 791}


def ndjson(path: Path, resources: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
    return path


def load_fhir(store: Store, *paths: Path, **options: Any) -> LoadResult:
    return load(store, list(paths), source="fhir", project="Open-R1", **options)


@pytest.mark.realdata
@pytest.mark.parametrize("export", EXPORTS)
def test_real_exports_balance_and_load_nothing_twice(new_store: Store, shared: Path, export: str) -> None:
    first = load_fhir(new_store, shared / "fhir" / export)
    assert sum(first.states.values()) == first.records == EXPORTS[export]
    con = new_store.con
    twice = con.execute(
        "SELECT omop_table, record_id, mapping_id, count(*) FROM harmonize.row_source s "
        "JOIN harmonize.row_id r USING (omop_table, omop_id) WHERE role = 'primary' "
        "GROUP BY ALL HAVING count(*) <> count(DISTINCT r.row_key)"
    ).fetchall()
    assert twice == []
    if export == "hl7_examples":  # many of its patients are not there, many records have no date
        with validate([shared / "fhir" / export], source="fhir", foresee=foresee) as told:
            assert told.outcome is not None
            assert told.outcome.quarantined == first.states["quarantined"] > 0
    rows = {table: change["total"] for table, change in first.rows.items()}
    second = load_fhir(new_store, shared / "fhir" / export)
    # what has no key, versions that never stood, and what waits (and repeats it) are judged anew; all else is as it was
    judged = con.execute(
        "SELECT count(*) FROM harmonize.record WHERE submission_id = 1 AND (key_hash IS NULL OR NOT is_current AND "
        "(state <> 'duplicate' OR key_hash IN (SELECT key_hash FROM harmonize.record WHERE submission_id = 2)))"
    ).fetchone()
    assert judged is not None
    assert second.states["unchanged"] == first.records - judged[0]
    assert {table: change["total"] for table, change in second.rows.items()} == rows


@pytest.fixture(scope="module")
def synthea(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fhir") / "synthea.duckdb"
    with open_store(path, create=True, initialise=create) as store:
        load_vocabulary(store, shared / "athena")
        load_fhir(store, shared / "fhir" / "synthea_ndjson")
    return path


# Of each resource type: codes that the vocabulary lacks, and records by the tables that hold them.
EXPECTED = {
    "Condition": (575, {"condition_occurrence": 902, "observation": 189}),
    "Procedure": (977, {"procedure_occurrence": 2107, "measurement": 647, "observation": 58, "device_exposure": 1}),
    "Observation": (155, {"measurement": 9695, "observation": 2467}),  # 87 addresses are refused by their code
    "MedicationRequest": (8, {"drug_exposure": 205}),
    "Immunization": (0, {"drug_exposure": 693}),
    "AllergyIntolerance": (0, {"observation": 22}),
}


@pytest.mark.realdata
@pytest.mark.parametrize("resource", EXPECTED)
def test_codes_stand_in_the_table_of_their_domain(synthea: Path, resource: str) -> None:
    unknown, tables = EXPECTED[resource]
    with open_store(synthea, read_only=True) as store:
        found = dict(
            store.con.execute(
                "SELECT omop_table::VARCHAR, count(DISTINCT record_key) FROM harmonize.lineage "
                "WHERE node = ? AND role = 'primary' AND NOT ends_with(omop_table::VARCHAR, '_era') GROUP BY ALL",
                [f"fhir.{resource}"],
            ).fetchall()
        )
        assert found == tables
        columns = {
            "condition_occurrence": "condition", "procedure_occurrence": "procedure", "measurement": "measurement",
            "observation": "observation", "drug_exposure": "drug", "device_exposure": "device",
        }  # fmt: skip
        zero = 0
        for table in tables:
            row = store.con.execute(
                f"SELECT count(*) FROM omop.{table} t JOIN harmonize.lineage l ON l.omop_id = t.{table}_id "
                f"WHERE l.omop_table = '{table}' AND l.node = ? AND l.role = 'primary' "
                f"AND {columns[table]}_source_concept_id = 0",
                [f"fhir.{resource}"],
            ).fetchone()
            zero += row[0] if row else 0
        assert zero == unknown


def test_a_later_export_changes_what_changed(tmp_path: Path, new_store: Store) -> None:
    resources = patients(60)
    inbox = tmp_path / "first"
    inbox.mkdir()
    load_fhir(new_store, ndjson(inbox / "all.ndjson", resources))
    before = tmp_path / "before.duckdb"
    new_store.con.execute("CHECKPOINT")
    new_store.con.execute(f"ATTACH '{before}' AS old; COPY FROM DATABASE store TO old; DETACH old")
    conditions = [r for r in resources if r["resourceType"] == "Condition"]
    changed = {r["id"] for r in conditions[:5]}
    gone = {r["id"] for r in conditions[5:8]}
    new = [{**conditions[9], "id": "new1"}, {**conditions[10], "id": "new2"}]
    later = [
        {**r, "onsetDateTime": "2018-05-05"} if r.get("id") in changed else r
        for r in resources
        if r.get("id") not in gone
    ]
    second = tmp_path / "second"
    second.mkdir()
    bundle = {
        "resourceType": "Bundle",
        "id": "deleted",
        "type": "transaction",
        "entry": [{"request": {"method": "DELETE", "url": f"Condition/{key}"}} for key in sorted(gone)],
    }
    (second / "deleted.json").write_text(json.dumps(bundle), encoding="utf-8")
    random.Random(1).shuffle(later)
    result = load_fhir(new_store, ndjson(second / "all.ndjson", later + new), second / "deleted.json")
    assert result.states["unchanged"] == len(resources) - 8
    assert result.states["deleted"] == 3
    new_store.con.execute("CHECKPOINT")
    after = tmp_path / "after.duckdb"
    new_store.con.execute(f"ATTACH '{after}' AS new; COPY FROM DATABASE store TO new; DETACH new")
    differences = {t.table: (t.only_a, t.only_b, t.changed) for t in diff(before, after) if t.differs}
    assert differences.pop("omop.condition_occurrence") == (3, 2, 5)
    assert differences.pop("midrc.condition") == (3, 2, 5)
    # the first day of five persons, and the description of the store
    assert set(differences) <= {"omop.condition_era", "omop.observation_period", "omop.metadata", "omop.cdm_source"}


def test_an_order_of_lines_and_files_means_nothing(tmp_path: Path) -> None:
    resources = patients(20)
    shuffled = list(resources)
    random.Random(2).shuffle(shuffled)
    stores = []
    for name, chunks in (("a", [resources]), ("b", [shuffled[:50], shuffled[50:]])):
        inbox = tmp_path / name
        inbox.mkdir()
        files = [ndjson(inbox / f"{number}.ndjson", chunk) for number, chunk in enumerate(chunks)]
        path = tmp_path / f"{name}.duckdb"
        with open_store(path, create=True, initialise=create) as store:
            load_fhir(store, *files)
            stores.append(_without_ids(store))
    assert stores[0] == stores[1]


@pytest.mark.realdata
def test_parts_and_processes_mean_nothing(tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even for the ids of the rows; of the Bundles, as some of their resources make several rows."""
    found = []
    for name, part, process in (("whole", 128 << 20, 64 << 20), ("parts", 1, 0)):
        monkeypatch.setattr("harmonize.intake.fhir.parts.LARGEST_PART", part)
        monkeypatch.setattr("harmonize.validation.fhir.screening.WORTH_PROCESSES", process)
        with open_store(tmp_path / f"{name}.duckdb", create=True, initialise=create) as store:
            load_fhir(store, shared / "fhir" / "synthea_bundles")
            told = "SELECT rule_id, file_id, line, column_id, value FROM harmonize.finding ORDER BY ALL"
            found.append(store.con.execute(told).fetchall())
    assert found[0] == found[1] != []
    tables = diff(tmp_path / "whole.duckdb", tmp_path / "parts.duckdb")
    assert [table.table for table in tables if table.differs] == []


def _without_ids(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of events without generated ids, in order."""
    queries = {
        "condition": "SELECT person_source_value, condition_concept_id, condition_start_date, condition_source_value "
        "FROM omop.condition_occurrence JOIN omop.person USING (person_id)",
        "measurement": "SELECT person_source_value, measurement_concept_id, value_as_number, measurement_datetime "
        "FROM omop.measurement JOIN omop.person USING (person_id)",
        "drug": "SELECT person_source_value, drug_concept_id, drug_source_value, drug_exposure_start_date "
        "FROM omop.drug_exposure JOIN omop.person USING (person_id)",
    }
    return {name: sorted(store.con.execute(query).fetchall(), key=repr) for name, query in queries.items()}


@pytest.mark.parametrize(
    ("codes", "chosen"),
    [
        (["111", "222"], "222"),  # a child before its parent
        (["222", "111"], "222"),
        (["333", "111"], "333"),  # neither is the other's parent: the first
    ],
)
def test_the_more_specific_code_speaks(new_store: Store, tmp_path: Path, codes: list[str], chosen: str) -> None:
    con = new_store.con
    for number, code in enumerate(("111", "222", "333"), start=900_001):
        con.execute(
            "INSERT INTO omop.concept BY NAME SELECT ? AS concept_id, ? AS concept_name, 'Condition' AS domain_id, "
            "'SNOMED' AS vocabulary_id, 'Disorder' AS concept_class_id, 'S' AS standard_concept, ? AS concept_code, "
            "DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date",
            [number, f"concept {code}", code],
        )
    con.execute(
        "INSERT INTO omop.concept_relationship BY NAME SELECT 900002 AS concept_id_1, 900001 AS concept_id_2, "
        "'Is a' AS relationship_id, DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date"
    )
    coding = [{"system": "http://snomed.info/sct", "code": code} for code in codes]
    load_fhir(new_store, ndjson(tmp_path / "r.ndjson", _patient_with({"coding": coding})))
    assert con.execute("SELECT condition_source_value FROM omop.condition_occurrence").fetchall() == [(chosen,)]


def test_maps_to_value_and_several_concepts(new_store: Store, tmp_path: Path) -> None:
    con = new_store.con
    con.execute(
        "INSERT INTO omop.concept BY NAME SELECT 900010 AS concept_id, 'two things' AS concept_name, "
        "'Condition' AS domain_id, 'ICD10CM' AS vocabulary_id, 'code' AS concept_class_id, 'T1' AS concept_code, "
        "DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date"
    )
    for target, kind in ((437663, "Maps to"), (254761, "Maps to"), (45884084, "Maps to value")):
        con.execute(
            "INSERT INTO omop.concept_relationship BY NAME SELECT 900010 AS concept_id_1, ? AS concept_id_2, "
            "? AS relationship_id, DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date",
            [target, kind],
        )
    code = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "T1"}]}
    result = load_fhir(new_store, ndjson(tmp_path / "r.ndjson", _patient_with(code)))
    assert result.states["loaded"] == 2
    assert con.execute(
        "SELECT condition_concept_id, condition_source_concept_id, condition_source_value "
        "FROM omop.condition_occurrence ORDER BY 1"
    ).fetchall() == [(254761, 900010, "T1"), (437663, 900010, "T1")]


def test_a_load_tells_which_concepts_were_replaced(new_store: Store, tmp_path: Path) -> None:
    new_store.con.execute(
        "INSERT INTO omop.concept BY NAME SELECT 900020 AS concept_id, 'Old name of it' AS concept_name, "
        "'Condition' AS domain_id, 'SNOMED' AS vocabulary_id, 'Disorder' AS concept_class_id, 'S' AS standard_concept, "
        "'old' AS concept_code, DATE '1970-01-01' AS valid_start_date, DATE '2020-12-31' AS valid_end_date, "
        "'U' AS invalid_reason"
    )
    new_store.con.execute(
        "INSERT INTO omop.concept_relationship BY NAME SELECT 900020 AS concept_id_1, 437663 AS concept_id_2, "
        "'Concept replaced by' AS relationship_id, DATE '1970-01-01' AS valid_start_date, "
        "DATE '2099-12-31' AS valid_end_date"
    )
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "old"}]}
    result = load_fhir(new_store, ndjson(tmp_path / "r.ndjson", _patient_with(code)))
    assert [note for note in result.notes if "replaces" in note] == [
        "The loaded vocabulary replaces concepts that these records name: SNOMED:old (Old name of it) by "
        "SNOMED:386661006. Their rows have the newer one."
    ]
    assert new_store.con.execute(
        "SELECT condition_concept_id, condition_source_concept_id FROM omop.condition_occurrence"
    ).fetchall() == [(437663, 900020)]


def _patient_with(code: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-01-01"},
        {
            "resourceType": "Condition",
            "id": "c1",
            "code": code,
            "subject": {"reference": "Patient/p1"},
            "onsetDateTime": "2020-01-01",
        },
    ]


@seeded(0, 1, 2)
def test_garbage_is_accounted_for(empty_store: Path, seed: int) -> None:
    dice = random.Random(seed)
    lines = [json.dumps(resource) for resource in patients(4, seed)]
    spoilt = [_spoilt(line, dice) if dice.random() < 0.4 else line for line in lines]
    with copied_for_example(empty_store) as (store, folder):
        path = folder / "r.ndjson"
        path.write_text("\n".join(spoilt) + "\n", encoding="utf-8")
        result = load_fhir(store, path)
    assert sum(result.states.values()) == result.records == sum(bool(line.strip()) for line in spoilt)


def _spoilt(line: str, dice: random.Random) -> str:
    damage: list[Callable[[str], str]] = [
        lambda text: text[: dice.randrange(len(text))],
        lambda text: text.replace('"', "'", 3),
        lambda text: text.replace("reference", "referense"),
        lambda text: text.replace(": [", ": {", 1),
        lambda text: text.replace("2020", "20x0").replace("2019", "99999"),
        lambda text: text.replace("coding", "codign", 1),
        lambda text: text.replace('"id"', '"ID"', 1),
        lambda _text: "[1, 2]",
        lambda _text: "null",
        lambda _text: "",
    ]
    return dice.choice(damage)(line)


def test_a_concept_and_its_source_value_are_of_one_record(new_store: Store, tmp_path: Path) -> None:
    (tmp_path / "case_H.tsv").write_text("type\tsubmitter_id\tdatasets.submitter_id\tsex\ncase\tp1\td\tFemale\n")
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": "1970-01-01", "gender": "other"}
    (tmp_path / "p.ndjson").write_text(json.dumps(patient) + "\n")
    load(new_store, [tmp_path / "case_H.tsv"], source="gen3", project="H")
    load(new_store, [tmp_path / "p.ndjson"], source="fhir", project="H")
    assert new_store.con.execute(
        "SELECT c.concept_code, p.gender_source_value FROM omop.person p "
        "JOIN omop.concept c ON c.concept_id = p.gender_concept_id"
    ).fetchall() == [("F", "Female")]


def test_unmapped_names_the_code_of_each_row(new_store: Store, tmp_path: Path) -> None:
    """Codes of FHIR stand in `codings`; the components of one resource are rows of one record and mapping."""
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": "1970-01-01"}
    codes = [{"coding": [{"system": "http://loinc.org", "code": code}]} for code in ("1-1", "2-2", "3-3")]
    result = {
        "resourceType": "Observation", "id": "o1", "status": "final", "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2020-03-02", "code": {"coding": [{"system": "http://a.org/tests", "code": "x"}]},
        "valueQuantity": {"value": 1}, "component": [{"code": code, "valueQuantity": {"value": 2}} for code in codes],
    }  # fmt: skip
    load_fhir(new_store, ndjson(tmp_path / "r.ndjson", [patient, result]))
    found = [
        (r["vocabulary_id"], r["code"], r["rows"], r["why"])
        for r in unmapped(new_store.con)
        if r["table"] == "measurement"
    ]
    assert sorted(found) == [
        ("LOINC", "1-1", 1, "unknown code"), ("LOINC", "2-2", 1, "unknown code"), ("LOINC", "3-3", 1, "unknown code"),
        ("http://a.org/tests", "x", 1, "unknown code"),
    ]  # fmt: skip
