"""The canaries of `make fuzz-canaries` can be planted, and every random test has one or shares a subject with one."""

from __future__ import annotations

import ast

import pytest
from canaries import CANARIES, TESTS


def random_tests() -> set[str]:
    """Every test of a generator or of seeds, as file::test."""
    found = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and path.name not in ("test_chance.py", "test_tests.py"):
                decorators = {ast.unparse(decorator).partition("(")[0] for decorator in node.decorator_list}
                if decorators & {"given", "seeded"}:
                    found.add(f"{path.relative_to(TESTS)}::{node.name}")
    return found


FHIR_FUZZ = "validation/fhir/test_fhir_fuzz.py"
# Those without a canary of their own do with the same subject what another does that has one.
SHARED = {
    "validation/test_fuzz.py::test_any_bytes_under_any_name": f"{FHIR_FUZZ}::test_any_bytes",
    f"{FHIR_FUZZ}::test_damaged_bundles": f"{FHIR_FUZZ}::test_strange_exports",
}


def test_every_random_test_has_a_canary() -> None:
    targets = {canary.target for canary in CANARIES.values()}
    assert targets | SHARED.keys() == random_tests()
    assert not targets & SHARED.keys()
    assert set(SHARED.values()) <= targets


def test_every_canary_is_told() -> None:
    told = (TESTS.parent / "docs" / "tests.md").read_text(encoding="utf-8")
    assert [c for c in CANARIES.values() if f"| {c.what} | `{c.target}` |" not in told] == []
    assert told.count("::") == len(CANARIES)


@pytest.mark.parametrize("name", CANARIES)
def test_a_canary_can_be_planted(name: str) -> None:
    """What it changes is still there to be changed."""
    with pytest.MonkeyPatch.context() as patch:
        CANARIES[name].plant(patch)
        assert patch._setattr
