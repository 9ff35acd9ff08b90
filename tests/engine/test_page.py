"""The parts of the demo's page."""

from __future__ import annotations

from datetime import date

from harmonize.report.page import Html, bar, folded, page, paragraph, table, text


def test_values_are_escaped_and_told_as_people_write_them() -> None:
    assert text("<b>&") == "&lt;b&gt;&amp;"
    assert text(Html("<b>")) == "<b>"
    assert text(12345) == "12,345"
    assert text(True) == "yes"
    assert "–" in text(None)


def test_a_table_escapes_its_cells_and_sets_numbers_apart() -> None:
    shown = table(
        [{"what": "<script>", "n": 1200, "day": date(2020, 1, 2)}, {"what": "b", "n": None, "day": None}], "T<"
    )
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert '<td class="number">1,200</td>' in shown
    assert '<th scope="col" class="number">n</th>' in shown
    assert "<caption>T&lt;</caption>" in shown


def test_an_empty_table_is_a_sentence() -> None:
    assert table([], "Errors") == '<p class="soft">Errors: none.</p>'


def test_headings_choose_and_name_columns() -> None:
    shown = table([{"a": 1, "b": 2}], "T", {"b": "second"})
    assert "second" in shown
    assert ">1<" not in shown


def test_the_page_is_whole_without_scripts_or_network() -> None:
    parts = [paragraph("a & b"), folded("more", bar(0.5))]
    whole = page("A <title>", [], {("one", "First"): parts}, "the end")
    assert whole.startswith("<!doctype html>")
    assert "<title>A &lt;title&gt;</title>" in whole
    assert '<a href="#one">First</a>' in whole
    assert '<section id="one"' in whole
    assert "<script" not in whole
    assert "http" not in whole
    assert "prefers-color-scheme: dark" in whole
