"""Tokens planted into every kind of field of every source: where they are found again in what comes out.

Each field gets one kind of token in turn; HARMONIZE_PRIVACY_STUDY=full plants every kind into every field and writes
the table of docs/privacy.md to stdout.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from deliveries import SOURCES, Delivery
from outputs import PROFILED, leaks, outputs

FULL = os.environ.get("HARMONIZE_PRIVACY_STUDY") == "full"
WITHOUT_FORM = ("name", "name_in_text", "mrn", "plan", "device")
"""Kinds that nothing but the delivery's own words on people tells: invented names, and numbers without a label."""


class Left(NamedTuple):
    """What is known to be found again: kinds of tokens, fields, outputs (None for all), and why."""

    kinds: tuple[str, ...]
    field: str
    outputs: str
    why: str


DATES = Left(
    ("date",),
    r"[dD]ate|createdAt|issued|when[PH]|authored|occurrence|recorded|onset|abatement|effective|performed|[pP]eriod|started",
    "^(?!safe harbor)",
    "a date in a field of dates",
)
NAMES_OF_FILES = Left(("name", "name_in_text", "mrn", "plan", "device"), "^(file|sheet) name$|^folder$", "", "")
NOBODY_IS_TOLD = Left(WITHOUT_FORM, "", "", "no element or column of the source tells what people are called")
LEFT = {
    "fhir": [DATES],
    "ehr": [DATES],
    "ehr_xlsx": [DATES],
    "gen3": [DATES],
    "cirr": [DATES],
    "ricord": [DATES, NOBODY_IS_TOLD],
    "idc": [DATES, NOBODY_IS_TOLD],
    "dicom": [DATES, NAMES_OF_FILES, NOBODY_IS_TOLD, Left(("ip",), "SoftwareVersions", "", "a version has that form")],
}


def _unexpected(source: str, found: dict[tuple[str, str, str], int]) -> list[tuple[str, str, str]]:
    return [
        (kind, place, output)
        for kind, place, output in found
        if not any(
            kind in left.kinds and re.search(left.field, place) and re.search(left.outputs, output)
            for left in LEFT[source]
        )
    ]


@pytest.mark.parametrize("source", SOURCES)
def test_what_identifies_people_is_in_no_output(source: str, tmp_path: Path) -> None:
    delivery = SOURCES[source](tmp_path / "in", full=FULL)
    written = list(outputs(delivery.folder, delivery.source, delivery.mapping, tmp_path, again=FULL))
    assert {"validate json", "load", "store", "store bytes", "published", "published bytes"} <= {n for n, _ in written}
    if source in PROFILED:
        assert {"safe harbor file", "safe harbor bytes", "safe harbor columns"} <= {name for name, _ in written}
    assert _loaded(dict(written)["load"]), "nothing was loaded, so nothing is shown"
    found = leaks(iter(written), delivery.needles)
    if FULL:
        _tell(source, delivery, found)
    assert _unexpected(source, found) == []


def _loaded(said: str) -> int:
    counted = re.search(r"([0-9][0-9,]*) loaded", said)
    return int(counted[1].replace(",", "")) if counted else 0


def _tell(source: str, delivery: Delivery, found: dict[tuple[str, str, str], int]) -> None:
    planted = Counter(kind for kind, _ in delivery.needles.values())
    told = {(kind, place) for kind, place, _ in found}
    leaked = Counter(kind for kind, _ in told)
    published = Counter(kind for kind, place in {(k, p) for k, p, output in found if output.startswith("published")})
    for kind, count in planted.items():
        print(f"| {source} | {kind} | {count} | {leaked[kind]} | {published[kind]} |")
