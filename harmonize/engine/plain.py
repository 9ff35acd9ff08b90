"""The one place that makes a text safe to show: what a terminal would obey, and what cannot be written, is escaped.

File names and values come from others. An escape sequence in them could clear the screen or write another result, a
mark of writing direction could turn `cod.exe` into `exe.doc`. What programs read (JSON, CSV) stays exact in a file or a
pipe; a terminal gets it cleaned too.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
from typing import IO, Any, BinaryIO, cast

# Control characters but tab, line feed and CR before one; marks and overrides of writing direction; other line ends;
# halves of pairs, as which Python keeps the bytes of a file name that is not UTF-8.
_OBEYED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)
_BREAKS = re.compile("[\t\n\r]")


def plain(text: str) -> str:
    """The text with what a terminal would obey as `\\x1b` or `\\u202e`, and bytes that are no UTF-8 as `\\xff`."""
    return text if text.isprintable() else _OBEYED.sub(_escaped, text)


def plain_line(text: str) -> str:
    """As `plain`, for what must stay on its line: tabs and line ends are escaped too."""
    return text if text.isprintable() else _BREAKS.sub(_escaped, plain(text))


class _Terminal(io.BufferedIOBase):
    """Documents in pieces to a terminal, cleaned. A piece may end within a letter, or between CR and line feed."""

    def __init__(self, terminal: IO[str]) -> None:
        self._terminal = terminal
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._held = ""

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        data = bytes(piece)
        text = self._held + self._decode(data)
        self._held = "\r" if text.endswith("\r") else ""
        self._terminal.write(plain(text.removesuffix(self._held)))
        return len(data)


def document_out() -> BinaryIO:
    """Stdout for a document in UTF-8 that programs read: exactly, but cleaned where it is a terminal."""
    sys.stdout.flush()
    return cast("BinaryIO", _Terminal(sys.stdout)) if sys.stdout.isatty() else sys.stdout.buffer


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in "\t\n\r":
        return {"\t": "\\t", "\n": "\\n", "\r": "\\r"}[found[0]]
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def is_utf8(text: str) -> bool:
    """Whether the text can be written at all; a file name that is not UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
