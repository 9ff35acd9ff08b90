"""The building blocks of pages: what they are as data, and how the templates draw them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harmonize.report.blocks import Badge, Bar, Made, SentFile, made_now, share_text, table, told
from harmonize.report.page import asset, breakable, environment, policy, render, style_text


def drawn(call: str, **context: Any) -> str:
    """What a macro of blocks.html makes."""
    source = '{% import "blocks.html" as blocks %}{{ blocks.' + call + " }}"
    return environment().from_string(source).render(**context)


def test_values_are_told_as_people_write_them() -> None:
    assert told(12345) == "12,345"
    assert told(True) == "yes"
    assert told(None) == "–"
    assert told(1.5) == "1.5"


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (0.00001, "0.1 %"), (0.5, "50.0 %"), (0.99999, "99.9 %"), (1, "100 %")]
)
def test_neither_none_nor_all_is_said_of_what_is_not(share: float, text: str) -> None:
    assert share_text(share) == text


def test_a_table_escapes_its_cells_and_sets_numbers_apart() -> None:
    rows = [{"what": "<script>", "n": 1200, "day": date(2020, 1, 2)}, {"what": "b", "n": None, "day": None}]
    shown = drawn("data_table(rows)", rows=table(rows, "T<"))
    assert "<script>" not in shown
    assert '<th scope="row" class="short">&lt;script&gt;</th>' in shown
    assert '<td class="number">1,200</td>' in shown
    assert '<th scope="col" class="number">N</th>' in shown
    assert "<caption>T&lt;</caption>" in shown
    assert 'tabindex="0" aria-label="T&lt;"' in shown, "a wide table is scrolled by keys"


def test_an_empty_table_is_a_sentence() -> None:
    assert drawn("data_table(rows)", rows=table([], "Errors")).strip() == '<p class="soft">Errors: none.</p>'


def test_headings_choose_and_name_columns() -> None:
    shown = drawn("data_table(rows)", rows=table([{"a": 1, "b": 2}], "T", {"b": "second"}))
    assert '<th scope="col" class="number">Second</th>' in shown
    assert ">1<" not in shown


def test_bars_have_their_number_as_text_and_badges_their_tone() -> None:
    rows = table([{"x": "a", "n": Bar(0.5, "1,234"), "s": Badge("error", "error")}], "T")
    shown = drawn("data_table(rows)", rows=rows)
    assert (
        '<td class="bars">1,234<svg class="bar" aria-hidden="true"><rect width="50.0%" height="100%"/></svg>' in shown
    )
    assert '<span class="badge is-error">error</span>' in shown
    assert [Bar(share).width for share in (0, 0.0001, 1)] == ["0.0%", "1.0%", "100.0%"]


def test_files_have_the_columns_that_somebody_knows() -> None:
    shown = drawn("files(files, 'Sent')", files=[SentFile("<a>.csv", 1_200, "ab" * 32), SentFile("b.csv")])
    assert "&lt;a&gt;.csv" in shown
    assert "1.2 kB" in shown
    assert "ab" * 32 in shown
    assert "Version" not in shown
    assert "Records" not in shown
    assert "<caption>Sent</caption>" in shown


def test_a_code_breaks_behind_slashes_and_hides_nothing() -> None:
    assert breakable("a/b_c<d") == "a/<wbr>b_<wbr>c&lt;d"


def test_what_a_screen_would_obey_is_shown() -> None:
    shown = drawn("code(text)", text="cod\u202eexe\ud800\n")
    assert "cod\\u202eexe\\ud800\n" in shown


def page(**context: Any) -> str:
    return render("base.html", **{"title": "A <title>", "made": None, "sections": (), **context})


def test_the_page_is_whole_without_scripts_or_network() -> None:
    whole = page(sections=(("one", "First"), ("two", "A & B")), made=Made("2026-01-05T12:00:00Z", "9.9"))
    assert whole.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>A &lt;title&gt;</title>" in whole
    assert '<a href="#two">A &amp; B</a>' in whole
    assert '<time datetime="2026-01-05T12:00:00Z">2026-01-05 12:00:00 UTC</time> by harmonize 9.9.' in whole
    assert "<script" not in whole
    assert "http:" not in whole
    assert "https:" not in whole
    assert "prefers-color-scheme: dark" in whole


def test_a_page_runs_its_own_script_and_knows_its_own_style_by_their_hashes() -> None:
    style, script = style_text("matrix.css"), asset("matrix.js")
    whole = page(styles=("matrix.css",), script="matrix.js")
    assert f"<style>{style}</style>" in whole
    assert f"<script>{script}</script>" in whole
    assert policy(style, script) in whole
    assert "unsafe" not in policy(style, script)
    assert "script-src" not in page().split("</head>")[0]


def test_the_stylesheet_is_sent_without_comments() -> None:
    assert "/*" in asset("style.css")
    assert "/*" not in style_text()


def test_a_page_that_is_made_now_says_so_in_utc() -> None:
    assert made_now().date.endswith("Z")
    assert len(made_now().date) == len("2026-01-05T12:00:00Z")
