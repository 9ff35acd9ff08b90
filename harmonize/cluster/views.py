"""The views by which a dataset is read like a store: one DuckDB file without rows of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.cluster.export import columns_of, qualified
from harmonize.engine.sql_text import literal, quote

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.cluster.layout import Files


def write_views(target: Path, folder: Path, tables: Files, wait: float) -> None:
    """Write the file of views on these files, which are named from the folder of the dataset."""
    from harmonize.engine.store import connect, open_store
    from harmonize.pipeline.store_schema import create_types_and_tables, views, views_digest

    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with open_store(target, create=True, wait=wait, initialise=create_types_and_tables):
        pass
    spill = target.with_name(target.name + ".tmp")
    con = connect(target, read_only=False, wait=wait, spill=spill, extra={"file_search_path": str(folder.resolve())})
    try:
        filled = {table: columns for table, columns in columns_of(con).items() if tables.get(table)}
        for table in filled:  # a view that takes a table's name is found only in a later transaction
            con.execute(f"DROP TABLE {qualified(table)}")
        con.execute("BEGIN TRANSACTION")
        for table, columns in filled.items():
            con.execute(f"CREATE VIEW {qualified(table)} AS {_rows(columns, list(tables[table].values()))}")
        for text in views().values():
            con.execute(text)
        con.execute("UPDATE harmonize.store_version SET views = ?", [views_digest()])
        con.execute("COMMIT")
    finally:
        con.close()


def _rows(columns: dict[str, str], files: list[str]) -> str:
    cells = ", ".join(f"{quote(name)}::{kind} AS {quote(name)}" for name, kind in columns.items())
    listed = ", ".join(literal(file) for file in files)
    return f"SELECT {cells} FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
