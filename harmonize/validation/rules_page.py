"""docs/rules.md, written from the rule files: `python -m harmonize.validation.rules_page > docs/rules.md`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from harmonize.validation.rules import rule_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.validation.rules import RuleText

_INTRODUCTION = """\
# The rules

Every rule of `harmonize validate` and `harmonize load`: what it says, why it is asked, where it comes from, an example,
and how to mend what it found. How rules are declared, and how a site changes their severities:
[validation](validation.md). This page is made from [sql/validation/rules](../sql/validation/rules).

In the texts, {column} is the header as sent, {value} the cell (hidden where it may identify a person) and {expected}
what the schema says.
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    for family, rules in groupby(rule_texts().values(), key=lambda rule: rule.family):
        yield f"## {family.replace('_', ' ').capitalize()}\n"
        for rule in rules:
            yield from _rule(rule)


def _rule(rule: RuleText) -> Iterator[str]:
    yield f"### {rule.rule}\n"
    yield f"{rule.message} ({rule.severity}, {rule.scope})\n"
    yield f"- Why: {rule.why}"
    yield f"- Source: {rule.source}"
    yield f"- Example: {rule.example}"
    yield f"- To mend it: {rule.hint}\n"


if __name__ == "__main__":
    print(page(), end="")
