"""The findings as Markdown, for mails, issues and pages: the header, the files, the sums, then each kind with its first
lines. What the delivery says is text, never markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from harmonize.engine.plain import plain_line
from harmonize.engine.progress import size_text
from harmonize.validation.report.text import conclusion, header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harmonize.validation.report.model import Group, Report

EXAMPLES = 10
_MARKS = re.compile(r"[\\`*{}\[\]|~@#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_BEGINS = re.compile(r"^(\d*)([-+>=.)])")


def write(report: Report, out: BinaryIO) -> None:
    """Write the report; up to `limit` examples."""
    out.write(("\n".join(_lines(report)) + "\n").encode())


def _lines(report: Report) -> Iterator[str]:
    groups = report.groups(EXAMPLES)
    yield from ("# Validation report", "")
    yield from _table(("", ""), header(report))
    yield from (_line(conclusion(report.summary, len(report.files))), "")
    for note in report.notes:
        yield from (_line(note), "")
    yield from ("## Files", "")
    yield from _files(report, groups)
    sums: dict[tuple[str, str], int] = {}
    for group in groups:
        sums[group.severity, group.rule] = sums.get((group.severity, group.rule), 0) + group.count
    if sums:
        yield from ("## Findings by rule", "")
        ranked = sorted(sums.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
        yield from _table(
            ("Severity", "Rule", "Findings"),
            ((severity, rule, f"{count:,}") for (severity, rule), count in ranked),
        )
        yield from ("## Findings", "")
    left = report.limit
    for file in report.files:
        own = [group for group in groups if group.file_id == file.file_id]
        if own and left > 0:
            yield from (f"### {_text(file.name)}", "")
        for group in own:
            if left > 0:
                yield from _group(group)
            left -= len(group.examples)
    if left < 0:
        yield from ("Further findings are left out; --max shows more of them.", "")


def _files(report: Report, groups: Sequence[Group]) -> Iterator[str]:
    rows = []
    for file in report.files:
        counts = dict.fromkeys(("error", "warning"), 0)
        for group in groups:
            if group.file_id == file.file_id:
                counts[group.severity] = counts.get(group.severity, 0) + group.count
        said = (file.note or file.kind, f"{file.records:,}", f"{counts['error']:,}", f"{counts['warning']:,}")
        rows.append((file.name, *said, "" if file.size is None else size_text(file.size), file.sha256 or ""))
    yield from _table(("File", "Content", "Records", "Errors", "Warnings", "Size", "sha256"), rows)


def _group(group: Group) -> Iterator[str]:
    column = f" in {_text(group.column)}" if group.column else ""
    yield f"**{group.severity}** {_text(group.rule)}{column}: {group.count:,}"
    yield ""
    if group.scope == "file":
        yield _line(group.say(group.message, group.examples[0].value))
        yield ""
    elif group.expected and "{expected}" in group.message and "{expected}" not in group.hint:
        yield f"Expected: {_text(group.expected)}"
        yield ""
    yield _line(group.say(group.hint))
    yield ""
    if group.scope == "file":
        return
    heads = ("Line", "Value" if group.value_tells else "Finding", "Nearest")
    rows = [
        (
            example.where,
            (example.value or "") if group.value_tells else group.say(group.message, example.value),
            example.nearest or "",
        )
        for example in group.examples
    ]
    width = 3 if any(example.nearest for example in group.examples) else 2
    yield from _table(heads[:width], (row[:width] for row in rows))
    if group.count > len(group.examples):
        yield f"… and {group.count - len(group.examples):,} more; --format csv lists every line."
        yield ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    lines = [f"| {' | '.join(_text(str(cell)) for cell in row)} |" for row in rows]
    if lines:
        yield from (f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}", *lines, "")


def _text(text: str) -> str:
    """A text on one line that Markdown and the HTML in it show as it is."""
    line = " ".join(plain_line(text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;")
    return _MARKS.sub(lambda mark: f"\\{mark[0]}", line)


def _line(text: str) -> str:
    """The same for a paragraph, which begins no list, quotation or heading."""
    return _BEGINS.sub(r"\1\\\2", _text(text))
