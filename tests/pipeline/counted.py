"""What the real files themselves say, counted by plain Python: what a load of them is held against.

Nothing here knows the project: csv, json and pyarrow read the files, and each number is a count of their cells.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet

Row = Mapping[str, Any]
NUMBERS = re.compile(r"[0-9]+-[0-9]_")
"""The header of a column of numbers begins with its LOINC code."""
AGAIN = "2951-2_Sodium [Moles/volume] in Serum or Plasma.1"
"""Sodium stands twice in the file, with the same numbers."""
RESTATED = re.compile(r"[.](over|under|above|between|below)?[0-9.]+(to|and)?[0-9.]*k?$")
"""The header of a column that says whether a number lies beyond a bound, such as BMI.over30."""
ALONE = {"Microscopic_hematuria.above2", "Proteinuria.above80"}
"""Such columns without the number itself in another."""
ANCHOR, SOURCE_ANCHOR = date(2020, 1, 1), date(1901, 1, 1)


class Clinical:
    """clinical.csv of COVID-19-NY-SBU: one line a patient; NA stands for nothing."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            self.rows: Sequence[Mapping[str, str]] = list(reader)
            self.headers: Sequence[str] = list(reader.fieldnames or ())

    def values(self, header: str) -> Counter[str]:
        """How many patients have each value."""
        return Counter(row[header] for row in self.rows)

    def told(self, header: str) -> int:
        """How many patients have a value."""
        return len(self.rows) - self.values(header)["NA"]

    @property
    def numbers(self) -> list[str]:
        return [header for header in self.headers if NUMBERS.match(header) and header != AGAIN]

    @property
    def restated(self) -> list[str]:
        """Columns that say again what a number in another column says."""
        flags = [header for header in self.headers if RESTATED.search(header) and not NUMBERS.match(header)]
        return [*(header for header in flags if header not in ALONE), AGAIN]

    @cached_property
    def visits(self) -> dict[str, tuple[date, date]]:
        """First and last day of each patient's visit, as sent; the length of stay counts both."""
        found = {}
        for row in self.rows:
            start = datetime.strptime(row["visit_start_datetime"], "%m/%d/%Y").date()
            found[row["to_patient_id"]] = start, start + timedelta(days=int(row["length_of_stay"]) - 1)
        return found


def series_of(path: Path, *collections: str) -> list[Row]:
    """The series of these collections in the index of images."""
    table = pyarrow.parquet.read_table(path, filters=[("collection_id", "in", list(collections))])
    return table.to_pylist()


def on_our_calendar(day: date) -> str:
    return (day + (ANCHOR - SOURCE_ANCHOR)).isoformat()


def within_visit(series: Sequence[Row], visits: Mapping[str, tuple[date, date]], offset: int) -> int:
    """How many patients have a study that, moved by so many days, lies in their visit."""
    found = set()
    for row in series:
        first, last = visits.get(row["PatientID"], (date.max, date.min))
        if first <= date.fromisoformat(str(row["StudyDate"])) + timedelta(days=offset) <= last:
            found.add(row["PatientID"])
    return len(found)


APPEARANCE = {
    "Typical Appearance": "typical", "Indeterminate Appearance": "indeterminate", "Atypical Appearance": "atypical",
    "Negative for Pneumonia": "negative",
}  # fmt: skip
INVALID = "Invalid Study"
VOTING = {"Tiger", "Bear", "Dragon"}
"""Groups of 1C that vote: Default group and Lion are supplementary, Adjudication decides."""


class Readings:
    """The export of RICORD 1C: an annotation names a study, a label of a group, and who made it."""

    def __init__(self, path: Path, studies_with_images: Sequence[str]) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        (dataset,) = document["datasets"]
        labels = {label["id"]: (group["name"], label["name"]) for group in document["labelGroups"]
                  for label in group["labels"]}  # fmt: skip
        self.groups = len(document["labelGroups"])
        self.studies = len(dataset["studies"])
        self.listed = {study["StudyInstanceUID"] for study in dataset["studies"]}
        self.all = [
            (note["StudyInstanceUID"], *labels[note["labelId"]], note["createdById"]) for note in dataset["annotations"]
        ]
        self.with_images = [reading for reading in self.all if reading[0] in set(studies_with_images)]

    @property
    def repeated(self) -> int:
        """How often a reader gave a label to a study that they had given to it already."""
        return len(self.all) - len(set(self.all))

    @property
    def unlisted(self) -> set[str]:
        """Studies that are read and not listed."""
        return {study for study, *_ in self.all} - self.listed

    def consensus(self) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
        """(status and answer, unanimity and unanimous answer) of the appearance, how many studies have each.

        The rules are those of docs/ricord.md.
        """
        status: Counter[tuple[str, str]] = Counter()
        unanimity: Counter[tuple[str, str]] = Counter()
        of_study: dict[str, list[tuple[str, str, str]]] = {}
        for study, *reading in self.with_images:
            of_study.setdefault(study, []).append((reading[0], reading[1], reading[2]))
        for readings in of_study.values():
            status[_status(readings)] += 1
            unanimity[_unanimity(readings)] += 1
        return status, unanimity


def _answers(readings: Sequence[tuple[str, str, str]], groups: set[str]) -> dict[tuple[str, str], set[str]]:
    """Reader (a person in a group) → what they answered."""
    found: dict[tuple[str, str], set[str]] = {}
    for group, label, person in readings:
        if group in groups and label in APPEARANCE:
            found.setdefault((person, group), set()).add(APPEARANCE[label])
    return found


def _status(readings: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    decided = set().union(*_answers(readings, {"Adjudication"}).values())
    votes = Counter(next(iter(said)) for said in _answers(readings, VOTING).values() if len(said) == 1)
    (first, most), *others = [*votes.most_common(), ("", 0)]
    if len(decided) == 1:
        return "adjudicated", decided.pop()
    if not decided and any(group == "Adjudication" and label == INVALID for group, label, _ in readings):
        return "invalid", ""
    if most >= 2 and most > max((count for _, count in others), default=0):
        return "majority", first
    return ("disagreement" if votes.total() >= 2 else "insufficient"), ""


def _unanimity(readings: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    said = _answers(readings, VOTING)
    votes = [next(iter(answers)) for answers in said.values() if len(answers) == 1]
    if len(votes) < len(said):
        return "conflict", ""
    if len(votes) < len(VOTING):
        return "missing", ""
    return ("unanimous", votes[0]) if len(set(votes)) == 1 else ("disagreement", "")
