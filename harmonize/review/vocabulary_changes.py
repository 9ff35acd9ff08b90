"""What a vocabulary makes of reviewed mappings: objects that it retires, maps on, re-domains, or newly knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql
from harmonize.review.decisions import in_force
from harmonize.vocabulary.resolve import find_sources
from harmonize.vocabulary.sssom import NO_TERM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.review.decisions import Decision
    from harmonize.review.mappings import Reviewed


@dataclass(frozen=True)
class ObjectState:
    """What the loaded vocabulary says of an object; `successor` are standard concepts that it maps to instead."""

    concept_id: int
    name: str
    domain: str
    standard: bool
    valid: bool
    successor: str | None


def object_states(con: DuckDBPyConnection, objects: Iterable[str]) -> dict[str, ObjectState]:
    """The state of each object that the vocabulary has; others are left out."""
    con.execute(sql("review/object"))
    wanted = [[coding] for coding in dict.fromkeys(objects) if coding and coding != NO_TERM]
    if wanted:
        con.executemany("INSERT INTO review_object VALUES (?)", wanted)
    find_sources(con, "review_object")
    return {
        coding: ObjectState(concept_id, name, domain, standard == "S", invalid is None, successor)
        for coding, concept_id, name, domain, standard, invalid, successor in con.execute(
            sql("review/object_state")
        ).fetchall()
    }


def changed_since(
    rows: Sequence[Reviewed], decisions: Sequence[Decision], states: Mapping[str, ObjectState]
) -> list[str]:
    """Hashes of rows whose object is now retired or not standard, or of another domain than when it was judged."""
    force = in_force(decisions)
    return [
        one.hash
        for one in rows
        if (state := states.get(one.object)) is not None
        and (
            not (state.valid and state.standard)
            or any(d.domain not in ("", state.domain) for d in force.get(one.hash, {}).values())
        )
    ]


def vocabulary_changes(
    con: DuckDBPyConnection, rows: Sequence[Reviewed], decisions: Sequence[Decision]
) -> list[dict[str, Any]]:
    """What a person must look at after a vocabulary update, one row each: subject, object, what, and now.

    what: retired, remapped (not standard, and maps to `now`), redomained, unknown (no concept of that code),
    possible (mapped to nothing, and a standard concept has the subject's label as its name).
    """
    states = object_states(con, [one.object for one in rows])
    force = in_force(decisions)
    found = []
    for one in rows:
        if one.row["predicate_modifier"] == "Not" or one.object == NO_TERM:
            continue
        state = states.get(one.object)
        judged = {d.domain for d in force.get(one.hash, {}).values() if d.domain}
        if state is None:
            what, now = "unknown", ""
        elif not state.standard:
            what, now = ("remapped", state.successor) if state.successor else ("retired", "")
        elif not state.valid:
            what, now = "retired", state.successor or ""
        elif judged - {state.domain}:
            what, now = "redomained", f"{', '.join(sorted(judged))} → {state.domain}"
        else:
            continue
        found.append({"subject": one.subject, "object": one.object, "what": what, "now": now})
    return found + _possible(con, rows)


def _possible(con: DuckDBPyConnection, rows: Sequence[Reviewed]) -> list[dict[str, Any]]:
    con.execute(sql("review/subject"))
    nothing = [[one.subject, one.row["subject_label"]] for one in rows if one.object == NO_TERM]
    if nothing:
        con.executemany("INSERT INTO review_subject VALUES (?, ?)", nothing)
    return [
        {"subject": subject, "object": NO_TERM, "what": "possible", "now": f"{code} ({name}), domain {domain}"}
        for subject, code, name, domain in con.execute(sql("review/unmapped_match")).fetchall()
    ]
