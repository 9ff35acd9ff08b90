"""The findings as one HTML page: nothing is fetched; it can be filtered by keyboard, read on paper, without its script.

Texts are escaped, and a content security policy lets no other script run than the page's own.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from harmonize.engine.progress import size_text
from harmonize.validation.report.picture import bars, column_rows
from harmonize.validation.report.text import conclusion, header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harmonize.validation.report.model import Group, Report, ReportFile

EXAMPLES = 20
_STYLE = """
:root { color-scheme: light dark; --line: #8886; --error: #b91c1c; --warning: #92400e; --fill: #2563eb; }
@media (prefers-color-scheme: dark) { :root { --error: #fca5a5; --warning: #fcd34d; --fill: #60a5fa; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; font-weight: normal; }
thead th { font-weight: 600; }
tr { border-bottom: 1px solid var(--line); break-inside: avoid; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; }
figure { margin: 1rem 0; overflow-x: auto; }
details { border: 1px solid var(--line); border-radius: 4px; margin: .4rem 0; padding: .3rem .8rem; }
summary { cursor: pointer; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .5rem 0; }
fieldset { border: 1px solid var(--line); border-radius: 4px; padding: .1rem .6rem; }
label > span { display: block; font-size: .85rem; }
input[type=search], select, button { font: inherit; max-width: 16rem; }
:focus-visible { outline: 3px solid var(--fill); outline-offset: 2px; }
.error { color: var(--error); } .warning { color: var(--warning); }
svg text { font: 13px system-ui, sans-serif; fill: currentColor; }
svg .error { fill: var(--error); } svg .warning { fill: var(--warning); } svg .bar { fill: var(--fill); }
svg .rest { fill: none; stroke: var(--line); }
code { overflow-wrap: anywhere; white-space: pre-wrap; }
.soft { opacity: .75; font-size: .9rem; }
.columns { overflow-x: auto; }
.about { margin: 1rem 0; padding: .6rem .9rem; border: 1px solid var(--line); border-radius: 4px; }
.about div { display: flex; gap: .8rem; } .about dt { flex: 0 0 6rem; opacity: .75; }
.about dd { margin: 0; overflow-wrap: anywhere; }
.sum code { font-size: .75rem; display: inline-block; min-width: 18em; }
a { color: var(--fill); }
[hidden] { display: none; }
@media print {
  body { max-width: none; margin: 0; font-size: 10pt; } form { display: none; } figure { margin: 1rem 0; }
  .columns, figure { overflow: visible; } .sum code { min-width: 9em; } .about { break-inside: avoid; }
details { border: 0; padding: 0; }
  h2, h3, summary { break-after: avoid; } svg { print-color-adjust: exact; }
}
"""
_SCRIPT = """
const form = document.querySelector('form');
const all = [...document.querySelectorAll('details.finding')];
function show() {
  const words = form.text.value.toLowerCase();
  let shown = 0;
  for (const one of all) {
    const data = one.dataset;
    const fits = form[data.severity].checked && (!form.rule.value || form.rule.value === data.rule)
      && (!form.file.value || form.file.value === data.file) && one.textContent.toLowerCase().includes(words);
    one.hidden = !fits;
    shown += fits;
  }
  for (const file of document.querySelectorAll('section.file')) {
    file.hidden = !file.querySelector('details.finding:not([hidden])');
  }
  document.querySelector('output').textContent = `${shown} of ${all.length} groups shown`;
}
form.hidden = false;
form.addEventListener('input', show);
form.addEventListener('reset', () => setTimeout(show));
form.addEventListener('submit', event => event.preventDefault());
addEventListener('beforeprint', () => all.forEach(one => { one.open = true; }));
show();
"""


def write(report: Report, out: BinaryIO) -> None:
    """Write the report as a page."""
    for part in _page(report):
        out.write(part.encode() + b"\n")


def _page(report: Report) -> Iterator[str]:
    groups = report.groups(EXAMPLES)
    own_script = b64encode(sha256(_SCRIPT.encode()).digest()).decode()
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    yield f"style-src 'unsafe-inline'; script-src 'sha256-{own_script}'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Validation report</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>"
    yield "<h1>Validation report</h1>"
    yield from _header(report)
    yield f"<p>{escape(conclusion(report.summary, len(report.files)))}</p>"
    yield from (f"<p>{escape(note)}</p>" for note in report.notes)
    yield from _summary(report, groups)
    if groups:
        yield from _filters(report, groups)
    for number, file in enumerate(report.files, start=1):
        own = [group for group in groups if group.file_id == file.file_id]
        if own:
            yield f'<section class="file" aria-labelledby="f{number}">'
            yield f'<h3 id="f{number}">{escape(file.name)}</h3>'
            for group in own:
                yield from _group(group, number)
            yield "</section>"
    yield from _columns(report.files)
    yield f"</main>\n<script>{_SCRIPT if groups else ''}</script>\n</body>\n</html>"


def _header(report: Report) -> Iterator[str]:
    """What the report is of, as a list of terms."""
    facts = header(report)
    if facts:
        yield '<dl class="about">'
        yield from (f"<div><dt>{name}</dt><dd>{escape(fact)}</dd></div>" for name, fact in facts)
        yield "</dl>"


def _summary(report: Report, groups: list[Group]) -> Iterator[str]:
    yield "<h2>Summary</h2>"
    summed = any(file.sha256 for file in report.files)
    heads = ("File", "Content", "Records", "Errors", "Warnings", *(("Size", "sha256") if summed else ()))
    yield '<div class="columns" tabindex="0" role="region" aria-label="Files">'
    yield "<table><caption>Files</caption><thead><tr>"
    yield from (f'<th scope="col">{word}</th>' for word in heads)
    yield "</tr></thead><tbody>"
    for number, file in enumerate(report.files, start=1):
        yield _row(number, file, groups, summed)
    yield "</tbody></table></div>"
    counts: dict[tuple[str, str], int] = {}
    for group in groups:
        counts[group.severity, group.rule] = counts.get((group.severity, group.rule), 0) + group.count
    ranked = sorted(counts.items(), key=lambda item: (item[0][0], -item[1]))
    if ranked:
        yield "<figure><figcaption>Findings by rule</figcaption>"
        yield bars([(f"{severity} {rule}", count, severity) for (severity, rule), count in ranked])
        yield "</figure>"


def _row(number: int, file: ReportFile, groups: list[Group], summed: bool) -> str:
    def total(severity: str) -> int:
        return sum(g.count for g in groups if g.file_id == file.file_id and g.severity == severity)

    errors, warnings = total("error"), total("warning")
    name = escape(file.name)
    size = f'<td class="n">{size_text(file.size or 0)}</td>'
    sums = f'{size}<td class="sum"><code>{file.sha256 or ""}</code></td>' if summed else ""
    linked = f'<a href="#f{number}">{name}</a>' if errors or warnings else name
    return (
        f'<tr><th scope="row">{linked}</th><td>{escape(file.note or file.kind)}</td>'
        f'<td class="n">{file.records:,}</td>'
        f'<td class="n">{errors:,}</td><td class="n">{warnings:,}</td>{sums}</tr>'
    )


def _filters(report: Report, groups: list[Group]) -> Iterator[str]:
    """Controls that the page's script shows and works; without it all findings are there."""
    named = {file.file_id: number for number, file in enumerate(report.files, start=1)}
    found = {named[group.file_id] for group in groups}
    files = ((str(n), file.name) for n, file in enumerate(report.files, start=1) if n in found)
    rules = ((rule, rule) for rule in sorted({group.rule for group in groups}))
    yield '<h2>Findings</h2>\n<form hidden aria-label="Filter the findings">'
    yield "<fieldset><legend>Severity</legend>"
    for severity in ("error", "warning"):
        yield f'<label><input type="checkbox" name="{severity}" checked> {severity}s</label>'
    yield "</fieldset>"
    yield _choice("rule", "Rule", rules)
    yield _choice("file", "File", files)
    yield '<label><span>Text</span><input type="search" name="text"></label>'
    yield '<button type="reset">Show all</button> <output aria-live="polite"></output></form>'


def _choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return f'<label><span>{label}</span><select name="{name}"><option value="">all</option>{listed}</select></label>'


def _group(group: Group, file: int) -> Iterator[str]:
    column = f" in <code>{escape(group.column)}</code>" if group.column else ""
    opened = " open" if group.severity == "error" else ""
    data = f'data-severity="{group.severity}" data-rule="{group.rule}" data-file="{file}"'
    yield f'<details class="finding" {data}{opened}>'
    yield f'<summary><strong class="{group.severity}">{group.severity}</strong> {group.rule}{column}: '
    yield f"{group.count:,}</summary>"
    if group.scope == "file":
        yield f"<p>{escape(group.say(group.message, group.examples[0].value))}</p>"
    elif group.expected and "{expected}" in group.message and "{expected}" not in group.hint:
        yield f"<p>Expected: <code>{escape(group.expected)}</code></p>"
    yield f"<p>{escape(group.say(group.hint))}</p>"
    if group.scope != "file":
        yield from _examples(group)
    yield "</details>"


def _examples(group: Group) -> Iterator[str]:
    """The first lines: of cells the value and what is nearest to it, of records the whole sentence."""
    near = any(example.nearest for example in group.examples)
    heads = ["Line", "Value" if group.value_tells else "Finding", *(["Nearest"] if near else [])]
    yield "<table><thead><tr>"
    yield from (f'<th scope="col">{head}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    for example in group.examples:
        value = f"<code>{escape(example.value or '')}</code>"
        told = value if group.value_tells else escape(group.say(group.message, example.value))
        nearest = f"<td><code>{escape(example.nearest or '')}</code></td>" if near else ""
        line = escape(example.place) or ("" if example.line is None else f"{example.line:,}")
        yield f'<tr><td class="n">{line}</td><td>{told}</td>{nearest}</tr>'
    yield "</tbody></table>"
    if group.count > len(group.examples):
        yield f"<p>… and {group.count - len(group.examples):,} more; --format csv lists every line.</p>"


def _columns(files: Iterable[ReportFile]) -> Iterator[str]:
    """How full the columns are and what they hold, file by file."""
    profiled = [file for file in files if file.profile]
    if not profiled:
        return
    yield "<h2>Columns</h2>"
    yield '<p class="soft">Values are not shown where they may tell who somebody is; of free texts only those of five '
    yield "lines and more are.</p>"
    for file in profiled:
        yield f"<details><summary>{escape(file.name)}: {len(file.profile)} columns, {file.records:,} records</summary>"
        yield '<div class="columns" tabindex="0" role="region" aria-label="Columns"><table><thead><tr>'
        yield from (f'<th scope="col">{word}</th>' for word in ("Column", "Filled", "Different", "Values"))
        yield "</tr></thead><tbody>"
        yield from column_rows(file.profile, file.records)
        yield "</tbody></table></div></details>"
