"""The findings as one HTML page: no script, nothing fetched, readable by keyboard and on paper."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, BinaryIO

from harmonize.validation.report_text import conclusion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.validation.report import Group, Report, ReportFile

EXAMPLES = 20
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
tr { border-bottom: 1px solid #8886; }
td.n { text-align: right; }
caption { text-align: left; font-weight: 600; }
details { border: 1px solid #8886; border-radius: 4px; margin: .4rem 0; padding: .3rem .8rem; }
summary { cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
.error { color: #b91c1c; } .warning { color: #92400e; }
@media (prefers-color-scheme: dark) { .error { color: #fca5a5; } .warning { color: #fcd34d; } }
code { overflow-wrap: anywhere; }
"""


def write(report: Report, out: BinaryIO) -> None:
    """Write the report as a page."""
    out.write("\n".join(_page(report)).encode())


def _page(report: Report) -> Iterator[str]:
    groups = report.groups(EXAMPLES)
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Validation report</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>"
    yield "<h1>Validation report</h1>"
    yield f"<p>{escape(conclusion(report.summary, len(report.files)))}</p>"
    yield from (f"<p>{escape(note)}</p>" for note in report.notes)
    yield "<table><caption>Files</caption><thead><tr>"
    yield from (f'<th scope="col">{word}</th>' for word in ("File", "Content", "Records", "Errors", "Warnings"))
    yield "</tr></thead><tbody>"
    for number, file in enumerate(report.files, start=1):
        yield _row(number, file, groups)
    yield "</tbody></table>"
    for number, file in enumerate(report.files, start=1):
        own = [group for group in groups if group.file_id == file.file_id]
        if own:
            yield f'<h2 id="f{number}">{escape(file.name)}</h2>'
            for group in own:
                yield from _group(group)
    yield "</main>\n</body>\n</html>\n"


def _row(number: int, file: ReportFile, groups: list[Group]) -> str:
    def total(severity: str) -> int:
        return sum(g.count for g in groups if g.file_id == file.file_id and g.severity == severity)

    errors, warnings = total("error"), total("warning")
    name = escape(file.name)
    linked = f'<a href="#f{number}">{name}</a>' if errors or warnings else name
    return (
        f'<tr><th scope="row">{linked}</th><td>{escape(file.note or file.kind)}</td>'
        f'<td class="n">{file.records:,}</td>'
        f'<td class="n">{errors:,}</td><td class="n">{warnings:,}</td></tr>'
    )


def _group(group: Group) -> Iterator[str]:
    column = f" in <code>{escape(group.column)}</code>" if group.column else ""
    yield f'<details{" open" if group.severity == "error" else ""}><summary><strong class="{group.severity}">'
    yield f"{group.severity}</strong> {group.rule}{column}: {group.count:,}</summary>"
    if group.scope == "file":
        yield f"<p>{escape(group.say(group.message, group.examples[0].value))}</p>"
    elif group.expected and "{expected}" in group.message and "{expected}" not in group.hint:
        yield f"<p>Expected: <code>{escape(group.expected)}</code></p>"
    yield f"<p>{escape(group.say(group.hint))}</p>"
    if group.scope != "file":
        yield '<table><thead><tr><th scope="col">Line</th><th scope="col">Value</th>'
        yield '<th scope="col">Nearest</th></tr></thead><tbody>'
        for example in group.examples:
            yield (
                f'<tr><td class="n">{example.line}</td><td><code>{escape(example.value or "")}</code></td>'
                f"<td><code>{escape(example.nearest or '')}</code></td></tr>"
            )
        yield "</tbody></table>"
        if group.count > len(group.examples):
            yield f"<p>… and {group.count - len(group.examples):,} more.</p>"
    yield "</details>"
