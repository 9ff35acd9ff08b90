"""What DuckDB and the operating system raise, said as errors of the command line contract."""

from __future__ import annotations

import errno
import os
import re

import duckdb

from harmonize.engine.errors import HarmonizeError, InputError, StoreError

_FULL = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "failed to offload data block",
    "max_temp_directory_size",
)
DAMAGED = ("Corrupt database file", "Could not read enough bytes from file", "replaying WAL", "Corrupt WAL")
_READ_ONLY = ("Read-only file system", "read-only mode", "Permission denied", "Operation not permitted")
_UNREADABLE = ("No files found", "No such file", "does not exist", "Is a directory", "Not a directory")
_FULL_ERRNO = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_UNOPENED_ERRNO = (
    errno.ENOENT,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.ENXIO,  # a socket, a device that is not there
    errno.ENODEV,
    errno.EINVAL,
    errno.EIO,
)
_LONGEST_NAME = 200
_READ_ONLY_ERRNO = (errno.EROFS, errno.EACCES, errno.EPERM)


class InterruptedByUserError(HarmonizeError):
    """Ctrl-C; nothing was committed."""

    exit_code = 130


def first_line(problem: BaseException) -> str:
    """The first line of an exception's text without DuckDB's class prefix and its links."""
    text = (str(problem).splitlines() or [""])[0]
    return re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", text).split(" See also http")[0].strip()


def translate(problem: BaseException) -> HarmonizeError | None:
    """The contract's error for an exception of DuckDB or the operating system, else None.

    None means a failure of ours (exit 3): wrong SQL in what we ship, a broken invariant, a bug.
    """
    if isinstance(problem, HarmonizeError):
        return problem
    if isinstance(problem, KeyboardInterrupt) or _is_interrupt(problem):
        return InterruptedByUserError("Interrupted; nothing was committed.")
    if isinstance(problem, (MemoryError, duckdb.OutOfMemoryException)):
        return _full(problem) or StoreError(
            "The work needs more memory than it was given; nothing was committed.",
            "Give more with --memory (e.g. --memory 8GB), or free space beside the store for spilling.",
        )
    if isinstance(problem, OSError):
        return _from_os(problem)
    if isinstance(problem, duckdb.Error):
        return _from_duckdb(problem)
    if isinstance(problem, RecursionError):  # only what is read is nested without bound
        return InputError("Something in the input is nested too deeply to be read.", "Write it with fewer levels.")
    return None


def _is_interrupt(problem: BaseException) -> bool:
    if isinstance(problem, duckdb.InterruptException):
        return True
    # Where a Python signal is pending, DuckDB raises this plain RuntimeError instead.
    return type(problem) is RuntimeError and str(problem) == "Query interrupted"


def _full(problem: BaseException) -> StoreError | None:
    if any(sign in str(problem) for sign in _FULL):
        return StoreError("There is no space left on the disk; nothing was committed.", first_line(problem))
    return None


def _from_os(problem: OSError) -> HarmonizeError | None:
    name = os.fsdecode(problem.filename) if isinstance(problem.filename, (str, bytes)) else "The target"
    if problem.errno in _FULL_ERRNO:
        return StoreError(f"There is no space left on the disk for {name}; nothing was committed.")
    if problem.errno in _READ_ONLY_ERRNO:
        return StoreError(f"{name} cannot be written or read: {problem.strerror}.")
    if problem.errno in _UNOPENED_ERRNO:
        return InputError(f"{_shortened(name)} cannot be opened: {problem.strerror}.")
    return None


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _from_duckdb(problem: duckdb.Error) -> HarmonizeError | None:
    text = str(problem)
    full = _full(problem)
    if full is not None:
        return full
    if any(sign in text for sign in _READ_ONLY):
        return StoreError("The target cannot be written; nothing was committed.", first_line(problem))
    if any(sign in text for sign in DAMAGED):
        return StoreError(
            "The database file is damaged: a part of it is not what was written.",
            "Put back a copy of the file, or load its deliveries into a new store.",
        )
    if isinstance(problem, duckdb.IOException):
        kind = InputError if any(sign in text for sign in _UNREADABLE) else StoreError
        return kind(f"A file cannot be read or written: {first_line(problem)}")
    return None
