"""Write the table of docs/questions.md anew from the heads of sql/queries: python docs/questions_table.py [--check]."""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from harmonize.export.questions import Question, questions  # noqa: E402

PAGE = REPOSITORY / "docs" / "questions.md"
BEGIN, END = "<!-- questions -->\n", "<!-- end of questions -->\n"


def main(*arguments: str) -> int:
    """Write the page; with --check say whether it is in step."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = before + BEGIN + table() + END + after
    if "--check" in arguments:
        return 0 if wanted == text else 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


def table() -> str:
    """A line a question."""
    lines = ["| question | | parameters | asked by |", "|---|---|---|---|"]
    lines += [
        f"| [`{one.name}`](../sql/queries/{one.name}.sql) | {one.title} | {_parameters(one)} | {one.asked_by} |"
        for one in questions()
    ]
    return "\n".join(lines) + "\n"


def _parameters(asked: Question) -> str:
    shown = [
        f"`{one.name}`" if one.default is None else f"`{one.name}={_text(one.default)}`" for one in asked.parameters
    ]
    return ", ".join(shown)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
