"""Rows as aligned text for people."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from harmonize.engine.plain import plain_line


def table_text(headers: Sequence[str], rows: Sequence[Sequence[Any]], longest: int | None = None) -> str:
    """Aligned columns: numbers to the right, NULL blank; cells over `longest` characters end in `…`."""
    from rich.cells import cell_len

    headers = [_cell(header, None) for header in headers]
    cells = [[_cell(value, longest) for value in row] for row in rows]
    columns = list(zip(*rows, strict=True)) or [()] * len(headers)
    right = [_is_numeric(column) for column in columns]
    widths = [cell_len(header) for header in headers]
    for row in cells:
        widths = [max(width, cell_len(cell)) for width, cell in zip(widths, row, strict=True)]

    def line(texts: Sequence[str]) -> str:
        padded = []
        for text, width, to_right in zip(texts, widths, right, strict=True):
            pad = " " * (width - cell_len(text))
            padded.append(pad + text if to_right else text + pad)
        return "  ".join(padded).rstrip() + "\n"

    return "".join(map(line, (headers, ["-" * width for width in widths], *cells)))


def _is_numeric(column: Sequence[Any]) -> bool:
    values = [value for value in column if value is not None]
    return bool(values) and all(
        isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) for value in values
    )


def _cell(value: Any, longest: int | None) -> str:
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = plain_line(" ".join(text.splitlines()))
    return text[: longest - 1] + "…" if longest and len(text) > longest else text
