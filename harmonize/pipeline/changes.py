"""What a change does to the rows of omop: counts of rows inserted, replaced and deleted, by table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def watched_tables(con: DuckDBPyConnection) -> list[str]:
    """OMOP tables that hold rows of persons or of the places and people of care."""
    from harmonize.pipeline.omop_tables import SHARED, person_tables

    return sorted({*person_tables(), *SHARED})


def begin(con: DuckDBPyConnection) -> None:
    """Start to watch: rows that remove_rows takes out are remembered until `count_changes`."""
    con.execute(sql("inspect/taken_out"))
    con.execute(f"CREATE OR REPLACE TEMP TABLE rows_before AS {_totals(con)}")


def remember(con: DuckDBPyConnection, table: str, condition: str) -> None:
    """Keep the rows that are about to be taken out of omop.<table>."""
    rows = f"FROM omop.{table} WHERE {condition}"
    if table in _taken_out(con):
        con.execute(f"INSERT INTO before_{table} {rows}")
    else:
        con.execute(f"CREATE OR REPLACE TEMP TABLE before_{table} AS {rows}")
        con.execute("INSERT INTO taken_out VALUES (?)", [table])


def filled_tables(con: DuckDBPyConnection) -> list[str]:
    """The watched tables that hold rows."""
    return [table for table, total in con.execute(_totals(con)).fetchall() if total]


def count_changes(con: DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """Table → inserted, replaced, deleted, total. A row that came out again as it was is none of them."""
    totals = dict(con.execute(_totals(con)).fetchall())
    before = dict(con.execute("FROM rows_before").fetchall())
    taken = _taken_out(con)
    changes = {}
    for table, total in totals.items():
        deleted, replaced = _gone_or_changed(con, table) if table in taken else (0, 0)
        inserted = total - (before[table] - deleted)
        if inserted or replaced or deleted or total:
            changes[table] = {"inserted": inserted, "replaced": replaced, "deleted": deleted, "total": total}
    return changes


def _gone_or_changed(con: DuckDBPyConnection, table: str) -> tuple[int, int]:
    key = "person_id" if table == "death" else f"{table}_id"
    row = con.execute(
        f"SELECT count(*) FILTER (a.{key} IS NULL), count(*) FILTER (a.{key} IS NOT NULL) FROM "
        f"(FROM before_{table} EXCEPT FROM omop.{table}) b LEFT JOIN omop.{table} a USING ({key})"
    ).fetchone()
    return row or (0, 0)


def _taken_out(con: DuckDBPyConnection) -> set[str]:
    """The tables of which rows were taken out."""
    return {table for (table,) in con.execute("FROM taken_out").fetchall()}


def _totals(con: DuckDBPyConnection) -> str:
    return " UNION ALL ".join(
        f"SELECT '{table}' AS name, count(*) AS n FROM omop.{table}" for table in watched_tables(con)
    )
