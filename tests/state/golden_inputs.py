"""Deliveries of every source: the inputs of all golden cases, each with keys of its own, as one delivery a source, and
copies of a line in which one cell is bad or at its bound, for every column that declares what it may hold."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from harmonize.golden.case import Case, Table
from harmonize.golden.find import find_cases
from harmonize.mapping.compiler.compile import load_mapping, mapping_folder, source_schema
from harmonize.schema.model import ClassDef, Slot

Record = dict[str, str]
Files = dict[str, list[Record]]

KEYS = {
    "ehr/covid_19_ny_sbu": ("to_patient_id", "visit_concept_name", "visit_start_datetime"),
    "ehr/site_302028": ("anon_mrn", "anon_study_uid"), "ehr/site_419639": ("Anon MRN", "Anon Study UID"),
    "ehr/site_514382": ("ANON-PatientID",), "cirr": ("subjid", "study_uid"),
    "gen3/batch": ("submitter_id", "study_uid", "series_uid"),
    "dicom/idc": ("PatientID", "StudyInstanceUID", "SeriesInstanceUID"),
}  # fmt: skip
"""Columns of keys, by mapping; `x.submitter_id` is one as well."""
NOT_KEYS = ("datasets.submitter_id", "projects.code", "visit_concept_name", "visit_start_datetime")
REFERENCE = re.compile(r'("reference": ?"(?:https?://[^"]*/)?[A-Z][A-Za-z]+/)([A-Za-z0-9.-]+)')
ID = re.compile(r'("id": ?")([^"#]+)(?=")')


def cases_of(mapping: str, deliveries: int) -> list[Case]:
    """The golden cases of a mapping that ask nothing of their project and of which no load is refused."""
    return [
        case
        for case in find_cases(mapping)
        if len(case.deliveries) == deliveries
        and not (case.time or case.settings or case.refused)
        and all(delivery.mapping == mapping and delivery.mode == "upsert" for delivery in case.deliveries)
    ]


def place_of(case: Case) -> int:
    """The number that keys of a case have: of its name, so that another case more moves none."""
    return int(sha256(f"{case.file.stem}:{case.name}".encode()).hexdigest()[:8], 16)


def key(mapping: str, name: str, form: str) -> str:
    """A key of the case of that name, in which {} is its number."""
    return form.format(place_of(next(case for case in cases_of(mapping, 1) if case.name == name)))


def tables(mapping: str, number: int = 0, deliveries: int = 1, part: int = 1) -> Files:
    """The rows of the cases' tables by class; a case's keys end in its number (after a full stop where they are UIDs).
    `part` takes one case of so many."""
    found: Files = {}
    for case in cases_of(mapping, deliveries):
        place = place_of(case)
        for table in case.deliveries[number].files.values():
            if isinstance(table, Table) and place % part == 0:
                rows = found.setdefault(str(table.class_name.value), [])
                rows += [
                    {
                        header: _own(mapping, header, str(text.value), place)
                        for header, text in row.cells.items()
                        if text.value is not None
                    }
                    for row in table.rows
                ]
    return found


def _own(mapping: str, header: str, value: str, place: int) -> str:
    is_key = header in KEYS[mapping] or header.endswith(".submitter_id")
    if not is_key or header in NOT_KEYS or not value:
        return value
    return f"{value}.{place}" if re.fullmatch(r"[0-9.]+", value) else f"{value}-{place}"


def at_the_bounds(mapping: str, files: Files, every: int = 1) -> None:
    """Add lines in which one cell is at a bound, beyond it, or no value of its column: each `every`-th of all such."""
    folder = mapping_folder(mapping)
    schema = source_schema(folder, load_mapping(mapping).source_schema)
    for name, rows in files.items():
        first = dict(rows[0])
        for number, (header, value) in enumerate(list(bad_cells(schema.classes[name]))[::every], start=1):
            keys = {key: _own(mapping, key, cell, 1000 + number) for key, cell in first.items()}
            rows.append({**keys, header: value})


def bad_cells(cls: ClassDef) -> Iterator[tuple[str, str]]:
    """(header, cell) of each value on either side of what a column declares."""
    for slot in cls.slots.values():
        for bound, step in ((slot.minimum, -1), (slot.maximum, 1)):
            if bound is not None:
                yield slot.header, f"{bound:g}"
                yield slot.header, f"{bound + step:g}"
        for value in _other(slot):
            yield slot.header, value


def _other(slot: Slot) -> tuple[str, ...]:
    if slot.permissible_values:
        return ("no such value",)
    if slot.range in ("date", "datetime"):
        return ("31/31/2020", "1850-01-01")
    if slot.range in ("integer", "float", "double", "boolean"):
        return ("many",)
    return ("",) if slot.required else ()


def write(folder: Path, files: Files, ending: str = ".csv", delimiter: str = ",", batch: str = "") -> list[Path]:
    """One file a class."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, rows in files.items():
        paths.append(folder / f"{name}{batch}{ending}")
        headers = list(dict.fromkeys(header for row in rows for header in row))
        with paths[-1].open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, headers, delimiter=delimiter, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return paths


def resources(number: int = 0, deliveries: int = 1, part: int = 1) -> list[str]:
    """The lines of the FHIR cases; the ids of a case's resources, and what refers to them, begin with its number.
    `part` takes one case of so many."""
    lines = []
    for case in cases_of("fhir", deliveries):
        place = place_of(case)
        for name, text in case.deliveries[number].files.items():
            if isinstance(text, str) and place % part == 0:
                told = text.splitlines() if name.endswith(".ndjson") else [_one_line(text)]
                lines += [_renamed(line, f"n{place}-") for line in told if line.strip()]
    return lines


def _one_line(text: str) -> str:
    try:
        return json.dumps(json.loads(text))
    except json.JSONDecodeError:
        return ""


def _renamed(line: str, start: str) -> str:
    return ID.sub(rf"\g<1>{start}\g<2>", REFERENCE.sub(rf"\g<1>{start}\g<2>", line))
