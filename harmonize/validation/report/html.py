"""The findings as one HTML page: it can be filtered by keyboard, read on paper and without its script."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from harmonize.report.blocks import Badge, Bar, Made, Table, moment, table
from harmonize.report.page import stream
from harmonize.validation.report.picture import filled, histogram, value_bars
from harmonize.validation.report.text import counted, header, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harmonize.validation.report.model import Group, Report, ReportFile, Summary

EXAMPLES = 20


@dataclass(frozen=True)
class FileFindings:
    """A file with its place in the delivery and the groups of its findings."""

    number: int
    file: ReportFile
    groups: Sequence[Group]

    @property
    def found(self) -> bool:
        return bool(self.groups)

    @property
    def errors(self) -> int:
        return self._total("error")

    @property
    def warnings(self) -> int:
        return self._total("warning")

    def _total(self, severity: str) -> int:
        return sum(group.count for group in self.groups if group.severity == severity)


def write(report: Report, out: BinaryIO) -> None:
    """Write the report as a page."""
    context = _context(report)
    for part in stream("validation.html", script="validation.js" if context["groups"] else None, **context):
        out.write(part.encode())


def _context(report: Report) -> dict[str, Any]:
    groups = report.groups(EXAMPLES)
    files = _by_file(report.files, groups)
    profiled = [file for file in report.files if file.profile]
    sections = [("files", "Files"), ("findings", "Findings"), *([("columns", "Columns")] if profiled else [])]
    return {
        "title": "Validation report",
        "made": report.about and Made(report.about.date, report.about.version),
        "sections": sections,
        "tone": _tone(report.summary),
        "verdict": verdict(report.summary),
        "conclusion": counted(report.summary, len(report.files)),
        "facts": _facts(report),
        "notes": report.notes,
        "files": files,
        "summed": any(file.sha256 for file in report.files),
        "groups": groups,
        "by_rule": _by_rule(groups),
        "rules": [(rule, rule) for rule in sorted({group.rule for group in groups})],
        "named": [(one.number, one.file.name) for one in files if one.found],
        "profiled": profiled,
        "draw": {"filled": filled, "histogram": histogram, "bars": value_bars},
    }


def _facts(report: Report) -> list[tuple[str, str]]:
    """The header without its verdict, which stands above it."""
    return [(name, moment(fact) if name == "Date" else fact) for name, fact in header(report) if name != "Verdict"]


def _tone(summary: Summary) -> str:
    """How the verdict is shown: an error, a warning, or nothing to do."""
    if summary.errors or summary.refused:
        return "error"
    return "warning" if summary.warnings or summary.quarantined or summary.unread or summary.withdrawn else "good"


def _by_file(files: Sequence[ReportFile], groups: Sequence[Group]) -> list[FileFindings]:
    own = defaultdict(list)
    for group in groups:
        own[group.file_id].append(group)
    return [
        FileFindings(number, file, [] if file.file_id is None else own[file.file_id])
        for number, file in enumerate(files, start=1)
    ]


def _by_rule(groups: Sequence[Group]) -> Table:
    """How many findings each rule has, errors first."""
    counts: Counter[tuple[str, str]] = Counter()
    for group in groups:
        counts[group.severity, group.rule] += group.count
    highest = max(counts.values(), default=1)
    ranked = sorted(counts.items(), key=lambda item: (item[0][0], -item[1]))
    rows = [
        {
            "rule": rule,
            "severity": Badge(severity, severity),
            "findings": Bar(count / highest, f"{count:,}", severity),
        }
        for (severity, rule), count in ranked
    ]
    return table(rows, "Findings by rule")
