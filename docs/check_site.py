"""Check the built site: no page loads anything from elsewhere. Run by `make docs`; another FOLDER may be named."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
# What a browser fetches by itself; `href` of <a> it follows only when somebody asks.
_FETCHED = {"src", "srcset", "poster", "data"}
_ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_STYLE = re.compile(r"(?:url\(\s*|@import\s+)['\"]?((?:https?:)?//[^'\")\s]+)", re.IGNORECASE)


class _Fetches(HTMLParser):
    """Collects the addresses elsewhere that a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetched = name in _FETCHED or (tag == "link" and name == "href") or (tag == "use" and name.endswith("href"))
            if fetched and value and _ELSEWHERE.match(value):
                self.found.append(f"<{tag} {name}={value}>")
            elif name == "style" and value:
                self.found += _STYLE.findall(value)


def fetches(html: str) -> list[str]:
    """What a page fetches from elsewhere."""
    parser = _Fetches()
    parser.feed(html)
    parser.close()
    styles = "".join(re.findall(r"<style.*?</style>", html, re.DOTALL | re.IGNORECASE))
    return parser.found + _STYLE.findall(styles)


def problems(site: Path) -> list[str]:
    """One sentence for each address elsewhere that a page or a style sheet of the site fetches."""
    pages = {path: fetches(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    styles = {path: _STYLE.findall(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.css"))}
    return [f"{path.relative_to(site)}: {found}" for path, all_ in (pages | styles).items() for found in all_]


def main(arguments: list[str]) -> int:
    """Print the problems and return the exit code."""
    site = Path(arguments[0]) if arguments else REPOSITORY / "site"
    if not (site / "index.html").is_file():
        print(f"{site} is no built site")
        return 1
    found = problems(site)
    print("\n".join(found) or f"{len(list(site.rglob('*.html')))} pages, none loads anything from elsewhere.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
