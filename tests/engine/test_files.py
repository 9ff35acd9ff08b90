"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harmonize.engine.files import replacing
from harmonize.engine.work_folder import process_mark


def _ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    return process.pid


def test_the_file_takes_the_place_of_the_old_one_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(target) as partial:
        partial.write_text(str(1 // 0))
    assert target.read_text() == "old"
    with replacing(target) as partial:
        partial.write_text("new")
        assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert target.read_text() == "new"


def test_what_killed_processes_left_goes_and_that_of_living_ones_stays(tmp_path: Path) -> None:
    dead, alive = _ended(), os.getppid()
    here = process_mark().partition("-")[0]
    other = "0" * 8  # another machine, of whose processes nobody knows here
    kept = [
        f".a.txt.{here}-{alive}.partial", f".a.txt.{other}-{dead}.partial", f".b.txt.{here}-{dead}.partial",
        f".a.txt.{here}-{dead}.partial.txt", ".a.txt.x.partial",
    ]  # fmt: skip
    for name in (f".a.txt.{here}-{dead}.partial", f".a.txt.{here}-{dead}.partial.wal", f".a.txt.{dead}.partial", *kept):
        (tmp_path / name).touch()
    with replacing(tmp_path / "a.txt") as partial:
        partial.touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, "a.txt"])
