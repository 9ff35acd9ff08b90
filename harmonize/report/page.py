"""Pages of Jinja templates: one file each, with its stylesheet and script inside, that opens without a network.

Every value is escaped; what a reader's screen would obey (marks of writing direction) is shown as an escape. A content
security policy lets nothing be fetched and no script run but the page's own, which it knows by its hash.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.engine.plain import plain
from harmonize.engine.progress import size_text
from harmonize.report import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).with_name("templates")
STYLE = "style.css"


def render(template: str, *, styles: Sequence[str] = (), script: str | None = None, **context: Any) -> str:
    """The page of a template (`validation.html`); `styles` and `script` name files of its own beside it."""
    return "".join(stream(template, styles=styles, script=script, **context))


def stream(template: str, *, styles: Sequence[str] = (), script: str | None = None, **context: Any) -> Iterator[str]:
    """As `render`, in pieces: a page of many findings is never whole in memory."""
    style, code = style_text(*styles), asset(script) if script else ""
    yield from (
        environment()
        .get_template(template)
        .generate(style=_trusted(style), script=_trusted(code), policy=_trusted(policy(style, code)), **context)
    )


@cache
def environment() -> Environment:
    """The templates with the filters that they use; a service adds its own pages to the same."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters |= {
        "breakable": breakable,
        "count": blocks.count,
        "moment": blocks.moment,
        "share": blocks.share_text,
        "size": size_text,
        "told": blocks.told,
    }
    return made


def asset(name: str) -> str:
    """The text of a stylesheet or script beside the templates."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def style_text(*more: str) -> str:
    """The stylesheet, and those of a page of its own, without what only their readers need."""
    text = "".join(asset(name) for name in (STYLE, *more))
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()


def policy(style: str, script: str = "") -> str:
    """The content security policy of a page with this stylesheet and this script."""
    scripts = f"; script-src '{_hash(script)}'" if script else ""
    return f"default-src 'none'; style-src '{_hash(style)}'{scripts}; base-uri 'none'; form-action 'none'"


def breakable(code: str) -> Markup:
    """A code that a narrow column may break behind its slashes and underscores."""
    from markupsafe import Markup, escape

    return Markup(escape(plain(code)).replace("/", Markup("/<wbr>")).replace("_", Markup("_<wbr>")))


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _trusted(text: str) -> Markup:
    """Text of the project's own files, which is not escaped."""
    from markupsafe import Markup

    return Markup(text)


def _shown(value: Any) -> Any:
    """What is put out: names and values of others without what a screen would obey."""
    return plain(value) if type(value) is str else value
