"""Read SSSOM mapping sets as tab separated files: a YAML head of `#` lines, then one mapping a line."""

from __future__ import annotations

import csv
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, nearest
from harmonize.engine.text_file import listed, read_bytes, read_text
from harmonize.engine.yaml_text import load_yaml

if TYPE_CHECKING:
    from pathlib import Path

NO_TERM = "sssom:NoTermFound"
UNDECIDED = "undecided: "
"""A row whose comment begins so awaits a person; until then its subject is not mapped."""
REQUIRED_COLUMNS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
# Prefixes that SSSOM 1.0 declares itself; a set need not repeat them in its curie_map.
BUILT_IN = frozenset({"sssom", "skos", "owl", "rdf", "rdfs", "semapv", "xsd", "linkml", "oboInOwl"})
# Columns that only tell of a row's review, and the file of all decisions beside a set.
REVIEW_COLUMNS = ("reviewer_id", "review_date")
REVIEWS = "reviews.tsv"


@dataclass(frozen=True)
class Row:
    """One mapping: its cells by column (blank cells are left out) and the physical line it starts at."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class MappingSet:
    """One SSSOM file. `head` is its YAML metadata (curie_map, mapping_set_id, license ...)."""

    path: Path
    head: dict[str, Any]
    columns: tuple[str, ...]
    header_line: int
    rows: tuple[Row, ...]

    @property
    def prefixes(self) -> frozenset[str]:
        """The prefixes that CURIEs of this set may use."""
        curie_map = self.head.get("curie_map")
        return BUILT_IN | (frozenset(map(str, curie_map)) if isinstance(curie_map, dict) else frozenset())


def sssom_files(folder: Path) -> list[Path]:
    """The value sets of a mapping folder, in the order of their names."""
    return listed(folder.glob("*.sssom.tsv"))


def read_sssom(path: Path) -> MappingSet:
    """Read one file. Raises InputError (file and line) where head, header or a line cannot be read."""
    lines = read_text(path).splitlines(keepends=True)
    head_lines = 0
    while head_lines < len(lines) and lines[head_lines].startswith("#"):
        head_lines += 1
    head = _head(path, lines[:head_lines])
    reader = csv.reader(lines[head_lines:], delimiter="\t", strict=True)
    try:
        columns = tuple(next(reader, []))
        if missing := [name for name in REQUIRED_COLUMNS if name not in columns]:
            near = nearest(missing[0], [name for name in columns if name])
            raise InputError(
                f"{path}, line {head_lines + 1}: the column {missing[0]} is missing.",
                f"Did you mean it by {near!r}?" if near else None,
            )
        rows, line = [], head_lines + 2
        for cells in reader:
            if any(cells):
                if len(cells) != len(columns):
                    raise InputError(f"{path}, line {line}: {len(cells)} cells where {len(columns)} are expected.")
                rows.append(Row(line, {k: v.strip() for k, v in zip(columns, cells, strict=True) if v.strip()}))
            line = head_lines + 1 + reader.line_num
    except csv.Error as error:
        raise InputError(f"{path}, line {head_lines + reader.line_num}: {error}.") from error
    return MappingSet(path, head, columns, head_lines + 1, tuple(rows))


def without_reviews(path: Path) -> bytes:
    """A set's bytes without its review columns: equal before and after a review."""
    lines = read_bytes(path).split(b"\n")
    header = next((line for line in lines if not line.startswith(b"#")), b"").rstrip(b"\r").split(b"\t")
    kept = [n for n, name in enumerate(header) if name.decode("utf-8", "replace") not in REVIEW_COLUMNS]
    if len(kept) == len(header):
        return b"\n".join(lines)
    rows = ((line, line.rstrip(b"\r").split(b"\t")) for line in lines)
    return b"\n".join(b"\t".join(cells[n] for n in kept) if len(cells) == len(header) else line for line, cells in rows)


def _head(path: Path, lines: list[str]) -> dict[str, Any]:
    head = load_yaml(textwrap.dedent("".join(line[1:] for line in lines)), path) or {}
    if not isinstance(head, dict):
        raise InputError(f"{path}, line 1: the head is not a YAML mapping of names to values.")
    return head
