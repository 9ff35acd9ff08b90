"""Pictures of the HTML report: bars of counts, of filled cells, of values; inline SVG with the numbers as text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harmonize.validation.table.profile import ColumnProfile

_ROW = 20
_LABEL = 200
_BAR = 300
_LONGEST = 28


def bars(counts: Sequence[tuple[str, int, str]]) -> str:
    """Horizontal bars of (label, count, class); labels and counts stand as text beside them."""
    highest = max(count for _, count, _ in counts)
    told = "; ".join(f"{label} {count:,}" for label, count, _ in counts)
    lines = []
    for row, (label, count, kind) in enumerate(counts):
        top, width = row * _ROW, max(1, round(_BAR * count / highest))
        lines.append(f'<text x="0" y="{top + 14}">{escape(_cut(label))}</text>')
        lines.append(f'<rect class="{kind}" x="{_LABEL}" y="{top + 4}" width="{width}" height="12"/>')
        lines.append(f'<text x="{_LABEL + width + 6}" y="{top + 14}">{count:,}</text>')
    size = f'width="{_LABEL + _BAR + 90}" height="{len(counts) * _ROW}"'
    return f'<svg role="img" aria-label="{escape(told)}" {size}>{"".join(lines)}</svg>'


def column_rows(columns: Sequence[ColumnProfile], records: int) -> Iterator[str]:
    """A table row for each column: how full it is, how many different values it has, and which."""
    for column in columns:
        share = column.filled / records if records else 0.0
        yield (
            f'<tr><th scope="row"><code>{escape(column.header)}</code></th><td>{_share(share)}</td>'
            f'<td class="n">{column.distinct:,}</td><td>{_values(column)}</td></tr>'
        )


def _share(share: float) -> str:
    # Neither 0 nor 100 % is said of what is not.
    text = "0 %" if share == 0 else "100 %" if share == 1 else f"{min(max(share * 100, 0.1), 99.9):.1f} %"
    return (
        f'<svg role="img" aria-label="{text} filled" width="160" height="{_ROW}"><rect class="rest" x="0.5" y="4.5" '
        f'width="99" height="11"/><rect class="bar" x="0" y="4" width="{100 * share:.1f}" height="12"/>'
        f'<text x="106" y="14">{text}</text></svg>'
    )


def _values(column: ColumnProfile) -> str:
    if column.hidden:
        return '<span class="soft">not shown</span>'
    if column.bins:
        return _histogram(column)
    if not column.values:
        return ""
    shown = [(value, count, "bar") for value, count in column.values]
    rest = column.filled - sum(count for _, count in column.values)
    return bars([*shown, ("other values", rest, "bar")] if rest else shown)


def _histogram(column: ColumnProfile) -> str:
    low, high = column.bins[0][0], column.bins[-1][1]
    most = max(count for _, _, count in column.bins)
    width = (high - low) or 1.0
    told = f"numbers from {low:g} to {high:g}, most ({most:,}) in one of {len(column.bins)} ranges"
    drawn = "".join(
        f'<rect class="bar" x="{(start - low) / width * 240:.1f}" y="{40 - 38 * count / most:.1f}" '
        f'width="{max(1.0, (end - start) / width * 240 - 1):.1f}" height="{38 * count / most:.1f}"/>'
        for start, end, count in column.bins
    )
    return (
        f'<svg role="img" aria-label="{told}" width="250" height="58">{drawn}<text x="0" y="54">{low:g}</text>'
        f'<text x="240" y="54" text-anchor="end">{high:g}</text></svg>'
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
