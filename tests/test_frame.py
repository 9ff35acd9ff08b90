"""The frame itself: real data that are absent are counted or fail, and a bench below its floor fails."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
TESTS = """
import pytest

@pytest.mark.realdata
def test_real(shared):
    assert shared.is_dir()

def test_other():
    assert 1 + 1 == 2
"""


def _pytest(folder: Path, tests: str, **environment: str) -> tuple[int, str]:
    shutil.copy(REPOSITORY / "tests" / "conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = realdata: real data\n")
    (folder / "test_it.py").write_text(tests)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HARMONIZE_")}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(folder)],
        env={**clean, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tests'}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


def test_absent_data_are_skipped_and_counted(tmp_path: Path) -> None:
    code, out = _pytest(tmp_path, TESTS, HARMONIZE_SHARED=str(tmp_path / "none"))
    assert code == 0
    assert "Tests on real data that were skipped: 1" in out


def test_absent_data_fail_where_they_are_required(tmp_path: Path) -> None:
    code, out = _pytest(tmp_path, TESTS, HARMONIZE_SHARED=str(tmp_path / "none"), HARMONIZE_REQUIRE_DATA="1")
    assert code == 1
    assert "Skipped although HARMONIZE_REQUIRE_DATA=1" in out


def test_present_data_are_read(tmp_path: Path) -> None:
    code, out = _pytest(tmp_path, TESTS, HARMONIZE_SHARED=str(tmp_path), HARMONIZE_REQUIRE_DATA="1")
    assert code == 0
    assert "2 passed" in out


def test_real_data_need_the_marker(tmp_path: Path) -> None:
    code, out = _pytest(tmp_path, TESTS.replace("@pytest.mark.realdata", ""), HARMONIZE_SHARED=str(tmp_path))
    assert code != 0
    assert "without the marker realdata" in out


@pytest.mark.parametrize(("ratio", "gib", "kept"), [(0.5, 1.0, True), (0.1, 1.0, False), (0.5, 3.0, False)])
def test_a_bench_below_its_floor_fails(
    ratio: float, gib: float, kept: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(REPOSITORY / "benchmarks")
    run = importlib.import_module("run")
    floors = tmp_path / "floors.yaml"
    floors.write_text("x:\n  ratio: {at_least: 0.2}\n  gib: {at_most: 2}\n")
    monkeypatch.setattr(run, "FLOORS", floors)
    monkeypatch.setattr(run, "BENCHES", {"x": lambda _folder: {"ratio": ratio, "gib": gib, "rows": 5}})
    assert run.main([]) == (0 if kept else 1)
