"""Stage sound quoted text by DuckDB's strict reader, and prove that it read what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from harmonize.engine.sql_text import literal, quote
from harmonize.intake.table.layout import Layout, lines_sql

if TYPE_CHECKING:
    from harmonize.intake.table.staged import Target


def stage_strict(target: Target, layout: Layout) -> bool:
    """Fill the target's table; False where the file must be read exactly (the table is then not to be used).

    The strict reader skips blank lines, drops blanks before a quote and lets one empty cell too many pass:
    what it read counts only if lines, records and newlines inside cells add up and no line has a delimiter
    too many.
    """
    found = layout.scan
    names = target.names
    if found.lone_returns or found.nul or layout.quoting.loose or len(names) == 1 or layout.last != 1:
        return False
    if layout.quoting.empty_ends and not found.spare:
        return False
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    try:
        target.con.execute(f"""
            CREATE OR REPLACE TABLE {target.table} AS
            SELECT NULL::BIGINT AS line_, * FROM read_csv({literal(str(layout.path))},
              columns={{{types}}}, header=true, auto_detect=false, delim={literal(layout.delimiter)},
              quote='"', escape='"'{layout.line_size})""")
    except duckdb.InvalidInputException:
        return False
    # A window over the reader would keep it to one thread; a committed table's rowids are dense and in file order.
    target.con.execute(f"UPDATE {target.table} SET line_ = rowid + 2")
    breaks = _number_lines(target, layout)
    if breaks is None or (layout.quoting.empty_ends and _has_surplus_cell(target, layout, breaks)):
        return False
    if len(target.kept) < len(names):
        kept = "".join(f", {quote(names[i])}" for i in target.kept)
        target.con.execute(f"CREATE OR REPLACE TABLE {target.table} AS SELECT line_{kept} FROM {target.table}")
    return True


def _newlines(names: list[str]) -> str:
    return " + ".join(
        f"CASE WHEN contains({c}, chr(10)) THEN length({c}) - length(replace({c}, chr(10), '')) ELSE 0 END"
        for c in map(quote, names)
    )


def _number_lines(target: Target, layout: Layout) -> int | None:
    """Shift the lines of records behind a cell with newlines; return how many records have such cells, None where
    records and newlines do not add up to the file's lines."""
    con, table = target.con, target.table
    spare = layout.scan.lines - layout.scan.trailing_blank - 1 - target.count()
    if spare == 0:  # as many records as lines: none has more than one
        return 0
    broken = " OR ".join(f"contains({quote(name)}, chr(10))" for name in target.names)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE staged_break AS
        SELECT line_, sum({_newlines(target.names)}) OVER (ORDER BY line_) AS shift
        FROM {table} WHERE {broken}""")
    row = con.execute("SELECT count(*), coalesce(max(shift), 0) FROM staged_break").fetchone()
    breaks, shift = row or (0, 0)
    if shift != spare:
        return None
    if breaks:
        con.execute(f"""
            UPDATE {table} AS t SET line_ = t.line_ + s.shift::BIGINT
            FROM (SELECT r.line_, b.shift FROM (SELECT line_ FROM {table}) r
                  ASOF JOIN staged_break b ON r.line_ > b.line_) s
            WHERE t.line_ = s.line_""")
    con.execute("DROP TABLE staged_break")
    return int(breaks)


def _has_surplus_cell(target: Target, layout: Layout, breaks: int) -> bool:
    """Whether a line ends in an empty cell too many: in more of them than its record has empty last cells. `breaks`
    records hold newlines."""
    mark = literal(layout.delimiter)
    tail = literal(f'([{layout.delimiter}](?:"")?)+$')
    filled = ", ".join(f"{quote(name)} IS NOT NULL" for name in reversed(target.names))
    # Of a record that is empty throughout, the first cell has no delimiter before it.
    empty = f"coalesce(nullif(list_position([{filled}], true), 0), {len(target.names)}) - 1"
    ends = f"""ends_with(l, {mark}) OR ends_with(l, {mark} || '""')"""
    found = f"regexp_extract(l, {tail})"
    marks = f"length({found}) - length(replace({found}, {mark}, ''))"
    lines = lines_sql(layout, target.work)
    if not breaks:
        # Then no line has fewer of them than its record, and equal sums prove all lines. To compare line by line they
        # must be numbered, which only one thread can do.
        row = target.con.execute(f"""
            SELECT sum(CASE WHEN {ends} THEN {marks} ELSE 0 END) = (SELECT sum({empty}) FROM {target.table})
            FROM {lines} WHERE l IS NOT NULL""").fetchone()
        if row == (True,):
            return False
    row = target.con.execute(f"""
        WITH line AS (
          SELECT row_number() OVER () AS n, l FROM {lines}
        ), tail AS (
          SELECT n, {marks} AS marks FROM line WHERE {ends}
        ), record AS (
          SELECT line_ + {_newlines(target.names)} AS n, {empty} AS empty FROM {target.table})
        SELECT count(*) FROM tail JOIN record USING (n) WHERE marks > empty""").fetchone()
    return row is None or row[0] > 0
