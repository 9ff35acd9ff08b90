"""What the ways of staging a text share: its layout, the reading of whole lines, quoting for SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.sql_text import literal
from harmonize.intake.table.dialect import MAX_LINE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.intake.table.dialect import Quoting, Scan


@dataclass(frozen=True)
class Layout:
    """A UTF-8 text and how to read it. The header stands on the physical lines `first` to `last`."""

    path: Path
    delimiter: str
    quoting: Quoting
    first: int
    last: int
    scan: Scan

    @property
    def line_size(self) -> str:
        """The reader's option for long lines; its buffers grow with it, so only where one was seen."""
        return f", max_line_size={MAX_LINE_BYTES + 1}" if self.scan.long_line else ""


def lines_sql(layout: Layout, work: Path) -> str:
    """A FROM clause that gives every physical line as column l, in order; a blank one is NULL."""
    path = unify_ends(layout.path, work) if layout.scan.mixed_ends else layout.path
    return (
        f"read_csv({literal(str(path))}, columns={{'l': 'VARCHAR'}}, header=false, auto_detect=false,"
        f" quote='', escape='', delim={literal(layout.scan.spare[0].decode())}{layout.line_size})"
    )


def unify_ends(path: Path, work: Path) -> Path:
    """A copy in which every line ends in a line feed, numbered as before."""
    target = work / "unified"
    with path.open("rb") as stream, target.open("wb") as out:
        held = b""
        while block := stream.read(1 << 22):
            block = held + block
            held = b"\r" if block.endswith(b"\r") else b""
            out.write(block[: len(block) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        out.write(b"\n" if held else b"")
    return target
