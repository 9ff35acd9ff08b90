"""Shares and sizes by which a profile decides, exactly at their limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harmonize.intake.table.header_guess import _holds_data, _names_columns, guess_header
from harmonize.onboarding.column import _kind
from harmonize.onboarding.meaning import rules, unit_of
from harmonize.onboarding.scan import scan

FORMATS = [*rules()["date_formats"], *rules()["datetime_formats"]]


def _facts(**counts: int) -> dict[str, Any]:
    kinds = dict.fromkeys(("integer", "number", "feet", "quantity", "result", "flag"), 0)
    dates = [counts.pop("dates", 0)] + [0] * (len(FORMATS) - 1)
    return {**kinds, "dates": dates, "shortest": 1, "longest": 9, **counts}


@pytest.mark.parametrize(
    ("facts", "kind", "fitting"),
    [
        (_facts(integer=19, number=19), "integer", 19),
        (_facts(integer=18, number=19), "number", 19),
        (_facts(integer=18, number=18), "text", 20),
        (_facts(number=18, quantity=19), "quantity", 19),
        (_facts(result=19), "result", 19),
        (_facts(result=18), "text", 20),
        (_facts(flag=19), "flag", 19),
        (_facts(flag=18), "text", 20),
        (_facts(dates=19), "date", 19),
        (_facts(dates=18), "text", 20),
        (_facts(dates=20, number=19), "number", 19),  # dates that are numbers as well are numbers
        (_facts(dates=20, number=18), "date", 20),
    ],
)
def test_nineteen_of_twenty_cells_tell_the_kind(facts: dict[str, Any], kind: str, fitting: int) -> None:
    assert _kind(20, facts)[:2] == (kind, fitting)


def _sized() -> list[tuple[str, str, float, float]]:
    """(meaning, unit, low, high) of the units that are told by the size of the values."""
    return [
        (name, unit["unit"], unit["low"], unit["high"])
        for name, rule in rules()["meanings"].items()
        for unit in rule.get("units", [])
        if "low" in unit and "high" in unit and rule.get("means", name) == name
    ]


@pytest.mark.parametrize(("meaning", "unit", "low", "high"), _sized())
def test_a_unit_begins_at_its_low_and_ends_before_its_high(meaning: str, unit: str, low: float, high: float) -> None:
    def told(median: float) -> tuple[str, str] | None:
        found = unit_of(meaning, "x", "number", median, ())
        return (found.unit, found.basis) if found else None

    assert told(low) == told(high - 0.001) == (unit, "magnitude")
    assert (unit, "magnitude") not in (told(low - 0.001), told(high))


TITLE, NAMES = ["A title", "", ""], ["id", "sex", "age"]
BODY = [[f"p{n}", "F", f"{50 + n}"] for n in range(5)]
TOO_FEW = [[*row[:2], age] for row, age in zip(BODY, ["old", "old", "52", "53", "54"], strict=True)]
ENOUGH = [[*row[:2], age] for row, age in zip(BODY, ["old", "51", "52", "53", "54"], strict=True)]
UNITS = ["", "", "years"]


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([NAMES, *BODY], None),
        ([TITLE, NAMES, *BODY], (2, 2)),
        ([*[TITLE] * 4, NAMES, *BODY], (5, 5)),
        ([*[TITLE] * 5, NAMES, *BODY], None),  # so many titles are none
        ([NAMES, UNITS, *ENOUGH], (1, 2)),  # four of five cells are data: a text there is a name
        ([NAMES, UNITS, *TOO_FEW], None),
        ([["id", "sex", "", ""], ["", "", "kg", "cm"], *[[*row[:2], "x", "y"] for row in BODY]], (1, 2)),
        ([["id", "sex", ""], ["", "", "kg"], *[[*row[:2], "x"] for row in BODY]], None),  # a third is not more
        ([NAMES], None),
    ],
)
def test_where_a_header_stands(rows: list[list[str]], header: tuple[int, int] | None) -> None:
    assert guess_header(list(enumerate(rows, start=1))) == header


def test_shares_of_a_table(tmp_path: Path) -> None:
    """A column whose values another table knows by half names its records; a value that five cells have is listed."""
    patients = "".join(f"A{n},{'mf'[n % 2]}\n" for n in range(1, 11))
    (tmp_path / "patients.csv").write_text(f"patient_id,sex\n{patients}", encoding="utf-8")
    for name, known in (("half", 5), ("less", 4)):
        keys = [f"A{n}" if n <= known else f"{name[0].upper()}{n}" for n in range(1, 11)]
        (tmp_path / f"{name}.csv").write_text("patient_id,x\n" + "".join(f"{k},1\n" for k in keys), encoding="utf-8")
    listed = "".join(f"{'often' if n < 5 else 'rare' if n < 9 else n}\n" for n in range(12))
    (tmp_path / "words.csv").write_text(f"word\n{listed}", encoding="utf-8")
    with scan([tmp_path]) as found:
        told = {(link.file, link.to_file): (link.share, link.found) for link in found.links}
        words = next(file for file in found.files if file.name == "words.csv").columns[0]
    assert told["half.csv", "patients.csv"] == (0.5, 0.5)
    assert ("less.csv", "patients.csv") not in told
    assert words.values == (("often", 5),)


def test_of_equal_tables_the_first_is_named(tmp_path: Path) -> None:
    """Then what tells of persons, then the table of which it is the key, whatever their order."""
    keys = "".join(f"A{n},{'mf'[n % 2]}\n" for n in range(1, 11))
    for name in ("b", "c"):
        (tmp_path / f"{name}.csv").write_text(f"patient_id,sex\n{keys}", encoding="utf-8")
    for name in ("a", "d"):
        lines = "".join(f"A{n},x\n" * 2 for n in range(1, 11))
        (tmp_path / f"{name}.csv").write_text(f"patient_id,x\n{lines}", encoding="utf-8")
    with scan([tmp_path]) as found:
        told = {link.file: link.to_file for link in found.links if link.column == "patient_id"}
    assert told == {"a.csv": "b.csv", "b.csv": "c.csv", "c.csv": "b.csv", "d.csv": "b.csv"}


@pytest.mark.parametrize(("filled", "keys"), [(4, [("code", "site")]), (3, [])])
def test_a_part_of_a_key_is_filled_on_half_of_the_lines(tmp_path: Path, filled: int, keys: list[Any]) -> None:
    # two lines a code; one of each has a site, on all but four lines
    lines = [f"c{n // 2},{f's{n}' if n % 2 and n // 2 < filled else ''},{n % 2}\n" for n in range(8)]
    (tmp_path / "t.csv").write_text("code,site,value\n" + "".join(lines).replace(",0\n", ",1\n"), encoding="utf-8")
    with scan([tmp_path]) as found:
        assert [key for key in found.files[0].keys if "value" not in key] == keys


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        (["1", "2", "3", "4", "x"], True), (["1", "2", "3", "x", "y"], False), (["1", "2", "3", "x"], False),
        (["1", "", "2", "3", "", "4", "x"], True), ([], False), (["", ""], False), (["1"], True),
    ],
)  # fmt: skip
def test_four_of_five_cells_are_data(cells: list[str], holds: bool) -> None:
    assert _holds_data(cells) is holds


BODY = [["a", "1"], ["b", "2"]]


@pytest.mark.parametrize(
    ("upper", "lower", "body", "names"),
    [
        (["id", "n"], ["", "(mg)"], BODY, True),  # words above what holds data
        (["id", "n"], ["c", "3"], BODY, False),  # the first record
        (["id", "n"], ["x", ""], BODY, False),  # nothing above the data, nothing added
        (["id", "n"], ["", "(mg)"], [], False),
        (["id", ""], ["x", "n"], [["a", "b"]], True),  # a name where the upper row has none, of every third column
        (["id", "a", "b"], ["x", "y", "z"], [["a", "b", "c"]], False),
        (["id", "a", ""], ["x", "y", "z"], [["a", "b", "c"]], False),  # one of three is not more than a third
        (["id", "", ""], ["x", "y", "z"], [["a", "b", "c"]], True),
    ],
)  # fmt: skip
def test_a_second_row_of_names(upper: list[str], lower: list[str], body: list[list[str]], names: bool) -> None:
    assert _names_columns(upper, lower, body) is names
