"""Tables, JSON and progress as they are printed."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from harmonize.cli import console
from harmonize.export.rows import write_table
from harmonize.report.table import table_text

REPOSITORY = Path(__file__).resolve().parents[2]


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


STEERING = "a\x1b[31mb\x07c\rd\u202ee\udcfff"


def test_what_people_read_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.set_quiet(False)
    console.say(STEERING)
    console.fail(STEERING, STEERING)
    console.echo(STEERING)
    console.print_record([{"x": STEERING}])
    console.print_rows([{STEERING: STEERING}])
    with console.progress(STEERING) as report:
        report(STEERING)
    out, err = capsys.readouterr()
    shown = "\\x1b[31mb\\x07c"
    assert out.count(shown) == 4
    assert err.count(shown) == 5
    assert {character for character in out + err if not character.isprintable()} == {"\n"}


def test_a_progress_bar_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console.set_quiet(False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    with console.progress("load") as report:
        report(STEERING)
    assert not {"\x07", "\u202e"} & set(capsys.readouterr().err)


def test_an_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    console.fail("The first\n  second.", "a\nb")
    assert capsys.readouterr().err == "The first second.\nhint: a b\n"


def test_documents_for_programs_stay_exact(capsys: pytest.CaptureFixture[str]) -> None:
    console.write("a\x1b\r\n")
    console.print_json({"x": "a\x1b"})
    assert capsys.readouterr().out == 'a\x1b\r\n{\n  "x": "a\\u001b"\n}\n'


def test_a_plan_and_a_table_of_a_query_are_cleaned() -> None:
    out = io.StringIO()
    write_table(out, ["explain_key", "explain_value"], iter([[("plan", "a\x1b[2J\nb")]]))
    write_table(out, ["x"], iter([[("a\x1b[2J",)]]))
    assert "\x1b" not in out.getvalue()
    assert out.getvalue().startswith("a\\x1b[2J\nb\n")


def test_commands_print_through_the_console_alone() -> None:
    commands = [path for path in (REPOSITORY / "harmonize" / "cli").glob("*.py") if path.name != "console.py"]
    assert len(commands) > 20
    printing = re.compile(r"typer\.echo|(?<![\w.])print\(|sys\.std(out|err)\.write")
    found = {path.name: printing.findall(path.read_text()) for path in commands if printing.search(path.read_text())}
    assert list(found) == ["main.py"]  # the traceback of --debug, which it cleans
    stdout = re.compile(r"std(out|err)\.(buffer|write)")
    files = {path.relative_to(REPOSITORY).as_posix(): path.read_text() for path in REPOSITORY.glob("harmonize/**/*.py")}
    found_at = [name for name, text in files.items() if stdout.search(text)]
    assert sorted(found_at) == ["harmonize/cli/console.py", "harmonize/cli/main.py", "harmonize/engine/plain.py"]
