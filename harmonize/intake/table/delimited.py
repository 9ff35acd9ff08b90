"""Stage delimited text in one of three ways, the fastest that is exact for the file at hand.

by lines  no quoting: every physical line is read whole and split in SQL; ragged and blank lines are seen;
strict    quoted and sound: DuckDB's strict reader, its lines counted and checked (strict.py);
exact     anything else: Python's csv reader, record by record (exact.py).
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import literal, quote
from harmonize.intake.table.dialect import Quoting, preamble, scan, scan_quotes, sniff, text_start, to_utf8
from harmonize.intake.table.exact import csv_reader, stage_exact
from harmonize.intake.table.header import combine
from harmonize.intake.table.layout import Layout, lines_sql
from harmonize.intake.table.staged import StructureFinding
from harmonize.intake.table.strict import stage_strict

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.intake.table.staged import Target

# DuckDB takes a time that grows with the square of the columns to plan the splitting of a line.
_MOST_SPLIT = 1000


def stage_text(target: Target) -> None:
    """Fill the target's table and stage.bad_line from a delimited text."""
    file = target.file
    path, encoding, bad_line = to_utf8(file.path, file.name, target.work)
    if bad_line is not None:
        target.findings.append(StructureFinding("encoding", bad_line, None, encoding))
    with path.open("rb") as stream:
        ending = file.name.rpartition(".")[2].lower()
        head = text_start(stream.read(64 * 1024))
    delimiter = sniff(head, ending, target.header_rows).delimiter
    above = 0 if target.header_rows else preamble(head)[0]
    if above:
        target.findings.append(StructureFinding("lines_above", 1, None, f"{above:,}"))
    layout = _read_header(target, path, delimiter, above)
    target.controls = layout.scan.controls
    by_lines = len(target.headers) <= _MOST_SPLIT
    if not layout.quoting.enclosing and layout.scan.spare and by_lines:
        _stage_lines(target, layout)
    elif not (layout.quoting.enclosing and stage_strict(target, layout)):
        stage_exact(target, layout)


def _read_header(target: Target, path: Path, delimiter: str, above: int) -> Layout:
    name = target.file.name
    found = scan(path, name)
    quoting = scan_quotes(path, delimiter, found) if found.quotes else Quoting(False, False, False)
    first, last = target.header_rows or (above + 1, None)
    header: list[list[str]] = []
    start = before = 0
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for _ in range(above):
            stream.readline()
        before = above
        reader = csv_reader(stream, delimiter, quoting.enclosing)
        try:
            for row in reader:
                if row and before + 1 >= first:
                    header.append(row)
                    start = start or before + 1
                before = above + reader.line_num
                if header if last is None else before >= last:
                    break
        except csv.Error as error:
            raise InputError(
                f"{name}, line {before + 1}: the quotes of the header do not match ({error}).",
                "The first line must hold the names of the columns.",
            ) from error
    if not header:
        where = "blank lines only" if last is None else f"nothing on the lines of its header ({first} to {last})"
        raise InputError(f"{name}: the file holds {where}.", "Send the file again, or leave it out.")
    target.set_headers(combine(header), start)
    return Layout(path, delimiter, quoting, start, before, found)


def _stage_lines(target: Target, layout: Layout) -> None:
    """One scan for the sound lines; a second one for the others, only where the first left some out."""
    cells = "".join(f", nullif(f[{i + 1}], '') AS {quote(target.names[i])}" for i in target.kept)
    damaged = "contains(l, chr(0))" if layout.scan.nul else "false"
    records = f"""
        SELECT line_, f, l FROM (
          SELECT row_number() OVER () AS line_, l, string_split(l, {literal(layout.delimiter)}) AS f
          FROM {lines_sql(layout, target.work)})
        WHERE line_ > {layout.last} AND l IS NOT NULL"""
    sound = f"len(f) = {len(target.headers)} AND NOT {damaged}"
    target.con.execute(f"CREATE OR REPLACE TABLE {target.table} AS SELECT line_{cells} FROM ({records}) WHERE {sound}")
    if target.count() == layout.scan.lines - layout.scan.trailing_blank - layout.last:
        return
    target.con.execute(f"""
        INSERT INTO stage.bad_line
        SELECT {target.file_id}, line_, CASE WHEN {damaged} THEN 'nul_byte' ELSE 'ragged' END, len(f), l
        FROM ({records}) WHERE NOT ({sound})""")
