"""The journeys in a browser: a hospital's two tries, an analyst's question; and every page for those who are shut out
easily."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe
import pytest
from browser import NARROW, WIDE, chromium, why_not
from served import PASSWORD, PROJECT, clinical, folder_with_study, listening, release_in, with_accounts

from harmonize.service.settings import read_settings

PICTURES = os.environ.get("HARMONIZE_SERVICE_PICTURES")
PAGES = {
    "submissions": "/submissions",
    "submit": "/submit",
    "ask": "/ask",
    "question": "/ask/question/sites?ask=1",
    "sql": "/ask/sql?q=SELECT+modality,+count(*)+AS+studies+FROM+linked.imaging_timeline+GROUP+BY+ALL",
    "studies": "/studies?modality=CT",
    "review": "/review?subject=NY_SBU:*",
    "vocabulary": "/vocabulary?q=diabetes",
    "concept": "/vocabulary/201820",
    "matrix": "/matrix?node=case",
    "datasets": "/datasets",
    "dataset": "/datasets/Open-R1-1.0",
    "quality": "/quality",
    "releases": "/releases",
    "release": "/releases/1",
    "lineage": "/lineage",
    "projects": "/projects",
    "admin": "/admin",
    "account": "/account",
    "terms": "/terms",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if reason := why_not():
        pytest.skip(reason)
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service on a port of this machine."""
    data = folder_with_study(tmp_path_factory, "browser")
    release_in(data)
    app = with_accounts(read_settings(data, login_rate="1000/minute", measure_quality=False))
    with listening(app) as there:
        yield there


class Visit:
    """A browser's window that is logged in, and what went wrong in it."""

    def __init__(self, browser: Any, address: str, name: str, **look: Any) -> None:
        self.address, self.problems = address, list[str]()
        self.context = browser.new_context(viewport=WIDE, **look)
        self.page = self.context.new_page()
        self.page.set_default_timeout(90_000)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        self.page.on("request", self._asked)
        self.page.goto(f"{address}/login")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.get_by_role("button", name="Log out").wait_for()

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(self.address):
            self.problems.append(f"asked for {request.url}")

    def press(self, *keys: str) -> None:
        """Press keys once the page has its script: a heading is seen before the script that listens has come."""
        self.page.wait_for_load_state("load")
        for key in keys:
            self.page.keyboard.press(key)

    def picture(self, name: str) -> None:
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_hospital_sends_sees_corrects_and_is_loaded(
    browser: Any, address: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    content = clinical(tmp_path_factory)
    file = tmp_path / "clinical.csv"
    visit = Visit(browser, address, "contributor")
    page = visit.page
    for text in (content.replace(b"MALE", b"MAEL", 1), content):
        file.write_bytes(text)
        page.goto(f"{address}/submit")
        page.get_by_label("Mapping").select_option("covid_19_ny_sbu")
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Send and check").click()
        page.get_by_role("heading", name="Findings").wait_for()
    assert page.get_by_role("heading", name="Since the try before").count() == 1
    assert page.get_by_role("button", name="Load it").count() == 0
    visit.picture("submission")
    sent = page.url
    assert visit.problems == []
    visit.context.close()
    steward = Visit(browser, address, "steward")
    steward.page.goto(sent)
    steward.page.get_by_role("button", name="Load it").click()
    steward.page.get_by_role("heading", name="Loaded").wait_for()
    assert "30 records" in steward.page.locator("#loaded pre").inner_text()
    steward.picture("loaded")
    assert steward.problems == []
    steward.context.close()


def test_an_analyst_asks_by_keys_alone_and_takes_the_answer(browser: Any, address: str) -> None:
    visit = Visit(browser, address, "analyst", accept_downloads=True)
    page = visit.page
    page.goto(f"{address}/ask")
    page.get_by_label("Find").fill("each project hold")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ask").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Answer").wait_for()
    assert PROJECT in page.locator("#answer table").inner_text()
    with page.expect_download() as taken:
        page.get_by_role("link", name="csv").click()
    assert PROJECT in Path(taken.value.path()).read_text()
    page.goto(address + PAGES["sql"])
    assert page.locator("figure.plot rect").count() >= 3
    assert page.locator(".schema summary").get_by_text("linked.imaging_timeline").count() == 1
    visit.picture("sql")
    page.goto(address + PAGES["studies"])
    page.locator("tbody a").first.click()
    page.get_by_role("heading", name="case-").wait_for()
    assert page.locator(".course li.kind-image").count() >= 1
    visit.picture("patient")
    assert visit.problems == []
    visit.context.close()


def test_a_mapping_is_signed_by_two_with_keys_alone_and_taken_as_a_patch(browser: Any, address: str) -> None:
    for account, name in (("reviewer", "orcid:0000-0002-1825-0097"), ("steward", "site:second")):
        visit = Visit(browser, address, account, accept_downloads=True)
        page = visit.page
        page.goto(f"{address}/review")
        page.get_by_label("You sign as").fill(name)
        visit.press("Enter")
        page.get_by_role("status").get_by_text(f"You sign as {name}.").wait_for()
        visit.press("j", "Enter")
        page.get_by_role("heading", name="Proteinuria above 80").wait_for()
        axe_found = axe.grave(page) if axe.place().is_file() and account == "steward" else []
        assert axe_found == []
        visit.press("j")
        page.get_by_text("row 2 of").wait_for()
        visit.press("k")
        page.get_by_text("row 1 of").wait_for()
        visit.press("r")  # says no reason: stays
        assert page.get_by_text("row 1 of").count() == 1
        visit.press("Escape")
        visit.picture(f"review-row-{account}")
        page.locator("h1").click()
        visit.press("a")
        page.get_by_text("NY_SBU:Proteinuria.above80: accept").wait_for()
        page.get_by_text("row 2 of").wait_for()
        visit.press("u")
        page.get_by_role("heading", name="Results").wait_for()
        if account == "steward":
            page.get_by_label("State").select_option("signed")
            page.get_by_role("button", name="Show").click()
            page.get_by_text("1 row.").wait_for()
            with page.expect_download() as taken:
                page.get_by_role("link", name="patch for Git").click()
            patch = Path(taken.value.path()).read_text()
            assert "orcid:0000-0002-1825-0097|site:second" in patch
        assert visit.problems == []
        visit.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_on_any_page(browser: Any, address: str, scheme: str) -> None:
    if not axe.place().is_file():
        pytest.skip("axe-core is not there: python tests/axe.py")
    visit = Visit(browser, address, "admin", color_scheme=scheme, bypass_csp=True)
    found = {}
    for name, path in PAGES.items():
        visit.page.goto(address + path)
        found[name] = axe.grave(visit.page)
        visit.picture(f"{name}-{scheme}")
    assert found == {name: [] for name in PAGES}
    visit.context.close()


def test_pages_fit_a_telephone_and_work_without_scripts(browser: Any, address: str) -> None:
    visit = Visit(browser, address, "admin", java_script_enabled=False)
    visit.page.set_viewport_size(NARROW)
    wide = {}
    for name, path in PAGES.items():
        visit.page.goto(address + path)
        box = visit.page.locator("body").bounding_box()
        assert visit.page.locator("h1").count() == 1
        wide[name] = [box["width"], visit.page.locator("main").bounding_box()["width"]]
        visit.picture(f"{name}-narrow")
    assert wide == {name: [375, 375] for name in PAGES}
    assert visit.problems == []
    visit.context.close()
