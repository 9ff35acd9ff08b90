"""The matrix as one HTML page that fetches nothing: arrow keys walk the cells, filters narrow the rows.

Without its script it is a plain table with every reason beside its match, as on paper.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from harmonize.review.matrix import MATCHES, counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harmonize.review.matrix import Cell, Line

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --page: Canvas; --fill: #2563eb; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem; }
h1 { margin: 0 0 .3rem; } p { max-width: 60rem; margin: .3rem 0 .8rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1.2rem; align-items: end; margin: .8rem 0; }
label > span { display: block; font-size: .85rem; }
input[type=search], select, button { font: inherit; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: 600; } .counts { margin-bottom: 1rem; }
.counts td, .counts th { padding: .1rem .9rem .1rem 0; text-align: right; }
.counts th:first-child { text-align: left; font-weight: normal; }
.grid { width: 100%; table-layout: fixed; }
.grid th, .grid td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; font-weight: normal; }
.grid thead th { position: sticky; top: 0; background: var(--page); font-weight: 600; z-index: 1; }
.grid tbody th b { font-weight: 600; }
.match { font-weight: 600; } .match::before { content: ""; display: inline-block; width: .65em; height: .65em;
  margin-right: .4em; border: 2px solid var(--c); background: var(--f, var(--c)); border-radius: 50%; }
.exact { --c: #15803d; } .close { --c: #4d7c0f; --f: #bef264; } .broad, .narrow { --c: #a16207; --f: #fde68a; }
.related { --c: #7c3aed; --f: transparent; } .none { --c: #6b7280; --f: transparent; } .gap { --c: #b91c1c; }
td.none .match, td.none .reason { opacity: .85; font-weight: normal; }
.object { display: block; font: 13px/1.35 ui-monospace, monospace; } .reason { display: block; font-size: .85rem; }
.scripted .grid .reason { display: none; }
tr.differs > th { box-shadow: inset 4px 0 #b91c1c; } .mark { color: #b91c1c; font-weight: 600; }
@media (prefers-color-scheme: dark) { .mark { color: #fca5a5; } }
:focus-visible { outline: 3px solid var(--fill); outline-offset: -2px; }
#detail { position: sticky; bottom: 0; background: var(--page); border-top: 2px solid var(--fill); padding: .5rem 0;
  min-height: 4.4rem; }
#detail:empty { display: none; }
[hidden] { display: none; }
@media print { form, #detail { display: none; } .scripted .grid .reason { display: block; }
  .grid thead th { position: static; }
  body { margin: 0; font-size: 9pt; } tr { break-inside: avoid; } }
"""
_SCRIPT = """
document.documentElement.classList.add('scripted');
const form = document.querySelector('form');
const grid = document.querySelector('.grid');
const detail = document.getElementById('detail');
const rows = [...grid.tBodies[0].rows];
let current = null;
function shown() { return rows.filter(row => !row.hidden); }
function pick(cell, focus) {
  if (current) current.tabIndex = -1;
  current = cell;
  cell.tabIndex = 0;
  if (focus) { cell.focus(); cell.scrollIntoView({block: 'nearest'}); }
}
function tell(cell) {
  const head = cell.parentNode.cells[0].textContent;
  const who = grid.tHead.rows[0].cells[cell.cellIndex].textContent;
  detail.replaceChildren();
  for (const text of [`${head} — ${who}`, ...[...cell.children].map(one => one.textContent), cell.dataset.more || '']) {
    if (!text) continue;
    const line = document.createElement('div');
    line.textContent = text;
    detail.append(line);
  }
  detail.firstChild.style.fontWeight = 600;
}
function filter() {
  const words = form.text.value.toLowerCase();
  const kinds = form.kind.value;
  for (const row of rows) {
    const data = row.dataset;
    const cells = [...row.cells].slice(1);
    const wanted = form.match.value;
    const asked = form.consortium.value ? [row.cells[Number(form.consortium.value)]] : cells;
    row.hidden = !((!form.node.value || form.node.value === data.node)
      && (kinds === 'all' || kinds === data.kind)
      && (!form.differs.checked || row.classList.contains('differs'))
      && (!wanted || asked.some(cell => cell.classList.contains(wanted)))
      && row.textContent.toLowerCase().includes(words));
  }
  const left = shown();
  document.querySelector('output').textContent = `${left.length} of ${rows.length} rows shown`;
  if (left.length && (!current || current.parentNode.hidden)) pick(left[0].cells[1], false);
}
grid.addEventListener('keydown', event => {
  const cell = event.target.closest('td');
  if (!cell) return;
  const list = shown();
  const at = list.indexOf(cell.parentNode);
  const column = cell.cellIndex;
  const last = cell.parentNode.cells.length - 1;
  const to = {ArrowDown: [at + 1, column], ArrowUp: [at - 1, column], ArrowRight: [at, column + 1],
    ArrowLeft: [at, column - 1], PageDown: [at + 10, column], PageUp: [at - 10, column], Home: [at, 1],
    End: [at, last]}[event.key];
  if (!to) return;
  event.preventDefault();
  const row = list[Math.max(0, Math.min(list.length - 1, to[0]))];
  pick(row.cells[Math.max(1, Math.min(last, to[1]))], true);
});
grid.addEventListener('focusin', event => {
  const cell = event.target.closest('td');
  if (cell) { pick(cell, false); tell(cell); }
});
grid.addEventListener('click', event => { const cell = event.target.closest('td'); if (cell) pick(cell, true); });
form.hidden = false;
form.addEventListener('input', filter);
form.addEventListener('reset', () => setTimeout(filter));
form.addEventListener('submit', event => event.preventDefault());
filter();
"""


def page(lines: Sequence[Line], titles: Mapping[str, str]) -> str:
    """The page. `titles` gives each consortium's long name, shown in the column's head."""
    return "".join(_parts(lines, titles))


def _parts(lines: Sequence[Line], titles: Mapping[str, str]) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
    policy = f"default-src 'none'; style-src 'unsafe-inline'; {_script_source()}"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>MIDRC dictionary and other consortia</title>\n<style>{_STYLE}</style></head><body>\n"
    yield "<h1>The MIDRC dictionary beside other consortia</h1>\n"
    yield (
        "<p>Each property of the dictionary and of the hub, then their values, against each consortium. exact and "
        "close: the same, or nearly; broad, narrow: the other side is broader, narrower; related: near in another way, "
        "or a pattern of several that only together say it; none: looked for and not there, with the reason; gap: "
        "nobody has looked. "
        '<span class="mark">Differs</span>: the consortia name different OMOP concepts. '
        "Tab goes into the table, arrow keys walk its cells; below it stands what is chosen.</p>\n"
    )
    yield _counts(lines, titles)
    yield _form(lines, titles)
    heads = "".join(
        f'<th scope="col" title="{escape(title)}">{escape(_short(name))}</th>' for name, title in titles.items()
    )
    yield '<table class="grid" role="grid" aria-label="Matrix"><thead><tr><th scope="col">Property</th>'
    yield f"{heads}</tr></thead><tbody>\n"
    for line in lines:
        yield _row(line)
    yield '</tbody></table>\n<div id="detail" role="status" aria-live="polite"></div>\n'
    yield f"<script>{_SCRIPT}</script></body></html>\n"


def _script_source() -> str:
    digest = b64encode(sha256(_SCRIPT.encode()).digest()).decode()
    return f"script-src 'sha256-{digest}'"


def _short(name: str) -> str:
    return name.replace("_", " ")


def _counts(lines: Sequence[Line], titles: Mapping[str, str]) -> str:
    head = "".join(f'<th scope="col">{match}</th>' for match in MATCHES)
    body = "".join(
        f'<tr><th scope="row">{escape(_short(row["consortium"]))}: {escape(titles[row["consortium"]])}</th>'
        + "".join(f"<td>{row[match]}</td>" for match in MATCHES)
        + "</tr>"
        for row in counts([line for line in lines if not line.value])
    )
    return (
        f'<table class="counts"><caption>Properties by match</caption><thead><tr><th scope="col">consortium</th>{head}'
        f"</tr></thead><tbody>{body}</tbody></table>\n"
    )


def _form(lines: Sequence[Line], titles: Mapping[str, str]) -> str:
    nodes = "".join(f"<option>{escape(node)}</option>" for node in dict.fromkeys(line.node for line in lines))
    matches = "".join(f"<option>{match}</option>" for match in MATCHES)
    columns = "".join(f'<option value="{n}">{escape(_short(name))}</option>' for n, name in enumerate(titles, 1))
    return (
        "<form hidden>"
        '<label><span>Text</span><input type="search" name="text"></label>'
        f'<label><span>Node</span><select name="node"><option value="">all</option>{nodes}</select></label>'
        '<label><span>Rows</span><select name="kind"><option value="all">properties and values</option>'
        '<option value="property">properties</option><option value="value">values</option></select></label>'
        f'<label><span>Match</span><select name="match"><option value="">any</option>{matches}</select></label>'
        '<label><span>of consortium</span><select name="consortium">'
        f'<option value="">any</option>{columns}</select></label>'
        '<label><input type="checkbox" name="differs"> differs only</label>'
        '<button type="reset">Show all</button><output></output></form>\n'
    )


def _row(line: Line) -> str:
    name = f"{line.node}: {line.name}" if line.name else line.node
    value = f"<br><b>{escape(line.value)}</b>" if line.value else ""
    mark = ' <span class="mark">differs</span>' if line.differs else ""
    kind = "value" if line.value else "property"
    css = ' class="differs"' if line.differs else ""
    cells = "".join(_cell(cell) for cell in line.cells.values())
    head = f'<th scope="row">{escape(name)}{value}{mark}</th>'
    return f'<tr{css} data-node="{escape(line.node)}" data-kind="{kind}">{head}{cells}</tr>\n'


def _cell(cell: Cell) -> str:
    more = "; ".join(
        text
        for text in (
            f"OMOP concept {', '.join(map(str, sorted(cell.concepts)))}" if cell.concepts else "",
            f"confidence {cell.confidence}" if cell.confidence else "",
            f"reviewed by {cell.reviewers.replace('|', ', ')}" if cell.reviewers else "not reviewed",
        )
        if text
    )
    objects = "".join(
        f'<span class="object">{_breakable(code)}{_label(code, label)}</span>'
        for code, label in zip(cell.objects, cell.labels, strict=True)
    )
    reason = f'<span class="reason">{escape(cell.comment)}</span>' if cell.comment else ""
    return (
        f'<td class="{cell.match}" tabindex="-1" data-more="{escape(more)}">'
        f'<span class="match">{cell.match}{_together(cell)}</span>{objects}{reason}</td>'
    )


def _together(cell: Cell) -> str:
    return f": {len(cell.objects)} together" if cell.together else ""


def _breakable(code: str) -> str:
    """A code that a narrow column may break behind its slashes and underscores."""
    return escape(code).replace("/", "/<wbr>").replace("_", "_<wbr>")


def _label(code: str, label: str) -> str:
    """The object's name, where its code does not say it already."""
    return f" ({escape(label)})" if label and not code.endswith(label) else ""
