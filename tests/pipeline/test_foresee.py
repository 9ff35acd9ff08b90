"""What a load finds while it maps is found before it, too: keys, patients, days, time policies, numbers, value sets."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hospital import HOSPITAL, PATIENTS, RESULTS, STAYS, Hospital

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.pipeline.acts.withdraw_person import withdraw_person
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.validation.report.model import Summary
from harmonize.validation.report.text import conclusion
from harmonize.validation.validate import validate


def promised(folder: Path, mapping: Path = HOSPITAL, db: Path | None = None, **files: str) -> dict[str, Any]:
    """The JSON report of a delivery, its exit code and its last line."""
    paths = []
    for name, text in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    out, text = BytesIO(), BytesIO()
    project = None if db is None else "H"
    with validate(paths, source="ehr", mapping=str(mapping), db=db, project=project, foresee=foresee) as result:
        code = result.exit_code(result.write(out, format="json"))
        result.write(text)
        notes = result.told
    last = text.getvalue().decode().strip().rpartition("\n")[2]
    return json.loads(out.getvalue()) | {"code": code, "last": last, "notes": notes}


def told(report: dict[str, Any]) -> set[tuple[str, str, int | None]]:
    return {(f["rule"], f["file"], f["line"]) for f in report["findings"] if f["rule"] != "phi_age"}


def test_a_sound_delivery(tmp_path: Path) -> None:
    report = promised(tmp_path, patient=PATIENTS, stay=STAYS, result=RESULTS)
    assert report["summary"]["load"] == {"refused": [], "quarantined": 0, "errors": 0}
    assert report["code"] == 0
    assert report["last"].endswith("Everything can be loaded.")


def test_what_has_no_date_is_counted_by_kind_deaths_first(
    hospital: Hospital, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Validation, load and the submission say the same; a death that another line dates is none of them."""
    sent = {
        "patient": PATIENTS,
        "stay": STAYS + "s3,p2,clinic,,,died\ns4,p2,clinic,,,died\ns5,p1,clinic,,,died\n",
        "result": RESULTS + "r8,p2,,2951-2,,140,mmol/L,\nr9,p2,s9,2951-2,,140,mmol/L,\nr7,p1,,COMMENT,,,,\n",
    }
    mapping = Path(shutil.copytree(HOSPITAL, tmp_path / "hospital"))
    schema = mapping / "hospital.yaml"
    schema.write_text(schema.read_text().replace("admitted: {range: date, required: true,", "admitted: {range: date,"))
    said = (
        "Nothing dates these (no_date), so they stand in no OMOP table of their kind: death 1, visit 3, measurement 2."
    )
    report = promised(tmp_path, mapping, **sent)
    assert said in report["notes"]
    paths = [tmp_path / f"{name}.csv" for name in sent]
    result = load(hospital.store, paths, source="ehr", mapping=str(mapping), project="H")
    assert result.undated == {"death": 1, "visit": 3, "measurement": 2}
    assert result.to_json()["no_date"] == result.undated
    assert result.states["quarantined"] == 4
    assert report["last"].endswith("A load would quarantine 4 records.")
    assert any(said in line for line in result.summary_lines())
    hospital.store.close()
    assert main(["submission", "show", str(result.submission), "--db", str(hospital.store.path)]) == 0
    assert said in capsys.readouterr().out


def test_records_that_the_mapping_leaves_out_are_not_everything(hospital: Hospital, tmp_path: Path) -> None:
    sent = {"patient": PATIENTS, "stay": STAYS, "result": RESULTS + "r7,p1,,COMMENT,,,,\n"}
    report = promised(tmp_path, **sent)
    assert report["summary"]["load"]["excluded"] == hospital.load(**sent).states["excluded"] == 1
    assert report["last"].endswith("not everything would be loaded: 1 record is left out by rules of the mapping.")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"quarantined": 0, "excluded": 0}, "Everything can be loaded."),
        ({}, "What a load would make of it is told with a mapping."),
        (
            {"quarantined": 0},
            "A load would quarantine no record; which ones its rules leave out is told when it is done.",
        ),
        (
            {"quarantined": 0, "excluded": 2, "unread": 1, "rules": {"no_date": 3}},
            "A load would quarantine no record, but not everything would be loaded: 1 file is not read; 2 records are "
            "left out by rules of the mapping; of 3 statements nothing tells a date.",
        ),
        (
            {"quarantined": 0, "excluded": 0, "withdrawn": 1},
            "A load would quarantine no record. It would leave out 1 record of persons who were withdrawn.",
        ),
        (
            {"quarantined": 0, "excluded": 0, "knows_persons": False},
            "A load would quarantine no record. Whether the patients are known is not told without their file or --db: "
            "records of others would wait.",
        ),
    ],
)
def test_everything_can_be_loaded_only_where_everything_would_be(told: dict[str, Any], said: str) -> None:
    assert conclusion(Summary(records=4, **told), 1).endswith(said)


def test_a_missing_required_column_is_refused_by_both(hospital: Hospital, tmp_path: Path) -> None:
    text = RESULTS.replace("result_id", "id_of_result").replace("patient_id", "who")
    report = promised(tmp_path, result=text)
    assert report["code"] == 2
    assert "A load would refuse the delivery: result.csv: its columns fit no class" in report["last"]
    with pytest.raises(InputError) as refused:
        hospital.load(result=text)
    assert report["summary"]["load"]["refused"] == [refused.value.message]


def test_a_patient_of_whom_no_file_tells(hospital: Hospital, tmp_path: Path) -> None:
    result = RESULTS + "r9,p9,,2951-2,2021-03-02,140,mmol/L,\n"
    report = promised(tmp_path, patient=PATIENTS, stay=STAYS, result=result)
    assert told(report) == {("no_person", "result.csv", 5)}
    assert report["code"] == 1
    assert report["last"].endswith("A load would quarantine 1 record.")
    assert hospital.load(patient=PATIENTS, stay=STAYS, result=result).states["quarantined"] == 1
    assert told(promised(tmp_path, result=result)) == {("no_date", "result.csv", 3)}, "who is known cannot be told"


def test_who_was_withdrawn_and_whose_age_nobody_knows(hospital: Hospital, tmp_path: Path) -> None:
    """What only the store and the project know is foreseen where they are given; where not, nothing is said of it."""
    hospital.load(patient=PATIENTS)
    set_project(hospital.store, "H", unknown_age="quarantine")
    withdraw_person(hospital.store, "H", "p1")
    hospital.store.close()
    sent = {
        "patient": PATIENTS + "p4,,,F,\np5,,,F,\n",
        "stay": STAYS + "s4,p4,clinic,2021-04-02,,home\ns9,p1,clinic,2021-05-01,,\n",
        "result": RESULTS + "r4,p4,s4,2951-2,2021-04-02,1,,\nr5,p1,,2951-2,,1,,\n",
    }
    alone, report = promised(tmp_path, **sent), promised(tmp_path, db=hospital.store.path, **sent)
    assert {rule for rule, _, _ in told(alone)} & {"no_age", "no_person"} == set()
    ageless = {
        ("no_age", "patient.csv", 5),
        ("no_age", "patient.csv", 6),
        ("no_age", "stay.csv", 4),
        ("no_age", "result.csv", 5),
    }
    assert {finding for finding in told(report) if finding[0] != "already_loaded"} >= ageless
    assert report["summary"]["load"]["quarantined"] == len(ageless)
    assert "It would leave out" in report["last"]
    with open_store(hospital.store.path) as store:
        result = Hospital(store, tmp_path).load(**sent)
        reasons = store.con.execute("SELECT reason, count(*) FROM harmonize.ledger WHERE submission_id = 2 GROUP BY 1")
        found = dict(reasons.fetchall())
    assert (found["no_person"], result.states["quarantined"]) == (len(ageless), len(ageless))
    assert found["person_withdrawn"] == report["summary"]["load"]["withdrawn"]


def test_without_a_file_of_patients_nothing_is_promised_of_them(tmp_path: Path) -> None:
    report = promised(tmp_path, result=RESULTS)
    assert report["last"].endswith("records of others would wait.")


def test_before_birth_and_ends_before_starts(hospital: Hospital, tmp_path: Path) -> None:
    """Told of the columns of which the mapping makes them, whatever the schema says; both commands tell the same."""
    sent = {
        "patient": PATIENTS.replace("p2,,61.5", "p2,,-1"),
        "stay": STAYS + "s3,p1,clinic,2021-05-02,2021-05-01,home\ns4,p1,clinic,1949-12-31,,home\n",
        "result": RESULTS + "r4,p1,,2951-2,1949-12-31,1,,\nr5,p1,,2951-2,1950-01-01,1,,\n",
    }
    set_project(hospital.store, "H", time="as_is")
    hospital.load(**sent)
    rows = hospital.rows(
        "SELECT rule, name, line FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
        "JOIN harmonize.source_file USING (file_id)"
    )
    rows = [row for row in rows if row[0] != "phi_age"]
    # the patient of s1 died there, and comes again two months later: told by the rows of OMOP, by a load alone
    assert ("death_before_event", "stay.csv", 2) in rows
    rows.remove(("death_before_event", "stay.csv", 2))
    assert set(rows) == {
        ("before_birth", "patient.csv", 3),
        ("end_before_start", "stay.csv", 4),
        ("before_birth", "stay.csv", 5),
        ("before_birth", "result.csv", 5),
    }
    assert hospital.rows("SELECT count(*) FROM midrc.visit WHERE end_date < start_date") == [(0,)]
    hospital.store.close()
    assert told(promised(tmp_path, db=hospital.store.path, **sent)) >= set(rows)


def test_an_event_without_a_date(tmp_path: Path) -> None:
    report = promised(
        tmp_path, patient=PATIENTS, result=RESULTS.replace("r1,p1,s1,2951-2,2021-03-02", "r1,p1,s1,2951-2,")
    )
    assert ("no_date", "result.csv", 2) in told(report)
    assert report["code"] == 1


def test_a_record_that_nothing_names(hospital: Hospital, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(HOSPITAL, folder)
    schema = folder / "hospital.yaml"
    keyless = schema.read_text().replace("result_id: {identifier: true, required: true}", "result_id: {}")
    assert keyless != schema.read_text()
    schema.write_text(keyless)
    with (folder / "excluded.tsv").open("a", encoding="utf-8") as out:
        out.write("result\tresult_id\tnothing is known by it\n")
    report = promised(tmp_path, folder, patient=PATIENTS, stay=STAYS, result=RESULTS)
    assert told(report) == {("no_key", "result.csv", line) for line in (2, 3, 4)}
    files = [tmp_path / f"{name}.csv" for name in ("patient", "stay", "result")]
    result = load(hospital.store, files, source="ehr", mapping=str(folder), project="K")
    assert result.states["quarantined"] == report["summary"]["load"]["quarantined"] == 3


def test_a_date_that_asks_for_a_policy_is_named(hospital: Hospital, tmp_path: Path) -> None:
    old = RESULTS.replace("2021-03-02", "1965-03-02")
    report = promised(tmp_path, patient=PATIENTS, stay=STAYS, result=old)
    assert "result.csv, line 2" in report["last"]
    with pytest.raises(InputError, match=r"result\.csv, line 2") as refused:
        hospital.load(patient=PATIENTS, stay=STAYS, result=old)
    assert "--time as_is" in str(refused.value.hint)
    placeholder = RESULTS.replace("2021-03-02", "1900-01-01")
    report = promised(tmp_path, patient=PATIENTS, stay=STAYS, result=placeholder)
    assert told(report) == {("implausible_year", "result.csv", 2)}
    assert hospital.load(patient=PATIENTS, stay=STAYS, result=placeholder).states["quarantined"] == 0
    periods = "SELECT min(observation_period_start_date)::VARCHAR FROM omop.observation_period"
    assert hospital.rows(periods) == [("2021-03-01",)]


def test_a_text_where_a_number_belongs_is_told(hospital: Hospital, tmp_path: Path) -> None:
    """Where no slot keeps the text, it is lost; where one does (value_text), it is not."""
    folder = tmp_path / "site"
    shutil.copytree(HOSPITAL, folder)
    mapping = folder / "site.map.yaml"
    mapping.write_text(mapping.read_text().replace("      value_text: {populated_from: value}\n", ""))
    schema = folder / "hospital.yaml"
    schema.write_text(schema.read_text().replace("value: {range: double}", "value:"))
    result = RESULTS.replace(",140,", ",about 140,").replace(",1.1,", ",\u22121.1,")
    report = promised(tmp_path, folder, patient=PATIENTS, stay=STAYS, result=result)
    assert told(report) == {("mapping_error", "result.csv", 2)}
    mapping.write_text((HOSPITAL / "site.map.yaml").read_text())
    assert told(promised(tmp_path, folder, patient=PATIENTS, stay=STAYS, result=result)) == set()
    mapping.write_text(mapping.read_text().replace("      value_text: {populated_from: value}\n", ""))
    files = [tmp_path / f"{name}.csv" for name in ("patient", "stay", "result")]
    assert load(hospital.store, files, source="ehr", mapping=str(folder), project="N").findings["errors"] == 1
    assert hospital.rows("SELECT value_as_number FROM omop.measurement WHERE value_as_number IS NOT NULL") == [(-1.1,)]


SSSOM = """#mapping_set_id: https://example.org/values
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  H: https://example.org/h/
#  LOINC: https://loinc.org/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
subject_id\tpredicate_id\tobject_id\tmapping_justification
H:crp\tskos:exactMatch\tLOINC:1988-5\tsemapv:ManualMappingCuration
"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("H:crp\tskos:exactMatch\tLOINC:6690-2\tsemapv:ManualMappingCuration\n", "is mapped already"),
        ("H:wbc\tskos:exactMatch\tloinc:6690-2\tsemapv:ManualMappingCuration\n", "curie_map does not declare"),
    ],
)
def test_value_sets_with_an_error_are_used_by_neither(
    hospital: Hospital, tmp_path: Path, line: str, words: str
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(HOSPITAL, folder)
    (folder / "values.sssom.tsv").write_text(SSSOM + line, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        promised(tmp_path, folder, patient=PATIENTS)
    with pytest.raises(InputError, match=rf"values\.sssom\.tsv:10: .*{words}"):
        load(hospital.store, [tmp_path / "patient.csv"], source="ehr", mapping=str(folder), project="V")
