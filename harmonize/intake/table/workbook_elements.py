"""How many elements a part of a workbook has, counted in its bytes as they come.

A reader of XML makes an object of each element and keeps it to the end of its row, or of the part: four bytes become
hundreds.
"""

from __future__ import annotations

import re

MAX_ROWS = 2 * 1_048_576
"""Rows of a part: twice those of a worksheet of Excel, the empty ones that it leaves out aside."""
MAX_ROW_BYTES = 64 * 2**20
MAX_ROW_TAGS = 2**20
"""Tags of one row, of 16,384 cells at most, each with its value and the parts of a text."""
MAX_TAGS = 2**20
"""Tags outside of rows."""
MAX_TEXT_TAGS = 16 * 2**20
"""Tags of the list of texts."""
# Begins with letters, which are searched for faster than a tag is. In another encoding than UTF-8 nothing is a row, and
# all tags are outside.
_ROW = re.compile(rb"row(?=[\s/>])(?<=[<:/]row)[^<>]*>")
_BEFORE = re.compile(rb"<(/?)(?:[\w.-]+:)?")


class Elements:
    """Counts the tags of a part that comes in pieces, each of which has tags."""

    def __init__(self, is_sheet: bool, root: str) -> None:
        self._is_sheet = is_sheet
        self._most = MAX_TEXT_TAGS if root == "sst" and not is_sheet else MAX_TAGS
        self._cut = b""
        self._in_row = False
        self._rows = self._outside = self._tags = self._bytes = 0

    def add(self, piece: bytes) -> str | None:
        """What is beyond all bounds, or None."""
        text = self._cut + piece
        end = text.rfind(b"<")
        end = end if end > text.rfind(b">") else len(text)
        text, self._cut = text[:end], text[end:]
        at = 0
        for tag in _ROW.finditer(text) if self._is_sheet else ():
            begin = text.rfind(b"<", at, tag.start())
            before = _BEFORE.fullmatch(text, begin, tag.start()) if begin >= 0 else None
            if before is None:  # an attribute of that name
                continue
            found = text.count(b"<", at, begin)
            if self._in_row:
                self._tags += found
                self._bytes += begin - at
                if self._tags > MAX_ROW_TAGS or self._bytes > MAX_ROW_BYTES:
                    return self._fault()
                if not before[1]:
                    return "a row within a row"
                self._in_row = False
            else:
                self._outside += found
                self._rows += 1
                self._in_row = not tag[0].endswith(b"/>")
                self._tags = self._bytes = 0
            at = tag.end()
        self._add_rest(text, at)
        return self._fault()

    def _add_rest(self, text: bytes, start: int) -> None:
        found = text.count(b"<", start)
        if self._in_row:
            self._tags += found
            self._bytes += len(text) - start
        else:
            self._outside += found

    def _fault(self) -> str | None:
        if self._rows > MAX_ROWS:
            return f"more than {MAX_ROWS:,} rows"
        if self._outside > self._most:
            return f"more than {self._most:,} elements"
        if self._tags > MAX_ROW_TAGS:
            return f"a row of more than {MAX_ROW_TAGS:,} elements"
        return f"a row of more than {MAX_ROW_BYTES // 2**20} MiB" if self._bytes > MAX_ROW_BYTES else None
