"""`harmonize imaging`: output, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harmonize.cli.main import main


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    path = tmp_path / "studies.csv"
    path.write_text("Modality,StudyDescription\nCT,chest wo\nOT,zzz\n", encoding="utf-8")
    return path


def test_loinc_prints_the_code_beside_the_rows(studies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imaging", "loinc", str(studies), "--format", "json"]) == 0
    chest, other = json.loads(capsys.readouterr().out)
    assert (chest["Modality"], chest["loinc_code"], chest["loinc_long_common_name"]) == (
        "CT",
        "29252-4",
        "CT Chest WO contrast",
    )
    assert (other["loinc_code"], other["confidence"]) == (None, 0)
    assert main(["imaging", "loinc", str(studies)]) == 0
    header, first, _ = capsys.readouterr().out.splitlines()
    assert header.split("\t")[:3] == ["Modality", "StudyDescription", "loinc_code"]
    assert first.split("\t")[2] == "29252-4"


def test_an_imported_table_is_used_until_it_is_switched_off(
    studies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Modality,StudyDescription,LOINC code\nCT,CHEST WO,24627-2\n", encoding="utf-8")
    assert main(["imaging", "import-table", str(table)]) == 0
    capsys.readouterr()
    codes = []
    for option in ([], ["--no-table"]):
        main(["imaging", "loinc", str(studies), "--format", "json", *option])
        codes.append(json.loads(capsys.readouterr().out)[0]["loinc_code"])
    assert codes == ["24627-2", "29252-4"]


def test_conflicts_of_a_table_are_a_negative_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Modality,StudyDescription,LOINC code\nCT,a,24627-2\nCT,A,29252-4\n", encoding="utf-8")
    assert main(["imaging", "import-table", str(table), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["conflicts"][0]["values"] == ["24627-2", "29252-4"]
    assert told["keys"] == 0


def test_doubts_of_a_table_are_told_and_no_negative_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text(
        "Modality,StudyDescription,LOINC code\nDX,CHEST 2V,36643-5\nDX,chest 2 views,42272-5\n", encoding="utf-8"
    )
    assert main(["imaging", "import-table", str(table), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["conflicts"], told["keys"]) == ([], 2)
    assert told["doubts"][0]["values"] == ["36643-5", "42272-5"]
    assert main(["imaging", "import-table", str(table)]) == 0
    assert "to look at: XR CHEST 2 VIEWS; XR CHEST 2V: 36643-5 and 42272-5" in capsys.readouterr().out


def test_a_file_without_the_columns_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(["imaging", "loinc", str(path)]) == 2
    assert "no column Modality" in capsys.readouterr().err
