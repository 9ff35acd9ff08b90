"""`harmonize mapping suggest`."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from harmonize.cli.main import app, main

HOSPITAL = Path(__file__).parents[1] / "pipeline" / "data" / "hospital"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["-q", "mapping", "suggest", *map(str, arguments)], catch_exceptions=False)


def test_values_with_the_starter_alone() -> None:
    text = run("Not Detected", "zzz").stdout
    assert "LOINC:LA6577-6" in text
    assert "so mapped at ehr/site_419639" in text
    assert "nothing is like it" in text


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "values.tsv"
    path.write_text("value\tdomain\nFemale\tGender\n\t\nasian\t\n")
    first, second = orjson.loads(run("--file", path, "--json", "--limit", 1).stdout)
    assert (first["value"], first["domain"], first["suggestions"][0]["concept"]) == ("Female", "Gender", "Gender:F")
    assert second["suggestions"][0]["concept"] == "Race:2"


def test_unmapped_of_a_store(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "patient.csv").write_text("patient_id,birth_year,sex\np1,1950,F\n")
    (tmp_path / "in" / "result.csv").write_text(
        "result_id,patient_id,code,day,value,unit\nr1,p1,99999-9,2021-03-02,140,mmol/L\n"
    )
    db = tmp_path / "s.duckdb"
    loaded = CliRunner().invoke(
        app,
        [
            "-q",
            "load",
            str(tmp_path / "in"),
            "--source",
            "ehr",
            "--mapping",
            str(HOSPITAL),
            "--project",
            "P",
            "--db",
            str(db),
        ],
    )
    assert loaded.exit_code == 0
    (one,) = orjson.loads(run("--db", db, "--json").stdout)
    assert (one["value"], one["domain"], one["rows"]) == ("99999-9", "Measurement", 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to suggest for"),
        (["x", "--domain", "Conditions"], "knows no domain"),
        (["--file", "FILE"], "column value is missing"),
    ],
)
def test_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    file = tmp_path / "f.csv"
    file.write_text("text\nx\n")
    assert main(["mapping", "suggest", *(str(file) if one == "FILE" else one for one in arguments)]) == 2
    assert message in capsys.readouterr().err
