"""The pages in a browser: nothing shuts people out, whatever the look, the width, or who has no mouse."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe
import pytest
from browser import NARROW, WIDE, chromium, why_not
from pages import make_pages
from pictures import print_sheets

from harmonize.engine.version import __version__
from harmonize.review.matrix import MATCHES, Cell, Line
from harmonize.review.matrix_page import matrix_page

NAMES = ("demo", "validation", "link", "matrix", "profile", "quality", "card")
# Of 197 sheets that the matrix was, and of what the others may grow to.
MOST_SHEETS = {"demo": 10, "validation": 6, "link": 4, "matrix": 8, "profile": 20, "quality": 8, "card": 6}
SENT = "clinical.csv"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if reason := why_not():
        pytest.skip(reason)
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_pages(tmp_path_factory.mktemp("pages"))


class Opened:
    """A page with what it asked for and what went wrong."""

    def __init__(self, browser: Any, path: Path, **look: Any) -> None:
        self.problems: list[str] = []
        self.page = browser.new_page(**{"viewport": WIDE, **look})
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._said)
        self.page.route("**/*", self._asked)
        self.own = path.as_uri()
        self.page.goto(self.own)

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.problems.append(message.text)

    def _asked(self, route: Any) -> None:
        if route.request.url == self.own:
            route.continue_()
        else:
            self.problems.append(f"asked for {route.request.url}")
            route.abort()


def need_axe() -> None:
    if not axe.place().is_file():
        if os.environ.get("HARMONIZE_REQUIRE_DATA") == "1":
            pytest.fail("axe-core is not there: python tests/axe.py")
        pytest.skip("axe-core is not there: python tests/axe.py")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_grave(browser: Any, pages: dict[str, Path], name: str, scheme: str) -> None:
    need_axe()
    opened = Opened(browser, pages[name], color_scheme=scheme)
    opened.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    if name == "matrix":  # its rows are all made alike, and a thousand take a minute
        opened.page.locator("form").get_by_label("Node").select_option("case")
    assert axe.grave(opened.page) == []
    assert opened.problems == []
    opened.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_any_kind_of_cell(browser: Any, tmp_path: Path, scheme: str) -> None:
    need_axe()
    cells = {match: Cell(match, ("x:a/b",), ("name",), comment="because") for match in MATCHES}
    lines = [Line("midrc:case/sex#F", "case", "sex", "F", cells), Line("midrc:case/sex", "case", "sex", "", cells)]
    path = tmp_path / "kinds.html"
    path.write_text(matrix_page(lines, {match: match for match in MATCHES}), encoding="utf-8")
    opened = Opened(browser, path, color_scheme=scheme)
    assert opened.page.locator(".match:visible").count() == 3 * len(MATCHES)
    assert axe.grave(opened.page) == []
    opened.page.close()


def test_axe_would_find_what_is_wrong(browser: Any, tmp_path: Path) -> None:
    need_axe()
    path = tmp_path / "wrong.html"
    path.write_text('<!doctype html><title>x</title><p style="color:#ccc">pale<input>', encoding="utf-8")
    opened = Opened(browser, path)
    found = {line.partition(" ")[0] for line in axe.grave(opened.page)}
    assert {"color-contrast", "html-has-lang", "label"} <= found
    opened.page.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_telephone_shows_it_without_moving_sideways(browser: Any, pages: dict[str, Path], name: str) -> None:
    opened = Opened(browser, pages[name], viewport=NARROW)
    opened.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert opened.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert opened.problems == []
    opened.page.close()


@pytest.mark.parametrize("name", NAMES)
def test_landmarks_and_what_it_is_of(browser: Any, pages: dict[str, Path], name: str) -> None:
    opened = Opened(browser, pages[name])
    shown = opened.page
    assert shown.evaluate("document.documentElement.lang") == "en"
    assert shown.title() == shown.locator("h1").inner_text() != ""
    assert [shown.get_by_role(role).count() for role in ("banner", "navigation", "main", "contentinfo")] == [1, 1, 1, 1]
    made = shown.locator("footer time")
    assert made.get_attribute("datetime").endswith("Z")
    assert f"by harmonize {__version__}" in shown.locator("footer").inner_text()
    file = SENT if name != "matrix" else "consortia/omop/values.sssom.tsv"
    row = shown.locator("tr", has=shown.get_by_role("rowheader", name=file, exact=True)).filter(
        has=shown.locator("code.sum")
    )
    assert row.count() == 1
    assert "kB" in row.inner_text()
    assert len(row.locator("code.sum").inner_text().strip()) == 64
    if name in ("demo", "link", "validation"):
        assert "ehr/covid_19_ny_sbu (version " in shown.locator("header .facts").inner_text()
    if name in ("demo", "link"):
        assert "v5.0 " in shown.locator("header .facts").inner_text(), "the vocabulary"
    links = shown.locator("nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert [link for link in links if shown.locator(link).count() != 1] == []
    opened.page.close()


@pytest.mark.parametrize("name", NAMES)
def test_keys_reach_all_and_it_is_seen_where_they_are(browser: Any, pages: dict[str, Path], name: str) -> None:
    opened = Opened(browser, pages[name])
    shown = opened.page
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "skip"
    assert shown.locator(".skip").bounding_box()["x"] >= 0, "it comes into sight"
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.id") == "main"
    unseen, stops = [], 0
    for _ in range(12):
        shown.keyboard.press("Tab")
        what = shown.evaluate("(e => [e.tagName, getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth])"
                              "(document.activeElement)")  # fmt: skip
        if what[0] == "BODY":
            break
        stops += 1
        if what[1:] != ["solid", "3px"]:
            unseen.append(what)
    assert stops > 2
    assert unseen == []
    opened.page.close()


@pytest.mark.parametrize("name", NAMES)
def test_on_paper_it_is_short(browser: Any, pages: dict[str, Path], name: str, tmp_path: Path) -> None:
    sheets = print_sheets(browser, pages[name], tmp_path / "paper.pdf")
    assert 1 <= sheets <= MOST_SHEETS[name]


def test_paper_is_light_in_a_dark_room(browser: Any, pages: dict[str, Path]) -> None:
    opened = Opened(browser, pages["link"], color_scheme="dark")
    ink = "getComputedStyle(document.body).color"
    dark = opened.page.evaluate(ink)
    opened.page.emulate_media(media="print", color_scheme="dark")
    assert opened.page.evaluate(ink) == "rgb(23, 33, 43)" != dark
    opened.page.close()


def test_a_long_matrix_stays_small(pages: dict[str, Path]) -> None:
    """As many bytes as it had before it had files, sums by node and a legend, and a tenth more."""
    assert pages["matrix"].stat().st_size < 1_347_802 * 1.1
