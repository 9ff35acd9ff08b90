"""A FHIR export that comes again: as it was, in another order or form, with some patients or resources changed.
Seconds of all cores, beside those of the first load of the same export.

The export is Synthea's of the shared data in copies, as in fhir_load.py; every case begins with a copy of the store of
the first load.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command import run
from fhir_load import replicate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from command import Used

SHARE = 0.01


def measure(folder: Path) -> dict[str, float]:
    """Load an export, and each of its repetitions into a copy of that store."""
    shared = Path(os.environ.get("HARMONIZE_SHARED") or Path(__file__).resolve().parents[2] / "shared" / "data")
    export = folder / "first"
    size = replicate(shared / "fhir" / "synthea_ndjson", export)
    store = folder / "store.duckdb"
    first, _ = _load(export, store)
    measured = {"mb": size, "first_core_seconds": first.core_seconds, "first_seconds": first.seconds}
    for name, make in CASES.items():
        again = folder / name
        again.mkdir()
        make(export, again)
        copy = Path(shutil.copy(store, folder / f"{name}.duckdb"))
        used, told = _load(again, copy)
        if name in ALL_UNCHANGED and told["unchanged"] + told["quarantined"] != told["records"]:
            raise SystemExit(f"{name}: {told}")
        measured |= {
            f"{name}_core_seconds": used.core_seconds,
            f"{name}_seconds": used.seconds,
            f"{name}_share_of_first": used.core_seconds / first.core_seconds,
            f"{name}_peak_rss_gib": used.peak_gib,
        }
        copy.unlink()
        shutil.rmtree(again)
    return measured


def _load(folder: Path, store: Path) -> tuple[Used, dict[str, Any]]:
    out = store.with_suffix(".json")
    options = ("--source", "fhir", "--project", "Bench", "--db", str(store), "--json", "--memory", "3GB")
    used = run("--quiet", "load", str(folder), *options, out=out, codes=(0, 1))
    return used, json.loads(out.read_text(encoding="utf-8"))


def _identical(export: Path, again: Path) -> None:
    for file in export.iterdir():
        shutil.copy(file, again / file.name)


def _reordered(export: Path, again: Path) -> None:
    """The lines of each file in the opposite order, in two files."""
    for file in export.iterdir():
        lines = file.read_bytes().splitlines(keepends=True)[::-1]
        half = len(lines) // 2
        for part, some in (("a", lines[:half]), ("b", lines[half:])):
            (again / f"{file.stem}_{part}.ndjson").write_bytes(b"".join(some))


def _reformatted(export: Path, again: Path) -> None:
    """Every resource with blanks after its commas and colons, as another program writes JSON."""
    for file in export.iterdir():
        with (again / file.name).open("w", encoding="utf-8") as out:
            for line in file.open(encoding="utf-8"):
                out.write(json.dumps(json.loads(line), ensure_ascii=False) + "\n")


def _changed(resource: dict[str, Any]) -> None:
    resource["language"] = "en-US" if resource.get("language") != "en-US" else "en"


def _resources(export: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(export.iterdir()):
        for line in file.open(encoding="utf-8"):
            yield file.name, json.loads(line)


def _patients(export: Path, again: Path) -> None:
    """A small file: the resources of one patient of a hundred, each changed. Their references are urn:uuid:, which the
    store explains."""
    chance = random.Random(1)
    chosen = {
        resource["id"]
        for _, resource in _resources(export)
        if resource["resourceType"] == "Patient" and chance.random() < SHARE
    }
    with (again / "changed.ndjson").open("w", encoding="utf-8") as out:
        for _, resource in _resources(export):
            about = resource.get("subject", resource.get("patient", {})).get("reference", "")
            if resource["id"] in chosen or about.removeprefix("urn:uuid:") in chosen:
                _changed(resource)
                out.write(json.dumps(resource) + "\n")


def _scattered(export: Path, again: Path) -> None:
    """The resources of patients that chance takes, one of a hundred, each changed."""
    chance = random.Random(2)
    with (again / "changed.ndjson").open("w", encoding="utf-8") as out:
        for _, resource in _resources(export):
            if chance.random() < SHARE:
                _changed(resource)
                out.write(json.dumps(resource) + "\n")


CASES: dict[str, Callable[[Path, Path], None]] = {
    "identical": _identical,
    "reordered": _reordered,
    "reformatted": _reformatted,
    "patients": _patients,
    "scattered": _scattered,
}
ALL_UNCHANGED = ("identical", "reordered", "reformatted")
