"""`harmonize mapping`: list, show and check, as a user sees them."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from harmonize.cli.mapping import app
from harmonize.mapping.compile import mappings

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
