"""Stage Parquet: every column as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from harmonize.engine.errors import InputError, StoreError
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.translate import InterruptedByUserError, first_line, translate

if TYPE_CHECKING:
    from harmonize.intake.table.staged import Target


def stage_parquet(target: Target) -> None:
    """Fill the target's table; `line_` is the number of the row in the file, from 1.

    Fractions that are whole lose their `.0` (a column of whole numbers with gaps is often stored as
    fractions); nested values become DuckDB's text of them. Text is not decoded again: Parquet text is
    UTF-8.
    """
    source = f"read_parquet({literal(str(target.file.path))}, file_row_number=true)"
    try:
        described = target.con.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {source}").fetchall()
        target.set_headers([row[0] for row in described], 0)
        cells = "".join(f", {_cell(described[i][0], described[i][1])} AS {quote(target.names[i])}" for i in target.kept)
        target.con.execute(
            f"CREATE OR REPLACE TABLE {target.table} AS SELECT file_row_number + 1 AS line_{cells} FROM {source}"
        )
    except duckdb.Error as error:  # damaged Parquet gives errors of every class, the bare one among them
        known = translate(error)
        if isinstance(known, (StoreError, InterruptedByUserError)):
            raise known from error
        raise InputError(
            f"{target.file.name}: the Parquet file cannot be read ({first_line(error)}).", "Send the file again."
        ) from error


def _cell(header: str, kind: str) -> str:
    column = quote(header)
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        short = f"CAST(CAST({column} AS BIGINT) AS VARCHAR)"
        return f"CASE WHEN {whole} THEN {short} ELSE CAST({column} AS VARCHAR) END"
    return f"nullif(CAST({column} AS VARCHAR), '')"
