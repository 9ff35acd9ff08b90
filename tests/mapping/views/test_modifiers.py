"""Modifier elements of FHIR: each is decided in mappings/fhir/modifiers.tsv, and views read what decides."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from harmonize.engine.paths import root
from harmonize.mapping.views.compile import Source, compile_views
from harmonize.mapping.views.definitions import elements, properties
from harmonize.mapping.views.view import read_view

if TYPE_CHECKING:
    from collections.abc import Iterator

# Elements of which R4 says isModifier (profiles-resources.json and profiles-types.json of 4.0.1) by their names; those
# of these names that are none.
NAMES = (
    "active", "clinicalStatus", "comparator", "deceased", "doNotPerform", "intent", "isSubpotent", "link", "status",
    "use", "verificationStatus",
)  # fmt: skip
NONE = {("Practitioner", "active"), ("PractitionerRole", "active"), ("Endpoint", "status")}


def _structures() -> dict[str, dict[str, Any]]:
    """What the views of a load read of each resource type, as one structure."""
    views: dict[str, list[Any]] = {}
    for path in sorted((root("mappings") / "fhir" / "load").glob("*.json")):
        view = read_view(path)
        views.setdefault(view.resource, []).append(view)
    return {
        name: compile_views(some, Source("resource"), keys=True, text=True).structure for name, some in views.items()
    }


STRUCTURES = _structures()


def _table() -> list[dict[str, str]]:
    with (root("mappings") / "fhir" / "modifiers.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _parts(kind: str, structure: Any, path: str) -> Iterator[str]:
    """Parts of a resource that may have a modifierExtension, are read, and whose modifierExtension is not."""
    known = properties(kind)
    for name, inner in structure.items():
        inner = inner[0] if isinstance(inner, list) else inner
        told = known.get(name)
        if told is None or not isinstance(inner, dict) or name == "modifierExtension":
            continue
        if "modifierExtension" in properties(told.type) and "modifierExtension" not in inner:
            yield f"{path}.{name}"
        yield from _parts(told.type, inner, f"{path}.{name}")


@pytest.mark.parametrize("kind", sorted(STRUCTURES))
def test_every_modifier_is_decided(kind: str) -> None:
    decided = {line["element"].removesuffix("[x]") for line in _table() if line["resource_type"] == kind}
    there = {name for name in elements(kind) if name in NAMES and (kind, name) not in NONE}
    assert decided == there


@pytest.mark.parametrize("kind", sorted(STRUCTURES))
def test_what_decides_is_read(kind: str) -> None:
    wanted = {
        line["element"].removesuffix("[x]")
        for line in _table()
        if line["resource_type"] in (kind, "*") and line["read_as"] in ("blocks", "decides", "kept")
    }
    assert not {name for name in wanted if not any(read.startswith(name) for read in STRUCTURES[kind])}


@pytest.mark.parametrize("kind", sorted(STRUCTURES))
def test_a_modifier_of_every_part_that_is_read_is_seen(kind: str) -> None:
    assert list(_parts(kind, STRUCTURES[kind], kind)) == []
