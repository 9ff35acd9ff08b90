"""Headers that are not the first row alone: below a title, or on several rows (groups above, names below)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

HeaderRows = tuple[int, int]
"""The first and the last physical row (from 1) on which the header stands; rows above it are not read."""
# Characters that nobody sees: soft hyphen, zero-width and directional marks, the byte order mark.
_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)


@lru_cache(maxsize=16_384)  # a delivery's headers are compared with those of every class, file by file
def as_seen(header: str) -> str:
    """A header as a reader sees it, by which columns are known: blanks of every kind, case, characters that nobody sees
    and the asterisks of templates (`*submitter_id` is a required one) make no other column."""
    return " ".join(unicodedata.normalize("NFKC", header).translate(_UNSEEN).split()).strip("* ").casefold()


def parse_header_rows(text: str) -> HeaderRows:
    """The rows that a text such as `2` or `1-2` names. Raises InputError for any other text."""
    found = re.fullmatch(r"\s*([1-9][0-9]{0,3})\s*(?:-\s*([1-9][0-9]{0,3})\s*)?", text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 0 < first <= last:
        raise InputError(f"{text!r} names no rows of a header.", "Write one row (2) or the first and the last (1-2).")
    return first, last


def combine(rows: Sequence[Sequence[str]]) -> list[str]:
    """One header a column: that of a single row as it stands; of several the texts from top to bottom, a blank
    between them.

    A cell of an upper row stands for the columns to its right too (a merged cell leaves them blank), as far as these
    have a text in a lower row and until the next cell with a text; one with nothing below stands for its column alone.
    """
    if len(rows) == 1:
        return list(rows[0])
    width = max(map(len, rows), default=0)
    cells = [[*(" ".join(cell.split()) for cell in row), *[""] * (width - len(row))] for row in rows]
    for level, row in enumerate(cells[:-1]):
        group = ""
        for position in range(width):
            below = any(lower[position] for lower in cells[level + 1 :])
            group = row[position] or group if below else ""
            row[position] = row[position] or group
    return [" ".join(row[position] for row in cells if row[position]) for position in range(width)]


def listed(headers: Sequence[str], most: int) -> str:
    """The first headers for a sentence, and how many columns have none: blanks between commas tell nobody anything."""
    named = [header for header in headers if as_seen(header)]
    blank = len(headers) - len(named)
    told = ", ".join(named[:most]) + (" …" if len(named) > most else "")
    without = f"{blank:,} column{'' if blank == 1 else 's'} without a header" if blank else ""
    return " and ".join(part for part in (told, without) if part)
