"""What of a mapping folder is still a draft: places that `harmonize mapping init` marked and nobody has settled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harmonize.engine.text_file import read_text
from harmonize.vocabulary.sssom import UNDECIDED
from harmonize.vocabulary.value_set_check import Problem

if TYPE_CHECKING:
    from pathlib import Path

SUGGESTED = "suggested: "
_MARK = re.compile(f"{SUGGESTED}|{UNDECIDED}")


def drafted(folder: Path) -> list[Problem]:
    """One warning for each file of the mapping that holds such marks, at the first of them."""
    files = [*sorted(folder.glob("*.map.yaml")), *sorted(folder.glob("*.sssom.tsv")), folder / "excluded.tsv"]
    found = []
    for path in files:
        lines = read_text(path).splitlines() if path.is_file() else []
        marked = [number for number, line in enumerate(lines, start=1) if _MARK.search(line)]
        if marked:
            told = f"{len(marked)} lines still say {SUGGESTED.strip()} or {UNDECIDED.strip()}, this one first."
            hint = "Look over each, correct it, and take the mark away."
            found.append(Problem(path.name, marked[0], "warning", told, hint))
    return found
