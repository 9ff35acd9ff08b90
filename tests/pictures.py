"""Pictures of every page, to be looked at: light, dark, narrow and as on paper. `python tests/pictures.py [FOLDER]`.

The folder (by default `site/pictures`, which git ignores) then has the pages, the pictures and the PDFs. On how many
sheets a page is printed is told.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from browser import NARROW, WIDE, chromium, why_not
from pages import make_pages

LOOKS: tuple[tuple[str, dict[str, int], str], ...] = (
    ("light", WIDE, "light"),
    ("dark", WIDE, "dark"),
    ("narrow", NARROW, "light"),
)
_LONGEST = 3200
"""So many pixels of a page are in its picture."""


def take(pages: dict[str, Path], out: Path) -> dict[str, int]:
    """Writes the pictures; gives the number of sheets of each page on paper."""
    sheets = {}
    with chromium() as browser:
        for name, path in pages.items():
            for look, size, scheme in LOOKS:
                _picture(browser, path, out / f"{name}-{look}.png", size, scheme)
            sheets[name] = print_sheets(browser, path, out / f"{name}.pdf")
    return sheets


def _picture(browser: Any, path: Path, to: Path, size: dict[str, int], scheme: str) -> None:
    shown = browser.new_page(viewport=size, color_scheme=scheme)
    shown.goto(path.as_uri())
    height = min(_LONGEST, shown.evaluate("document.documentElement.scrollHeight"))
    shown.screenshot(path=to, full_page=True, clip={"x": 0, "y": 0, "width": size["width"], "height": height})
    shown.close()


def print_sheets(browser: Any, path: Path, to: Path) -> int:
    """Prints a page into a PDF, on Letter; the number of its sheets."""
    shown = browser.new_page(viewport=WIDE)
    shown.goto(path.as_uri())
    shown.pdf(path=to, format="Letter", print_background=False)
    shown.close()
    return len(re.findall(rb"/Type\s*/Page\b", to.read_bytes()))


def _main(folder: str = "site/pictures") -> None:
    if reason := why_not():
        raise SystemExit(f"No pictures: {reason}.")
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name, sheets in take(make_pages(out), out).items():
        print(f"{name}: {sheets} {'sheet' if sheets == 1 else 'sheets'} on paper")


if __name__ == "__main__":
    _main(*sys.argv[1:])
