"""Load a file into DuckDB as it is: all text, each record with its true line, nothing lost or padded."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.work_folder import work_folder
from harmonize.intake.table.staged import Staged, StructureFinding, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.header import HeaderRows


def stage_file(
    con: DuckDBPyConnection,
    file: SourceFile,
    file_id: int,
    columns: Iterable[str] | None = None,
    header_rows: HeaderRows | None = None,
) -> Staged:
    """Load one file into `stage.f<file_id>`: line_ BIGINT, then every column as VARCHAR as sent, blank =
    NULL.

    `line_` is the physical line on which the record begins (the header of a text is line 1), the row of a
    worksheet, or the number of a Parquet row from 1. Lines that are no record of the table (ragged, wrongly
    quoted, with NUL bytes) go to stage.bad_line. `columns` (headers or safe names) limits what is loaded.
    `header_rows` are the physical rows of the header (see intake.header); None: the first that is not blank.

    Call it outside a transaction, or commit before the load's transaction begins: rowids of uncommitted
    rows are not dense. Raises InputError for an empty file, a line over 20 MB, a format that cannot be
    read.
    """
    if not file.is_table:
        raise InputError(f"{file.name}: cannot be read as a table. {file.why}")
    if file.size == 0:
        raise InputError(f"{file.name}: the file is empty (0 bytes).", "Send the file again, or leave it out.")
    prepare_stage(con)
    con.execute("DELETE FROM stage.bad_line WHERE file_id = ?", [file_id])
    with work_folder("stage") as work, in_order(con):
        target = Target(con, file, file_id, work, None if columns is None else frozenset(columns), header_rows)
        if file.format == "parquet":
            from harmonize.intake.table.parquet import stage_parquet as stage
        elif file.format == "xlsx":
            from harmonize.intake.table.workbook import stage_sheet as stage
        elif file.format == "mdai":
            from harmonize.intake.table.mdai import stage_mdai as stage
        else:
            from harmonize.intake.table.delimited import stage_text as stage
        stage(target)
    good = target.count()
    row = con.execute("SELECT count(*) FROM stage.bad_line WHERE file_id = ?", [file_id]).fetchone()
    bad = int(row[0]) if row else 0
    if good + bad == 0:
        target.findings.append(StructureFinding("no_records"))
    kept = target.kept
    return Staged(
        file_id,
        target.table,
        tuple(target.headers[i] for i in kept),
        tuple(target.names[i] for i in kept),
        good + bad,
        bad,
        tuple(target.findings),
        target.controls,
    )


def prepare_stage(con: DuckDBPyConnection) -> None:
    """Make the database stage and its table of bad lines where they are not; before files are staged side by side.

    It is one in memory that spills to the connection's folder for that: raw cells, which nobody has screened yet, are
    never written into a store, its WAL included, and nobody else can read them.
    """
    con.execute("ATTACH IF NOT EXISTS ':memory:' AS stage")
    con.execute(
        "CREATE TABLE IF NOT EXISTS stage.bad_line"
        " (file_id INTEGER, line BIGINT, rule VARCHAR, cells INTEGER, text VARCHAR)"
    )


def drop_staged(con: DuckDBPyConnection) -> None:
    """Remove everything that was staged."""
    con.execute("DETACH DATABASE IF EXISTS stage")


@contextmanager
def in_order(con: DuckDBPyConnection) -> Iterator[None]:
    """Line numbers come from the order of rows, which a connection may have given up for speed."""
    row = con.execute("SELECT current_setting('preserve_insertion_order')").fetchone()
    before = bool(row and row[0])
    con.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        con.execute(f"SET preserve_insertion_order = {before}")
