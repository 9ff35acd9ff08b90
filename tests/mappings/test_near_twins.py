"""No two columns of a view, no two slots of a row read the same unless they are meant to, and no end reads a start."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import yaml

from harmonize.engine.paths import root

VIEWS = sorted((root("mappings") / "fhir").glob("*/*.json"))
MAPS = sorted(root("mappings").glob("**/*.map.yaml"))
SIDES = {"start": "end", "end": "start", "low": "high", "high": "low"}
# Slots that say one thing twice, by mapping.
ALIKE = yaml.safe_load((Path(__file__).parent / "data" / "read_twice.yaml").read_text(encoding="utf-8"))


def columns(selects: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The columns of each part of a view."""
    for select in selects:
        yield select.get("column", [])
        yield from columns([*select.get("select", ()), *select.get("unionAll", ())])


def twice(read: list[tuple[str, str]]) -> dict[str, list[str]]:
    """What is read by several names → these names."""
    often = {what for what, count in Counter(what for _, what in read).items() if count > 1}
    return {what: sorted(name for name, path in read if path == what) for what in sorted(often)}


def test_columns_of_views() -> None:
    found = {}
    for file in VIEWS:
        for part in columns(orjson.loads(file.read_bytes())["select"]):
            if names := twice([(column["name"], column["path"]) for column in part]):
                found[f"{file.parent.name}/{file.stem}"] = names
    assert found == ALIKE["views"]


def test_slots_of_mappings() -> None:
    found: dict[str, dict[str, list[str]]] = {}
    for file in MAPS:
        of_file: dict[str, set[str]] = {}
        for derivation in yaml.safe_load(file.read_text(encoding="utf-8"))["class_derivations"]:
            slots = derivation["slot_derivations"]
            read = [(name, f"{told['populated_from']} {told.get('value_mappings') or ''}".strip())
                    for name, told in slots.items() if told and "populated_from" in told]  # fmt: skip
            for what, names in twice(read).items():
                of_file.setdefault(what, set()).add(" ".join(names))
        if of_file:
            key = str(file.parent.relative_to(root("mappings")))
            found[key] = {what: sorted(names) for what, names in sorted(of_file.items())}
    assert found == ALIKE["mappings"]


def test_a_side_is_read_from_its_side() -> None:
    """A name that says start, end, low or high reads nothing of the other side alone."""
    read = [
        (file.stem, column["name"], column["path"])
        for file in VIEWS
        for part in columns(orjson.loads(file.read_bytes())["select"])
        for column in part
    ]
    for file in MAPS:
        for derivation in yaml.safe_load(file.read_text(encoding="utf-8"))["class_derivations"]:
            for name, told in derivation["slot_derivations"].items():
                if told and "populated_from" in told:
                    read.append((file.parent.name, name, told["populated_from"]))
    wrong = []
    for place, name, path in read:
        words = set(re.split(r"[^a-z]+", re.sub("(?<=[a-z])(?=[A-Z])", "_", path).lower()))
        for side in {*name.split("_")} & SIDES.keys():
            if SIDES[side] in words and side not in words:
                wrong.append((place, name, path))
    assert wrong == []
    assert len(read) > 1000


# Of the contributors' values that have no concept, those of which something wider or narrower is meant.
NOT_EXACT = {
    "FHIR_admit:born": "skos:broadMatch", "FHIR_discharge:long": "skos:narrowMatch",
    "FHIR_discharge:rehab": "skos:narrowMatch",
}  # fmt: skip


def test_a_value_without_a_concept_stands_for_itself() -> None:
    """It is exactly what it says: where no term was found, there is nothing that it could be close to."""
    found = {}
    for folder in ("ehr", "ricord", "cirr", "fhir", "gen3"):
        for path in sorted((root("mappings") / folder).rglob("*.sssom.tsv")):
            lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
            subject, predicate, told = (lines[0].index(name) for name in ("subject_id", "predicate_id", "object_id"))
            found.update({row[subject]: row[predicate] for row in lines[1:] if row[told] == "sssom:NoTermFound"})
    assert len(found) > len(NOT_EXACT)
    assert {subject: predicate for subject, predicate in found.items() if predicate != "skos:exactMatch"} == NOT_EXACT
