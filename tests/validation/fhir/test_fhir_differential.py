"""Screen and fhir.resources judge damaged resources alike; where they do not, docs/fhir-validation.md says why."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from chance import seeded
from fhir_export import patients
from fhir_mutate import mutate

from harmonize.validation.fhir.deep import objections
from harmonize.validation.fhir.screen import Problem, problems, resource_types

# What the screen refuses and fhir.resources takes: it converts, or knows the codes and does not ask for them.
STRICTER = {"fhir_empty", "fhir_code", "fhir_type", "fhir_value"}
_CONVERTED = ("a date", "a time", "a number", "true or false", "a whole number")
_LAXER_VALUES = ("an address without blanks", "an id", "base64 text", "a MIME type", "a language", "a currency")


def _explained(problem: Problem) -> bool:
    expected = problem.expected or ""
    if problem.rule == "fhir_type":
        return expected.startswith(_CONVERTED)
    if problem.rule == "fhir_value":
        return expected.startswith(_LAXER_VALUES)
    return problem.rule in STRICTER


def _disagreements(resources: list[dict[str, Any]], count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """(how often they agree and which is stricter, disagreements that are not explained)."""
    dice = random.Random(seed)
    seen: Counter[str] = Counter()
    unexplained = []
    for _ in range(count):
        damaged = mutate(dice.choice(resources), dice)
        name = damaged["resourceType"]
        screen, deep = list(problems(damaged, name)), objections(damaged, name)
        seen[f"{'bad' if screen else 'good'}/{'bad' if deep else 'good'}"] += 1
        if deep and not screen:
            unexplained.append(f"fhir.resources alone: {name} {deep[0]}")
        if screen and not deep and not all(map(_explained, screen)):
            unexplained.append(f"screen alone: {name} {screen}")
    return seen, unexplained


def test_invented_resources() -> None:
    resources = patients(2)
    assert len(resources) > 10
    assert not any(list(problems(r, r["resourceType"])) or objections(r, r["resourceType"]) for r in resources)
    seen, unexplained = _disagreements(resources, 1_500, seed=7)
    assert unexplained == []
    assert seen["bad/bad"] > 700
    assert seen["good/good"] > 150


@seeded(1, 2)
def test_any_damage(seed: int) -> None:
    _, unexplained = _disagreements(patients(2, seed), 200, seed)
    assert unexplained == []


@pytest.mark.realdata
def test_examples_of_hl7(shared: Path) -> None:
    found = []
    for path in sorted((shared / "fhir" / "hl7_examples").glob("*.json")):
        document = json.loads(path.read_bytes())
        inner = [entry.get("resource", {}) for entry in document.get("entry", ())]
        found += inner if document["resourceType"] == "Bundle" else [document]
    resources = [r for r in found if r.get("resourceType") in resource_types() - {"Bundle"}]
    assert len(resources) > 700
    assert not [r["id"] for r in resources if list(problems(r, r["resourceType"])) or objections(r, r["resourceType"])]
    seen, unexplained = _disagreements(resources, 3_000, seed=11)
    assert unexplained == []
    assert seen["bad/bad"] > 1_500


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("birthDate", 2020),  # fhir.resources: seconds since 1970
        ("active", "yes"),  # true
        ("multipleBirthInteger", "2"),  # 2
        ("language", None),
        ("photo", []),
        ("gender", "F"),
        ("id", "x" * 65),
        ("implicitRules", "http://a b"),
    ],
)
def test_what_the_screen_alone_refuses(element: str, value: object) -> None:
    resource = {"resourceType": "Patient", "id": "a", element: value}
    (problem,) = problems(resource, "Patient")
    assert problem.path == (element,)
    assert objections(resource, "Patient") == [] or element == "birthDate"


@pytest.mark.parametrize(
    ("kind", "element", "sound", "refused"),
    [
        ("Patient", "multipleBirthInteger", [0, 2**31 - 1, -(2**31)], [2**31, -(2**31) - 1, 1.5]),
        ("ImagingStudy", "numberOfSeries", [0, 1, 2**31 - 1], [-1, 2**31]),
        ("Appointment", "minutesDuration", [1, 2**31 - 1], [0, -1, 2**31]),
        ("Patient", "id", ["x", "x" * 64, "A-.9"], ["", "x" * 65, "a_b"]),
        ("Patient", "birthDate", ["2020", "2020-12", "2020-02-29"], ["2020-13", "2021-02-29", "2020-04-31", "20"]),
    ],
)
def test_what_a_primitive_may_be_at_most(kind: str, element: str, sound: list[Any], refused: list[Any]) -> None:
    """https://hl7.org/fhir/R4/datatypes.html#primitive"""

    def told(value: Any) -> list[tuple[str | int, ...]]:
        found = problems({"resourceType": kind, "id": "a", element: value}, kind)
        return [problem.path for problem in found if problem.path == (element,)]

    assert [value for value in sound if told(value)] == []
    assert [value for value in refused if not told(value)] == []


@pytest.mark.parametrize(
    "value",
    ["urn:uuid:c757873d-ec9a-1326-a141-556f43239520"],  # a UUID of version 1: the models want version 4
)
def test_what_fhir_resources_alone_refuses(value: str) -> None:
    resource = {"resourceType": "Patient", "extension": [{"url": "http://a", "valueUuid": value}]}
    assert list(problems(resource, "Patient")) == []
    assert [problem.path for problem in objections(resource, "Patient")] == [("extension", 0, "valueUuid")]
