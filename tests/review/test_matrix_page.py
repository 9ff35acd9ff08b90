"""The matrix in a browser: keyboard, filters, paper; and its command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, why_not

from harmonize.cli.main import main
from harmonize.engine.paths import root
from harmonize.report.page import asset
from harmonize.review.matrix import MATCHES, Cell, Line, counts
from harmonize.review.matrix_page import ON_PAPER, matrix_page

HOSTILE = "<script>document.title='run'</script>"


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Iterator[Any]:
    """The page of all crosswalks, opened."""
    if reason := why_not():
        pytest.skip(reason)
    file = tmp_path_factory.mktemp("matrix") / "matrix.html"
    assert main(["mapping", "matrix", "--format", "html", "-o", str(file)]) == 0
    with chromium() as started:
        page = started.new_page(viewport={"width": 1300, "height": 900})
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("request", lambda request: page.problems.append(request.url) if str(file) not in request.url else None)
        page.goto(f"file://{file}")
        yield page


def test_keys_walk_the_cells_and_tell_the_reason(opened):
    assert opened.problems == []
    rows = opened.locator(".grid tbody tr")
    assert rows.count() == 1115
    opened.locator("form").get_by_label("Node").focus()
    opened.locator("form").get_by_label("Node").select_option("case")
    visible = opened.locator(".grid tbody tr:visible")
    assert 0 < visible.count() < 200
    opened.get_by_role("button", name="Show all").focus()
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.tagName") == "TD", "one stop of the Tab key is the table"
    before = opened.locator("#detail").inner_text()
    assert "not reviewed" in before
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowRight")
    after = opened.locator("#detail").inner_text()
    assert after != before
    assert "all of us" in after
    opened.keyboard.press("End")
    assert "n3c" in opened.locator("#detail").inner_text()
    opened.get_by_role("button", name="Show all").click()


def test_filters_narrow_the_rows(opened):
    visible = opened.locator(".grid tbody tr:visible")
    opened.locator("form").get_by_label("differs only").check()
    assert visible.count() == 8
    opened.get_by_role("button", name="Show all").click()
    pytest.importorskip("playwright.sync_api").expect(opened.locator("output")).to_have_text(re.compile("^1115 "))
    opened.locator("form").get_by_label("Match").select_option("exact")
    opened.locator("form").get_by_label("of consortium").select_option(label="isaric")
    exact = visible.count()
    assert 0 < exact < 60
    assert opened.locator(".grid tbody tr:visible td:nth-of-type(4).exact").count() == exact
    opened.locator("form").get_by_label("Text").fill("no such text anywhere")
    assert visible.count() == 0
    opened.get_by_role("button", name="Show all").click()


def test_on_paper_reasons_stand_in_the_table(opened):
    reason = opened.locator(".grid tr.differs .reason").first
    assert reason.is_hidden()
    opened.emulate_media(media="print")
    assert reason.is_visible()
    assert opened.locator("form").is_hidden()
    opened.emulate_media(media="screen")


def test_on_paper_is_what_differs_or_what_the_filters_leave(opened):
    rows, note = opened.locator(".grid tbody tr:visible"), opened.locator(".paper-note")
    assert note.is_hidden()
    opened.emulate_media(media="print")
    assert rows.count() == opened.locator(".grid tbody tr.differs").count() == 8
    assert "the 8 of 1,115 rows" in note.inner_text()
    opened.emulate_media(media="screen")
    opened.locator("form").get_by_label("Node").select_option("condition")
    left = rows.count()
    assert 8 < left <= ON_PAPER
    opened.emulate_media(media="print")
    assert rows.count() == left
    assert note.is_hidden()
    opened.emulate_media(media="screen")
    opened.get_by_role("button", name="Show all").click()
    pytest.importorskip("playwright.sync_api").expect(opened.locator("output")).to_have_text(re.compile("^1115 "))
    opened.emulate_media(media="print")
    assert rows.count() == 8
    opened.emulate_media(media="screen")


def test_the_page_and_its_script_mean_the_same_length():
    assert f"const ON_PAPER = {ON_PAPER};" in asset("matrix.js")
    line = Line("a:b/c", "b", "c", "", {"x": Cell("gap")})
    assert 'class="grid whole"' in matrix_page([line] * ON_PAPER, {"x": "X"})
    assert 'class="grid whole"' not in matrix_page([line] * (ON_PAPER + 1), {"x": "X"})


def test_the_page_says_what_it_is_of(opened):
    assert opened.locator("dd", has_text="d7befdab").count() == 1
    row = opened.locator("#files tr", has=opened.get_by_role("rowheader", name="consortia/n3c/values.sssom.tsv"))
    sent = root("mappings") / "consortia" / "n3c" / "values.sssom.tsv"
    assert sha256(sent.read_bytes()).hexdigest() in row.inner_text()
    assert "82c8929e" in row.inner_text()


def test_texts_are_escaped():
    line = Line("a:b/c#d", HOSTILE, HOSTILE, HOSTILE, {"x": Cell("exact", (HOSTILE,), (HOSTILE,), comment=HOSTILE)})
    assert HOSTILE not in matrix_page([line], {"x": HOSTILE})


def test_the_command(capsys, tmp_path: Path):
    assert main(["mapping", "matrix", "n3c", "isaric", "--node", "case", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [row["consortium"] for row in shown["counts"]] == ["n3c", "isaric"]
    assert {row["node"] for row in shown["rows"]} == {"case"}
    assert main(["mapping", "matrix", "--differs"]) == 0
    assert "FHIR_class:OBSENC" in capsys.readouterr().out
    assert main(["mapping", "matrix", "--node", "cases"]) == 2
    assert "Did you mean 'case'?" in capsys.readouterr().err
    assert main(["mapping", "matrix", "--format", "table", "-o", str(tmp_path / "x")]) == 2


def test_a_subject_counts_once_for_each_consortium_that_has_it():
    """Of three properties the first consortium has two, of one match, and the second all, of another match each."""
    told = [{"a": MATCHES[0], "b": MATCHES[0]}, {"a": MATCHES[0], "b": MATCHES[1]}, {"b": MATCHES[2]}]
    lines = [
        Line(f"s{n}", "case", f"s{n}", "", {name: Cell(match) for name, match in cells.items()})
        for n, cells in enumerate(told)
    ]
    none = dict.fromkeys(MATCHES, 0)
    assert counts(lines) == [
        {"consortium": "a", **none, MATCHES[0]: 2},
        {"consortium": "b", **none, MATCHES[0]: 1, MATCHES[1]: 1, MATCHES[2]: 1},
    ]
