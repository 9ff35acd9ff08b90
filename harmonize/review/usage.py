"""How many loaded rows use a source's value, or have a property of the dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.sql_text import quote
from harmonize.schema.ddl import tables
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

DICTIONARY = "midrc:"
SERIES = "_series_file"
# Values are shown that at least so many rows have: a rare one may tell of a person.
LEAST_ROWS = 11


def usage(con: DuckDBPyConnection, subjects: Iterable[str]) -> dict[str, int]:
    """Loaded rows by subject; subjects that no row uses are left out.

    A value of a source counts the hub's rows that hold it as a code, or the OMOP rows that have it as
    source concept, whichever are more: a FHIR source keeps all its codes in one text of the hub. A property
    of the dictionary counts the hub's rows where it is filled, a value those where it is that.
    """
    wanted = list(dict.fromkeys(subjects))
    counts: dict[str, int] = {}
    for query in (_hub_codes(con), _source_concepts(con)):
        for code, rows in con.execute(query, [wanted]).fetchall():
            counts[code] = max(rows, counts.get(code, 0))
    return counts | _properties(con, [subject for subject in wanted if subject.startswith(DICTIONARY)])


def _columns(con: DuckDBPyConnection, schema: str, ending: str) -> list[tuple[str, str]]:
    """The (table, column) of a schema whose column is named so, or ends so after an underscore."""
    query = (
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = ? ORDER BY ALL"
    )
    found = con.execute(query, [schema]).fetchall()
    return [(table, column) for table, column in found if column == ending or column.endswith(f"_{ending}")]


def hub_code_columns(con: DuckDBPyConnection) -> list[tuple[str, str]]:
    """The (table, column) of the hub that hold codes."""
    return _columns(con, "midrc", "coding")


def _hub_codes(con: DuckDBPyConnection) -> str:
    parts = [f"SELECT {quote(column)} AS code FROM midrc.{quote(table)}" for table, column in hub_code_columns(con)]
    return f"SELECT code, count(*) FROM ({' UNION ALL '.join(parts)}) WHERE list_contains($1, code) GROUP BY code"


def unmapped_values(con: DuckDBPyConnection, column: str, known: Iterable[str]) -> dict[str, int]:
    """Codes `column#value` of the hub that are not in `known`, with their rows; rare ones may tell of a person.

    `column` is a value set's subject without its value (`SITE:column`).
    """
    parts = [f"SELECT {quote(name)} AS code FROM midrc.{quote(table)}" for table, name in hub_code_columns(con)]
    rows = con.execute(
        f"SELECT code, count(*) FROM ({' UNION ALL '.join(parts)}) "
        "WHERE starts_with(code, $1) AND NOT list_contains($2, code) "
        "GROUP BY code HAVING count(*) >= $3 ORDER BY 2 DESC, 1",
        [f"{column}#", list(known), LEAST_ROWS],
    ).fetchall()
    return dict(rows)


def rows_by_table(con: DuckDBPyConnection, subject: str) -> dict[str, int]:
    """OMOP rows by table that have the subject as their source concept."""
    columns = [pair for pair in _columns(con, "omop", "source_concept_id") if pair[0] != "source_to_concept_map"]
    vocabulary, _, code = subject.partition(":")
    parts = [
        f"SELECT '{table}' AS omop_table, count(*) AS rows FROM omop.{quote(table)} WHERE {quote(column)} IN "
        "(SELECT concept_id FROM omop.concept WHERE vocabulary_id = $1 AND concept_code = $2)"
        for table, column in columns
    ]
    query = (
        f"SELECT omop_table, sum(rows)::BIGINT FROM ({' UNION ALL '.join(parts)}) "
        "GROUP BY 1 HAVING sum(rows) > 0 ORDER BY 1"
    )
    return dict(con.execute(query, [vocabulary, code]).fetchall())


def _source_concepts(con: DuckDBPyConnection) -> str:
    columns = [pair for pair in _columns(con, "omop", "source_concept_id") if pair[0] != "source_to_concept_map"]
    parts = [f"SELECT {quote(column)} AS concept_id FROM omop.{quote(table)}" for table, column in columns]
    code = "replace(c.vocabulary_id, ' ', '_') || ':' || c.concept_code"
    return (
        f"SELECT {code}, count(*) FROM ({' UNION ALL '.join(parts)}) AS used "
        f"INNER JOIN omop.concept AS c USING (concept_id) WHERE list_contains($1, {code}) GROUP BY 1"
    )


def _hub_columns(con: DuckDBPyConnection) -> set[tuple[str, str]]:
    """The (table, column) of the hub in this file: a published one has none that tell who somebody is."""
    return set(
        con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() "
            "WHERE database_name = current_database() AND schema_name = 'midrc'"
        ).fetchall()
    )


def _properties(con: DuckDBPyConnection, subjects: Iterable[str]) -> dict[str, int]:
    """Properties of a series node are those of the hub's series of that modality."""
    classes = load_schema("midrc").classes
    hub = {
        (name, slot.name): slot.multivalued
        for name in tables(load_schema("midrc"))
        for slot in classes[name].slots.values()
    }
    there = _hub_columns(con)
    counts = {}
    for subject in subjects:
        path, _, value = subject.removeprefix(DICTIONARY).partition("#")
        node, _, name = path.partition("/")
        table = "imaging_series" if node.endswith(SERIES) else node
        if (table, name) not in hub or (table, name) not in there:
            continue
        conditions, parameters = [f"{quote(name)} IS NOT NULL"], {}
        if value:
            conditions.append(
                f"list_contains({quote(name)}, $value)" if hub[table, name] else f"{quote(name)}::VARCHAR = $value"
            )
            parameters["value"] = value
        if table != node:
            conditions.append("upper(modality) = $modality")
            parameters["modality"] = node.removesuffix(SERIES).upper()
        query = f"SELECT count(*) FROM midrc.{quote(table)} WHERE {' AND '.join(conditions)}"
        row = con.execute(query, parameters).fetchone()
        if row and row[0]:
            counts[subject] = row[0]
    return counts
