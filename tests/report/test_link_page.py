"""The page of a link from a result alone: several projects, notes, what a hostile name cannot do."""

from __future__ import annotations

from typing import Any

from harmonize.imaging.coverage import COUNTS, TOTALS, LinkResult
from harmonize.report.blocks import Made, SentFile
from harmonize.report.link_page import link_page
from harmonize.report.store_facts import StoreFacts

HOSTILE = "<script>alert(1)</script>"
MADE = Made("2026-01-05T12:00:00Z", "1.0")


def project(name: str, **counts: Any) -> dict[str, Any]:
    empty = dict.fromkeys(TOTALS, 0) | {entry: {} for entry in COUNTS.values()}
    shifts = {"-1": 0, "+0": 3, "+1": 1}
    return {**empty, "project_id": name, "series": 0, "containment": shifts, "imaging_date_offset_days": 0, **counts}


def test_each_project_has_a_section_and_its_tables_are_told_apart() -> None:
    first = project("A", studies=4, studies_linked=3, series=9, tiers={"contained": 3}, studies_unlinked={"no_date": 1})
    second = project(HOSTILE, studies=2, persons=5, persons_without_images=1, tiers={"no_visit": 2})
    page = link_page(LinkResult([first, second], 1.25, notes=["a note & more"]), made=MADE)
    assert page.count("<section ") == 2
    assert HOSTILE not in page
    assert 'aria-label="How studies were joined to visits: A"' in page
    assert 'aria-label="How studies were joined to visits: &lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert "3 of 4 studies are linked to a clinical record" in page
    assert "1 of 5 persons have no images." in page
    assert "a note &amp; more" in page
    assert "neither the study nor a series has a date" in page
    assert page.count("if images were dated so many days later</caption>") == 1, "of the project that has series"
    assert "Linked in 1.2 seconds." in page
    assert "<dt>studies</dt><dd>6</dd>" in page


def test_of_many_files_it_is_said_how_many_more_there_are() -> None:
    store = StoreFacts((("Project", "A"),), (SentFile("a.csv", 5, "ab" * 32, "x.t", 3),), 1_200)
    page = link_page(LinkResult([project("A")], 0.0), store, MADE)
    assert "<dt>Project</dt><dd>A</dd>" in page
    assert "a.csv" in page
    assert "… and 1,200 files more." in page
    assert '<a href="#files">Files</a>' in page


def test_a_store_without_images_has_a_page_too() -> None:
    page = link_page(LinkResult([], 0.0), made=MADE)
    assert "There are no images in this store." in page
    assert "<nav" not in page
