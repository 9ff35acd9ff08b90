"""Are the value sets of a mapping folder sound: their form, and their objects in the loaded vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.vocabulary.check_digits import valid_code
from harmonize.vocabulary.resolve import find_sources
from harmonize.vocabulary.sssom import NO_TERM, MappingSet, Row, read_sssom, sssom_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

PREDICATES = tuple(f"skos:{name}Match" for name in ("exact", "close", "broad", "narrow", "related"))
# SSSOM 1.0, slot mapping_justification: the terms of semapv that it admits.
JUSTIFICATIONS = tuple(
    f"semapv:{name}"
    for name in (
        "MappingReview",
        "ManualMappingCuration",
        "LogicalReasoning",
        "LexicalMatching",
        "CompositeMatching",
        "UnspecifiedMatching",
        "SemanticSimilarityThresholdMatching",
        "LexicalSimilarityThresholdMatching",
        "MappingChaining",
        "MappingInversion",
        "StructuralMatching",
        "InstanceBasedMatching",
        "BackgroundKnowledgeBasedMatching",
    )
)
# Lengths of OMOP's vocabulary_id, concept_code and concept_name.
LONGEST_PREFIX, LONGEST_CODE, LONGEST_LABEL = 20, 50, 255


@dataclass(frozen=True)
class Problem:
    """One fault: `level` is error (the value set is unsound) or warning; `line` is physical, header lines
    counted.
    """

    file: str
    line: int
    level: str
    message: str
    hint: str | None = None


def check_value_sets(folder: Path, con: DuckDBPyConnection | None, *, whole: bool = True) -> list[Problem]:
    """All problems of the *.sssom.tsv files of a folder, by file and line.

    Without a connection only the form is checked. With one, each object must be a standard concept of the
    loaded vocabulary and of the domain that the row's domain_id (or object_category) names. A code that the
    vocabulary lacks is a warning, since a fuller vocabulary may know it, unless its check digit shows that no
    such code exists, or the vocabulary is not `whole` (the starter alone).
    """
    problems: list[Problem] = []
    sets = []
    for path in sssom_files(folder):
        try:
            sets.append(read_sssom(path))
        except InputError as error:
            problems.append(Problem(path.name, 1, "error", error.message, error.hint))
    for mapping_set in sets:
        problems += check_head(mapping_set)
        for row in mapping_set.rows:
            problems += check_terms(mapping_set, row)
            problems += _check_lengths(mapping_set, row)
    problems += _check_subjects(sets)
    if con is not None:
        problems += check_objects(sets, con, whole=whole)
        problems += check_names(sets, con)
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.level, problem.message))


def refuse_unsound(folder: Path) -> None:
    """What a load and a validation ask of value sets before they use them: their form, as `check_value_sets` judges it.

    Raises InputError, with file and line, at the first error: a subject that is mapped twice would double its rows, and
    one with an unknown prefix would lose its concept, both without a word.
    """
    wrong = [problem for problem in check_value_sets(folder, None) if problem.level == "error"]
    if wrong:
        more = f" ({len(wrong) - 1} more: harmonize mapping check {folder})" if len(wrong) > 1 else ""
        place = f"{folder / wrong[0].file}:{wrong[0].line}"
        raise InputError(f"{place}: {wrong[0].message}{more}", wrong[0].hint)


def check_head(mapping_set: MappingSet) -> Iterator[Problem]:
    """What SSSOM requires of a set's head and is not there."""
    for name in ("mapping_set_id", "license", "curie_map"):
        if not mapping_set.head.get(name):
            yield Problem(mapping_set.path.name, 1, "error", f"The head does not give {name}, which SSSOM requires.")


def check_terms(mapping_set: MappingSet, row: Row) -> Iterator[Problem]:
    """What is wrong with one row by itself: CURIEs and their prefixes, terms of SSSOM, check digits of codes."""

    def problem(message: str, hint: str | None = None, level: str = "error") -> Problem:
        return Problem(mapping_set.path.name, row.line, level, message, hint)

    for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
        prefix, colon, code = row[column].partition(":")
        if not (prefix and colon and code):
            yield problem(f"{column} is {row[column]!r}; expected is a CURIE, prefix:code.")
        elif prefix not in mapping_set.prefixes:
            yield problem(
                f"{column} {row[column]!r} uses the prefix {prefix!r}, which the curie_map does not declare.",
                did_you_mean(prefix, mapping_set.prefixes),
            )
    if ":" in row["predicate_id"] and row["predicate_id"] not in PREDICATES:
        yield problem(
            f"predicate_id is {row['predicate_id']!r}; expected is one of {', '.join(PREDICATES)}.",
            did_you_mean(row["predicate_id"], PREDICATES),
        )
    if ":" in row["mapping_justification"] and row["mapping_justification"] not in JUSTIFICATIONS:
        yield problem(
            f"mapping_justification is {row['mapping_justification']!r}, which SSSOM does not know.",
            did_you_mean(row["mapping_justification"], JUSTIFICATIONS),
        )
    if row["predicate_modifier"] not in {"", "Not"}:
        yield problem(f"predicate_modifier is {row['predicate_modifier']!r}; expected is Not, or nothing.")
    if row["confidence"] and not _is_share(row["confidence"]):
        yield problem(f"confidence is {row['confidence']!r}; expected is a number from 0 to 1.")
    if not valid_code(*row["object_id"].partition(":")[::2]):
        yield problem(f"object_id {row['object_id']!r} cannot be a code of its system: the check digit is wrong.")


def _check_lengths(mapping_set: MappingSet, row: Row) -> Iterator[Problem]:
    """Subjects become concepts of the site's own, which have OMOP's lengths."""
    prefix, _, code = row["subject_id"].partition(":")
    for what, text, longest in (
        ("subject prefix", prefix, LONGEST_PREFIX),
        ("subject code", code, LONGEST_CODE),
        ("subject_label", row["subject_label"], LONGEST_LABEL),
    ):
        if len(text) > longest:
            message = f"The {what} {text!r} has {len(text)} characters; OMOP allows {longest}."
            yield Problem(mapping_set.path.name, row.line, "error", message)


def _check_subjects(sets: list[MappingSet]) -> Iterator[Problem]:
    """A subject has one object, unless its rows say by mapping_cardinality that it has several; each of them once."""
    seen: dict[str, dict[str, str]] = {}  # subject → object → where it stands
    for mapping_set in sets:
        for row in mapping_set.rows:
            if row["predicate_modifier"] == "Not":
                continue
            objects = seen.setdefault(row["subject_id"], {})
            several = row["mapping_cardinality"] in {"1:n", "n:n"} and row["object_id"] not in objects
            if objects and not several:
                other = row["object_id"] if row["object_id"] in objects else next(iter(objects))
                yield Problem(
                    mapping_set.path.name,
                    row.line,
                    "error",
                    f"{row['subject_id']} is mapped already ({objects[other]}, to {other}).",
                    "Several objects of one subject carry mapping_cardinality 1:n.",
                )
            objects.setdefault(row["object_id"], f"{mapping_set.path.name}, line {row.line}")


def check_objects(
    sets: Iterable[MappingSet], con: DuckDBPyConnection, foreign: Collection[str] = (), *, whole: bool = True
) -> Iterator[Problem]:
    """Objects that the loaded vocabulary lacks, that are not standard, retired, or of another domain than told.

    Objects whose prefix is in `foreign` are no codes of a vocabulary and are left aside; a vocabulary that is not
    `whole` lacks codes without saying anything of them.
    """
    rows = [
        [mapping_set.path.name, row.line, row["object_id"], row["object_label"] or None,
         row["domain_id"] or row["object_category"] or None]
        for mapping_set in sets
        for row in mapping_set.rows
        if row["predicate_modifier"] != "Not"
        and row["object_id"] not in {"", NO_TERM}
        and row["object_id"].partition(":")[0] not in foreign
    ]  # fmt: skip
    con.execute(sql("vocabulary/value_set_checked"))
    if not rows:
        return
    con.executemany("INSERT INTO value_set_checked VALUES (?, ?, ?, ?, ?)", rows)
    find_sources(con, "value_set_checked")
    for file, line, level, message, hint in con.execute(
        sql("vocabulary/value_set_problem"), {"whole": whole}
    ).fetchall():
        yield Problem(file, line, level, message, hint)


def check_names(sets: Iterable[MappingSet], con: DuckDBPyConnection) -> Iterator[Problem]:
    """What the loaded vocabulary's names and synonyms say against a value set.

    A subject without a concept of whose label there is a standard one; matches that are broader or narrower than they
    say (sql/vocabulary/value_set_named.sql).
    """
    rows = [
        [mapping_set.path.name, row.line, row["subject_id"], row["subject_label"], row["predicate_id"],
         None if row["object_id"] == NO_TERM else row["object_id"], row["object_label"] or None]
        for mapping_set in sets
        for row in mapping_set.rows
        if row["predicate_modifier"] != "Not" and row["object_id"]
    ]  # fmt: skip
    if not rows:
        return
    con.execute(sql("vocabulary/value_set_subject"))
    con.executemany("INSERT INTO value_set_subject VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    con.execute(sql("vocabulary/value_set_matched"))
    find_sources(con, "value_set_matched")
    for file, line, level, message, hint in con.execute(sql("vocabulary/value_set_named")).fetchall():
        yield Problem(file, line, level, message, hint)


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False
