"""docs/fhir-omop-conformance.md has every requirement of the guide once, and what it names as proof is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harmonize.golden.read import read_cases

REPOSITORY = Path(__file__).resolve().parent.parent
CASES = REPOSITORY / "tests" / "cases" / "fhir"
ROWS = {
    cells[0]: cells
    for line in (REPOSITORY / "docs" / "fhir-omop-conformance.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| f2o-", line)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}


@pytest.mark.realdata
def test_every_requirement_of_the_guide_has_a_row(shared: Path) -> None:
    guide = json.loads((shared / "fhir_omop_ig" / "Requirements-fromNarrative.json").read_text(encoding="utf-8"))
    assert list(ROWS) == [statement["key"] for statement in guide["statement"]]


@pytest.mark.parametrize("requirement", ROWS)
def test_what_shows_a_requirement_is_there(requirement: str) -> None:
    state, shown = ROWS[requirement][2], ROWS[requirement][4]
    assert state in ("met", "met in part", "departs", "open", "not used", "the site's")
    for proof in filter(None, (part.strip() for part in shown.split(","))):
        if proof.endswith(".py"):
            assert list((REPOSITORY / "tests").rglob(proof)), proof
        else:
            file, _, case = proof.partition(":")
            assert case in {found.name for found in read_cases(CASES / f"{file}.yaml")}, proof


def test_the_number_of_cases_is_what_the_page_says() -> None:
    cases = sum(len(read_cases(path)) for path in CASES.glob("*.yaml"))
    assert f"{cases} golden cases" in " ".join(ROWS["f2o-120"])
