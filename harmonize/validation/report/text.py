"""The findings for people at a terminal: by file and rule, with the first lines and what would be right."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

from harmonize.engine.plain import plain_line
from harmonize.engine.progress import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.validation.report.model import Group, Report, ReportFile, Summary

EXAMPLES = 3
QUIET = 20
"""So many files without findings are named."""
_WIDTH = 110
_INDENT = " " * 11


def write(report: Report, out: BinaryIO) -> None:
    """Write the report as plain text: sums, then findings, files with most errors first; up to `limit` examples."""
    groups = report.groups(EXAMPLES)
    by_file: dict[int | None, list[Group]] = {}
    for group in groups:
        by_file.setdefault(group.file_id, []).append(group)
    lines = [*_header(report), *_sums(groups)]
    left = report.limit
    told = sorted(
        (file for file in report.files if file.file_id in by_file), key=lambda file: _rank(by_file[file.file_id])
    )
    for place, file in enumerate(told):
        if left <= 0:
            lines += [f"… and findings in {_count(len(told) - place, 'file')} more; --max shows more of them", ""]
            break
        own = by_file[file.file_id]
        lines.append(_file(file))
        for number, group in enumerate(own):
            if left <= 0:
                lines += [f"  … and {_count(len(own) - number, 'kind')} of findings more; --max shows more of them"]
                break
            lines += _group(group)
            left -= len(group.examples)
        lines.append("")
    lines += _quiet([file for file in report.files if file.file_id not in by_file])
    lines += ["", *report.notes, conclusion(report.summary, len(report.files))]
    out.write(("\n".join(map(plain_line, lines)) + "\n").encode())


def _header(report: Report) -> Iterator[str]:
    """What the report is of: names, then the files with their sizes and sums; of many the first."""
    facts = header(report)
    if not facts:
        return
    width = max(len(name) for name, _ in facts)
    for name, fact in facts:
        yield from textwrap.wrap(f"{name:<{width}}  {fact}", _WIDTH, subsequent_indent=" " * (width + 2))
    yield ""
    known = [file for file in report.files if file.sha256]
    for file in known[:QUIET]:
        yield f"{size_text(file.size or 0):>10}  sha256 {file.sha256}  {file.name}"
    if len(known) > QUIET:
        yield f"… and {_count(len(known) - QUIET, 'file')} more; --format json has their sums"
    if known:
        yield ""


def header(report: Report) -> list[tuple[str, str]]:
    """The header of a report for people: (name, fact); nothing where it is not known what the report is of."""
    about = report.about
    if about is None:
        return []
    mapping = about.mapping and f"{about.mapping} (version {(about.mapping_version or '')[:12]})"
    facts = (
        ("Site", about.site),
        ("Project", about.project),
        ("Source", about.source),
        ("Mapping", mapping),
        ("Vocabulary", about.vocabulary),
        ("Files", f"{_count(len(report.files), 'file')}, {size_text(about.size)}"),
        ("Date", about.date),
        ("Checked by", f"harmonize {about.version}"),
        ("Verdict", verdict(report.summary)),
    )
    return [(name, fact) for name, fact in facts if fact]


def _quiet(files: list[ReportFile]) -> Iterator[str]:
    """The files without findings by name; of many that were read the first, and how many more there are."""
    read = [file for file in files if file.file_id is not None]
    shown = {file.file_id for file in read[:QUIET]}
    for file in files:
        if file.file_id is None:
            yield _file(file)
        elif file.file_id in shown:
            yield _file(file) + ", no findings"
    if len(read) > QUIET:
        yield f"… and {_count(len(read) - QUIET, 'file')} more without findings"


def _sums(groups: list[Group]) -> Iterator[str]:
    """How many findings of each rule there are, by severity."""
    for severity in ("error", "warning"):
        counts: Counter[str] = Counter()
        for group in groups:
            if group.severity == severity:
                counts[group.rule] += group.count
        if counts:
            told = ", ".join(f"{rule} {count:,}" for rule, count in counts.most_common())
            yield from textwrap.wrap(f"{severity + 's':<9} {told}", _WIDTH, subsequent_indent=" " * 10)
    if groups:
        yield ""


def _rank(own: list[Group]) -> tuple[int, int]:
    """Files with most errors first, then those with most warnings."""
    errors = sum(group.count for group in own if group.severity == "error")
    return -errors, errors - sum(group.count for group in own)


def _file(file: ReportFile) -> str:
    return f"{file.name}: {file.note or _count(file.records, 'record') + ' of ' + file.kind}"


def conclusion(summary: Summary, files: int) -> str:
    """The result in a sentence or two."""
    return f"{counted(summary, files)} {verdict(summary)}"


def counted(summary: Summary, files: int) -> str:
    """What was read and what was found."""
    found = f"{_count(summary.errors, 'error')} and {_count(summary.warnings, 'warning')}"
    read = f"{_count(files, 'file')}, {_count(summary.records, 'record')}"
    if not summary.errors and not summary.warnings:
        found = "no findings"
    return f"{read}: {found}."


def verdict(summary: Summary) -> str:
    """What a load would make of the delivery; of one that was loaded what became of it."""
    return _foreseen(summary) if summary.states is None else _became(summary.states, summary.cells)


def _became(states: dict[str, int], cells: int) -> str:
    """What became of the records of a delivery that was loaded, as they stand now."""
    told = ", ".join(f"{count:,} {state}" for state, count in states.items() if count) or "none"
    left_out = f"; {_count(cells, 'cell')} with an error {'is' if cells == 1 else 'are'} not loaded" if cells else ""
    return f"Its records are now: {told}{left_out}."


def _foreseen(summary: Summary) -> str:
    """What a load would make of it."""
    if summary.refused:
        more = f" ({len(summary.refused) - 1} more reasons)" if len(summary.refused) > 1 else ""
        return f"A load would refuse the delivery: {summary.refused[0]}{more}"
    return _taken(summary) + "".join(_besides(summary))


def _besides(summary: Summary) -> Iterator[str]:
    """What else there is to know of it."""
    if summary.withdrawn:
        yield f" It would leave out {_count(summary.withdrawn, 'record')} of persons who were withdrawn."
    if not summary.knows_persons:
        yield " Whether the patients are known is not told without their file or --db: records of others would wait."


def _taken(summary: Summary) -> str:
    if summary.quarantined:
        cells = ", and the cells of others that have an error" if summary.leaves_out else ""
        return f"A load would quarantine {_count(summary.quarantined, 'record')}{cells}."
    if summary.quarantined is None and summary.errors:
        return "A load would quarantine what has an error: the cell, or the whole record."
    if summary.load_errors:
        return "A load would leave out what has an error, and quarantine no whole record."
    if summary.errors:
        return "A load would take every record; the errors tell of links that would lead nowhere."
    return _whole(summary)


def _whole(summary: Summary) -> str:
    """What is said of a delivery without errors: that everything can be loaded only where everything would be."""
    if summary.quarantined is None:
        return "What a load would make of it is told with a mapping."
    left = []
    if summary.unread:
        left.append(f"{_count(summary.unread, 'file')} {_was(summary.unread)} not read")
    if summary.excluded:
        left.append(f"{_count(summary.excluded, 'record')} {_was(summary.excluded)} left out by rules of the mapping")
    if undated := summary.rules.get("no_date", 0):
        left.append(f"of {_count(undated, 'statement')} nothing tells a date")
    if left:
        return f"A load would quarantine no record, but not everything would be loaded: {'; '.join(left)}."
    if summary.excluded is None:
        return "A load would quarantine no record; which ones its rules leave out is told when it is done."
    if summary.withdrawn or not summary.knows_persons:
        return "A load would quarantine no record."
    return "Everything can be loaded."


def _was(count: int) -> str:
    return "is" if count == 1 else "are"


def _group(group: Group) -> Iterator[str]:
    unit = {"file": "", "record": "line", "cell": "cell"}[group.scope]
    counted = f"  {_count(group.count, unit)}" if unit else ""
    yield f"  {group.severity:<8} {group.rule}{f' · {group.column}' if group.column else ''}{counted}"
    for example in group.examples:
        where = f"{example.where}: " if example.where else ""
        near = f" - did you mean {example.nearest!r}?" if example.nearest else ""
        hidden = (example.value or "").startswith("***")
        if group.value_tells and not hidden:
            shown = "empty" if example.value is None else repr(example.value)
        else:
            shown = group.say(group.message, example.value)
        yield from _wrapped(f"{where}{shown}{near}")
    if group.count > len(group.examples):
        yield f"{_INDENT}… and {group.count - len(group.examples):,} more"
    if group.scope == "cell" and group.expected and "{expected}" not in group.hint:
        yield from _wrapped(f"Expected: {group.expected}.")
    yield from _wrapped(group.say(group.hint))


def _wrapped(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + "  ")


def _count(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
