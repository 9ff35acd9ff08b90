"""Run the benchmarks, print a Markdown table for docs/benchmarks.md, fail below a floor. Run by `make bench`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import analysts
import command_line
import csv_to_omop
import dicom_headers
import fhir_again
import fhir_load
import fhir_shapes
import fhir_validate
import fhir_views
import gen3_round_trip
import link_images
import mapping_vs_linkml_map
import match_days
import report_findings
import service_load
import study_loinc
import suggest
import validate_batch
import yaml

BENCHES: dict[str, Callable[[Path], dict[str, float]]] = {
    "command_line": command_line.measure,
    "csv_to_omop": csv_to_omop.measure,
    "fhir_views": fhir_views.measure,
    "validate_batch": validate_batch.measure,
    "fhir_validate": fhir_validate.measure,
    "fhir_load": fhir_load.measure,
    "fhir_again": fhir_again.measure,
    "fhir_shapes": fhir_shapes.measure,
    "dicom_headers": dicom_headers.measure,
    "report_findings": report_findings.measure,
    "service_load": service_load.measure,
    "study_loinc": study_loinc.measure,
    "gen3_round_trip": gen3_round_trip.measure,
    "analysts": analysts.measure,
    "link_images": link_images.measure,
    "match_days": match_days.measure,
    "suggest": suggest.measure,
    "mapping_vs_linkml_map": mapping_vs_linkml_map.measure,
}
FLOORS = Path(__file__).parent / "floors.yaml"
Bounds = dict[str, dict[str, float]]


def verdict(value: float, bound: dict[str, float] | None) -> tuple[str, bool]:
    """The bound as text and whether the value keeps it."""
    if bound is None:
        return "", True
    if "at_least" in bound:
        return f"≥ {bound['at_least']:g}", value >= bound["at_least"]
    return f"≤ {bound['at_most']:g}", value <= bound["at_most"]


def table(measured: dict[str, dict[str, float]], floors: dict[str, Bounds]) -> tuple[str, bool]:
    """The Markdown table of all numbers, and whether every bound is kept."""
    lines = ["| bench | measured | value | bound | kept |", "|---|---|--:|--:|---|"]
    kept = True
    for bench, numbers in measured.items():
        for name, value in numbers.items():
            bound, good = verdict(value, floors.get(bench, {}).get(name))
            shown = f"{value:,.0f}" if value >= 100 else f"{value:.3f}"
            lines.append(f"| {bench} | {name} | {shown} | {bound} | {'' if not bound else 'yes' if good else 'NO'} |")
            kept = kept and good
    return "\n".join(lines), kept


def main(names: list[str]) -> int:
    """Run the named benches (all where none is named) and return the exit code."""
    floors = yaml.safe_load(FLOORS.read_text(encoding="utf-8"))
    measured = {}
    for name in names or BENCHES:
        print(f"measuring {name}", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="harmonize-bench-") as folder:
            measured[name] = BENCHES[name](Path(folder))
    text, kept = table(measured, floors)
    print(text)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
