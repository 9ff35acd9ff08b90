"""Writing a file or folder whole or not at all; the digest of a file."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from harmonize.engine.errors import InputError
from harmonize.engine.work_folder import MARK, is_left, process_mark


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to; it takes the place of `target` when the block ends well.

    Else it disappears. Who has the old file open keeps reading it. Raises InputError where `target` is a folder, a pipe
    or a device, which no file may replace.
    """
    if target.exists() and not target.is_file():
        what = "a folder" if target.is_dir() else "no regular file"
        raise InputError(f"{target} cannot be written: it is {what}.", "Give the name of a file.")
    with partial_file(target) as partial:
        yield partial
        partial.replace(target)


@contextmanager
def replacing_folder(target: Path, mark: str) -> Iterator[Path]:
    """A path beside `target` to make a folder at; it takes the place of `target` when the block ends well.

    Else it disappears. Only a folder that is empty, or holds a file named `mark`, is replaced.
    Raises InputError where `target` is anything else.
    """
    if target.exists() and not target.is_dir():
        raise InputError(f"{target} cannot be written: it is no folder.", "Give the name of a folder.")
    if target.is_dir() and not (target / mark).is_file() and any(target.iterdir()):
        raise InputError(
            f"{target} holds files that no publication wrote: it has no {mark}.", "Give a new folder, or an empty one."
        )
    with partial_file(target) as partial:
        yield partial
        with partial_file(target.with_name(f"{target.name}.before")) as before:
            if target.exists():
                target.rename(before)
            partial.rename(target)


def sha256_of(file: Path) -> str:
    """The sha256 of a file's bytes, as 64 hex digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def place(partial: Path, target: Path) -> bool:
    """Give the file the name `target`, unless another process has put one there meanwhile, which stays: then False."""
    try:
        os.link(partial, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if target.exists():
            return False
        partial.rename(target)
    return True


@contextmanager
def partial_file(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to, which disappears when the block ends. What a process that was killed left
    beside `target` goes first."""
    clear_partials(target)
    partial = target.with_name(f".{target.name}.{process_mark()}.partial")
    _remove_all(partial)
    try:
        yield partial
    finally:
        _remove_all(partial)


def clear_partials(target: Path) -> None:
    """Remove the partial files of `target` whose process lives no more."""
    form = re.compile(re.escape(f".{target.name}.") + MARK + r"\.partial(\.wal|\.tmp)?")
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in list(target.parent.iterdir()):
            if (found := form.fullmatch(path.name)) and is_left(found):
                _remove(path)


def _remove_all(partial: Path) -> None:
    """The partial file, and what DuckDB wrote beside it."""
    for path in (partial, partial.with_name(partial.name + ".wal"), partial.with_name(partial.name + ".tmp")):
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
