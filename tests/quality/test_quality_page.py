"""The page of a quality run and a site's report card: what they tell, and what they keep to themselves."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

import harmonize
from harmonize.cli.main import main
from harmonize.quality import draw
from harmonize.quality.facts import Cell


def _page(store: Path, *options: str, code: int = 0) -> str:
    out = store.with_suffix(".html")
    assert main(["-q", "quality", "--db", str(store), "--format", "html", "-o", str(out), *options]) == code
    return out.read_text(encoding="utf-8")


@pytest.fixture
def store(sites: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sites, tmp_path / "store.duckdb"))


def _change(store: Path, statement: str) -> None:
    with duckdb.connect(str(store)) as con:
        con.execute(statement)


def test_the_page_of_a_sound_store(store: Path) -> None:
    page = _page(store)
    assert "No check failed." in page
    assert {"persons", "events", "images", "filled", "deliveries", "mapped"} <= set(
        re.findall(r'<section id="(\w+)"', page)
    )
    assert 'aria-label="measurement: 10 months from 2020-01 to 2020-10, at most 96 rows"' in page
    assert 'aria-label="Computed Radiography: 10 months from 2020-01 to 2020-10, at most 48 rows"' in page
    assert "style=" not in page
    assert "<script" not in page


def test_the_card_of_a_site_tells_of_that_site_alone(store: Path) -> None:
    flood = (
        "UPDATE omop.condition_occurrence SET condition_concept_id = 0 "
        "WHERE person_id IN (SELECT person_id FROM harmonize.person_case WHERE project_id = 'South')"
    )
    _change(store, flood)
    south, north = _page(store, "--site", "South", code=1), _page(store, "--site", "North")
    assert "<h1>Report card of South</h1>" in south
    assert "conceptZero" in south
    assert "840539006" in south  # a source value that has no concept
    assert "No check failed." in north
    assert "conceptZero" not in north
    assert "South" not in north


def test_the_card_tells_what_the_latest_delivery_changed(store: Path) -> None:
    """North sent twice: 8 months, then 2; each with 2 results of 24 patients a month."""
    card = re.sub(r"\s*\n\s*", "", _page(store, "--site", "North"))
    row = re.search(r'<th scope="row"[^>]*>measurement</th><td[^>]*>(\d+)</td><td[^>]*>(\d+)</td></tr>', card)
    assert row is not None
    assert row.groups() == ("96", "384")


def test_few_rows_are_not_told(store: Path) -> None:
    _change(store, "UPDATE omop.condition_occurrence SET visit_occurrence_id = -7 WHERE person_id = 1")
    page = _page(store, code=1)
    finding = page[page.index("Rows of CONDITION_OCCURRENCE whose VISIT_OCCURRENCE_ID names nothing") :].split("</tr>")[
        0
    ]
    assert "fewer than 11" in finding
    assert re.findall(r">(?:10|2\.1 %|2\.08 %)<", finding) == []


def test_a_published_file_has_a_page_too(sites: Path, tmp_path: Path) -> None:
    store, public = shutil.copy(sites, tmp_path / "store.duckdb"), tmp_path / "public.duckdb"
    assert main(["-q", "publish", "--db", str(store), "--to", str(public), "--limited-data-set"]) == 0
    assert "No check failed." in _page(public)
    assert "Report card of North" in _page(public, "--site", "North")


def test_an_unknown_site_is_refused(capsys: pytest.CaptureFixture[str], sites: Path) -> None:
    assert main(["-q", "quality", "--db", str(sites), "--site", "Nort"]) == 2
    assert "Did you mean 'North'?" in capsys.readouterr().err


def test_the_call_writes_the_page(sites: Path, tmp_path: Path) -> None:
    out = tmp_path / "north.html"
    with harmonize.open(sites, read_only=True) as db:
        result = db.quality(site="North", output=out)
    assert {one.check.site for one in result.results} == {"North"}
    assert "<h1>Report card of North</h1>" in out.read_text(encoding="utf-8")


def test_months_of_few_persons_are_outlines_of_one_height() -> None:
    cells = [Cell("m", date(2020, month, 1), rows, persons) for month, rows, persons in
             ((1, 100, 50), (2, 60, 10), (3, 50, 11), (5, 200, 90))]  # fmt: skip
    (picture,) = draw.over_time(cells)
    assert [(one.title, one.tone) for one in picture.rectangles] == [
        ("2020-01: 100", ""), ("2020-02: not told", "few"), ("2020-03: not told", "few"), ("2020-05: 200", ""),
    ]  # fmt: skip
    assert [one.height for one in picture.rectangles] == [48.0, 4.0, 4.0, 96.0]
    assert [one.x for one in picture.rectangles] == [56.0, 172.8, 289.6, 523.2]
    # the scale has a line and a number for each of its marks, and the bars stand on it
    assert [(text, y) for _, y, text, anchor in picture.labels if anchor == "end"][1:] == [
        ("0", 100.0), ("50", 76.0), ("100", 52.0), ("150", 28.0), ("200", 10),
    ]  # fmt: skip
    assert [line[1] for line in picture.lines] == [96.0, 72.0, 48.0, 24.0, 0.0]
    assert picture.told == "m: 4 months from 2020-01 to 2020-05, at most 200 rows"


@pytest.mark.parametrize(("last", "first_title"), [(date(2029, 12, 1), "2020-01: 20"), (date(2030, 1, 1), "2020: 20")])
def test_of_more_than_ten_years_the_years_are_drawn(last: date, first_title: str) -> None:
    (picture,) = draw.over_time([Cell("m", date(2020, 1, 1), 20, 20), Cell("m", last, 20, 20)])
    assert picture.rectangles[0].title == first_title


def test_the_pyramid_has_the_oldest_on_top() -> None:
    picture = draw.pyramid([Cell("female", 90, 40, 40), Cell("male", 0, 20, 20), Cell("not known", 0, 99, 99)])
    assert picture is not None
    assert [(one.title, one.y, one.width, one.tone) for one in picture.rectangles] == [
        ("female, 90+: 40", 2, 260, "female"), ("male, 0–9: 20", 146, 130, "male"),
    ]  # fmt: skip
    assert draw.pyramid([Cell("not known", 0, 99, 99)]) is None
    numbers = [(x, text) for x, _, text, _ in picture.labels if text.isdigit()]
    assert numbers == [(320 + side * (24 + 65 * place), f"{10 * place}") for place in range(1, 5) for side in (-1, 1)]
    assert [line[0] for line in picture.lines] == [x for x, _ in numbers]


@pytest.mark.parametrize(
    ("most", "marks"),
    [(1, [0, 1, 2]), (4, [0, 1, 2, 3, 4]), (5, [0, 2, 4, 6]), (200, [0, 50, 100, 150, 200]), (201, [0, 100, 200, 300])],
)
def test_a_scale_has_round_numbers(most: int, marks: list[int]) -> None:
    assert draw.scale(most) == marks


@pytest.mark.parametrize(("share", "tone"), [(0, "heat-0"), (0.25, "heat-1"), (0.26, "heat-2"), (1, "heat-4")])
def test_a_square_is_darker_the_more_is_filled(share: float, tone: str) -> None:
    (picture,) = draw.heat([("person", [("birth_datetime", share)])])
    assert [one.tone for one in picture.rectangles] == [tone]
