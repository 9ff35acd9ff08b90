"""`harmonize mapping`: list, show and check, as a user sees them."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from harmonize.cli.mapping import app
from harmonize.engine.paths import root
from harmonize.engine.store import open_store
from harmonize.mapping.compiler.compile import mappings
from harmonize.pipeline.store_schema import create

CLINIC = Path(__file__).parents[1] / "mapping" / "data" / "clinic"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_list() -> None:
    rows = orjson.loads(run("list", "--json").stdout)
    assert [row["mapping"] for row in rows] == mappings()
    assert all(row["mapped"] and row["derivations"] for row in rows)
    listed = run("list").stdout
    assert all(name in listed for name in mappings())


def test_show() -> None:
    shown = orjson.loads(run("show", str(CLINIC), "--json").stdout)
    assert shown["excluded"] == [
        {"class": "stay", "column": "cough.twice", "reason": "restates cough"},
        {"class": "ward", "column": "beds", "reason": "not about a patient"},
    ]
    row = next(row for row in shown["columns"] if row["target"] == "condition.assertion")
    assert row == {
        "class": "stay",
        "column": "cough",
        "target": "condition.assertion",
        "part": "cough",
        "omop": "",
        "note": "Decides whether the row is the event, or an observation about it",
        "how": "cough, Yes → present; No → absent",
        "words": "cough: “Yes” becomes “present”; “No” becomes “absent”",
        "when": "cough in ['Yes', 'No']",
        "condition": "cough is one of “Yes”, “No”",
        "line": 45,
        "first_line": 37,
    }
    headers = {row["column"] for row in shown["columns"]}
    assert {"8310-5_temperature (F)", "last.status"} <= headers  # as the contributor writes them
    text = run("show", str(CLINIC)).stdout
    assert "= LOINC:8310-5" in text
    assert "restates cough" in text


def test_check_sound() -> None:
    result = run("check", str(CLINIC))
    assert (result.exit_code, result.stdout) == (0, "")
    assert orjson.loads(run("check", str(CLINIC), "--json").stdout) == {"sound": True, "problems": []}


def test_check_unsound(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CLINIC, tmp_path / "clinic"))
    path = folder / "clinic.map.yaml"
    path.write_text(path.read_text().replace("notnull(patient)", "notnull(pateint)"))
    result = run("check", str(folder))
    assert result.exit_code == 1
    assert "clinic.map.yaml:14: slot when_ of class case: 'pateint' is not a column" in result.stdout
    assert "hint: Did you mean 'patient'?" in result.stdout
    (problem,) = orjson.loads(run("check", str(folder), "--json").stdout)["problems"]
    assert (problem["file"], problem["line"], problem["level"]) == ("clinic.map.yaml", 14, "error")


@pytest.mark.parametrize("arguments", [("check",), ("list",), ("show", "--help")])
def test_answers(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 0


def test_check_without_a_store_tells_what_the_starter_knows(tmp_path: Path) -> None:
    """Retired and non-standard concepts are told; a code that the starter merely lacks is not."""
    folder = Path(shutil.copytree(root("mappings") / "ehr" / "site_302028", tmp_path / "site"))
    file = folder / "tests.sssom.tsv"
    line = next(line for line in file.read_text(encoding="utf-8").splitlines() if "\tLOINC:94309-2\t" in line)
    subject = line.split("\t")[0]
    planted = [
        line.replace(subject, f"MIDRC_302028:{n}").replace("LOINC:94309-2", code)
        for n, code in enumerate(("UCUM:mL/min/1.73.m2", "Concept_Class:OMOP generated", "SNOMED:80891009"))
    ]
    head, _, rest = file.read_text(encoding="utf-8").partition("#curie_map:\n")
    prefixes = "".join(f"#  {name}: https://example.org/{name}/\n" for name in ("UCUM", "Concept_Class"))
    snomed = "" if "#  SNOMED:" in rest else "#  SNOMED: http://snomed.info/id/\n"
    file.write_text(
        "\n".join([f"{head}#curie_map:\n{prefixes}{snomed}{rest.rstrip()}", *planted, ""]), encoding="utf-8"
    )
    result = run("check", str(folder), "--json")
    told = [problem["message"] for problem in orjson.loads(result.stdout)["problems"]]
    assert result.exit_code == 1
    assert any("UCUM:mL/min/1.73.m2" in text and "is retired" in text for text in told)
    assert any("Concept_Class:OMOP generated" in text and "is not a standard concept" in text for text in told)
    assert not any("SNOMED:80891009" in text for text in told)
    store = tmp_path / "store.duckdb"
    with open_store(store, create=True, initialise=create):
        pass
    document = orjson.loads(run("check", str(folder), "--db", str(store), "--json").stdout)
    assert any("does not hold SNOMED:80891009" in problem["message"] for problem in document["problems"])
