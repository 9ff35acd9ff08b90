"""Is a crosswalk sound: does it cover the dictionary, name things that exist, and give its reasons."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.errors import did_you_mean
from harmonize.engine.paths import sql
from harmonize.review.concepts import BY_ID, is_id
from harmonize.review.crosswalk import properties
from harmonize.schema.load import load_schema
from harmonize.vocabulary.sssom import NO_TERM
from harmonize.vocabulary.value_set_check import Problem, check_head, check_objects, check_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from harmonize.review.crosswalk import Crosswalk
    from harmonize.vocabulary.sssom import MappingSet, Row

BACKGROUND = "semapv:BackgroundKnowledgeBasedMatching"
# What is known from documents alone and not from data or code is no surer than this.
MOST_FROM_BACKGROUND = 0.8
RELATED = "skos:relatedMatch"
SEVERAL = frozenset({"1:n", "n:n"})


def check_crosswalk(walk: Crosswalk, con: DuckDBPyConnection | None = None, *, whole: bool = True) -> list[Problem]:
    """All problems of one crosswalk, by file and line.

    With a connection, concepts are looked up in the vocabulary there: those named by code as in value sets,
    those named by OMOP id by id and label; the starter alone is not `whole`.
    """
    problems: list[Problem] = []
    for one in walk.sets:
        problems += check_head(one)
    for one, row in walk.rows:
        problems += check_terms(one, row)
        problems += _row(one, row)
    problems += _several(walk)
    problems += _patterns(walk)
    problems += _coverage(walk)
    if con is not None:
        problems += check_objects(walk.sets, con, _foreign(walk, con), whole=whole)
        problems += _ids(walk, con)
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.level, problem.message))


def _foreign(walk: Crosswalk, con: DuckDBPyConnection) -> set[str]:
    """Prefixes that no loaded vocabulary has: columns and values of other models, and concepts by id."""
    vocabularies = {
        name.replace(" ", "_") for (name,) in con.execute("SELECT vocabulary_id FROM omop.vocabulary").fetchall()
    }
    return {prefix for one in walk.sets for prefix in one.prefixes} - vocabularies | {BY_ID}


def _row(one: MappingSet, row: Row) -> Iterator[Problem]:
    def problem(message: str, hint: str | None = None) -> Problem:
        return Problem(one.path.name, row.line, "error", message, hint)

    if not row["author_id"]:
        yield problem("author_id is empty: who made a mapping cannot be one of its two reviewers.")
    if not row["confidence"]:
        yield problem("confidence is empty; expected is a number from 0 to 1.")
    elif row["mapping_justification"] == BACKGROUND and _number(row["confidence"]) > MOST_FROM_BACKGROUND:
        yield problem(
            f"confidence is {row['confidence']}; known from documents alone it is at most {MOST_FROM_BACKGROUND}."
        )
    if row["object_id"] == NO_TERM and not row["comment"]:
        yield problem("Nothing was found, and comment does not say why.")
    if row["object_concept"] and not is_id(row["object_concept"]):
        yield problem(f"object_concept is {row['object_concept']!r}; expected is {BY_ID}: and a concept's number.")
    if row["object_id"].startswith(f"{BY_ID}:") and not is_id(row["object_id"]):
        yield problem(f"object_id is {row['object_id']!r}; expected is {BY_ID}: and a concept's number.")
    if row["object_id"].startswith("omop:"):
        table, _, column = row["object_id"].removeprefix("omop:").partition("/")
        if f"{table}/{column}" not in _cdm_columns():
            yield problem(f"The CDM has no {table}.{column}.", did_you_mean(f"{table}/{column}", _cdm_columns()))


@cache
def _cdm_columns() -> frozenset[str]:
    """Every table/column of the CDM and its imaging extension."""
    return frozenset(f"{name}/{slot}" for name, cls in load_schema("omop").classes.items() for slot in cls.slots)


def _number(text: str) -> float:
    """The number, or 0 where `check_terms` has told already that there is none."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _several(walk: Crosswalk) -> Iterator[Problem]:
    """A subject has one object, or all its rows say 1:n and share a group; nothing stands twice; none stands alone."""
    by_subject: dict[str, list[tuple[MappingSet, Row]]] = defaultdict(list)
    for one, row in walk.rows:
        if row["predicate_modifier"] != "Not":
            by_subject[row["subject_id"]].append((one, row))
    for subject, rows in by_subject.items():
        if len(rows) == 1:
            continue
        seen: set[str] = set()
        for one, row in rows:
            if row["object_id"] in seen:
                yield Problem(one.path.name, row.line, "error", f"{subject} is mapped to {row['object_id']} twice.")
            elif row["object_id"] == NO_TERM:
                yield Problem(one.path.name, row.line, "error", f"{subject} is mapped, and has no match at once.")
            elif row["mapping_cardinality"] not in SEVERAL or row["group"] != rows[0][1]["group"] or not row["group"]:
                yield Problem(
                    one.path.name,
                    row.line,
                    "error",
                    f"{subject} has {len(rows)} objects, which its row does not say.",
                    "Each of its rows carries mapping_cardinality 1:n and the same group.",
                )
            seen.add(row["object_id"])


def _patterns(walk: Crosswalk) -> Iterator[Problem]:
    """A property that goes into several places of one model matches none of them: each row is a relatedMatch.

    Objects of two models (a form, and what is made of it) are matches of their own, and values are no patterns.
    """
    places: dict[tuple[str, str], list[tuple[MappingSet, Row]]] = defaultdict(list)
    for one, row in walk.rows:
        if "#" not in row["subject_id"] and "/" in row["subject_id"] and row["predicate_modifier"] != "Not":
            places[row["subject_id"], row["object_id"].partition(":")[0]].append((one, row))
    for (subject, model), rows in places.items():
        for one, row in rows:
            if len(rows) > 1 and row["predicate_id"] != RELATED:
                yield Problem(
                    one.path.name,
                    row.line,
                    "error",
                    f"{subject} is a pattern of {len(rows)} places in {model}; this row says {row['predicate_id']}.",
                    f"Each row of a pattern says {RELATED}; how near it is belongs into the comment.",
                )


def _coverage(walk: Crosswalk) -> Iterator[Problem]:
    """Every property stands here, and every value of one that is mapped; values are those of the dictionary.

    Values of a property that has no match have none either, for its reason.
    """
    known = {one.subject: one.slot.permissible_values for one in properties()}
    values: dict[str, set[str]] = defaultdict(set)
    file = {row["subject_id"]: one.path.name for one, row in walk.rows}
    mapped = {
        row["subject_id"] for _, row in walk.rows if row["object_id"] != NO_TERM and not row["predicate_modifier"]
    }
    for one, row in walk.rows:
        subject, mark, value = row["subject_id"].partition("#")
        if not subject.startswith("midrc:"):
            continue
        if subject not in known:
            yield Problem(
                one.path.name,
                row.line,
                "error",
                f"The dictionary has no property {subject}.",
                did_you_mean(subject, known),
            )
        elif mark and value not in (allowed := known[subject] or ()):
            yield Problem(
                one.path.name, row.line, "error", f"{subject} has no value {value!r}.", did_you_mean(value, allowed)
            )
        elif mark:
            values[subject].add(value)
    name = walk.sets[0].path.name if walk.sets else ""
    for subject, listed in known.items():
        if subject not in file:
            yield Problem(name, 0, "error", f"{subject} is not here: map it, or say {NO_TERM} and why.")
        wanted = listed if listed and (subject in mapped or subject in values) else ()
        if missing := [value for value in wanted if value not in values[subject]]:
            yield Problem(name, 0, "error", f"Of {subject} the values {', '.join(missing)} are not here.")


def _ids(walk: Crosswalk, con: DuckDBPyConnection) -> Iterator[Problem]:
    """Concepts named by OMOP id: retired ones, and labels that the vocabulary does not have."""
    rows = [
        [
            one.path.name,
            row.line,
            int(curie.partition(":")[2]),
            row["object_label"] if curie == row["object_id"] else "",
        ]
        for one, row in walk.rows
        for curie in {row["object_id"], row["object_concept"]}
        if is_id(curie)
    ]
    con.execute(sql("review/crosswalk_id"))
    if rows:
        con.executemany("INSERT INTO crosswalk_id VALUES (?, ?, ?, ?)", rows)
    for file, line, level, message in con.execute(sql("review/crosswalk_id_problem")).fetchall():
        yield Problem(file, line, level, message)
