"""OHDSI's source_to_concept_map as CSV, both ways."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.text_file import read_rows
from harmonize.review.concepts import by_code, by_id
from harmonize.review.incoming import Incoming
from harmonize.review.mappings import reviewed_rows
from harmonize.vocabulary.sssom import NO_TERM

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

# OMOP CDM v5.4, table source_to_concept_map.
COLUMNS = (
    "source_code", "source_concept_id", "source_vocabulary_id", "source_code_description", "target_concept_id",
    "target_vocabulary_id", "valid_start_date", "valid_end_date", "invalid_reason",
)  # fmt: skip
FIRST_DAY, LAST_DAY = "1970-01-01", "2099-12-31"


def write_table(folder: Path, con: DuckDBPyConnection | None = None) -> str:
    """The mappings that translate, with the source concept's id where a store has one; what maps to nothing is 0."""
    rows = [one for one in reviewed_rows(folder) if one.row["predicate_modifier"] != "Not"]
    targets = by_code([one.object for one in rows], con)
    sources = by_code([one.subject for one in rows], con) if con is not None else {}
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in rows:
        vocabulary, _, code = one.subject.partition(":")
        target, source = targets.get(one.object), sources.get(one.subject)
        writer.writerow(
            (
                code,
                source.concept_id if source else 0,
                vocabulary,
                one.row["subject_label"] or code,
                target.concept_id if target else 0,
                target.vocabulary if target else "None",
                FIRST_DAY,
                LAST_DAY,
                "",
            )
        )
    return out.getvalue()


def read_table(path: Path, folder: Path, con: DuckDBPyConnection | None = None) -> list[Incoming]:
    """The rows of a source_to_concept_map, retired ones aside. Raises InputError with file and line.

    The table has no predicates: where the folder maps a source code to the same concept its row stays as it
    is, else the match is close until somebody reviews it.
    """
    names, read = read_rows(path)
    needed = ("source_code", "source_vocabulary_id", "target_concept_id")
    if missing := [name for name in needed if name not in names]:
        hint = did_you_mean(missing[0], names)
        raise InputError(f"{path}, line 1: the column {missing[0]} is missing.", hint)
    rows = [(line, row) for line, row in read if not row.get("invalid_reason")]
    for line, row in rows:
        if not str(row["target_concept_id"]).isdigit():
            raise InputError(f"{path}, line {line}: target_concept_id is {row['target_concept_id']!r}, no number.")
    here = reviewed_rows(folder)
    ids = by_code([one.object for one in here], con)
    known = {(one.subject, ids[one.object].concept_id if one.object in ids else 0): one for one in here}
    concepts = by_id([int(row["target_concept_id"]) for _, row in rows], con)
    incoming = []
    for line, row in rows:
        subject = f"{row['source_vocabulary_id'].replace(' ', '_')}:{row['source_code']}"
        number = int(row["target_concept_id"])
        one, concept = known.get((subject, number)), concepts.get(number)
        cells = {"subject_id": subject}
        if one is not None:
            cells |= {"predicate_id": one.predicate, "object_id": one.object, "object_label": one.row["object_label"]}
        else:
            target = concept.curie if concept else f"OMOP:{number}"
            cells |= {
                "subject_label": row.get("source_code_description") or row["source_code"],
                "predicate_id": "skos:closeMatch" if number else "skos:exactMatch",
                "object_id": target if number else NO_TERM,
                "object_label": concept.name if concept and number else "",
            }
        incoming.append(Incoming(f"{path}, line {line}", cells))
    return incoming
