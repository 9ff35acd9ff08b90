"""LOINC codes of the store's studies: the store's own table first, then the parser."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from harmonize.imaging.study_code import StudyCode, study_code
from harmonize.imaging.study_table import StudyKey, StudyTable, TableRow

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def fill_study_code(con: DuckDBPyConnection) -> None:
    """Fill the temp table study_code: the code of each modality and description of described_study, each once."""
    described = con.execute("SELECT DISTINCT modality, description FROM described_study").fetchall()
    table = stored_table(con)
    names = ["modality", "description", *(field.name for field in fields(StudyCode))]
    coded = [(modality, text, *asdict(study_code(modality, text, table)).values()) for modality, text in described]
    columns = [list(column) for column in zip(*coded, strict=True)]
    if columns:
        con.execute(
            f"INSERT INTO study_code ({', '.join(names)}) SELECT {', '.join('unnest(?)' for _ in names)}", columns
        )


def store_table(con: DuckDBPyConnection, table: StudyTable) -> None:
    """Make `table` the store's table of codes; loads and links from then on use it."""
    con.execute("DELETE FROM harmonize.study_table")
    for row in table.codes().values():
        con.execute(
            "INSERT INTO harmonize.study_table VALUES (?, ?, ?, ?)",
            [row.family, row.description, row.loinc_code, row.long_common_name],
        )


def stored_table(con: DuckDBPyConnection) -> dict[StudyKey, TableRow]:
    """The store's table of codes, by key."""
    rows = con.execute(
        "SELECT family, description, loinc_code, long_common_name, 0 FROM harmonize.study_table"
    ).fetchall()
    return {(row[0], row[1]): TableRow(*row) for row in rows}
