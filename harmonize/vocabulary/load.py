"""Load the OMOP vocabulary: an Athena download, the shipped starter under it, value sets beside them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root, sql
from harmonize.vocabulary import value_sets
from harmonize.vocabulary.athena import (
    TABLES,
    AthenaFile,
    VocabularyColumn,
    first_broken_line,
    lines_with,
    open_download,
    read_header,
)
from harmonize.vocabulary.name_index import make_index
from harmonize.vocabulary.tables import create_tables

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

# Required columns that downloads leave blank in places, and what stands there instead.
BLANKS = {"concept_name": "concept_code", "concept_class_id": "'Undefined'"}


@dataclass(frozen=True)
class Summary:
    """What a vocabulary load did: `rows` by table, concepts by layer; `version` None where not stated."""

    source: str
    version: str | None
    rows: dict[str, int] = field(default_factory=dict)
    download: int = 0
    starter: int = 0
    starter_conflicts: int = 0
    custom: int = 0
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return asdict(self)


def load_download(con: DuckDBPyConnection, path: Path) -> Summary:
    """Replace the whole vocabulary by an Athena download (folder or zip) with the starter under it.

    Runs in the caller's transaction. Custom concepts and source_to_concept_map are rebuilt for the value sets
    that are installed. Raises InputError (file and line) for whatever cannot be read; nothing is left out
    unsaid.
    """
    create_tables(con)
    with open_download(path) as files:
        cpt4 = files.pop("concept_cpt4", None)
        read = {table: read_header(table, file, _columns(con, table)) for table, file in files.items()}
        _empty(con)
        rows = {table: _insert(con, file) for table, file in read.items()}
        warnings = _check(con, read["concept"])
    if rows["concept"] == 0:
        raise InputError(f"{path} holds a CONCEPT.csv without a single concept.")
    if cpt4 is not None:
        warnings.append(
            f"{cpt4.name} is not read: the download's own cpt.sh adds the CPT4 concepts to CONCEPT.csv; "
            "until it was run, CPT4 codes are unknown."
        )
    con.execute("INSERT INTO harmonize.concept_layer SELECT concept_id, 'download' FROM omop.concept")
    return _finish(con, path.resolve().name, rows, warnings)


def load_starter(con: DuckDBPyConnection) -> Summary:
    """Replace the whole vocabulary by the starter alone, in the caller's transaction."""
    create_tables(con)
    _empty(con)
    return _finish(con, "starter", {}, [])


def ensure_vocabulary(con: DuckDBPyConnection) -> None:
    """Load the starter into a store that has no vocabulary yet; a store that has one stays as it is."""
    create_tables(con)
    if con.execute("SELECT 1 FROM harmonize.concept_layer LIMIT 1").fetchone() is None:
        load_starter(con)


def renew_starter(con: DuckDBPyConnection) -> None:
    """Bring what a store has of the starter up to this release's: all of it, or what a download lacks."""
    if con.execute("SELECT 1 FROM harmonize.concept_layer WHERE layer = 'download' LIMIT 1").fetchone() is None:
        load_starter(con)
        return
    con.execute(
        "DELETE FROM omop.concept WHERE concept_id IN "
        "(SELECT concept_id FROM harmonize.concept_layer WHERE layer = 'starter')"
    )
    con.execute("DELETE FROM harmonize.concept_layer WHERE layer = 'starter'")
    _put_under(con)


def starter_file(table: str) -> Path:
    """The starter's file of one vocabulary table (OMOP columns, and confirmed_by)."""
    return root("mappings") / "vocabulary" / f"{table}.tsv"


def _columns(con: DuckDBPyConnection, table: str) -> dict[str, VocabularyColumn]:
    """The columns of a vocabulary table as the store has them."""
    blanks = BLANKS if table == "concept" else {}
    rows = con.execute(f'SELECT column_name, column_type, "null" FROM (DESCRIBE omop.{table})').fetchall()
    return {name: VocabularyColumn(kind, blank == "NO" and name not in blanks) for name, kind, blank in rows}


def _empty(con: DuckDBPyConnection) -> None:
    for table in TABLES:
        con.execute(f"DELETE FROM omop.{table}")
    con.execute("DELETE FROM harmonize.concept_layer")


def _insert(con: DuckDBPyConnection, file: AthenaFile, into: str | None = None) -> int:
    """Insert a file's lines into its table; returns their number. InputError names the first broken line."""
    expected = _columns(con, file.table)
    types = {name: expected[name].type if name in expected else "VARCHAR" for name in file.columns}
    blanks = BLANKS if file.table == "concept" else {}
    values = ", ".join(f"coalesce({name}, {blanks[name]}) AS {name}" if name in blanks else name for name in expected)
    try:
        inserted = con.execute(
            f"INSERT INTO {into or 'omop.' + file.table} BY NAME SELECT {values} FROM read_csv(?, "
            "delim = '\t', quote = '', escape = '', header = true, auto_detect = false, "
            "columns = ?, dateformat = ?)",
            [str(file.path), types, file.date_format],
        ).fetchone()
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.ConstraintException) as error:
        broken = first_broken_line(file, expected)
        where = f"line {broken[0]}: {broken[1]}" if broken else str(error).splitlines()[0]
        raise InputError(f"{file.path.name}, {where}.") from error
    return int(inserted[0]) if inserted else 0


def _check(con: DuckDBPyConnection, file: AthenaFile) -> list[str]:
    """Refuse what makes a vocabulary ambiguous; warn of what is odd."""
    twice = con.execute(
        "SELECT concept_id FROM omop.concept GROUP BY concept_id HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if twice:
        lines = " and ".join(map(str, lines_with(file, "concept_id", str(twice[0]))))
        raise InputError(f"{file.path.name}: concept_id {twice[0]} stands more than once, in lines {lines}.")
    taken = con.execute(
        "SELECT c.concept_id, k.vocabulary_id || ':' || k.code FROM omop.concept AS c "
        "JOIN harmonize.custom_concept AS k USING (concept_id) ORDER BY 1 LIMIT 1"
    ).fetchone()
    if taken:
        raise InputError(
            f"{file.path.name}: concept_id {taken[0]} is already given to {taken[1]} in this store.",
            "Renumber the download's own concepts of 2,000,000,000 and above.",
        )
    warnings = []
    if undefined := _one(con, "SELECT count(*) FROM omop.concept WHERE concept_class_id = 'Undefined'"):
        warnings.append(f"{undefined:,} concepts have no concept class; it is set to Undefined.")
    if dangling := _one(con, sql("vocabulary/dangling_relationship")):
        warnings.append(f"{dangling:,} relationships name a concept that CONCEPT.csv does not hold.")
    return warnings


def _finish(con: DuckDBPyConnection, source: str, rows: dict[str, int], warnings: list[str]) -> Summary:
    """Put the starter under what was loaded and note the load."""
    conflicts = _put_under(con)
    layers = dict(con.execute("SELECT layer, count(*) FROM harmonize.concept_layer GROUP BY layer").fetchall())
    version = con.execute("SELECT vocabulary_version FROM omop.vocabulary WHERE vocabulary_id = 'None'").fetchone()
    summary = Summary(
        source=source,
        version=version[0] if version else None,
        rows=rows,
        download=layers.get("download", 0),
        starter=layers.get("starter", 0),
        starter_conflicts=conflicts,
        custom=layers.get("custom", 0),
        warnings=tuple(warnings),
    )
    con.execute(
        "INSERT INTO harmonize.vocabulary_load VALUES (?, ?, ?, ?, current_timestamp::TIMESTAMP)",
        ["download" if rows else "starter", summary.version, source, summary.download or summary.starter],
    )
    return summary


def _put_under(con: DuckDBPyConnection) -> int:
    """Put the starter under what is there, complete the reference tables, make the word index and the value sets anew;
    returns how many rows of the starter were left out, their id taken."""
    conflicts = _fill_from_starter(con)
    for table in ("vocabulary", "domain", "concept_class"):
        con.execute(sql("vocabulary/complete_reference").format(table=table))
    make_index(con)
    value_sets.refresh(con)
    return conflicts


def _fill_from_starter(con: DuckDBPyConnection) -> int:
    """Add the starter's rows that the download lacks; returns how many were left out, their id taken."""
    for table in ("concept", "concept_relationship", "vocabulary", "domain", "concept_class", "relationship"):
        con.execute(f"CREATE OR REPLACE TEMP TABLE starter_{table} AS FROM omop.{table} LIMIT 0")
        file = starter_file(table)
        _insert(con, read_header(table, file, _columns(con, table)), into=f"starter_{table}")
    conflicts = _one(con, sql("vocabulary/starter_conflict"))
    con.execute(sql("vocabulary/starter_missing"))
    con.execute("INSERT INTO omop.concept BY NAME FROM starter_concept SEMI JOIN starter_missing USING (concept_id)")
    con.execute("INSERT INTO harmonize.concept_layer SELECT concept_id, 'starter' FROM starter_missing")
    con.execute(sql("vocabulary/starter_relationship"))
    for table in ("vocabulary", "domain", "concept_class", "relationship"):
        con.execute(f"INSERT INTO omop.{table} BY NAME FROM starter_{table} ANTI JOIN omop.{table} USING ({table}_id)")
    return conflicts


def _one(con: DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
