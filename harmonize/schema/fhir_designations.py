"""Generator: other words for the codes of FHIR R4's required value sets, as schemas/fhir/designations.tsv.

`python -m harmonize.schema.fhir_designations FOLDER`; FOLDER as for `harmonize.schema.fhir_bindings`, with
conceptmaps.json. Of each code: its display, its designations in other languages, and the codes of HL7 v2 and v3 that
HL7's own ConceptMaps hold for equal or equivalent, with their displays. So `F` is found to mean `female`, and not only
what is spelled alike.
"""

from __future__ import annotations

import csv
import sys
from hashlib import md5
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import require_checkout, root
from harmonize.schema.fhir_bindings import bindings, terminology

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE = "designations.tsv"
COLUMNS = ("codes", "text", "code")
_SAME = frozenset({"equal", "equivalent"})


def codes_key(codes: Iterable[str]) -> str:
    """What a list of codes is known by, whatever their order: 12 digits of the MD5 of the codes, a blank between."""
    return md5(" ".join(sorted(codes)).encode(), usedforsecurity=False).hexdigest()[:12]


def designations(folder: Path) -> list[tuple[str, str, str]]:
    """(key of the list of codes, text in small letters, the code that it stands for), in order."""
    systems = terminology(folder)[1]
    own = {url: {one["code"]: one for one in _concepts(told.get("concept", ()))} for url, told in systems.items()}
    alike = _alike(folder)
    found: set[tuple[str, str, str]] = set()
    for rule in bindings(folder).values():
        codes = rule.get("codes")
        if codes is None:
            continue
        key = codes_key(codes)
        for system in _systems_of(codes, own):
            for code in codes:
                for text in _texts(own[system].get(code), alike.get((system, code), ()), own):
                    plain = " ".join(text.lower().split())
                    if plain and plain not in codes:
                        found.add((key, plain, code))
    return sorted(found)


def _systems_of(codes: list[str], own: dict[str, dict[str, Any]]) -> list[str]:
    """The code systems of FHIR that have all of these codes, of these the smallest: what the list is made of."""
    fitting = [
        url for url, known in own.items() if url.startswith("http://hl7.org/fhir/") and known.keys() >= set(codes)
    ]
    least = min((len(own[url]) for url in fitting), default=0)
    return [url for url in fitting if len(own[url]) == least]


def _concepts(concepts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for concept in concepts:
        yield concept
        yield from _concepts(concept.get("concept", ()))


def _alike(folder: Path) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(system, code) → the codes of v2 and v3 that HL7's maps hold for the same."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for entry in orjson.loads((folder / "conceptmaps.json").read_bytes())["entry"]:
        told = entry["resource"]
        for group in told.get("group", ()) if told["resourceType"] == "ConceptMap" else ():
            target = group.get("target", "")
            if not target.startswith("http://terminology.hl7.org/CodeSystem/v"):
                continue
            for element in group["element"]:
                same = [one["code"] for one in element.get("target", ()) if one.get("equivalence") in _SAME]
                found.setdefault((group["source"], element["code"]), []).extend((target, code) for code in same)
    return found


def _texts(
    concept: dict[str, Any] | None, alike: Iterable[tuple[str, str]], own: dict[str, dict[str, Any]]
) -> Iterator[str]:
    if concept is not None:
        yield concept.get("display", "")
        yield from (one["value"] for one in concept.get("designation", ()))
    for system, code in alike:
        yield code
        yield own.get(system, {}).get(code, {}).get("display", "")


def write(folder: Path, target: Path) -> None:
    """Write the file from HL7's files in a folder."""
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerows([COLUMNS, *designations(folder)])


if __name__ == "__main__":
    require_checkout()
    write(Path(sys.argv[1]), root("schemas") / "fhir" / FILE)
