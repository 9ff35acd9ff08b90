"""Make the pictures of the documentation: pages of the embedded demo in the Chromium of the system. `make pictures`.

The demo is made anew in a folder of its own, so that the pictures show the pages as they are today.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

REPOSITORY = Path(__file__).resolve().parent.parent
PICTURES = REPOSITORY / "docs" / "pictures"
MOST_BYTES = 150_000
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")


@dataclass(frozen=True)
class Picture:
    """A page of the demo and how much of it is shown."""

    name: str
    page: str
    width: int
    height: int


PAGES = (
    Picture("report", "demo/report.html", 1100, 720),
    Picture("findings", "findings.html", 1100, 720),
    Picture("matrix", "matrix.html", 1200, 620),
)


def make_pages(folder: Path) -> None:
    """The demo with its report, the findings page of its table, the matrix of the consortia."""
    table = ["demo/data/clinical.csv", "--source", "ehr", "--mapping", "covid_19_ny_sbu"]
    _harmonize(folder, "demo", "--out", "demo")
    _harmonize(folder, "validate", *table, "--format", "html", "-o", "findings.html", expected=1)
    _harmonize(folder, "mapping", "matrix", "--format", "html", "-o", "matrix.html")


def _harmonize(folder: Path, *arguments: str, expected: int = 0) -> None:
    command = [sys.executable, "-m", "harmonize", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != expected:
        raise SystemExit(f"harmonize {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")


@contextmanager
def browser() -> Iterator[Browser]:
    """The Chromium of the system; playwright downloads none."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("There is no Chromium here. On Debian and Ubuntu: apt install chromium")
    with sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield chromium
        finally:
            chromium.close()


def take(chromium: Browser, picture: Picture, folder: Path) -> Path:
    """One picture, in the light theme and without motion; refused where it is too large for a page."""
    target = PICTURES / f"{picture.name}.png"
    size: ViewportSize = {"width": picture.width, "height": picture.height}
    context = chromium.new_context(viewport=size, color_scheme="light", reduced_motion="reduce")
    page = context.new_page()
    page.goto((folder / picture.page).as_uri())
    page.wait_for_load_state("load")
    page.screenshot(path=target, animations="disabled")
    context.close()
    if target.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{target.name} has {target.stat().st_size:,} bytes, more than {MOST_BYTES:,}")
    return target


def main() -> int:
    """Make all pictures and say how large they are."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_pages(folder)
        with browser() as chromium:
            for picture in PAGES:
                made = take(chromium, picture, folder)
                print(f"{made.relative_to(REPOSITORY)}  {made.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
