"""FHIR R4 ConceptMap of a mapping's value sets, both ways."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import root
from harmonize.engine.text_file import read_text
from harmonize.review.incoming import Incoming
from harmonize.review.mappings import reviewed_rows
from harmonize.vocabulary.sssom import NO_TERM, read_sssom, sssom_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from harmonize.review.mappings import Reviewed

# http://hl7.org/fhir/concept-map-equivalence, each way; R4's wider is said of the target, as is skos:broadMatch.
EQUIVALENCE = {
    "skos:exactMatch": "equal",
    "skos:closeMatch": "equivalent",
    "skos:broadMatch": "wider",
    "skos:narrowMatch": "narrower",
    "skos:relatedMatch": "relatedto",
}
PREDICATE = {code: predicate for predicate, code in EQUIVALENCE.items()} | {
    "subsumes": "skos:broadMatch",
    "specializes": "skos:narrowMatch",
    "inexact": "skos:relatedMatch",
}


def write_concept_map(folder: Path, url: str) -> dict[str, Any]:
    """A ConceptMap resource with a group for each pair of code systems; `url` is its canonical address.

    A rejected object (modifier Not) is `disjoint`, a subject without one `unmatched`. Confidence,
    justification and reviews have no place in R4.
    """
    systems = _systems(folder)
    groups: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for one in reviewed_rows(folder):
        prefix, _, code = one.subject.partition(":")
        target = one.object.partition(":")[0] if one.object != NO_TERM else ""
        elements = groups.setdefault((prefix, target), {})
        display = {"display": one.row["subject_label"]} if one.row["subject_label"] else {}
        element = elements.setdefault(code, {"code": code, **display, "target": []})
        element["target"].append(_target(one))
    return {
        "resourceType": "ConceptMap",
        "url": url,
        "status": "active",
        "group": [
            {
                "source": systems[source],
                **({"target": systems[target]} if target else {}),
                "element": list(elements.values()),
            }
            for (source, target), elements in groups.items()
        ],
    }


def _target(one: Reviewed) -> dict[str, Any]:
    comment = {"comment": one.row["comment"]} if one.row["comment"] else {}
    if one.object == NO_TERM:
        return {"equivalence": "unmatched", **comment}
    equivalence = "disjoint" if one.row["predicate_modifier"] == "Not" else EQUIVALENCE[one.predicate]
    display = {"display": one.row["object_label"]} if one.row["object_label"] else {}
    return {"code": one.object.partition(":")[2], **display, "equivalence": equivalence, **comment}


def _systems(folder: Path) -> dict[str, str]:
    """The code system's address of each prefix: as FHIR names it, else as the file's curie_map does."""
    found: dict[str, str] = {}
    for path in sssom_files(folder):
        found |= {str(k): str(v) for k, v in (read_sssom(path).head.get("curie_map") or {}).items()}
    with (root("mappings") / "vocabulary" / "code_systems.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            prefix = row["vocabulary_id"].replace(" ", "_")
            if prefix in found and not row["system"].startswith("urn:"):
                found[prefix] = row["system"]
    return found


def read_concept_map(path: Path, folder: Path) -> list[Incoming]:
    """The rows of a ConceptMap, its code systems named by the folder's prefixes. Raises InputError with the place."""
    try:
        resource = json.loads(read_text(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not JSON: {error}.") from error
    if not isinstance(resource, dict) or resource.get("resourceType") != "ConceptMap":
        raise InputError(f"{path} is no FHIR ConceptMap.")
    prefixes = {system: prefix for prefix, system in _systems(folder).items()}
    return list(_read(path, resource, prefixes))


def _read(path: Path, resource: Mapping[str, Any], prefixes: Mapping[str, str]) -> Iterator[Incoming]:
    for g, group in enumerate(resource.get("group", ())):
        place = f"{path}: group[{g}]"
        source = _prefix(place, group.get("source", ""), prefixes)
        for e, element in enumerate(group.get("element", ())):
            for t, target in enumerate(element.get("target", ())):
                where = f"{place}.element[{e}].target[{t}]"
                cells = {
                    "subject_id": f"{source}:{element.get('code', '')}",
                    "subject_label": element.get("display", ""),
                    "comment": target.get("comment", ""),
                }
                yield Incoming(where, cells | _object(where, target, group.get("target", ""), prefixes))


def _object(where: str, target: Mapping[str, Any], system: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    equivalence = target.get("equivalence", "")
    if equivalence == "unmatched":
        return {"predicate_id": "skos:exactMatch", "object_id": NO_TERM, "object_label": "", "predicate_modifier": ""}
    if equivalence != "disjoint" and equivalence not in PREDICATE:
        known = [*PREDICATE, "unmatched", "disjoint"]
        raise InputError(f"{where}: equivalence is {equivalence!r}.", did_you_mean(str(equivalence), known))
    return {
        "predicate_id": PREDICATE.get(equivalence, "skos:exactMatch"),
        "predicate_modifier": "Not" if equivalence == "disjoint" else "",
        "object_id": f"{_prefix(where, system, prefixes)}:{target.get('code', '')}",
        "object_label": target.get("display", ""),
    }


def _prefix(place: str, system: str, prefixes: Mapping[str, str]) -> str:
    if system not in prefixes:
        hint = did_you_mean(system, prefixes) or "Add it to the curie_map of the value set."
        raise InputError(f"{place}: no prefix stands for the code system {system!r}.", hint)
    return prefixes[system]
