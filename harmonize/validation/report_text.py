"""The findings for people at a terminal: by file and rule, with the first lines and what would be right."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.validation.report import Group, Report, Summary

EXAMPLES = 3
_WIDTH = 110
_INDENT = " " * 11


def write(report: Report, out: BinaryIO) -> None:
    """Write the report as plain text."""
    groups = report.groups(EXAMPLES)
    lines: list[str] = []
    for file in report.files:
        own = [group for group in groups if group.file_id == file.file_id]
        lines.append(f"{file.name}: {file.note or _count(file.records, 'record') + ' of ' + file.kind}")
        if file.file_id is not None and not own:
            lines.append("  no findings")
        for group in own:
            lines += _group(group)
        lines.append("")
    lines += [*report.notes, conclusion(report.summary, len(report.files))]
    out.write(("\n".join(lines) + "\n").encode())


def conclusion(summary: Summary, files: int) -> str:
    """The result in a sentence or two."""
    found = f"{_count(summary.errors, 'error')} and {_count(summary.warnings, 'warning')}"
    read = f"{_count(files, 'file')}, {_count(summary.records, 'record')}"
    if summary.errors:
        return f"{read}: {found}. A load would quarantine what has an error: the cell, or the whole record."
    if summary.warnings:
        return f"{read}: {found}. Everything can be loaded."
    return f"{read}: no findings. Everything can be loaded."


def _group(group: Group) -> Iterator[str]:
    unit = {"file": "", "record": "line", "cell": "cell"}[group.scope]
    counted = f"  {_count(group.count, unit)}" if unit else ""
    yield f"  {group.severity:<8} {group.rule}{f' · {group.column}' if group.column else ''}{counted}"
    for example in group.examples:
        where = "" if example.line is None else f"line {example.line:,}: "
        near = f" - did you mean {example.nearest!r}?" if example.nearest else ""
        # A cell's value says enough: the rule and the column stand above it.
        shown = repr(example.value) if group.scope == "cell" else group.say(group.message, example.value)
        yield from _wrapped(f"{where}{shown if example.value or group.scope != 'cell' else 'empty'}{near}")
    if group.count > len(group.examples):
        yield f"{_INDENT}… and {group.count - len(group.examples):,} more"
    if group.scope == "cell" and group.expected and "{expected}" not in group.hint:
        yield from _wrapped(f"Expected: {group.expected}.")
    yield from _wrapped(group.say(group.hint))


def _wrapped(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + "  ")


def _count(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
