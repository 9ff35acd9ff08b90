"""All that a reviewer should see of one mapping before deciding."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql
from harmonize.mapping.compiler.compile import mappings
from harmonize.review.concepts import by_code
from harmonize.review.decisions import read_decisions, standings
from harmonize.review.mappings import review_folder, reviewed_rows
from harmonize.review.measured import measured, units
from harmonize.review.usage import rows_by_table, unmapped_values, usage
from harmonize.review.vocabulary_changes import object_states

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.review.concepts import Concept
    from harmonize.review.mappings import Reviewed

# Words in a source's label that often mean another assertion than the concept's own.
_ABSENT = re.compile(r"\b(no|not|non|never|without|absent|denies|negative)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(history|hx|h/o|previous|prior|past|family|former|ever)\b", re.IGNORECASE)


def detail(folder: Path, one: Reviewed, con: DuckDBPyConnection | None) -> dict[str, Any]:
    """A row's cells, standing and history; warnings; what a test measures; what others chose for the same label.

    With a store: the units of the loaded results, the object's concept with parents and children, the loaded rows
    that use the subject, by table of OMOP too, those of the other values of its column, and frequent values that the
    set does not have.
    """
    decisions = read_decisions(folder)
    rows = reviewed_rows(folder)
    shown: dict[str, Any] = {
        "place": f"{one.path.name}:{one.row.line}",
        **one.row.cells,
        "state": standings(rows, decisions)[one.hash].state,
        "warnings": _warnings(one),
        "measured": _measured(one.object, con),
        "elsewhere": _elsewhere(one, con),
        "history": history(folder, one.subject),
    }
    if con is None:
        known = by_code([one.object]).get(one.object)  # the starter's concept, where it has it
        return shown | ({"concept": _known(known)} if known else {})
    column = one.subject.partition("#")[0]
    siblings = [other.subject for other in rows if other.subject.partition("#")[0] == column]
    counts = usage(con, siblings)
    shown["rows"] = counts.get(one.subject, 0)
    shown["units"] = units(con, one.subject)
    shown["values_of_the_column"] = {subject: counts.get(subject, 0) for subject in dict.fromkeys(siblings)}
    shown["rows_by_table"] = rows_by_table(con, one.subject)
    shown["values_not_in_the_set"] = unmapped_values(con, column, siblings)
    state = object_states(con, [one.object]).get(one.object)
    if state is None:
        shown["concept"] = None
        return shown
    relatives = con.execute(sql("review/relative"), {"concept_id": state.concept_id}).fetchall()
    shown["concept"] = {
        "concept_id": state.concept_id,
        "name": state.name,
        "domain": state.domain,
        "standard": state.standard,
        "valid": state.valid,
        "maps_to": state.successor,
        "parents": [f"{code} ({name})" for kind, code, name in relatives if kind == "parent"],
        "children": [f"{code} ({name})" for kind, code, name in relatives if kind == "child"],
    }
    return shown


def _known(concept: Concept) -> dict[str, Any]:
    return {
        "concept_id": concept.concept_id,
        "name": concept.name,
        "domain": concept.domain,
        "standard": concept.standard,
        "valid": concept.valid,
    }


def history(folder: Path, subject: str | None = None) -> list[dict[str, str]]:
    """Who decided what and when, oldest first; of one subject, also where its mapping has changed since."""
    return [
        {
            "date": one.date,
            "reviewer": one.reviewer,
            "decision": one.decision,
            "subject": one.subject_id,
            "mapping": f"{one.predicate_id.removeprefix('skos:')} {one.object_id}",
            "comment": one.comment,
            "batch": one.batch,
        }
        for one in read_decisions(folder)
        if subject in (None, one.subject_id)
    ]


def _warnings(one: Reviewed) -> list[str]:
    label = one.row["subject_label"]
    target = one.row["object_label"]
    found = []
    for pattern, what in ((_ABSENT, "absence"), (_PAST, "the past or the family")):
        word = pattern.search(label)
        if word and not pattern.search(target):
            found.append(f"The label says {word.group()!r} ({what}); the object does not.")
    if one.row["mapping_cardinality"] in {"1:n", "n:n"}:
        found.append("One of several objects of this subject.")
    return found


def _measured(object_id: str, con: DuckDBPyConnection | None) -> dict[str, str]:
    concept = by_code([object_id], con).get(object_id)
    return measured(concept, con) if concept else {}


def _elsewhere(one: Reviewed, con: DuckDBPyConnection | None) -> list[str]:
    """Objects that other shipped mappings have for the same label; of another test with what it measures."""
    label = one.row["subject_label"].casefold()
    others: Counter[str] = Counter()
    for name in mappings():
        for other in reviewed_rows(review_folder(name)):
            if other.subject != one.subject and label and other.row["subject_label"].casefold() == label:
                parts = _measured(other.object, con) if other.object != one.object else {}
                said = "".join(f"; {key} {text}" for key, text in parts.items())
                others[f"{name}: {other.subject} → {other.object}{said}"] += 1
    return list(others)
