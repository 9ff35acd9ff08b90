"""A file of a delivery, as it was found: its name, what it is and why, its size and hash."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TABULAR = frozenset({"csv", "tsv", "xlsx", "parquet", "mdai"})


@dataclass(frozen=True)
class SourceFile:
    """One file of a delivery, or one sheet of a workbook or collection of an MD.ai export.

    `name` is what people see (path below the folder given, `a.zip!b.csv`, `book.xlsx#Labs`); `path` a file on
    disk that can be read; `size` in bytes and `sha256` are of the file as sent (unpacked); `format` is csv,
    tsv, xlsx, parquet, mdai (a collection of an MD.ai export), json, unknown (reported, not read) or skipped (hidden
    files and litter of operating systems: listed, not hashed); `why` is a sentence that says how it was recognised.
    """

    name: str
    path: Path
    size: int
    sha256: str
    format: str
    why: str
    sheet: str | None = None

    @property
    def is_table(self) -> bool:
        """Whether `stage_file` can read it."""
        return self.format in TABULAR
