"""The ledger by column: what became of the cells of each column of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.pipeline.ledger.records import StagedFile, bad_columns
from harmonize.schema.cells import cell_sql, missing_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import MappingPlan

STATE, STANDS, LOST = '"its state"', '"it stands"', '"it is lost"'
"""Columns beside those of the file; no safe name of a header has a blank in it."""


ALWAYS, NEVER = "true", "false"
"""Conditions under which a row reads a column, where no record needs to be asked."""


def write_columns(con: DuckDBPyConnection, submission: int, files: list[StagedFile], plan: MappingPlan) -> None:
    """harmonize.ledger_column of a submission: what became of the cells of each column of each file.

    A cell is loaded where a row that reads it exists. A cell of an excluded or unknown column is excluded, and so is
    one that is read only by rows that were left out, or that stands in a record that was not taken.
    """
    for file in files:
        names = file.staged.names
        records, empty, ends = _count_cells(con, file, plan)
        lost = file.staged.bad_lines
        columns: dict[str, list[Any]] = {
            "header": [_header(file, index) for index in range(len(names))],
            "reason": [_reason(file, name, plan) for name in names],
            "empty": [empty[name] for name in names],
            "loaded": [ends[name][0] for name in names],
            "excluded": [ends[name][1] for name in names],
            "quarantined": [ends[name][2] + lost for name in names],
        }
        con.execute(
            "INSERT INTO harmonize.ledger_column SELECT $submission, $file, unnest($header), "
            "unnest($reason::VARCHAR[]), $records, unnest($empty), unnest($loaded), 0, unnest($excluded), "
            "unnest($quarantined)",
            {"submission": submission, "file": file.staged.file_id, "records": records + lost, **columns},
        )


def _header(file: StagedFile, index: int) -> str:
    slot = file.cls.slots.get(file.staged.names[index])
    return slot.header if slot else file.staged.headers[index]


def _reason(file: StagedFile, name: str, plan: MappingPlan) -> str | None:
    """Why a column as a whole is excluded; None where it is mapped."""
    slot = file.cls.slots.get(name)
    if slot is None:
        return "not a column of the schema"
    excluded = plan.excluded.get(file.cls.name, {})
    return excluded.get(name) or excluded.get(slot.header)


def _count_cells(
    con: DuckDBPyConnection, file: StagedFile, plan: MappingPlan
) -> tuple[int, dict[str, int], dict[str, Sequence[int]]]:
    """(sound records, empty cells by column, [loaded, excluded, quarantined] by column) of a file."""
    flags, all_stand = _make_cells(con, file, plan)
    bad = bad_columns(con, file.staged.file_id)
    empties = ", ".join(f"count(*) FILTER ({quote(name)} IS NULL)" for name in flags)
    records, *blank = con.execute(f"SELECT count(*), {empties} FROM cell").fetchone() or (0, *(0 for _ in flags))
    empty = dict(zip(flags, blank, strict=True))
    ends: dict[str, Sequence[int]] = dict.fromkeys(flags, (0, 0, 0))
    asked = []
    for name, flag in flags.items():
        filled = records - empty[name]
        if filled and (name in bad or not all_stand or flag not in (ALWAYS, NEVER)):
            asked.append(name)
        elif filled:
            ends[name] = (filled, 0, 0) if flag == ALWAYS else (0, filled, 0)
    if asked:
        counts = [_ends(name, flags[name], file.staged.file_id if name in bad else None, all_stand) for name in asked]
        found = con.execute(f"SELECT {', '.join(counts)} FROM cell").fetchone() or ()
        for name, loaded, lost in zip(asked, found[::2], found[1::2], strict=True):
            ends[name] = (loaded, records - empty[name] - loaded - lost, lost)
    return records, empty, ends


def _make_cells(con: DuckDBPyConnection, file: StagedFile, plan: MappingPlan) -> tuple[dict[str, str], bool]:
    """Temp view `cell`: the staged cells without missing texts, whether the record stands or is lost, and a flag for
    each condition under which some row reads a column.

    Gives column → condition over the flags that a row reads it (ALWAYS, NEVER or an expression), and whether all
    records stand.
    """
    flags, conditions = _reading(file, plan)
    missing = missing_texts(file.cls)
    slots = file.cls.slots
    cells = [
        f"{cell_sql(slots[name], missing, 's') if name in slots else f's.{quote(name)}'} AS {quote(name)}"
        for name in flags
    ]
    # a condition may read a column that this file does not have
    cells += [f"NULL::VARCHAR AS {quote(name)}" for name in file.cls.slots if name not in flags]
    row = con.execute(
        "SELECT count(*) FILTER (state IN ('loaded', 'context')) FROM record_end WHERE file_id = ?",
        [file.staged.file_id],
    ).fetchone()
    all_stand = row is not None and row[0] == file.staged.records - file.staged.bad_lines
    if all_stand and not conditions:
        con.execute(
            "CREATE OR REPLACE TEMP VIEW cell AS "
            f"SELECT s.line_, true AS {STANDS}, false AS {LOST}, {', '.join(cells)} FROM {file.staged.table} s"
        )
        return flags, all_stand
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE cell_row AS SELECT line_, * EXCLUDE (line_, {STATE}), "
        f"{STATE} IN ('loaded', 'context') AS {STANDS}, {STATE} = 'quarantined' AS {LOST}"
        f"{''.join(f', coalesce({when}, false) AS {flag}' for when, flag in conditions.items())} FROM ("
        f"SELECT s.line_, i.state AS {STATE}, {', '.join(cells)} FROM {file.staged.table} s "
        f"JOIN record_end i ON i.record_id = {file.base} + s.rowid AND i.file_id = {file.staged.file_id}) s"
    )
    con.execute(sql("ledger/cell"))
    return flags, all_stand


def _reading(file: StagedFile, plan: MappingPlan) -> tuple[dict[str, str], dict[str, str]]:
    """(column → condition over the flags that a row reads it, condition of the mapping → its flag)."""
    conditions: dict[str, str] = {}
    read: dict[str, list[str]] = {name: [] for name in file.staged.names}
    for entry in plan.entries:
        for name in {name for join in entry.joins if join.source == file.cls.name for name in join.columns} & set(read):
            read[name].append(ALWAYS)
        if entry.source != file.cls.name:
            continue
        names = {name for column in entry.columns.values() for name in column.sources}
        names |= set(entry.when.sources) if entry.when else set()
        # a condition over a joined class cannot be told from this row alone; its row counts as there
        flag = ALWAYS
        if entry.when and not entry.joins:
            flag = conditions.setdefault(entry.when.sql, f'"when {len(conditions)}"')
        for name in names & set(read):
            read[name].append(flag)
    return {name: _any_of(flags) for name, flags in read.items()}, conditions


def _any_of(flags: list[str]) -> str:
    if not flags:
        return NEVER
    return ALWAYS if ALWAYS in flags else f"({' OR '.join(dict.fromkeys(flags))})"


def _ends(name: str, loaded: str, bad_in: int | None, all_stand: bool) -> str:
    """Counts of the loaded and of the quarantined cells of one column, over `cell`; bad_in is the file with bad cells.
    A filled cell that is neither is excluded."""
    bad = "false"
    if bad_in is not None:
        bad = f"line_ IN (SELECT line FROM bad_cell WHERE file_id = {bad_in} AND column_name = {literal(name)})"
    elif all_stand:
        return f"count({quote(name)}) FILTER ({loaded}), 0"
    return (
        f"count({quote(name)}) FILTER ({STANDS} AND NOT ({bad}) AND {loaded}), "
        f"count({quote(name)}) FILTER ({LOST} OR ({STANDS} AND {bad}))"
    )
