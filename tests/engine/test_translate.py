"""What DuckDB and the system raise is told in the words of the contract."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import InputError, StoreError
from harmonize.engine.store import open_store
from harmonize.engine.translate import translate


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, InputError),
        (errno.EISDIR, InputError),
        (errno.ENOTDIR, InputError),
        (errno.ENAMETOOLONG, InputError),
        (errno.ELOOP, InputError),
        (errno.ENXIO, InputError),
        (errno.EIO, InputError),
        (errno.EACCES, StoreError),
        (errno.EROFS, StoreError),
        (errno.ENOSPC, StoreError),
    ],
)
def test_what_the_system_refuses_is_no_failure_of_ours(number: int, kind: type[Exception]) -> None:
    found = translate(OSError(number, os.strerror(number), "x" * 5000))
    assert type(found) is kind
    assert "x…" in str(found) or kind is StoreError


def test_a_name_in_bytes_is_told() -> None:
    assert "a/b" in str(translate(FileNotFoundError(errno.ENOENT, "No such file or directory", b"a/b")))


def test_what_is_nested_without_end_is_input() -> None:
    assert "nested too deeply" in str(translate(RecursionError("maximum recursion depth exceeded")))


def test_other_errors_stay_ours() -> None:
    assert translate(ZeroDivisionError()) is None
    assert translate(RuntimeError("x")) is None


@pytest.mark.parametrize("place", ["the first block", "all blocks", "the end is missing", "the header"])
def test_a_damaged_store_is_told_with_what_to_do(place: str, empty_store: Path, tmp_path: Path) -> None:
    data = bytearray(empty_store.read_bytes())
    headers, block = 3 * 4096, 256 * 1024
    if place == "the end is missing":
        del data[len(data) // 2 :]
    elif place == "the header":
        data[4096 + 20] ^= 0xFF
        data[8192 + 20] ^= 0xFF
    else:
        for start in range(headers, len(data) if place == "all blocks" else headers + 1, block):
            data[start + 100] ^= 0xFF
    path = tmp_path / "x.duckdb"
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"x\.duckdb is damaged") as caught:
        open_store(path)
    assert "copy" in str(caught.value.hint)


def test_damage_that_is_met_later_is_told_too() -> None:
    problem = duckdb.Error("Corrupt database file: computed checksum 1 does not match stored checksum 2 in block 3")
    found = translate(problem)
    assert isinstance(found, StoreError)
    assert "damaged" in found.message


def test_a_pipe_is_no_store(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.duckdb")
    with pytest.raises(InputError, match="no regular file"):
        open_store(tmp_path / "x.duckdb", read_only=True)
