"""A small HTML page: headings, paragraphs and tables in one file, without scripts or anything from the network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; --text: #1d2733; --soft: #5b6875; --line: #dfe4ea; --paper: #ffffff;
  --band: #f5f7f9; --mark: #0b5c7a; --bar: #8fc1d4; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e9ee; --soft: #9aa7b4; --line: #303a45; --paper: #14191f;
  --band: #1b222a; --mark: #7cc4de; --bar: #2c6d86; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, header > div, nav > ul { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
header { background: var(--band); border-bottom: 1px solid var(--line); padding: 2.2rem 0 1.4rem; }
h1 { margin: 0 0 .4rem; font-size: 2rem; line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 3rem 0 .6rem; font-size: 1.35rem; line-height: 1.3; }
h3 { margin: 1.8rem 0 .3rem; font-size: 1.05rem; }
p { margin: .4rem 0 .9rem; max-width: 46rem; }
.soft { color: var(--soft); }
nav { border-bottom: 1px solid var(--line); background: var(--paper); }
@media (min-width: 60rem) { nav { position: sticky; top: 0; z-index: 1; } }
nav > ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding-top: .6rem;
  padding-bottom: .6rem;  font-size: .88rem; }
a { color: var(--mark); }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }
section { scroll-margin-top: 3.5rem; }
dl.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .8rem;
  margin: 1.4rem 0 0; }
dl.tiles div { display: flex; flex-direction: column; justify-content: space-between; background: var(--paper);
  border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; }
dl.tiles dt { color: var(--soft); font-size: .87rem; line-height: 1.3; }
dl.tiles dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.table { overflow-x: auto; margin: .6rem 0 1.2rem; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; padding: .6rem .8rem; color: var(--soft); }
th, td { text-align: left; vertical-align: top; padding: .42rem .8rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--band); font-weight: 600; white-space: nowrap; }
caption + thead th { border-top: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.short { white-space: nowrap; }
tbody tr:nth-child(even) { background: color-mix(in srgb, var(--band) 55%, transparent); }
td.zero { color: var(--soft); }
.bar { display: inline-block; height: .7rem; min-width: 1px; background: var(--bar); border-radius: .15rem; }
details { margin: .4rem 0 1.2rem; } summary { cursor: pointer; color: var(--mark); padding: .2rem 0; }
pre { background: var(--band); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem;
  overflow-x: auto; font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
footer { color: var(--soft); font-size: .87rem; padding: 2rem 0 3rem; }
@media print { nav, .skip { display: none; } .table { overflow: visible; } }
"""


_SHORT = 22


class Html(str):
    """Text that is HTML already; any other text is escaped when it is put in."""


def text(value: Any) -> str:
    """A value as HTML: numbers with thousands, nothing as a dash, yes and no, everything escaped."""
    if isinstance(value, Html):
        return value
    if value is None:
        return '<span class="soft">–</span>'
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return escape(str(value))


def paragraph(*parts: Any, soft: bool = False) -> Html:
    """One paragraph of texts and HTML."""
    return Html(f"<p{_class('soft' if soft else '')}>{''.join(map(text, parts))}</p>")


def code(source: str) -> Html:
    """A block to copy from."""
    return Html(f'<pre tabindex="0"><code>{escape(source)}</code></pre>')


def bar(share: float) -> Html:
    """A bar for a share of 0 to 1; the number stands beside it in the table, so it has no text of its own."""
    return Html(f'<span class="bar" aria-hidden="true" style="width:{share * 12:.1f}rem"></span>')


def table(rows: Sequence[dict[str, Any]], caption: str, headers: dict[str, str] | None = None) -> Html:
    """A table of rows with equal keys, in the order of `headers` (key → heading), else of the rows."""
    if not rows:
        return paragraph(f"{caption}: none.", soft=True)
    shown = headers or {key: key.replace("_", " ") for key in rows[0]}
    kinds = {key: _kind([row[key] for row in rows]) for key in shown}
    head = "".join(
        f'<th scope="col"{_class("number" if kinds[key] == "number" else "")}>{escape(title)}</th>'
        for key, title in shown.items()
    )
    body = "".join("<tr>" + "".join(_cell(row[key], kinds[key]) for key in shown) + "</tr>" for row in rows)
    return Html(
        f'<div class="table" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def folded(summary: str, *parts: Html) -> Html:
    """Parts that open by click or keyboard."""
    return Html(f"<details><summary>{escape(summary)}</summary>{''.join(parts)}</details>")


def tiles(values: dict[str, Any]) -> Html:
    """A few large numbers with their names."""
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{text(value)}</dd></div>" for name, value in values.items())
    return Html(f'<dl class="tiles">{items}</dl>')


def section(name: str, title: str, parts: Iterable[Html]) -> Html:
    """A section that the navigation leads to; `name` is its anchor."""
    return Html(f'<section id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{escape(title)}</h2>'
                f"{''.join(parts)}</section>")  # fmt: skip


def page(title: str, opening: Iterable[Html], sections: dict[tuple[str, str], list[Html]], footer: str) -> str:
    """The whole document; `sections` are keyed by anchor and title."""
    links = "".join(f'<li><a href="#{name}">{escape(heading)}</a></li>' for name, heading in sections)
    body = "".join(section(name, heading, parts) for (name, heading), parts in sections.items())
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        '<a class="skip" href="#main">To the content</a>'
        f"<header><div><h1>{escape(title)}</h1>{''.join(opening)}</div></header>"
        f'<nav aria-label="Sections"><ul>{links}</ul></nav><main id="main">{body}'
        f"<footer>{escape(footer)}</footer></main></body></html>\n"
    )


def _kind(column: list[Any]) -> str:
    """How a column is set: numbers to the right, short texts and dates unbroken, the rest as it fits."""
    if all(value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)) for value in column):
        return "number"
    return "short" if max(len(str(value)) for value in column) <= _SHORT else ""


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _cell(value: Any, kind: str) -> str:
    return f"<td{_class('number zero' if kind == 'number' and value == 0 else kind)}>{text(value)}</td>"
