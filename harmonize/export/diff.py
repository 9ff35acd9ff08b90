"""What differs between two stores or published files, table by table: rows that one lacks, that changed, and how."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.engine.store import connect
from harmonize.engine.work_folder import work_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMAS = ("omop", "midrc")
ENGINE_COLUMNS = ("record_id", "mapping_id")
"""Columns of the hub that name a load and not what is known."""
_MEANINGS = {
    "recoded": re.compile(r"(concept_id(_[12])?|_coding|_codings|_code|^coding|^codes)$"),
    "redated": re.compile(r"(_date|_datetime|_day|_year|_month|^days?_to_\w+|^year_of_birth|^\w+_of_birth)$"),
    "revalued": re.compile(
        r"(^value\w*|_value|_low|_high|quantity|^text|_text|unit\w*|days_supply|dose\w*|sig|note_text)$"
    ),
    "moved": re.compile(r"^(person_id|case_key|project_id)$"),
}
"""What a changed row may be, by the columns that tell; the first that fits a column counts."""


@dataclass(frozen=True)
class TableDifference:
    """A table's rows in both files, and how many are only in the first (gone), only in the second (new), and changed.

    A row is known by its key (`measurement_id`, `row_key`); a table without one has no changed rows. A changed row is
    `recoded` (another concept or code), `redated`, `revalued` (another value, unit or text), `moved` (to another
    person, case or project), several of these at once, or changed in none of them (`otherwise`).
    """

    table: str
    rows_a: int
    rows_b: int
    only_a: int
    only_b: int
    changed: int
    recoded: int = 0
    redated: int = 0
    revalued: int = 0
    moved: int = 0
    otherwise: int = 0

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return bool(self.only_a or self.only_b or self.changed)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize diff --json` prints for a table."""
        return asdict(self)


def diff(a: Path, b: Path, *, wait: float = 10.0, memory: str | None = None) -> list[TableDifference]:
    """Compare the tables of omop and midrc that both files have, by key; the columns that both have.

    Raises InputError for a file that is none of ours or does not exist, StoreError for a locked one.
    """
    with work_folder("diff") as work:
        for path in (a, b):
            if not path.is_file():
                raise InputError(f"{path} does not exist.", "Give two stores or published files.")
            # opening each alone waits for its lock and says what is wrong with it
            connect(path, read_only=True, wait=wait, spill=work).close()
        con = connect(work / "diff.duckdb", read_only=False, wait=0, spill=work / "spill", memory=memory)
        with closing(con):
            for alias, path in (("a", a), ("b", b)):
                con.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {alias}_ (READ_ONLY)")
            tables = _tables(con)
            if not tables:
                raise InputError("The two files have no table in common.", "Give two stores or published files.")
            own = _know_own_concepts(con, tables)
            return [_compare(con, schema, name, columns, own) for (schema, name), columns in tables.items()]


def _tables(con: DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """(schema, table) of both files → the columns that both have, in the first file's order."""
    rows = con.execute(
        "SELECT a.schema_name, a.table_name, list(a.column_name ORDER BY a.column_index) FROM duckdb_columns() a "
        "JOIN duckdb_columns() b ON b.database_name = 'b_' AND b.schema_name = a.schema_name "
        "AND b.table_name = a.table_name AND b.column_name = a.column_name "
        "WHERE a.database_name = 'a_' AND list_contains(?, a.schema_name) AND NOT list_contains(?, a.column_name) "
        "GROUP BY ALL ORDER BY ALL",
        [list(SCHEMAS), list(ENGINE_COLUMNS)],
    ).fetchall()
    return {(schema, name): columns for schema, name, columns in rows}


def _know_own_concepts(con: DuckDBPyConnection, tables: dict[tuple[str, str], list[str]]) -> bool:
    """Whether a concept of the stores' own has different ids in them; temp table concept_of_b then says which."""
    if ("omop", "concept") not in tables:
        return False
    con.execute(sql("export/own_concept"))
    return bool(_count(con, "FROM concept_of_b"))


def _compare(con: DuckDBPyConnection, schema: str, name: str, columns: list[str], own: bool) -> TableDifference:
    listed, listed_b = (", ".join(_read(column, own and side == "b") for column in columns) for side in "ab")
    sides = [
        f"(SELECT {chosen} FROM {side}_.{schema}.{quote(name)} t)" for side, chosen in (("a", listed), ("b", listed_b))
    ]
    rows_a, rows_b = (_count(con, f"FROM {side}") for side in sides)
    con.execute(sql("export/diff_rows").format(a=sides[0], b=sides[1]))
    only = [_count(con, f"FROM only_in_{side}") for side in "ab"]
    key = next((k for k in (f"{name}_id", "row_key", "person_id") if k in columns), None)
    kinds = [0] * 6
    if key is not None and all(only):
        kinds = list(con.execute(_meaning(columns, key)).fetchone() or kinds)
    changed = kinds[0]
    return TableDifference(f"{schema}.{name}", rows_a, rows_b, only[0] - changed, only[1] - changed, *kinds)


def _meaning(columns: list[str], key: str) -> str:
    """The statement that counts changed rows by what differs in them."""
    of: dict[str, list[str]] = {meaning: [] for meaning in _MEANINGS}
    for column in columns:
        meaning = next((meaning for meaning, form in _MEANINGS.items() if form.search(column)), None)
        if meaning and column != key:
            of[meaning].append(f"a.{quote(column)} IS DISTINCT FROM b.{quote(column)}")
    tests = {meaning: " OR ".join(told) or "false" for meaning, told in of.items()}
    return sql("export/diff_meaning").format(key=key, **tests)


def _read(column: str, own: bool) -> str:
    """A column as it is compared; a concept of the second store's own with the id that the first gives it."""
    if not (own and re.search(r"concept_id(_[12])?$", column)):
        return quote(column)
    of_a = f"(SELECT id_of_a FROM concept_of_b WHERE id = t.{quote(column)})"
    return f"coalesce({of_a}, t.{quote(column)}) AS {quote(column)}"


def _count(con: DuckDBPyConnection, query: str) -> int:
    row = con.execute(f"SELECT count(*) {query}").fetchone()
    return int(row[0]) if row else 0
