"""A profile for people, as text or as one HTML page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from harmonize.report.table import table_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.file_scan import FileScan
    from harmonize.onboarding.scan import Scan

HEADERS = ("column", "filled", "distinct", "holds", "range", "perhaps", "frequent values")
_SHOWN = 4
_LONGEST = 28
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 90rem; margin: 2rem auto; padding: 0 1rem; }
:root { color-scheme: light dark; }
table { border-collapse: collapse; margin: .5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8886; }
th[scope=row] { font-weight: 600; } td.n { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
"""


def text(scan: Scan) -> Iterator[str]:
    """The lines of the profile."""
    for file in scan.files:
        yield from (f"{line}\n" for line in _facts(file))
        yield table_text(HEADERS, [cells(column) for column in file.columns]) + "\n"
    yield from (f"{line}\n" for line in (*_links(scan), *scan.notes))


def page(scan: Scan) -> Iterator[str]:
    """The profile as a page that fetches nothing and runs no script."""
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield f"<title>Profile</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Profile</h1>\n"
    for file in scan.files:
        name, *facts = _facts(file)
        yield f"<h2>{escape(name)}</h2>\n" + "".join(f"<p>{escape(line)}</p>\n" for line in facts)
        yield '<div class="wide"><table><thead><tr>'
        yield "".join(f'<th scope="col">{header}</th>' for header in HEADERS) + "</tr></thead>\n<tbody>\n"
        for column in file.columns:
            first, *rest = cells(column)
            yield f'<tr><th scope="row">{escape(str(first))}</th>'
            yield "".join(f"<td{_number_class(cell)}>{escape(str(cell))}</td>" for cell in rest) + "</tr>\n"
        yield "</tbody></table></div>\n"
    if more := [*_links(scan), *scan.notes]:
        yield "<h2>Between the files</h2>\n" + "".join(f"<p>{escape(line)}</p>\n" for line in more)
    yield "</main>\n</body>\n</html>\n"


def _number_class(cell: object) -> str:
    return ' class="n"' if isinstance(cell, int) else ""


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
