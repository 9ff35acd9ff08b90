"""What of a mapping folder is still a draft: places that `harmonize mapping init` marked and nobody has settled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harmonize.engine.text_file import read_text
from harmonize.vocabulary.sssom import UNDECIDED
from harmonize.vocabulary.value_set_check import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUGGESTED = "suggested: "
_MARK = re.compile(f"{SUGGESTED}|{UNDECIDED}")


def drafted(folder: Path) -> list[Problem]:
    """One warning for each file of the mapping that holds such marks, at the first of them."""
    hint = "Look over each, correct it, and take the mark away."
    return [
        Problem(name, lines[0], "warning", f"{_told(lines)}, this one first.", hint) for name, lines in _marked(folder)
    ]


def draft_note(folder: Path, name: str) -> list[str]:
    """What a load says of a mapping with such marks: what it makes of these columns is a guess."""
    marked = [f"{_told(lines, f' of {file}')} (from line {lines[0]})" for file, lines in _marked(folder)]
    if not marked:
        return []
    return [
        f"The mapping {name} is still a draft, and what it loads is partly guessed: {'; '.join(marked)}. Settle them "
        f"before the rows are used. See: harmonize mapping check {name}"
    ]


def _told(lines: list[int], where: str = "") -> str:
    said = f"1 line{where} still says" if len(lines) == 1 else f"{len(lines)} lines{where} still say"
    return f"{said} {SUGGESTED.strip()} or {UNDECIDED.strip()}"


def _marked(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """The files that hold marks, with their lines."""
    for path in [*sorted(folder.glob("*.map.yaml")), *sorted(folder.glob("*.sssom.tsv")), folder / "excluded.tsv"]:
        lines = read_text(path).splitlines() if path.is_file() else []
        marked = [number for number, line in enumerate(lines, start=1) if _MARK.search(line)]
        if marked:
            yield path.name, marked
