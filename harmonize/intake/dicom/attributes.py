"""What is read from headers: the attributes of schemas/sources/dicom.yaml, and the PS3.15 basic profile."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.intake.dicom.elements import Node, Tree, Wanted, fold

if TYPE_CHECKING:
    from harmonize.schema.model import ClassDef, Schema, Slot

READER = "2"
"""Counted up with every change of what the reader makes of a header, so that stores read their files again."""
OWN = {"SOPInstanceUID": "SOPInstanceUID_", "NumberOfSeriesRelatedInstances": "RelatedInstances_"}
"""Attributes that the engine needs itself, and their columns."""


@dataclass(frozen=True)
class ProfileRow:
    """A row of the profile: `action` is that of PS3.15, Table E.1-1; `tell` the severity of a value (empty: none), and
    `kept_as` why none."""

    tag: int
    keyword: str
    action: str
    tell: str
    kept_as: str


@cache
def profile() -> tuple[ProfileRow, ...]:
    """The basic profile (schemas/sources/dicom_profile.tsv); an x in a tag stands for any digit and is 0 here."""
    path = root("schemas") / "sources" / "dicom_profile.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(
            ProfileRow(int(row["tag"].replace(",", "").replace("x", "0"), 16), row["keyword"], row["action"],
                       row["tell"], row["kept_as"])
            for row in csv.DictReader(stream, delimiter="\t")
        )  # fmt: skip


def paths_of(slot: Slot) -> list[str]:
    """Keywords or paths of the attribute that a slot of a series is, in order; none of a slot that is made."""
    if slot.annotations.get("made") == "true":
        return []
    return slot.annotations.get("element", slot.name).split("|")


def wanted_of(schema: Schema, series: ClassDef) -> Wanted:
    """What is to be read for a class. Raises InputError for a keyword that DICOM does not have."""
    paths = [path for slot in series.slots.values() for path in paths_of(slot)]
    tree: Tree = {}
    for path in dict.fromkeys([*paths, *OWN, "PatientName"]):
        here = tree
        *sequences, last = path.split(".")
        for keyword in sequences:
            here = here.setdefault(_tag(keyword), Node()).inside
        here[_tag(last)] = Node(path, here[_tag(last)].inside if _tag(last) in here else {})
    dummies = frozenset(fold(text) for text in schema.annotations.get("dummy_values", "").split("|"))
    told = {row.tag: row.keyword for row in profile() if row.tell}
    text = "\n".join([READER, *sorted(paths), *sorted(dummies), *(f"{tag}" for tag in told)])
    return Wanted(tree, told, dummies, hashlib.sha256(text.encode()).hexdigest())


def _tag(keyword: str) -> int:
    from pydicom.datadict import tag_for_keyword

    tag = tag_for_keyword(keyword)
    if tag is None:
        raise InputError(f"DICOM has no attribute {keyword!r}.", "Write the keyword of PS3.6, such as StudyDate.")
    return int(tag)


def require_pydicom() -> None:
    """Raise InputError with what to type where the extra `dicom` is not installed."""
    from importlib.util import find_spec

    for package in ("pydicom", "nibabel"):
        if find_spec(package) is None:
            raise InputError(
                f"--source dicom needs the package {package}, which is not installed.",
                "Install it with: pip install 'midrc-harmonize[dicom]'",
            )
