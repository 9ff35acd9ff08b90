"""The parts of a load and their seconds, as --explain lists them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.pipeline.phases import Phases


def test_parts_of_one_name_are_one_and_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(clock)))
    monkeypatch.setattr(time, "process_time", lambda: 0.0)
    told: list[str] = []
    phases = Phases(told.append)
    for step in ("read file 1 of 2", "read file 2 of 2", "map case", "read 1,200 JSON documents", "map case"):
        phases.note(step)
    assert told[1] == "read file 2 of 2"
    found = {part.name: part.seconds for part in phases.all()}
    assert found == {"begin": 1, "read": 2, "map case": 2, "read JSON documents": 1}


def test_a_load_tells_its_parts_its_bytes_and_its_steps(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.ndjson"
    file.write_text('{"resourceType": "Patient", "id": "p", "gender": "male", "birthDate": "1970-01-01"}\n')
    args = ["load", str(file), "--source", "fhir", "--project", "P", "--db", str(tmp_path / "s.duckdb"), "--explain"]
    assert main(args) == 0
    told = capfd.readouterr().err
    parts = dict(re.findall(r"^([a-z][a-z ]*?) {2,}([0-9.]+) +[0-9.]+$", told, re.MULTILINE))
    assert {"find", "read", "references", "privacy", "map case", "commit", "all"} <= parts.keys()
    assert sum(float(seconds) for name, seconds in parts.items() if name != "all") <= float(parts["all"]) + 0.5
    assert f"{file.stat().st_size:,} bytes in 1 file" in told
    assert "cases/affected_case" in told
    assert main(args) == 0
    again = capfd.readouterr()
    assert "they were not read again" in again.out
    assert "0 steps" in again.err
