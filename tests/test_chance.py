"""`make test` draws the same examples always; `make fuzz` goes on with new seeds and keeps what it finds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from chance import FUZZING
from hypothesis import settings

TESTS = Path(__file__).resolve().parent
DRAW = """
import sys
import chance
chance.load_profile()
if len(sys.argv) > 1:
    import harmonize.mapping.compiler.functions, harmonize.pipeline.load, fhir_export
from hypothesis import given, strategies as st
drawn = []
@chance.examples(300)
@given(st.text(), st.integers(), st.floats(), st.sets(st.sampled_from("abcdef")))
def test_x(text, whole, number, chosen):
    drawn.append((text, whole, repr(number), sorted(chosen)))
test_x()
print(ascii(drawn))
"""
CONFTEST = """
import chance
from fuzzing import Fuzzing
chance.load_profile()
def pytest_configure(config):
    config.pluginmanager.register(Fuzzing())
"""
FINDABLE = """
from chance import examples, seeded
from hypothesis import given, strategies as st
@examples(2)
@given(st.integers(0, 1_000_000))
def test_large(number):
    assert number < 900_000
@seeded(1, 2)
def test_seeded(seed):
    assert seed < 3
"""


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("FUZZ_", "HARMONIZE_"))} | {
        "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])
    }
    return subprocess.run(
        [sys.executable, *command], env=variables | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(FUZZING, reason="make fuzz has another profile")
def test_examples_are_the_same_and_none_are_kept() -> None:
    assert settings().derandomize
    assert settings().database is None


def test_examples_depend_on_no_module_and_no_hash() -> None:
    """Neither on what else was imported (the order of the tests) nor on PYTHONHASHSEED."""
    one = run("-c", DRAW, PYTHONHASHSEED="1")
    other = run("-c", DRAW, "with more modules", PYTHONHASHSEED="2")
    assert one.stdout == other.stdout
    assert one.stdout.count("(") >= 300, one.stderr


def fuzzed(folder: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_findable.py").write_text(FINDABLE)
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(folder), "-c", os.devnull)
    fixed = {"HARMONIZE_EXAMPLES": "fuzz", "FUZZ_FINDS": str(folder / "finds"), "FUZZ_TIMES": "2"}
    return run("-m", "pytest", *options, *more, str(folder), **fixed | environment)


def test_fuzzing_goes_on_until_it_finds_and_says_how_to_find_it_again(tmp_path: Path) -> None:
    found = fuzzed(tmp_path, FUZZ_SECONDS="600", FUZZ_SEED="7")
    assert found.returncode == 1
    assert "Found with FUZZ_SEED=" in found.stdout
    assert "@reproduce_failure(" in found.stdout
    assert "2 failed" in found.stdout
    kept = sorted(path.name for path in (tmp_path / "finds").glob("*.txt"))
    assert kept == ["test_findable_py_test_large-7.txt", "test_findable_py_test_seeded-7.txt"]
    assert "@reproduce_failure(" in (tmp_path / "finds" / kept[0]).read_text()


def test_the_same_seed_finds_the_same(tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        lines = fuzzed(tmp_path, FUZZ_SEED="7", FUZZ_SECONDS="600").stdout.splitlines()
        said.append([line for line in lines if line.startswith("E ")])
    assert said[0] == said[1]
    assert any("Found with FUZZ_SEED=" in line for line in said[0])


def test_fuzzing_ends_with_its_time(tmp_path: Path) -> None:
    found = fuzzed(tmp_path, "-k", "seeded", FUZZ_SECONDS="0", FUZZ_SEED="7")
    assert "   1 rounds of" in found.stdout


def test_without_fuzzing_only_the_fixed_seeds(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("import chance\nchance.load_profile()\n")
    (tmp_path / "test_findable.py").write_text(FINDABLE)
    found = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "-k", "seeded", str(tmp_path))
    assert "1 passed" in found.stdout
