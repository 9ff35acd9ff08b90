"""`harmonize validate --source dicom` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from dicom_files import uid, write
from typer.testing import CliRunner

from harmonize.cli.main import app


def test_findings_name_series_and_files_and_hide_values(tmp_path: Path) -> None:
    images = tmp_path / "images"
    write(images / "1.dcm", PatientName="Muster^Anna")
    (images / "notes.pdf").write_bytes(b"%PDF-1.4")
    result = CliRunner().invoke(app, ["validate", str(images), "--source", "dicom", "--format", "json"])
    assert result.exit_code == 1, result.output
    document = json.loads(result.stdout)
    assert all(file.pop("size") for file in document["files"])
    assert document["files"] == [
        {"file": "images", "kind": "series", "records": 1},
        {"file": "images (other files)", "kind": "file", "records": 1},
    ]
    told = [(one["rule"], one["record"], one["column"], one["value"]) for one in document["findings"]]
    assert told == [
        ("header_identity", uid(1, 1), "PatientName", "***"),
        ("not_dicom", "notes.pdf", None, "It is a PDF document"),
    ]
    assert "Muster" not in result.output


def test_a_clean_delivery_has_no_errors(tmp_path: Path) -> None:
    write(tmp_path / "images" / "1.dcm")
    for form in ("text", "html", "csv", "sarif"):
        result = CliRunner().invoke(app, ["validate", str(tmp_path / "images"), "--source", "dicom", "--format", form])
        assert result.exit_code == 0, result.output


def test_what_is_for_tables_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "images" / "1.dcm")
    fixed = ["--fixed", str(tmp_path / "copy")]
    result = CliRunner().invoke(app, ["validate", str(tmp_path / "images"), "--source", "dicom", *fixed])
    assert result.exit_code != 0
