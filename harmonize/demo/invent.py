"""Invent a study: a clinical table in a contributor's shape and an image index, the same for the same seed.

What is written is data (mappings/demo/study.yaml) and the shapes are the source schemas'; this module draws.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import root
from harmonize.engine.yaml_text import read_yaml
from harmonize.mapping.compiler.compile import load_mapping
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.schema.model import ClassDef, Slot

Record = dict[str, str]
# Nine of ten values of a normal distribution lie within this many standard deviations of the mean.
_NINE_OF_TEN = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True)
class Planted:
    """An error written on purpose: its line in the file, what it is, and what the load should make of it."""

    line: int
    what: str
    becomes: str


@dataclass(frozen=True)
class Study:
    """The files of an invented study."""

    clinical: Path
    images: Path
    patients: int
    planted: list[Planted]


def recipe() -> dict[str, Any]:
    """The shipped description of the invented study."""
    loaded: dict[str, Any] = read_yaml(root("mappings") / "demo" / "study.yaml")
    return loaded


def invent(folder: Path, study: dict[str, Any]) -> Study:
    """Write the study's two files into `folder`; the same seed gives the same table, byte by byte."""
    rng = Random(study["seed"])
    clinical = study["clinical"]
    cls = load_schema(load_mapping(clinical["mapping"]).source_schema).classes[clinical["class"]]
    patients = [_patient(rng, study, cls, number) for number in range(1, study["patients"] + 1)]
    series = _images(rng, study, cls, patients)
    headers = [slot.header for slot in cls.slots.values()]
    lines = [[patient[slot.name] for slot in cls.slots.values()] for patient in patients]
    planted = _plant(rng, study, cls, lines)
    result = Study(folder / clinical["file"], folder / study["images"]["file"], len(patients), planted)
    with result.clinical.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([headers, *lines])
    _write_parquet(result.images, load_schema(study["images"]["schema"]).classes[study["images"]["class"]], series)
    return result


def _patient(rng: Random, study: dict[str, Any], cls: ClassDef, number: int) -> Record:
    clinical, missing = study["clinical"], study["clinical"]["missing"]
    patient: Record = {}
    drawn: dict[str, str] = {}
    for slot in cls.slots.values():
        if slot.name == clinical["key"]:
            patient[slot.name] = clinical["key_format"].format(number)
        elif slot.range == "date":
            day = clinical["first_day"] + timedelta(days=_below(rng, clinical["days"]))
            patient[slot.name] = _written(slot, day)
        elif (code := _starts(slot, study["numbers"])) is not None:
            # two columns of one code are one value
            drawn.setdefault(code, _number(rng, study["numbers"][code], patient, missing))
            patient[slot.name] = drawn[code]
        elif slot.header not in study["flags"]:
            patient[slot.name] = _answer(rng, study["answers"], slot, missing)
    for slot in cls.slots.values():
        if slot.header in study["flags"]:
            patient[slot.name] = _flag(study["flags"][slot.header], drawn, missing)
    return patient


def _written(slot: Slot, day: date) -> str:
    return day.strftime(_date_format(slot))


def _date_format(slot: Slot) -> str:
    return slot.annotations["date_formats"].split("|")[0]


def _starts(slot: Slot, codes: dict[str, Any]) -> str | None:
    """The entry that describes the slot: its whole header, or what stands before the first underscore."""
    code = slot.header if slot.header in codes else slot.header.split("_", 1)[0]
    return code if code in codes else None


def _number(rng: Random, how: dict[str, Any], patient: Record, missing: str) -> str:
    is_missing, place = rng.random() < how["missing"], _normal(rng)
    if is_missing or any(patient[column] != value for column, value in how.get("only_if", {}).items()):
        return missing
    low, high = (math.log(end) if how.get("skewed") else end for end in how["range"])
    value = (low + high) / 2 + place * (high - low) / 2 / _NINE_OF_TEN
    value = math.exp(value) if how.get("skewed") else value
    bounded = min(max(value, how.get("least", -math.inf)), how.get("most", math.inf))
    return f"{bounded:.{how['decimals']}f}"


def _answer(rng: Random, answers: dict[str, Any], slot: Slot, missing: str) -> str:
    weights = answers["columns"].get(slot.header)
    is_missing = weights is None and rng.random() < answers["missing"]
    if weights is None:
        weights = {text: answers["default"][text] for text in slot.permissible_values or ()}
    answer = _choice(rng, weights)
    return missing if is_missing else answer


def _flag(bounds: dict[str, Any], drawn: dict[str, str], missing: str) -> str:
    text = drawn[bounds["of"]]
    if text == missing:
        return missing
    value = float(text)
    holds = (
        value > bounds.get("above", -math.inf)
        and value >= bounds.get("from", -math.inf)
        and value < bounds.get("below", math.inf)
        and value <= bounds.get("to", math.inf)
    )
    return "TRUE" if holds else "FALSE"


def _plant(rng: Random, study: dict[str, Any], cls: ClassDef, lines: list[list[str]]) -> list[Planted]:
    """Write the errors into `lines`, each on a record of its own; line 1 of the file is the header."""
    slots = list(cls.slots.values())
    every = len(lines) // (len(study["planted"]) + 1)
    planted = []
    for number, error in enumerate(study["planted"], start=1):
        at = number * every + _below(rng, every // 2)
        column = next(
            (i for i, slot in enumerate(slots) if error.get("column") in (slot.header, slot.header.split("_", 1)[0])),
            0,
        )
        header, line = slots[column].header, at + 2
        if error["kind"] == "wrong_value":
            lines[at][column] = error["value"]
            what = f"{header} is {error['value']!r}"
        elif error["kind"] == "ragged_line":
            del lines[at][error["cells"] :]
            what = f"the line ends after {error['cells']} of {len(slots)} cells"
        else:
            again = list(lines[at])
            what = f"the line repeats line {line}"
            if error["kind"] == "conflicting_line":
                again[column] = error["value"]
                what = f"{slots[0].header} {again[0]} of line {line} again, with another {header}"
            lines.append(again)
            line = len(lines) + 1
        planted.append(Planted(line, what, error["becomes"]))
    return planted


def _images(rng: Random, study: dict[str, Any], cls: ClassDef, patients: list[Record]) -> list[dict[str, Any]]:
    """The rows of the index: studies within the stay (some after it), and patients without a clinical row."""
    images, clinical = study["images"], study["clinical"]
    written = _date_format(cls.slots[clinical["visit_start"]])
    found = []
    for patient in patients:
        if rng.random() < images["patients"]:
            low, high = images["ages"][patient[clinical["age"]]]
            start = datetime.strptime(patient[clinical["visit_start"]], written).date()
            person = {
                "PatientID": patient[clinical["key"]],
                "PatientSex": images["sexes"].get(patient[clinical["sex"]]),
                "PatientAge": f"{low + _below(rng, high - low + 1):03d}Y",
            }
            died = all(patient[name] == value for name, value in clinical["died"].items())
            found += _studies(rng, study, person, start, int(patient[clinical["length_of_stay"]]), died=died)
    for number in range(1, study["imaging_only"] + 1):
        person = {
            "PatientID": clinical["key_format"].format(900000 + number),
            "PatientSex": _choice(rng, {"F": 1, "M": 1}),
            "PatientAge": f"{30 + _below(rng, 50):03d}Y" if number > 1 else None,
        }
        start = clinical["first_day"] + timedelta(days=_below(rng, clinical["days"]))
        found += _studies(rng, study, person, start, 5)
    return found


def _studies(
    rng: Random, study: dict[str, Any], person: dict[str, Any], start: date, stay: int, *, died: bool = False
) -> list[dict[str, Any]]:
    images = study["images"]
    kinds = {index: kind["share"] for index, kind in enumerate(images["studies"])}
    rows = []
    for number in range(1 + _below(rng, 4)):
        kind = images["studies"][_choice(rng, kinds)]
        # one in twelve lies outside the stay
        away = stay + 10 + _below(rng, 20) if _below(rng, 12) == 0 else _below(rng, stay)
        if died:
            away %= stay
        day = start + timedelta(days=away + images["date_offset_days"])
        common = {
            **person,
            "collection_id": images["collection"],
            "StudyInstanceUID": _uid(study["seed"], person["PatientID"], number),
            "StudyDate": day.isoformat(),
            "SeriesDate": day.isoformat(),
            "StudyDescription": kind["description"],
            "BodyPartExamined": kind.get("part"),
            "Manufacturer": kind["maker"],
            "ManufacturerModelName": kind["model"],
            "license_short_name": "CC0 1.0",
        }
        series = [{"modality": kind["modality"], "sop": kind["sop"], "description": name} for name in kind["series"]]
        for place, one in enumerate([*series, *([kind["report"]] if "report" in kind else [])], start=1):
            low, high = kind["instances"] if one in series else (1, 1)
            instances = low + _below(rng, high - low + 1)
            rows.append(
                {
                    **common,
                    "SeriesInstanceUID": _uid(study["seed"], person["PatientID"], number, place),
                    "Modality": one["modality"],
                    "SOPClassUID": one["sop"],
                    "SeriesDescription": one["description"],
                    "SeriesNumber": str(place),
                    "instanceCount": instances,
                    "series_size_MB": round(instances * 0.5, 2),
                }
            )
    return rows


def _uid(*parts: object) -> str:
    """A DICOM UID of the form 2.25.<integer of a UUID> (PS3.5 B.2), the same for the same parts."""
    return f"2.25.{int(hashlib.md5('|'.join(map(str, parts)).encode(), usedforsecurity=False).hexdigest(), 16)}"


def _write_parquet(path: Path, cls: ClassDef, rows: list[dict[str, Any]]) -> None:
    import duckdb

    numbers = {int: "BIGINT", float: "DOUBLE"}
    columns = {slot.header: numbers.get(type(rows[0].get(slot.header)), "VARCHAR") for slot in cls.slots.values()}
    with duckdb.connect() as con:
        con.execute("CREATE TABLE series AS SELECT unnest(from_json($1, $2), recursive := true)",
                    [json.dumps(rows), json.dumps([columns])])  # fmt: skip
        con.execute(f"COPY series TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")


# Only Random.random() is promised to be the same in every Python; everything is drawn from it.


def _below(rng: Random, end: int) -> int:
    return int(rng.random() * end)


def _normal(rng: Random) -> float:
    return NormalDist().inv_cdf(min(max(rng.random(), 0.001), 0.999))


def _choice(rng: Random, weights: dict[Any, float]) -> Any:
    place = rng.random() * sum(weights.values())
    for value, weight in weights.items():
        place -= weight
        if place < 0:
            return value
    return value
