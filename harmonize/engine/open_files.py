"""Databases that this process has open, whose files are then left alone by plain calls.

A POSIX lock belongs to the process: closing any descriptor of the file drops all locks that the process has on it,
those of DuckDB among them, and another process could then write into a store that is open here. So whatever reads files
that people name asks here first, and a copy of an open database is made by another process.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path

Identity = tuple[int, int]
"""Device and number of a file, which no link changes."""

MARK, MARK_AT = b"DUCK", 8
"""What a file of DuckDB begins with, and where."""
_DESCRIPTORS = "/dev/fd"


def open_databases() -> frozenset[Identity]:
    """The DuckDB files that this process has open, whoever opened them; none where the system has no such locks."""
    if not hasattr(os, "pread") or not os.path.isdir(_DESCRIPTORS):
        return frozenset()
    return frozenset(found for name in os.listdir(_DESCRIPTORS) if (found := _database(int(name))) is not None)


def _database(descriptor: int) -> Identity | None:
    """The file of a descriptor, if it is of DuckDB; read by that descriptor itself, since another would be closed."""
    try:
        state = os.fstat(descriptor)
        if stat.S_ISREG(state.st_mode) and os.pread(descriptor, len(MARK), MARK_AT) == MARK:
            return state.st_dev, state.st_ino
    except OSError:  # closed meanwhile, or opened for writing alone
        return None
    return None


def identity(path: Path) -> Identity | None:
    """Device and number of the file, or None where there is none that can be asked."""
    try:
        state = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return None
    return state.st_dev, state.st_ino


def is_open_database(path: Path) -> bool:
    """Whether this process has the file open as a database."""
    return identity(path) in open_databases()


def copy_open(path: Path, target: Path) -> None:
    """Copy a file that this process may have open. Raises OSError as `shutil.copyfile`."""
    from harmonize.engine.process import start

    process = start(__name__, os.fspath(path), os.fspath(target))
    said, _ = process.communicate()
    if process.returncode:
        number = int(said) if said.strip().isdigit() else 0
        raise OSError(number, os.strerror(number) if number else "the copying process failed", os.fspath(target))


def _copy(path: str, target: str) -> int:
    try:
        shutil.copyfile(path, target)
    except OSError as problem:
        print(problem.errno or 0)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_copy(*sys.argv[1:]))
