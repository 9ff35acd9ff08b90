"""Files that people write: what is no such file is told at once, in a sentence."""

from __future__ import annotations

import csv
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.text_file import check_regular, listed, read_bytes, read_rows, read_text


def _pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _socket(path: Path) -> Path:
    # The name of a socket is short; the folder of a test is not.
    here = Path.cwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(path.name)
    os.chdir(here)
    return path


def _loop(path: Path) -> Path:
    path.symlink_to(path)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


NO_FILES: dict[str, Callable[[Path], Path]] = {
    "pipe": _pipe,
    "socket": _socket,
    "device": lambda _: Path("/dev/zero"),
    "link to a device": lambda path: path.symlink_to("/dev/zero") or path,
    "link to itself": _loop,
    "folder": _folder,
    "nothing": lambda path: path,
    "long name": lambda path: path.with_name("x" * 300),
    "long path": lambda path: path / (("x" * 200 + "/") * 50),
    "NUL": lambda path: Path(f"{path}\0"),
}


@pytest.mark.parametrize("kind", NO_FILES)
def test_what_is_no_file_is_not_opened(kind: str, tmp_path: Path) -> None:
    path = NO_FILES[kind](tmp_path / "x")
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(path)
    with pytest.raises(InputError, match="cannot be read"):
        check_regular(path)


def test_a_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\xef\xbb\xbfabc")
    assert read_text(path) == "abc"
    assert read_bytes(path, most=6) == b"\xef\xbb\xbfabc"
    with pytest.raises(InputError, match="larger"):
        read_bytes(path, most=5)


def test_other_bytes_than_utf_8(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"ab\xff")
    with pytest.raises(InputError, match="byte 3 is not UTF-8"):
        read_text(tmp_path / "x")


def test_rows_know_their_lines(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('a\tb\n"1\n2"\t3\n4\n')
    assert read_rows(tmp_path / "x", "\t") == (["a", "b"], [(3, {"a": "1\n2", "b": "3"}), (4, {"a": "4", "b": None})])


def test_what_is_no_csv(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a,b\n1,2\n" + "x" * 200_000 + ",1\n")
    before = csv.field_size_limit(2**30)
    try:
        with pytest.raises(InputError, match="line 3: this is not CSV"):
            read_rows(tmp_path / "x")
        assert csv.field_size_limit() == 2**30
    finally:
        csv.field_size_limit(before)


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    (tmp_path / "a").touch()
    assert [path.name for path in listed(tmp_path.iterdir())] == ["a", "b"]
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).touch()
    with pytest.raises(InputError, match="not UTF-8") as caught:
        listed(tmp_path.iterdir())
    assert caught.value.hint == "Rename the file or folder."
