"""Writing OMOP rows: ids from the registry, lineage and imputation beside them; taking rows out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.pipeline.changes import remember

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OWN_ID = ("person", "death")
"""Tables whose rows are numbered by the person."""
CONTROL = ("row_key", "record_id", "mapping_id", "support", "imputed")


def columns_of(con: DuckDBPyConnection, table: str) -> list[str]:
    """Column names of a table or temp table, in order."""
    return [name for name, *_ in con.execute(f"SELECT * FROM {table} LIMIT 0").description]


def write_rows(con: DuckDBPyConnection, table: str, statement: str, keep: str | None = None) -> int:
    """Insert the rows of `statement` into omop.<table> and register them; return their number.

    The statement yields the table's columns without its id, and row_key (UUID), record_id (the primary source),
    mapping_id, optionally support (record ids of all sources), imputed ([{column_name, rule}]) and key_* columns.
    A row_key known from before keeps its id. `keep` names a temp table that will hold <table>_id and the key_*
    columns (without the prefix) for the statements that follow; it is made where there are rows.
    """
    count = _number(con, table, statement) if table not in OWN_ID else _make_with_person_id(con, statement)
    if count:
        found = [name for name in columns_of(con, "numbered") if name != "omop_id"]
        _insert(con, table, found)
        if keep is not None:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {keep} AS {_kept(table, found, 'numbered')}")
    return count


def kept_columns(con: DuckDBPyConnection, table: str, statement: str) -> str:
    """A query without rows that has the columns of the temp table which `write_rows` keeps."""
    found = columns_of(con, f"({statement})")
    return f"{_kept(table, found, f'(SELECT NULL::BIGINT AS omop_id, * FROM ({statement}))')} LIMIT 0"


def _kept(table: str, found: list[str], rows: str) -> str:
    keys = [f"{c} AS {c.removeprefix('key_')}" for c in found if c.startswith("key_")]
    extra = [c for c in ("person_id", "visit_concept_id", "visit_start_date", "visit_end_date") if c in found]
    return f"SELECT {', '.join([f'omop_id AS {table}_id', *keys, *extra])} FROM {rows}"


def _make_with_person_id(con: DuckDBPyConnection, statement: str) -> int:
    """A person's id is given out with the case (sql/steps/persons); death has no id of its own."""
    count = _make(con, "unnumbered", statement)
    if count:
        con.execute(sql("ledger/numbered_person"))
    return count


def _insert(con: DuckDBPyConnection, table: str, found: list[str]) -> None:
    """Insert the rows of `numbered`, whose columns are `found`, with their lineage and imputation."""
    stored = [c for c in found if c not in CONTROL and not c.startswith("key_")]
    targets = stored if table in OWN_ID else [f"{table}_id", *stored]
    values = ", ".join("omop_id" if c == f"{table}_id" and c not in stored else quote(c) for c in targets)
    names = ", ".join(map(quote, targets))
    con.execute(f"INSERT INTO omop.{table} ({names}) SELECT {values} FROM numbered")
    _write_sources(con, table, "support" in found)
    if "imputed" in found:
        con.execute(
            "INSERT INTO harmonize.imputation SELECT ?, omop_id, i.column_name, i.rule "
            "FROM (SELECT omop_id, unnest(imputed) AS i FROM numbered WHERE len(imputed) > 0)",
            [table],
        )


def _number(con: DuckDBPyConnection, table: str, statement: str) -> int:
    """numbered = the statement's rows with omop_id: the id that the key had before, else the next free one, in the
    order of record_id, mapping_id and row_key: a delivery loaded twice has the same ids. Returns how many there are."""
    # Rowids of a table that one statement made are dense and in its order; a window would take three times as long.
    count = _make(con, "unnumbered", f"FROM ({statement}) ORDER BY record_id, mapping_id, row_key")
    if not count:
        return 0
    known = con.execute(
        "SELECT greatest((SELECT max(omop_id) FROM harmonize.row_id WHERE omop_table = $t), max(omop_id), 0), count(*) "
        "FROM harmonize.row_id_retired WHERE omop_table = $t",
        {"t": table},
    ).fetchone()
    if known is None:
        raise InternalError("The id registry gave no answer.")
    top, retired = known
    following = f"{top} + n.rowid - (SELECT min(rowid) FROM unnumbered) + 1"
    if not retired:
        con.execute(f"CREATE OR REPLACE TEMP VIEW numbered AS SELECT {following} AS omop_id, n.* FROM unnumbered n")
    else:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE renumbered AS SELECT coalesce(r.known, {following}) AS omop_id, n.* "
            "FROM unnumbered n LEFT JOIN (SELECT row_key, omop_id AS known FROM harmonize.row_id_retired "
            "WHERE omop_table = ?) r USING (row_key)",
            [table],
        )
        con.execute(sql("ledger/numbered_again"))
        con.execute(
            "DELETE FROM harmonize.row_id_retired WHERE omop_table = ? AND row_key IN (SELECT row_key FROM numbered)",
            [table],
        )
    con.execute("INSERT INTO harmonize.row_id SELECT ?, row_key, omop_id FROM numbered", [table])
    return count


def _write_sources(con: DuckDBPyConnection, table: str, shared: bool) -> None:
    if not shared:
        con.execute(
            "INSERT INTO harmonize.row_source SELECT ?, omop_id, record_id, mapping_id, 'primary' FROM numbered",
            [table],
        )
        return
    con.execute(
        "INSERT INTO harmonize.row_source "
        "SELECT ?, n.omop_id, n.source, n.mapping_id, "
        "CASE WHEN n.source = n.record_id THEN 'primary' ELSE 'support' END "
        "FROM (SELECT DISTINCT omop_id, record_id, mapping_id, unnest(support) AS source FROM numbered) n",
        [table],
    )


def remove_rows(con: DuckDBPyConnection, table: str, condition: str) -> None:
    """Take the rows of omop.<table> that meet `condition` out, with their lineage; their ids are kept as retired."""
    key = "person_id" if table == "death" else f"{table}_id"
    if not _make(con, "gone", f"SELECT {key} AS omop_id FROM omop.{table} WHERE {condition}"):
        return
    remember(con, table, condition)
    con.execute(f"DELETE FROM omop.{table} WHERE {condition}")
    for registry in ("row_source", "imputation"):
        con.execute(
            f"DELETE FROM harmonize.{registry} WHERE omop_table = ? AND omop_id IN (SELECT omop_id FROM gone)",
            [table],
        )
    if table == "death":
        return
    con.execute(
        "INSERT INTO harmonize.row_id_retired SELECT * FROM harmonize.row_id "
        "WHERE omop_table = ? AND omop_id IN (SELECT omop_id FROM gone)",
        [table],
    )
    con.execute("DELETE FROM harmonize.row_id WHERE omop_table = ? AND omop_id IN (SELECT omop_id FROM gone)", [table])


def _make(con: DuckDBPyConnection, table: str, statement: str) -> int:
    """Make a temp table of the statement's rows and return how many it has."""
    row = con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {statement}").fetchone()
    return row[0] if row else 0
