"""Every golden case of a shipped mapping; `harmonize mapping test` runs the same. `make test-full` has DuckDB plan them
as it plans a large load."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harmonize.golden.case import Case
from harmonize.golden.find import find_cases
from harmonize.golden.run import GoldenRunner

HERE = Path(__file__).parent
CASES = [pytest.param(case, id=f"{case.file.relative_to(HERE).with_suffix('')}:{case.name}") for case in find_cases()]


@pytest.fixture(scope="module")
def runner() -> Iterator[GoldenRunner]:
    with GoldenRunner(optimize=os.environ.get("HARMONIZE_TESTS") == "full") as golden:
        yield golden


@pytest.mark.parametrize("case", CASES)
def test_golden_case(runner: GoldenRunner, case: Case) -> None:
    outcome = runner.run(case)
    assert outcome.passed, f"{case.file}:{case.line}: {case.why}\n" + "\n".join(outcome.differences)
