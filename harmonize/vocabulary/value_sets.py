"""Value sets in the store: SSSOM rows become custom source concepts and source_to_concept_map rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.paths import sql
from harmonize.vocabulary.resolve import find_sources
from harmonize.vocabulary.sssom import NO_TERM, UNDECIDED, Row, read_sssom, sssom_files
from harmonize.vocabulary.tables import create_tables
from harmonize.vocabulary.value_set_check import Problem, check_value_sets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

__all__ = ["NO_TERM", "Problem", "check_value_sets", "install", "install_rows", "refresh"]

ValueSetRow = tuple[str | int | None, ...]

# OMOP keeps 2,000,000,000 and above for a site's own concepts; concept_id is a 32-bit integer.
FIRST_CUSTOM_ID = 2_000_000_000
LAST_CUSTOM_ID = 2**31 - 1


def install(con: DuckDBPyConnection, folder: Path, mapping_name: str) -> None:
    """Put the value sets of a mapping's folder (*.sssom.tsv) in use, in place of those it had before.

    Runs in the caller's transaction. Raises InputError for a file that cannot be read, and for a code of which another
    mapping of the store says something else: it would mean both. An object that the loaded vocabulary lacks, or that
    is not standard there, leaves its subject at concept 0 until a vocabulary knows it; `check_value_sets` tells which.
    """
    rows = [
        _value_set_row(mapping_name, path, row)
        for path in sssom_files(folder)
        for row in read_sssom(path).rows
        if row["predicate_modifier"] != "Not" and not row["comment"].startswith(UNDECIDED)
    ]
    install_rows(con, mapping_name, rows)


def install_rows(con: DuckDBPyConnection, mapping_name: str, rows: Sequence[ValueSetRow]) -> None:
    """Put rows of harmonize.value_set in use under a name, in place of those that it had; as `install` does."""
    create_tables(con)
    known = con.execute("FROM harmonize.value_set WHERE mapping = ?", [mapping_name]).fetchall()
    if Counter(known) == Counter(rows):  # and then the concepts are theirs, too
        return
    con.execute("DELETE FROM harmonize.value_set WHERE mapping = ?", [mapping_name])
    if rows:
        columns = ", ".join("unnest(?)" for _ in rows[0])
        con.execute(
            f"INSERT INTO harmonize.value_set SELECT {columns}", [list(column) for column in zip(*rows, strict=True)]
        )
    clash = con.execute(sql("vocabulary/custom/clash"), {"mapping": mapping_name}).fetchone()
    if clash:
        raise InputError(
            f"The value sets of {mapping_name} and of {clash[1]} give different concepts for {clash[0]}.",
            "Give the codes of one of them a prefix of its own; the prefix is their vocabulary.",
        )
    refresh(con)


def refresh(con: DuckDBPyConnection, mappings_in_use: Sequence[str] | None = None) -> None:
    """Make custom concepts and source_to_concept_map exactly those of the mappings named (None: all
    installed).

    Runs in the caller's transaction; a second call changes nothing. Ids come from the registry
    harmonize.custom_concept, keep their value for ever and are never given to another code.
    """
    create_tables(con)
    if mappings_in_use is not None:
        con.execute("DELETE FROM harmonize.value_set WHERE NOT list_contains(?, mapping)", [list(mappings_in_use)])
    con.execute(sql("vocabulary/custom/register"), {"first": FIRST_CUSTOM_ID})
    last = con.execute("SELECT max(concept_id) FROM harmonize.custom_concept").fetchone()
    if last and last[0] is not None and last[0] > LAST_CUSTOM_ID:
        raise InternalError("The custom concept ids are used up: OMOP's concept_id ends at 2,147,483,647.")
    _remove(con)
    con.execute(sql("vocabulary/value_set_object"))
    find_sources(con, "value_set_object")
    for statement in ("value_set_target", "concept", "vocabulary", "source_to_concept_map"):
        con.execute(sql(f"vocabulary/custom/{statement}"))
    con.execute(
        "INSERT INTO harmonize.concept_layer "
        "SELECT DISTINCT source_concept_id, 'custom' FROM value_set_target ORDER BY 1"
    )


def _remove(con: DuckDBPyConnection) -> None:
    """Take out all custom concepts; source_to_concept_map holds value sets only."""
    con.execute("DELETE FROM omop.source_to_concept_map")
    con.execute(
        "DELETE FROM omop.concept WHERE concept_id IN "
        "(SELECT concept_id FROM harmonize.concept_layer WHERE layer = 'custom')"
    )
    con.execute("DELETE FROM harmonize.concept_layer WHERE layer = 'custom'")
    con.execute(sql("vocabulary/custom/remove_vocabulary"))


def _value_set_row(mapping: str, path: Path, row: Row) -> ValueSetRow:
    vocabulary, colon, code = row["subject_id"].partition(":")
    if not (vocabulary and colon and code and row["object_id"]):
        raise InputError(
            f"{path}, line {row.line}: expected are subject_id and object_id, each as prefix:code; found "
            f"{row['subject_id']!r} and {row['object_id']!r}.",
            f"Where no concept fits, object_id is {NO_TERM}.",
        )
    label, object_label = row["subject_label"] or code, row["object_label"] or None
    mapped = [row["predicate_id"], row["object_id"], object_label]
    return (mapping, vocabulary, code, label, *mapped, path.name, row.line)
