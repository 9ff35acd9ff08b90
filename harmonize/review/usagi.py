"""Usagi's CSV of mappings, both ways, without losing what either side knows.

Columns and values are those of OHDSI Usagi 1.4 (class MappingTarget, the export of all mappings). What SSSOM has
and Usagi has not goes into its columns `ADD_INFO:`, which Usagi keeps; what Usagi has and SSSOM has not goes
into the slot `other`.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.text_file import read_rows
from harmonize.review.concepts import by_code, by_id, is_id
from harmonize.review.decisions import Standing, read_decisions, standings
from harmonize.review.incoming import JUSTIFICATION, Incoming, Said
from harmonize.review.mappings import reviewed_rows
from harmonize.vocabulary.sssom import NO_TERM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.review.concepts import Concept
    from harmonize.review.mappings import Reviewed

BEFORE = ("sourceCode", "sourceName", "sourceFrequency", "sourceAutoAssignedConceptIds")
AFTER = (
    "matchScore", "mappingStatus", "equivalence", "statusSetBy", "statusSetOn", "conceptId", "conceptName", "domainId",
    "mappingType", "comment", "createdBy", "createdOn", "assignedReviewer",
)  # fmt: skip
STATUSES = ("APPROVED", "UNCHECKED", "AUTO_MAPPED", "AUTO_MAPPED_TO_1", "INVALID_TARGET", "FLAGGED", "IGNORED")
EQUIVALENCES = {
    "EQUAL": "skos:exactMatch",
    "EQUIVALENT": "skos:closeMatch",
    "WIDER": "skos:broadMatch",
    "NARROWER": "skos:narrowMatch",
    "INEXACT": "skos:relatedMatch",
    "UNREVIEWED": "skos:relatedMatch",
    "UNMATCHED": "skos:exactMatch",
}
INFO, OTHER = "ADD_INFO:", "usagi_"
# What a state of ours is in Usagi, and a status of Usagi as a state of ours.
_STATUS = {"signed": "APPROVED", "accepted_once": "APPROVED", "unreviewed": "UNCHECKED"}
_DECISION = {"APPROVED": "accept", "FLAGGED": "discuss", "INVALID_TARGET": "reject"}
# Statuses that only Usagi has.
_ONLY_USAGI = ("AUTO_MAPPED", "AUTO_MAPPED_TO_1", "INVALID_TARGET", "IGNORED")
_OF_USAGI = ("subject_label", "comment")


def write_usagi(folder: Path, con: DuckDBPyConnection | None = None, frequency: Mapping[str, int] | None = None) -> str:
    """All mappings of a folder as Usagi's CSV. Concept ids come from the store's vocabulary, else the starter's."""
    rows = reviewed_rows(folder)
    concepts = by_code([one.object for one in rows], con)
    standing = standings(rows, read_decisions(folder))
    held = [name for name in dict.fromkeys(n for one in rows for n in one.row.cells) if name not in _OF_USAGI]
    out = StringIO()
    writer = csv.DictWriter(out, [*BEFORE, *(INFO + name for name in held), *AFTER], lineterminator="\n")
    writer.writeheader()
    for one in rows:
        cells = _cells(one, concepts.get(one.object), standing[one.hash], (frequency or {}).get(one.subject))
        writer.writerow(cells | {INFO + name: one.row[name] for name in held})
    return out.getvalue()


def _cells(one: Reviewed, concept: Concept | None, standing: Standing, frequency: int | None) -> dict[str, str]:
    kept = _read_other(one.row["other"])
    status = _STATUS.get(standing.state, "FLAGGED")
    if status == "UNCHECKED" and one.row["predicate_modifier"] == "Not":
        status = "INVALID_TARGET"
    by, on = (standing.against or standing.accepted)[-1:], standing.date
    cells = {
        "sourceCode": one.subject.partition(":")[2],
        "sourceName": one.row["subject_label"],
        "sourceFrequency": str(frequency) if frequency is not None else kept.get("sourceFrequency", "-1"),
        "sourceAutoAssignedConceptIds": kept.get("sourceAutoAssignedConceptIds", ""),
        "matchScore": kept.get("matchScore", one.row["confidence"] or "0"),
        "mappingStatus": status,
        "equivalence": _equivalence(one, kept),
        "statusSetBy": "".join(by),
        "statusSetOn": _millis(on),
        "conceptId": str(_number(one.object, concept)),
        "conceptName": concept.name if concept else one.row["object_label"] or "Unmapped",
        "domainId": concept.domain if concept else "",
        "mappingType": "MAPS_TO",
        "comment": one.row["comment"],
        "createdBy": one.author,
        "createdOn": _millis(one.row["mapping_date"]),
        "assignedReviewer": "",
    }
    own = _curie(kept.get("statusSetBy", "")) in one.author.split(
        "|"
    )  # an approval by the author, which counts nothing here
    if _kind(kept.get("mappingStatus", "")) == _kind(status) or (status == "UNCHECKED" and own):
        cells |= {name: kept[name] for name in ("mappingStatus", "statusSetBy", "statusSetOn") if name in kept}
    names = ("mappingType", "createdBy", "createdOn", "assignedReviewer", "conceptName", "domainId")
    return cells | {name: kept[name] for name in names if name in kept}


def _number(code: str, concept: Concept | None) -> int:
    """The concept's id; also of one that the vocabulary lacks, where the code is the id."""
    if concept is not None:
        return concept.concept_id
    return int(code.partition(":")[2]) if is_id(code) else 0


def _kind(status: str) -> str:
    """Statuses that are one state of ours."""
    return {"APPROVED": "accepted", "FLAGGED": "against", "INVALID_TARGET": "against", "": ""}.get(status, "open")


def _equivalence(one: Reviewed, kept: Mapping[str, str]) -> str:
    if one.object == NO_TERM:
        return kept.get("equivalence", "UNMATCHED")
    if EQUIVALENCES.get(kept.get("equivalence", "")) == one.predicate:
        return kept["equivalence"]
    return next(name for name, predicate in EQUIVALENCES.items() if predicate == one.predicate)


def read_usagi(
    path: Path,
    prefix: str | None,
    con: DuckDBPyConnection | None = None,
    *,
    folder: Path | None = None,
    reviewer: str | None = None,
    date: str = "",
) -> list[Incoming]:
    """The mappings of a Usagi CSV.

    `prefix` is the vocabulary of the source codes, where the file does not carry it. An id that the
    vocabulary lacks stays as OMOP:<id>. A status that nobody is named for (statusSetBy) is the `reviewer`'s, one
    without a time is of `date`; an export of ours flags what is reopened in `folder`, which nobody said.
    """
    header, read = read_rows(path)
    missing = [name for name in ("sourceCode", "sourceName", "conceptId") if name not in header]
    if missing:
        raise InputError(f"{path}, line 1: this is no Usagi file, it has no column {missing[0]}.")
    rows = [(line, {k: v or "" for k, v in row.items() if k is not None}) for line, row in read]
    for line, row in rows:
        for name, known in (("mappingStatus", STATUSES), ("equivalence", tuple(EQUIVALENCES))):
            if row.get(name) and row[name] not in known:
                raise InputError(f"{path}, line {line}: {name} is {row[name]!r}.", did_you_mean(row[name], known))
        if not row["conceptId"].isdigit():
            raise InputError(f"{path}, line {line}: conceptId is {row['conceptId']!r}; expected is a number.")
    concepts = by_id([int(row["conceptId"]) for _, row in rows], con)
    carried = by_code([row.get(f"{INFO}object_id", "") for _, row in rows], con)
    reopened = _reopened(folder) if folder else frozenset()
    incoming = []
    for line, row in rows:
        one = _incoming(f"{path}, line {line}", row, prefix, concepts, carried)
        nobody = row.get("mappingStatus") == "FLAGGED" and not row.get("statusSetBy") and one.hash in reopened
        incoming.append(one if nobody else replace(one, said=tuple(_said(one.place, row, reviewer, date))))
    return incoming


def _reopened(folder: Path) -> frozenset[str]:
    """The hashes of rows that were decided, and then changed."""
    found = standings(reviewed_rows(folder), read_decisions(folder))
    return frozenset(about for about, standing in found.items() if standing.state == "reopened")


def _incoming(
    place: str, row: dict[str, str], prefix: str | None, concepts: Mapping[int, Concept], carried: Mapping[str, Concept]
) -> Incoming:
    info = _info(row)
    subject = info.get("subject_id") or (f"{prefix}:{row['sourceCode']}" if prefix else "")
    if not subject:
        raise InputError(f"{place}: the vocabulary of {row['sourceCode']!r} is not known.", "Give --prefix.")
    number = int(row["conceptId"])
    concept = concepts.get(number)
    if "object_id" in info and _number(info["object_id"], carried.get(info["object_id"])) == number:
        target = info["object_id"]
    elif number == 0 or row.get("mappingStatus") == "IGNORED":
        target = NO_TERM
    else:
        target = concept.curie if concept else f"OMOP:{number}"
    same = target == info.get("object_id")
    label = info.get("object_label", "") if same else "" if target == NO_TERM else row.get("conceptName", "")
    equivalence = row.get("equivalence") or "UNREVIEWED"
    predicate = EQUIVALENCES[equivalence]
    if "predicate_id" in info and (target == NO_TERM or equivalence in _equal(info["predicate_id"])):
        predicate = info["predicate_id"]
    cells = info | {
        "subject_id": subject,
        "subject_label": row["sourceName"],
        "predicate_id": predicate,
        "object_id": target,
        "comment": row.get("comment", ""),
        "mapping_justification": info.get("mapping_justification") or JUSTIFICATION,
    }
    cells["object_label"] = label
    if not info:
        score = row.get("matchScore", "")
        cells["confidence"] = score if _is_share(score) else ""
        if row.get("createdBy"):
            cells["author_id"] = _curie(row["createdBy"])
    rejected = info.get("predicate_modifier") == "Not" and row.get("mappingStatus") == "INVALID_TARGET"
    if not info or info.get("other") or (row.get("mappingStatus") in _ONLY_USAGI and not rejected):
        cells["other"] = _write_other(row)
    return Incoming(place, cells)


def _info(row: Mapping[str, str]) -> dict[str, str]:
    """The cells of SSSOM that a row carries."""
    return {name.removeprefix(INFO): value for name, value in row.items() if name.startswith(INFO)}


def _equal(predicate: str) -> set[str]:
    return {name for name, meant in EQUIVALENCES.items() if meant == predicate}


def _said(place: str, row: Mapping[str, str], reviewer: str | None, date: str) -> list[Said]:
    """The decisions that a row's status, and the reviewers it carries, stand for."""
    info = _info(row)
    status = row.get("mappingStatus", "")
    decision = _DECISION.get(status)
    if decision is None:
        return []
    by = _curie(row.get("statusSetBy", ""))
    carried = [one for one in info.get("reviewer_id", "").split("|") if one] if decision == "accept" else []
    said = [Said("accept", one, info.get("review_date", "")) for one in carried]
    if not by and (carried or (status == "INVALID_TARGET" and info.get("predicate_modifier") == "Not")):
        return said  # an export of ours, whose row says itself that it does not fit
    by = by or reviewer or ""
    if not by:
        raise InputError(f"{place}: it is {status}, and statusSetBy does not say by whom.", "Give --reviewer.")
    if by not in carried:
        comment = row.get("comment") or ("" if decision == "accept" else f"{status} in Usagi")
        said.append(Said(decision, by, _day(row.get("statusSetOn", "")) or date, comment))
    return said


def _curie(name: str) -> str:
    """A person of Usagi, who has a plain name, as reviewers are named here."""
    if not name or ":" in name:
        return name
    return "usagi:" + "".join(c if c.isalnum() or c in "-_." else "_" for c in name)


def _write_other(row: Mapping[str, str]) -> str:
    """Usagi's cells as SSSOM's `other`: name=value pairs joined by |, values percent-encoded."""
    names = (*BEFORE[2:], *(name for name in AFTER if name not in {"conceptId", "comment"}))
    return "|".join(f"{OTHER}{name}={quote(row[name], safe=' ')}" for name in names if row.get(name))


def _read_other(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split("|") if part.startswith(OTHER))
    return {name.removeprefix(OTHER): unquote(value) for name, _, value in pairs}


def _millis(day: str) -> str:
    """Usagi's times are milliseconds since 1970; 0 is none."""
    return str(int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)) if day else "0"


def _day(millis: str) -> str:
    """The day of a time of Usagi; empty where it has none."""
    seconds = int(millis) / 1000 if millis.isdigit() else 0
    return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat() if seconds else ""


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False
