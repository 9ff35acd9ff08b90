"""What deliveries and stores hold cannot steer the terminal of whoever looks at them, in whichever format."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from harmonize.cli.main import main

HOSPITAL = Path(__file__).resolve().parents[1] / "pipeline" / "data" / "hospital"
STEERING = "\x1b]0;x\x07\x9b2J\u202eevil\x1b[31m"
BREAKS = {"\n", "\t"}
VIEW = {
    "resource": "Patient",
    "select": [{"column": [{"name": "id", "path": "id"}, {"name": "sex", "path": "gender"}]}],
}
EHR = ["--source", "ehr", "--mapping", str(HOSPITAL)]
COMMANDS = {
    **{f"query {form}": ["query", "FROM t", "--db", "{db}", "--format", form] for form in ("table", "csv", "json")},
    "query, wrong": ["query", f'SELECT "{STEERING}"', "--db", "{db}"],
    "query, explained": ["query", f"EXPLAIN SELECT '{STEERING}' FROM t", "--db", "{db}"],
    **{
        f"validate {form}": ["validate", "{delivery}", *EHR, "--format", form]
        for form in ("text", "markdown", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome")
    },
    "profile": ["profile", "{delivery}"],
    "profile json": ["profile", "{delivery}", "--json"],
    **{
        f"view {form}": ["mapping", "view", "run", "{view}", "{fhir}", "--format", form]
        for form in ("csv", "json", "ndjson")
    },
    "no such option": ["query", f"--{STEERING}"],
    "no such file": ["validate", f"/tmp/{STEERING}", *EHR],
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A database, a delivery, a view and resources that hold what a terminal obeys, in names too."""
    folder = tmp_path_factory.mktemp("terminal")
    with duckdb.connect(str(folder / "x.duckdb")) as con:
        con.execute(f"CREATE TABLE t AS SELECT '{STEERING}' AS a, 1 AS \"{STEERING}\"")
    delivery = folder / "delivery"
    delivery.mkdir()
    (delivery / f"patient{STEERING[:6]}.csv").write_text(
        f"patient_id,birth_year,age,sex,zip3,{STEERING}\n{STEERING},{STEERING},,{STEERING},021,x\np2,1950,,F,021\n"
    )
    resource = {"resourceType": "Patient", "id": "p", "gender": STEERING}
    (folder / "patient.ndjson").write_text(json.dumps(resource, ensure_ascii=False) + "\n")
    (folder / "view.json").write_text(json.dumps(VIEW))
    return {
        "db": folder / "x.duckdb",
        "delivery": delivery,
        "fhir": folder / "patient.ndjson",
        "view": folder / "view.json",
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_that_a_terminal_obeys_is_shown(
    command: str, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    code = main([part.format(**places) if "{" in part else part for part in COMMANDS[command]])
    out, err = capfd.readouterr()
    assert code in (0, 1, 2)
    assert ("evil" in out + err) or code != 0, out + err
    assert {character for character in (out + err).replace("\r\n", "\n") if not character.isprintable()} <= BREAKS


def test_a_pipe_gets_a_document_exactly(places: dict[str, Path], capfd: pytest.CaptureFixture[str]) -> None:
    """Into a file or a pipe a document goes exactly."""
    assert main(["query", "SELECT a FROM t", "--db", str(places["db"]), "--format", "csv"]) == 0
    assert capfd.readouterr().out == f"a\n{STEERING}\n"
