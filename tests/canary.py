"""The faults that are planted into what random tests test, by name: see canaries.py and fhir_canaries.py."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Canary:
    """A fault: what is wrong then, the test that finds it, and how it is planted."""

    what: str
    target: str
    plant: Plant


CANARIES: dict[str, Canary] = {}


def canary(target: str) -> Callable[[Plant], Plant]:
    """Registers a fault under its function's name; the docstring says what is wrong."""

    def register(plant: Plant) -> Plant:
        CANARIES[plant.__name__] = Canary(str(plant.__doc__).rstrip("."), target, plant)
        return plant

    return register


def change_sql(patch: pytest.MonkeyPatch, name: str, old: str, new: str) -> None:
    """One shipped statement with a piece replaced, for all modules that read it."""
    from harmonize.engine import paths

    read = paths.sql
    assert old in read(name), f"{name} has no {old!r} any more"

    def changed(wanted: str) -> str:
        return read(wanted).replace(old, new) if wanted == name else read(wanted)

    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("harmonize") and getattr(module, "sql", None) is read:
            patch.setattr(module, "sql", changed)
