"""The HTML report in a browser: its filters, the keyboard, paper, and what a hostile value cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, why_not
from lab_table import HEADER, LAB, SOUND

from harmonize.validation.report.findings import report
from harmonize.validation.report.model import About, ReportFile
from harmonize.validation.report.picture import filled, histogram, value_bars
from harmonize.validation.settle import settle
from harmonize.validation.table.findings import check
from harmonize.validation.table.profile import ColumnProfile, profile

HOSTILE = "<img src=x onerror=document.title='run'><script>document.title='run'</script>"
BAD = (
    HEADER
    + "".join(f"R{n},Ann{n},Male,2020-01-0{n},{40 + n},5.5,TRUE,same\n" for n in range(1, 8))
    + f'R8,Secret ,mal,,,,,"{HOSTILE}"\nR9,Bo,"{HOSTILE}",,12,,,call 617-495-1000\nR10,Cy,Female,,,,,N/A\nR11,Di\n'
)


@pytest.fixture
def columns(con, stage) -> dict[str, ColumnProfile]:
    staged = stage(BAD)
    check(con, staged, LAB, 1)
    return {column.header: column for column in profile(con, staged, LAB, frozenset({8}))}


def test_columns_are_counted(columns):
    assert [(c.filled, c.distinct) for c in (columns["sex"], columns["age"], columns["drawn"])] == [
        (10, 4),
        (8, 8),
        (7, 7),
    ]
    assert columns["sex"].values == (("Male", 7), ("Female", 1)), "of a list only what it declares"
    assert sum(count for _, _, count in columns["age"].bins) == 8
    assert (columns["age"].bins[0][0], columns["age"].bins[-1][1]) == (12, 47)


def test_values_that_may_tell_who_somebody_is_are_not_taken(columns, con, stage):
    assert columns["name"].hidden, "marked phi"
    assert columns["comment"].hidden, "privacy found something"
    assert columns["name"].values == columns["comment"].values == ()
    assert columns["record.id"].values == (), "no value of five lines"
    shown = {c.header: c for c in profile(con, stage(BAD.replace("call 617-495-1000", "ok"), 2), LAB)}["comment"]
    assert shown.values == (("same", 7),)


def test_numbers_of_one_value_and_none():
    drawn = histogram(ColumnProfile("x", 2, 1, bins=((5.0, 6.0, 2),)))
    assert (drawn.low, drawn.high, len(drawn.bins)) == ("5", "6", 1)
    assert (drawn.bins[0].x, drawn.bins[0].y, drawn.bins[0].width, drawn.bins[0].height) == (
        "0.0",
        "2.0",
        "239.0",
        "38.0",
    )
    assert drawn.told == "numbers from 5 to 6, most (2) in one of 1 ranges"
    assert filled(ColumnProfile("x", 2, 1), 2).told == "100 %"
    assert filled(ColumnProfile("x", 0, 0), 0).told == "0 %"
    assert filled(ColumnProfile("x", 99_999, 1), 100_000).told == "99.9 %"


def test_values_stand_with_their_counts_and_the_rest():
    shown = value_bars(ColumnProfile("x", 9, 4, values=(("often", 4), ("a\n" + "b" * 40, 2))))
    assert [(name, bar.told, bar.share) for name, bar in shown] == [
        ("often", "4", 1.0),
        ("a " + "b" * 25 + "…", "2", 0.5),
        ("other values", "3", 0.75),
    ]
    assert value_bars(ColumnProfile("x", 1, 1, values=(("all", 1),)))[-1][0] == "all"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium, where playwright and a browser are installed."""
    if reason := why_not():
        pytest.skip(reason)
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser, con, stage, tmp_path: Path) -> Iterator[Any]:
    """The report on the bad table, opened."""
    staged = stage(BAD)
    check(con, staged, LAB, 1)
    settle(con, 1)
    drawn = profile(con, staged, LAB, frozenset({8}))
    file = ReportFile(1, f"{HOSTILE}.csv", "lab", staged.records, profile=drawn, size=1_200, sha256="ab12" * 16)
    about = About("ehr", "2026-01-05T12:00:00Z", "1.0", size=1_200, site=HOSTILE, project="Open-A1")
    with (tmp_path / "report.html").open("wb") as out:
        report(con, [file], out, format="html", about=about)
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    opened.problems = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on(
        "request", lambda request: opened.problems.append(request.url) if "report.html" not in request.url else None
    )
    opened.goto(f"file://{tmp_path / 'report.html'}")
    yield opened
    opened.close()


def test_nothing_runs_and_nothing_is_fetched(page):
    assert page.title() == "Validation report"
    assert page.problems == []
    assert page.locator("img").count() == 0


def test_filters_work_by_keyboard(page):
    shown = page.locator("details.finding:visible")
    total = shown.count()
    assert page.locator("output").inner_text() == f"{total} of {total} groups shown"
    warnings = page.locator("form").get_by_label("warnings")
    warnings.focus()
    page.keyboard.press("Space")
    assert 0 < shown.count() < total
    page.locator("form").get_by_label("Text").focus()
    page.keyboard.type("617-495")
    assert shown.count() == 0, "no page holds the number"
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")
    pytest.importorskip("playwright.sync_api").expect(page.locator("output")).to_have_text(re.compile(f"^{total} "))
    page.locator("form").get_by_label("Rule").select_option("phi_phone")
    assert shown.count() == 1


def test_the_header_is_read_in_light_and_dark_and_by_keyboard(page):
    terms = dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))
    assert (terms["Site"], terms["Project"], terms["Files"]) == (HOSTILE, "Open-A1", "1 file, 1.2 kB")
    assert (terms["Checked by"], terms["Date"]) == ("harmonize 1.0", "2026-01-05 12:00:00 UTC")
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.text"))
    assert stops[:5] == ["Skip to the content", "Files", "Findings", "Columns", "Files that were checked"], (
        "a wide table is scrolled by keys"
    )
    inks = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        inks.append(
            [page.locator(one).first.evaluate("e => getComputedStyle(e).color") for one in ("dd", ".error", "a")]
        )
    assert [light for light, dark in zip(*inks, strict=True) if light == dark] == []


def test_pictures_have_names_and_hidden_columns_no_values(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    pictures = page.locator("main svg")
    assert pictures.count() > 8
    named = [picture.get_attribute("aria-label") or picture.get_attribute("aria-hidden") for picture in pictures.all()]
    assert None not in named, "a picture has a name, or is hidden from who hears the page"
    bars = page.locator("main svg[aria-hidden]")
    assert [bar for bar in bars.all() if not bar.locator("xpath=..").inner_text().strip()] == [], "its number is text"
    assert page.get_by_role("img", name="numbers from 12 to 47").count() == 1
    row = page.locator("tr", has=page.get_by_role("rowheader", name="comment", exact=True))
    assert "not shown" in row.inner_text()
    assert "Secret" not in page.content()


def test_on_paper_findings_are_open_and_controls_are_gone(page):
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("form").is_hidden()
    assert page.locator("details.finding:not([open])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_all_is_there(browser, page):
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(page.url)
    assert plain.locator("form").is_hidden()
    assert plain.locator("details.finding").count() == page.locator("details.finding").count()
    context.close()


def test_the_page_without_findings_runs_without_an_error(browser, con, stage, tmp_path: Path):
    check(con, stage(HEADER + SOUND), LAB, 1)
    with (tmp_path / "sound.html").open("wb") as out:
        report(con, [ReportFile(1, "lab.csv", "lab", 1)], out, format="html")
    opened = browser.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(f"file://{tmp_path / 'sound.html'}")
    assert "no findings" in opened.inner_text("main")
    assert problems == []
    opened.close()
