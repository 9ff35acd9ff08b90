"""What a change does to the rows of omop: counts of rows inserted, replaced and deleted, by table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def watched_tables(con: DuckDBPyConnection) -> list[str]:
    """OMOP tables that hold rows of persons or of the places and people of care."""
    from harmonize.pipeline.derive import PERSON_TABLES, SHARED

    return sorted({*PERSON_TABLES, *SHARED})


def begin(con: DuckDBPyConnection) -> None:
    """Start to watch: rows that remove_rows takes out are remembered until `count_changes`."""
    for table in watched_tables(con):
        con.execute(f"CREATE OR REPLACE TEMP TABLE before_{table} AS FROM omop.{table} LIMIT 0")
    con.execute("CREATE OR REPLACE TEMP TABLE rows_before AS SELECT * FROM (" + _totals(con) + ")")


def remember(con: DuckDBPyConnection, table: str, condition: str) -> None:
    """Keep the rows that are about to be taken out of omop.<table>."""
    con.execute(f"INSERT INTO before_{table} SELECT * FROM omop.{table} WHERE {condition}")


def count_changes(con: DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """Table → inserted, replaced, deleted, total. A row that came out again as it was is none of them."""
    totals = dict(con.execute(_totals(con)).fetchall())
    before = dict(con.execute("FROM rows_before").fetchall())
    changes = {}
    for table, total in totals.items():
        key = "person_id" if table == "death" else f"{table}_id"
        row = con.execute(f"SELECT count(*), 0 FROM before_{table}").fetchone()
        if row and row[0]:
            row = con.execute(
                f"SELECT count(*) FILTER (a.{key} IS NULL), count(*) FILTER (a.{key} IS NOT NULL) FROM "
                f"(FROM before_{table} EXCEPT FROM omop.{table}) b LEFT JOIN omop.{table} a USING ({key})"
            ).fetchone()
        deleted, replaced = row or (0, 0)
        inserted = total - (before[table] - deleted)
        if inserted or replaced or deleted or total:
            changes[table] = {"inserted": inserted, "replaced": replaced, "deleted": deleted, "total": total}
    return changes


def _totals(con: DuckDBPyConnection) -> str:
    return " UNION ALL ".join(
        f"SELECT '{table}' AS name, count(*) AS n FROM omop.{table}" for table in watched_tables(con)
    )
