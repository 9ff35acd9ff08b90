"""A profile for people, as text or as one HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.report.blocks import Bar, SentFile, Table, TableColumn, heading, made_now
from harmonize.report.page import render
from harmonize.report.table import table_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.file_scan import FileScan
    from harmonize.onboarding.scan import Scan
    from harmonize.report.blocks import Made

HEADERS = ("column", "filled", "distinct", "holds", "range", "perhaps", "frequent values")
_SHOWN = 4
_LONGEST = 28


def text(scan: Scan) -> Iterator[str]:
    """The lines of the profile."""
    for file in scan.files:
        yield from (f"{line}\n" for line in _facts(file))
        yield table_text(HEADERS, [cells(column) for column in file.columns]) + "\n"
    yield from (f"{line}\n" for line in (*_links(scan), *scan.notes))


def page(scan: Scan, made: Made | None = None) -> str:
    """The profile as one HTML page without a script."""
    sections = [(f"file-{number}", file.name) for number, file in enumerate(scan.files, start=1)]
    between = [*_links(scan), *scan.notes]
    return render(
        "profile.html",
        title="Profile",
        made=made or made_now(),
        sections=[("files", "Files"), *sections, *([("between", "Between the files")] if between else [])],
        tiles=[
            ("files", len(scan.files)),
            ("records", sum(file.records for file in scan.files)),
            ("columns", sum(len(file.columns) for file in scan.files)),
        ],
        files=[SentFile(file.name, file.size, file.sha256, None, file.records) for file in scan.files],
        tables=[_table(anchor, file) for (anchor, _), file in zip(sections, scan.files, strict=True)],
        between=between,
    )


def _table(anchor: str, file: FileScan) -> dict[str, Any]:
    """What the template tells of a file."""
    first, *facts = _facts(file)
    rows: list[dict[str, Any]] = [dict(zip(HEADERS, cells(column), strict=True)) for column in file.columns]
    for row, column in zip(rows, file.columns, strict=True):
        row["filled"] = Bar(column.filled / file.records if file.records else 0.0, f"{column.filled:,}")
    kinds = {"filled": "bars", "distinct": "number"}
    columns = tuple(TableColumn(header, heading(header), kinds.get(header, "")) for header in HEADERS)
    return {
        "anchor": anchor,
        "name": file.name,
        "facts": [first.removeprefix(f"{file.name}: "), *(fact.strip() for fact in facts)],
        "columns": Table(f"Columns of {file.name}", columns, rows),
    }


def _facts(file: FileScan) -> Iterator[str]:
    yield f"{file.name}: {file.records:,} records, {len(file.columns)} columns"
    if file.header_rows:
        first, last = file.header_rows
        rows = f"row {first}" if first == last else f"rows {first} to {last}"
        yield f"  The header seems to stand on {rows}."
    if file.bad_lines:
        yield f"  {file.bad_lines:,} lines are no records: another number of cells, or wrong quotes."
    if file.repeated:
        yield f"  {file.repeated:,} records repeat another one cell for cell."
    headers = {column.name: column.header or column.name for column in file.columns}
    told = "; or ".join(" + ".join(headers[name] for name in key) for key in file.keys)
    yield f"  Likely key: {told}" if told else "  No short set of columns tells its records apart."


def _links(scan: Scan) -> Iterator[str]:
    for link in scan.links:
        yield (
            f"{link.share:.0%} of the values of {link.file}: {link.column} are found in {link.to_file}: "
            f"{link.to_column}, and name {link.found:.0%} of those."
        )


def cells(column: ColumnScan) -> tuple[str, int, int, str, str, str, str]:
    """The cells of a column in the order of HEADERS."""
    holds = column.kind + (f" ({column.unfit:,} others)" if column.unfit else "")
    if column.missing:
        holds += f", {column.missing:,} said missing"
    return column.header, column.filled, column.distinct, holds, _range(column), _perhaps(column), _values(column)


def _range(column: ColumnScan) -> str:
    if column.hidden:
        return ""
    if column.least is not None and column.most is not None:
        # The median is an estimate: not told more exactly than the cells are.
        about = (
            ""
            if not column.quartiles
            else round(column.quartiles[1])
            if column.kind == "integer"
            else f"{column.quartiles[1]:.4g}"
        )
        median = f", median about {about}" if column.quartiles else ""
        return f"{column.least:g} to {column.most:g}{median}"
    if column.earliest is not None:
        return f"years {column.earliest} to {column.latest}"
    return f"{column.shortest} to {column.longest} characters" if column.filled else ""


def _perhaps(column: ColumnScan) -> str:
    said = (column.meaning or "").replace("_", " ")
    if column.unit:
        said += f" in {column.unit.unit}" + (" by magnitude" if column.unit.basis == "magnitude" else "")
    if column.formats:
        said += f" {' or '.join(column.formats)}" + (": choose" if len(column.formats) > 1 else "")
    return said.strip()


def _values(column: ColumnScan) -> str:
    found = ", ".join(f"{rule} ({count:,})" if count else rule for rule, count in column.private.items())
    if column.hidden:
        return f"hidden: {found}"
    shown = [
        f"{value[:_LONGEST]}{'…' * (len(value) > _LONGEST)} ({count:,})" for value, count in column.values[:_SHOWN]
    ]
    rest = column.distinct - len(shown)
    if rest and shown:
        shown.append(f"and {rest:,} more")
    return "; ".join([*shown, *([f"masked: {found}"] if found else [])])
