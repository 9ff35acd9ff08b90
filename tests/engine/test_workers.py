from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.workers import in_processes


def test_results_come_in_the_order_of_the_items() -> None:
    found = list(in_processes("operator:neg", range(50), count=3))
    assert found == [-number for number in range(50)]


def test_other_processes_do_it() -> None:
    found = set(in_processes("os:getpgid", [0, 0, 0, 0], count=2))
    assert found == {os.getpgid(0)}  # a group of this one, so that Ctrl-C and kill reach them


def test_few_items_are_taken_before_their_results_are() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = in_processes("operator:neg", items(), count=2)
    assert next(results) == 0
    assert len(taken) <= 6
    assert len(list(results)) == 99


def test_what_the_function_raises_is_raised() -> None:
    with pytest.raises(InputError, match="'one' is not an amount of memory") as caught:
        list(in_processes("harmonize.engine.memory:parse_size", ["1GB", "one"], count=1))
    assert caught.value.hint == "Write it like 2GB or 512MB."


def test_a_process_that_ends_is_told() -> None:
    with pytest.raises(InternalError, match="ended before its work"):
        list(in_processes("os:_exit", [3], count=1))


def test_what_a_function_prints_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(in_processes("builtins:print", ["said"], count=1)) == [None]
    assert "said" not in capfd.readouterr().out


def test_nothing_is_imported_from_the_folder_of_a_delivery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pickle.py").write_text("raise SystemExit('a delivery runs')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [entry for entry in sys.path if entry])
    assert list(in_processes("operator:neg", [1], count=1)) == [-1]
