"""`harmonize validate` and `load` of FHIR in many small files, and of resources of many shapes, beside the same in few.

`files`: Synthea's resources (of the shared data), each a file of its own, beside the same resources as NDJSON.
`shapes`: HL7's examples, no two of them alike, written again and again with fresh ids into one file, beside as many
resources of Synthea. The ratios are of the processors' seconds, so that other work beside it counts little.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from command import Used

RESOURCES = int(os.environ.get("FHIR_BENCH_FILES", "40000"))


def measure(folder: Path) -> dict[str, float]:
    """Write the files in `folder`, validate and load them, and return what was measured."""
    shared = (
        Path(os.environ.get("HARMONIZE_SHARED") or Path(__file__).resolve().parents[2] / "shared" / "data") / "fhir"
    )
    for name in ("few", "files", "shapes"):
        (folder / name).mkdir()
    plain = list(islice(_copies(_lines(shared / "synthea_ndjson")), RESOURCES))
    by_type: dict[str, list[str]] = {}
    for number, resource in enumerate(plain):
        text = json.dumps(resource)
        by_type.setdefault(resource["resourceType"], []).append(text)
        (folder / "files" / f"{resource['resourceType']}-{number}.json").write_text(text, encoding="utf-8")
    for name, texts in by_type.items():
        (folder / "few" / f"{name}.ndjson").write_text("\n".join(texts), encoding="utf-8")
    mixed = [json.dumps(resource) for resource in islice(_copies(_examples(shared / "hl7_examples")), RESOURCES)]
    (folder / "shapes" / "mixed.ndjson").write_text("\n".join(mixed), encoding="utf-8")
    measured: dict[str, float] = {"resources": RESOURCES}
    for act in ("validate", "load"):
        few, files, shapes = (_run(act, folder / name) for name in ("few", "files", "shapes"))
        measured |= {
            f"{act}_few_core_s": few.core_seconds,
            f"{act}_files_core_s": files.core_seconds,
            f"{act}_files_peak_rss_gib": files.peak_gib,
            f"{act}_files_ratio_to_few": files.core_seconds / few.core_seconds,
            f"{act}_shapes_core_s": shapes.core_seconds,
            f"{act}_shapes_peak_rss_gib": shapes.peak_gib,
            f"{act}_shapes_ratio_to_few": shapes.core_seconds / few.core_seconds,
        }
    measured["shapes_mb_ratio_to_few"] = sum(map(len, mixed)) / sum(len(t) for texts in by_type.values() for t in texts)
    return measured


def _lines(folder: Path) -> list[dict[str, Any]]:
    """The resources of an export, a share of every file."""
    return [json.loads(line) for file in sorted(folder.iterdir()) for line in file.open(encoding="utf-8")]


def _examples(folder: Path) -> list[dict[str, Any]]:
    """The resources of a folder of examples and those in their Bundles, each id once."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for file in sorted(folder.glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        inner = (
            [entry.get("resource") for entry in told.get("entry", [])] if told["resourceType"] == "Bundle" else [told]
        )
        for one in inner:
            if one and one.get("id"):
                found.setdefault((one["resourceType"], one["id"]), one)
    return list(found.values())


def _copies(resources: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The resources again and again, with the number of the copy in their ids and references."""
    for number, resource in enumerate(cycle(resources)):
        copy = number // len(resources)
        yield {**_referring(resource, copy), "id": _fresh(resource["id"], copy)}


def _fresh(own: str, copy: int) -> str:
    """The id of a copy; the first is the resource itself."""
    if copy == 0:
        return own
    try:
        return str(uuid.uuid5(uuid.UUID(own), str(copy)))
    except ValueError:
        return f"{own[:56]}-{copy}"


def _referring(element: Any, copy: int) -> Any:
    if isinstance(element, list):
        return [_referring(one, copy) for one in element]
    if not isinstance(element, dict):
        return element
    found = {name: _referring(value, copy) for name, value in element.items()}
    target = found.get("reference")
    if isinstance(target, str) and (start := re.match("[A-Za-z]+/|urn:uuid:", target)):
        found["reference"] = start[0] + _fresh(target.removeprefix(start[0]), copy)
    return found


def _run(act: str, folder: Path) -> Used:
    """What the command took, its start included."""
    store, out = folder.with_suffix(".duckdb"), folder.with_suffix(f".{act}.json")
    more = () if act == "validate" else ("--project", "Bench", "--db", str(store), "--json")
    return run("--quiet", act, str(folder), "--source", "fhir", *more, "--memory", "3GB", out=out, codes=(0, 1))
