"""Check the links between the Markdown files: targets exist, headings too. Run by `make docs`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
_EXTERNAL = ("http://", "https://", "mailto:")


def anchors(markdown: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a text."""
    headings = _HEADING.findall(re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(file: Path) -> list[str]:
    """One sentence for each link of `file` that leads nowhere."""
    problems = []
    for found in _LINK.finditer(_CODE.sub("", file.read_text(encoding="utf-8"))):
        link = found[1] or found[2]
        if link.startswith(_EXTERNAL):
            continue
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.exists():
            problems.append(f"{file}: {link} does not exist")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            problems.append(f"{file}: {link}: no such heading")
    return problems


def markdown_files(folder: Path) -> list[Path]:
    """The Markdown files of the repository itself."""
    return sorted([*folder.glob("*.md"), *(folder / "docs").rglob("*.md"), *(folder / "mappings").rglob("*.md")])


def main() -> int:
    """Print the broken links and return the exit code."""
    files = markdown_files(REPOSITORY)
    problems = [problem for file in files for problem in broken_links(file)]
    print("\n".join(problems) or f"{len(files)} Markdown files, all links lead somewhere.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
