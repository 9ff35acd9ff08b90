"""`harmonize validate` from the command line: exit codes, streams, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harmonize.cli.main import main

SITE = "covid_19_ny_sbu"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("id,value\n1,2\n3,4\n")
    return path


def test_structure_alone_without_a_mapping(table, capsys):
    assert main(["validate", str(table), "--source", "ehr"]) == 0
    out = capsys.readouterr().out
    assert "table.csv: 2 records of csv" in out
    assert "Without --mapping only structure, encoding and privacy are checked" in out


def test_an_error_gives_exit_code_1_and_json_on_stdout(table, capsys):
    table.write_text("id,value\n1,2,3\n")
    assert main(["validate", str(table), "--source", "ehr", "--format", "json"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["summary"]["rules"] == {"ragged": 1}


def test_the_report_goes_to_a_file(table, tmp_path, capsys):
    target = tmp_path / "report.html"
    assert main(["validate", str(table), "--source", "ehr", "--format", "html", "-o", str(target)]) == 0
    assert target.read_text().startswith("<!doctype html>")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "table.csv: the file is empty"),
        ("a,b\n1," + "x" * 20_000_001, "line 2: the line is longer than 20 MB"),
        ('{"a": 1}', "Nothing in the delivery can be read as a table"),
    ],
)
def test_unreadable_input_is_a_sentence_and_exit_code_2(table, capsys, content, words):
    table.write_text(content)
    assert main(["validate", str(table), "--source", "ehr"]) == 2
    assert words in capsys.readouterr().err


def test_a_source_that_is_not_supported_names_those_that_are(table, capsys):
    assert main(["validate", str(table), "--source", "redcap"]) == 2
    captured = capsys.readouterr()
    assert "redcap" in captured.err
    assert "ehr" in captured.err


def test_a_file_of_another_kind_names_the_nearest_class(table, capsys):
    assert main(["validate", str(table), "--source", "ehr", "--mapping", SITE]) == 2
    assert "fit no class of" in capsys.readouterr().err


def test_resources_have_a_page_too(tmp_path, capsys):
    (tmp_path / "Patient.ndjson").write_text('{"resourceType": "Patient", "id": "p1", "gender": "man"}\n')
    target = tmp_path / "report.html"
    assert main(["validate", str(tmp_path), "--source", "fhir", "--format", "html", "-o", str(target)]) == 1
    assert "Patient.gender" in target.read_text()


def test_the_sites_own_files(table, tmp_path, capsys):
    """A configuration, a baseline that is written and then read, a fixed copy; messages go to stderr."""
    table.write_text("id,comment\n1,call 617-495-1000\n")
    config, baseline = tmp_path / "harmonize.yaml", tmp_path / "baseline.tsv"
    config.write_text("rules: {phi_phone: warning}\n")
    command = ["validate", str(table), "--source", "ehr", "--format", "json"]
    assert main([*command]) == 1
    assert main([*command, "--config", str(config)]) == 0
    assert main([*command, "--write-baseline", str(baseline)]) == 1
    capsys.readouterr()
    assert main([*command, "--baseline", str(baseline), "--fixed", str(tmp_path / "fixed")]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["muted"] == {"errors": 1, "warnings": 0}
    assert "Known by the baseline and left out: errors 1" in captured.err
    assert (tmp_path / "fixed" / "table.csv").read_bytes() == table.read_bytes()
    config.write_text("rules: {phi_fone: off}\n")
    assert main([*command, "--config", str(config)]) == 2
    assert "phi_phone" in capsys.readouterr().err
    assert main([*command, "--fixed", str(tmp_path / "fixed")]) == 2


@pytest.mark.realdata
def test_the_real_clinical_table_has_no_errors(shared, capsys):
    path = shared / "ehr_covid_19_ny_sbu" / "clinical.csv"
    assert main(["validate", str(path), "--source", "ehr", "--mapping", SITE, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (file,) = document["files"]
    assert (file["file"], file["kind"], file["records"]) == ("clinical.csv", "clinical", 1384)
    # nothing wrong, and five vital signs that nobody has
    assert {(f["rule"], f["value"]) for f in document["findings"]} == {
        ("implausible", value) for value in ("95", "88", "6", "16", "92.8")
    }


def test_a_database_that_is_not_there_is_exit_code_2(table, tmp_path, capsys):
    assert main(["validate", str(table), "--source", "ehr", "--db", str(tmp_path / "none.duckdb")]) == 2
    assert "none.duckdb does not exist" in capsys.readouterr().err


def test_a_cirr_batch_is_read_as_nodes(tmp_path, capsys):
    path = tmp_path / "case_ACR_20211115.tsv"
    path.write_text("type\tsubmitter_id\tsex\ncase\tA1\tMale\ncase\tA2\tmale\n")
    assert main(["validate", str(path), "--source", "cirr", "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["rule"], finding["line"], finding["hint"].split("?")[0]) == ("enum", 3, "Did you mean Male")


def _records(capsys, folder: Path, header: str, *lines: str) -> list[str | None]:
    """The records that the findings of rule code_system_name name, of a batch with one table."""
    (folder / "condition_R_20230303.tsv").write_text("\n".join([header, *lines]) + "\n")
    main(["validate", str(folder), "--source", "gen3", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    placed = [one for one in found if one["column"] and one["line"]]
    assert placed
    assert all(one["position"] for one in placed)
    return [one["record"] for one in found if one["rule"] == "code_system_name"]


CONDITION = "type\tsubmitter_id\tcases.submitter_id\tcondition_name\tcondition_code\tcondition_code_system"


def test_findings_of_tables_name_their_record(tmp_path, capsys):
    rows = [f"condition\tC-{n}\tp1\tHypertension\tI10\tICD10" for n in (1, 2)]
    assert _records(capsys, tmp_path, CONDITION, *rows) == ["C-1", "C-2"]


def test_a_private_key_names_no_record(tmp_path, capsys):
    """What privacy finds in one key may stand in all keys of the file, and is told of none."""
    rows = [f"condition\t{key}\tp1\tHypertension\tI10\tICD10" for key in ("C-1", "MRN 12345678", "")]
    assert _records(capsys, tmp_path, CONDITION, *rows) == [None, None, None]
