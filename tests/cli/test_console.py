"""Tables, JSON and progress as they are printed."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from harmonize.cli import console
from harmonize.engine.table import table_text


def test_numbers_to_the_right_null_blank_booleans_in_words() -> None:
    rows = [(1, "a", None, True), (200, "bb", Decimal("2.50"), None)]
    assert table_text(["id", "name", "x", "flag"], rows) == (
        " id  name     x  flag\n---  ----  ----  ----\n  1  a           true\n200  bb    2.50\n"
    )


def test_wide_characters_take_two_columns() -> None:
    assert table_text(["a", "b"], [("肺", "x"), ("lung", "y")]).splitlines()[2] == "肺    x"


def test_a_cell_is_one_line_and_cut_only_where_asked() -> None:
    text = "one\ntwo " + "x" * 100
    assert "one two " + "x" * 100 in table_text(["t"], [(text,)])
    assert table_text(["t"], [(text,)], longest=10).splitlines()[2] == "one two x…"


def test_no_rows_still_name_the_columns() -> None:
    assert table_text(["a", "bb"], []) == "a  bb\n-  --\n"


def test_json_goes_to_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    console.print_json({"day": date(2020, 1, 2), "x": Decimal("1.5"), "n": None})
    assert json.loads(capfd.readouterr().out) == {"day": "2020-01-02", "x": "1.5", "n": None}


def test_empty_result_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    console.set_quiet(False)
    console.print_rows([], "Nothing yet.")
    assert capsys.readouterr() == ("", "Nothing yet.\n")


def test_progress_prints_a_line_a_step_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.set_quiet(False)
    with console.progress("load") as report:
        report("check")
        report("commit")
    assert capsys.readouterr() == ("", "load: check\nload: commit\n")


def test_quiet_progress_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    console.set_quiet(True)
    with console.progress("load") as report:
        report("check")
    console.set_quiet(False)
    assert capsys.readouterr() == ("", "")
